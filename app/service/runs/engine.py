"""A worker: takes runs from the queue, solves them, and sees to the runs of workers that died.

Threads: one beats the roster and takes over from the dead, one gives waiting runs to the job engine, one sees
to the chores, and one of DBOS's for each run. All of them only use short transactions on the store. Nothing
else is done by the thread that beats: what waits for a lock would let its worker look dead.
"""

from __future__ import annotations

import threading
import time
from importlib import metadata
from typing import TYPE_CHECKING

import structlog

from app.service.runs.attempt import Bounds, Place, attempt
from app.service.runs.children import COMMAND, Nursery
from app.service.runs.chores import Chores
from app.service.runs.dispatcher import Dispatcher
from app.service.runs.jobs import Jobs
from app.service.runs.ledger import Ledger
from app.service.runs.roster import DEAD_AFTER_S, ReplacedError, Roster
from app.service.runs.scratch import Scratch
from app.service.runs.work import StoreWork

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from app.service.runs.work import Work
    from app.service.store.database import Database
    from app.settings import Lang

_log = structlog.get_logger("surplan.runs")
#: How often a worker says that it lives, looks for waiting runs, and sees to its chores [s].
BEAT_S, LOOK_S, CHORES_S = 2.0, 0.2, 2.0
#: Seconds that each of its ends may still take when the worker stops: the database may be away.
_ENDS_S = 10.0


class Engine:
    """A worker in this process; there can be one.

    Parameters
    ----------
    database
        The store.
    home
        Folder below which runs have their scratch folders.
    lang
        Language of the workbooks of plans.
    slot
        Stable name of the worker; None: the first of this machine that no process has.
    concurrency
        Runs at the same time.
    bounds
        What a run may take.
    dead_after_s
        Seconds after which a worker that was not seen is dead.
    command
        Program that solves, in a process of its own.
    work
        What is done before and after it; None: that of the service.
    zone
        Where the clock of schedules hangs; None: SURPLAN_TIMEZONE.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        When the store does not answer.
    """

    def __init__(
        self,
        database: Database,
        home: Path,
        lang: Lang,
        *,
        slot: str | None = None,
        concurrency: int = 1,
        bounds: Bounds | None = None,
        dead_after_s: float = DEAD_AFTER_S,
        command: Sequence[str] = COMMAND,
        work: Work | None = None,
        zone: ZoneInfo | None = None,
    ) -> None:
        version = metadata.version("surplan")
        self._database = database
        self._dead_after_s = dead_after_s
        self._leaving_since: float | None = None
        self._stop, self._woken, self._gone = threading.Event(), threading.Event(), threading.Event()
        self._silent = threading.Event()  # later than `_stop`: others take the runs of whoever beats no more
        self._stopping = threading.Lock()
        self._held: set[tuple[str, int]] = set()  # what DBOS gave us, those included that wait for a place
        self._active: set[tuple[str, int]] = set()
        self._suspects: set[tuple[str, int]] = set()
        self._places = threading.BoundedSemaphore(concurrency)
        self._roster = Roster(database, slot, version, dead_after_s)
        self._ledger = Ledger(database, self._roster.name, version)
        nursery = Nursery(command)
        try:
            self._scratch = Scratch(home / "scratch", self._roster.incarnation)
        except BaseException:
            self._safely("worker.leave", self._roster.leave)
            raise
        self._place = Place(
            self._ledger,
            work or StoreWork(database),
            nursery,
            self._scratch.folder,
            lang,
            bounds or Bounds(),
            lambda: self._leaving_since,
        )
        try:
            self._scratch.tidy()
            nursery.prepare()
            self._jobs = Jobs(database, self._roster.name, version, concurrency, self._execute)
        except BaseException:
            nursery.close()
            self._scratch.close()
            self._safely("worker.leave", self._roster.leave)
            raise
        self._chores = Chores(database, zone, self._jobs)
        self._dispatcher = Dispatcher(self._ledger, self._jobs, self._roster, self._held.__contains__)
        self._at_chores = threading.Thread(target=self._do_chores, name="runs-chores", daemon=True)
        self._threads = [
            threading.Thread(target=self._beat, name="runs-beat", daemon=True),
            threading.Thread(target=self._dispatch, name="runs-dispatch", daemon=True),
        ]
        _log.info("worker.started", worker=self.name, taken_over=self._roster.taken)
        for thread in (*self._threads, self._at_chores):
            thread.start()

    @property
    def name(self) -> str:
        """Name of the worker's slot."""
        return self._roster.name

    @property
    def active(self) -> int:
        """How many runs are being solved here."""
        return len(self._active)

    def wake(self) -> None:
        """Look for waiting runs at once."""
        self._woken.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until this worker may not go on, because another process has its slot; tell whether so."""
        return self._gone.wait(timeout)

    def stop(self) -> None:
        """Take nothing more, give back what does not end in a moment, and leave the roster."""
        with self._stopping:
            if not self._stop.is_set():
                self._leave()

    def _leave(self) -> None:
        if self._leaving_since is None:
            self._leaving_since = time.monotonic()
        self._stop.set()
        self._woken.set()
        self._jobs.hurry()
        patience = time.monotonic() + self._place.bounds.leave_s + 10
        while self._active and time.monotonic() < patience:
            time.sleep(0.05)
        self._silent.set()
        self._place.nursery.close()
        patience = time.monotonic() + _ENDS_S
        for thread in (*self._threads, self._at_chores):
            thread.join(max(0.0, patience - time.monotonic()))
        self._jobs.stop()
        self._scratch.close()
        if not self._gone.is_set():
            leaving = threading.Thread(
                target=self._safely, args=("worker.leave", self._roster.leave), name="runs-leave", daemon=True
            )
            leaving.start()
            leaving.join(_ENDS_S)
        self._at_chores.join(_ENDS_S)  # a lock that it waits for has an end, and nobody waits for this worker
        _log.info("worker.stopped", worker=self.name)

    def _execute(self, run_id: str, dispatch: int) -> None:
        """Do a dispatch; called by DBOS in a thread of its own, and again after this process was killed."""
        self._held.add((run_id, dispatch))
        try:
            self._begin(run_id, dispatch)
        finally:
            self._held.discard((run_id, dispatch))

    def _begin(self, run_id: str, dispatch: int) -> None:
        # After a restart DBOS begins what it had beside its queue, so its own limit does not count these.
        with self._places:
            if self._leaving_since is not None:
                self._safely("run.again", lambda: self._ledger.again(run_id, dispatch))
                return
            try:
                claim = self._ledger.claim(run_id, dispatch, self._roster.incarnation)
            except Exception:
                _log.exception("run.not_claimed", run_id=run_id)  # it waits; the dispatcher sees to it
                return
            if claim is None:
                return
            _log.info("run.started", run_id=run_id, dispatch=dispatch, attempt=claim.attempts)
            self._active.add((run_id, dispatch))
            try:
                attempt(self._place, claim)
            except Exception as error:
                name = type(error).__name__
                _log.exception("run.stumbled", run_id=run_id)
                self._safely("run.stumble", lambda: self._ledger.stumble(claim, name))
            finally:
                self._active.discard((run_id, dispatch))

    def _dispatch(self) -> None:
        while not self._stop.is_set():
            self._woken.wait(LOOK_S)
            self._woken.clear()
            if not self._stop.is_set():
                self._safely("runs.dispatch", self._dispatcher.look)

    def _do_chores(self) -> None:
        while not self._stop.wait(CHORES_S):
            self._safely("worker.chores", self._do_some_chores)

    def _do_some_chores(self) -> None:
        if self._chores.do(time.monotonic()):
            self.wake()

    def _beat(self) -> None:
        while not self._silent.wait(min(BEAT_S, self._dead_after_s / 5)):
            try:
                self._roster.beat()
                taken = self._roster.reap()
                if taken:
                    _log.warning("runs.taken_over", runs=taken)
                self._take_back_strays()
            except ReplacedError:
                _log.exception("worker.replaced", worker=self.name)
                self._leaving_since = float("-inf")  # whatever is solved here is no longer ours
                self._gone.set()
                threading.Thread(target=self.stop, name="runs-stop").start()
                return
            except Exception:
                _log.exception("worker.no_beat", worker=self.name)

    def _take_back_strays(self) -> None:
        """Let runs wait again that the store says are here, and are not: the store was away at their end."""
        strays = {one for one in self._ledger.strays() if one not in self._active}
        for run_id, dispatch in strays & self._suspects:  # seen twice: not one that is just being begun
            self._ledger.give_back(run_id, dispatch, waits=False)
        self._suspects = strays

    def _safely(self, event: str, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception:
            _log.exception(event, worker=self.name)
