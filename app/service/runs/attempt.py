"""One attempt at a run: its process is watched until the plan is published, or it is known why not."""

from __future__ import annotations

import queue
import shutil
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
import structlog

from app.service.runs.ledger import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from app.service.runs.children import Child, Nursery
    from app.service.runs.gathering import Gathered
    from app.service.runs.ledger import Claim, Ledger
    from app.service.runs.work import Work
    from app.service.store.models import Run
    from app.settings import Lang

_log = structlog.get_logger("surplan.runs")
_MIB = 1 << 20
#: How often the process is listened to, its progress written, and the run and the memory looked at [s].
_TICK_S, _WRITE_S, _LOOK_S = 0.1, 0.25, 0.4
#: Between two tries to publish a plan [s].
_AGAIN_S = 1.0
#: The store does not answer, or not now: not that it refuses what is written.
AWAY = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError, sa.exc.TimeoutError)


@dataclass(frozen=True)
class Bounds:
    """What a run may take.

    Attributes
    ----------
    memory_mb
        MiB of all its processes.
    grace_s
        Seconds beyond the solver's own limit, for reading, building and writing.
    stop_s
        Seconds from a cancel until the best plan must be written.
    leave_s
        Seconds that a run may still take when its worker is told to stop.
    publish_s
        Seconds for which publishing is tried again where the store is away.
    """

    memory_mb: int = 4096
    grace_s: float = 120.0
    stop_s: float = 120.0
    leave_s: float = 3.0
    publish_s: float = 300.0


class Ending(NamedTuple):
    """How the process ended: ``done``, ``lost``, ``stopped`` (with the worker), or a reason of failing."""

    kind: str
    detail: Mapping[str, Any] | None = None


@dataclass
class Place:
    """Where attempts happen: what a worker has for all its runs.

    Attributes
    ----------
    scratch
        Folder for the folders of attempts.
    lang
        Language of ``plan.xlsx``.
    leaving
        Returns since when the worker is to stop (monotonic seconds), or None.
    """

    ledger: Ledger
    work: Work
    nursery: Nursery
    scratch: Path
    lang: Lang
    bounds: Bounds = field(default_factory=Bounds)
    leaving: Callable[[], float | None] = lambda: None


def attempt(place: Place, claim: Claim) -> None:
    """Solve a claimed run and publish its plan, or note why not.

    Raises
    ------
    Exception
        Whatever goes wrong on this side of the process: the store, the disk.
    """
    log = _log.bind(run_id=claim.run_id, dispatch=claim.dispatch)
    folder = place.scratch / f"{claim.run_id}.{claim.dispatch}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    child = place.nursery.take()
    try:
        with place.work.gathering() as gathering:
            _give(place, claim, folder, child)
            ending = _Watch(place, claim, child, gathering.begin).until_it_ends()
            if ending.kind in ("crashed", "internal"):
                log.error("run.child_failed", **(ending.detail or {}), stderr=child.last_words())
            child.end()
            if ending.kind == "done":
                _publish(place, claim, lambda: gathering.finish(folder / "plan"), log)
            elif ending.kind == "stopped":
                place.ledger.give_back(claim.run_id, claim.dispatch)
                log.info("run.given_back")
            elif ending.kind == "lost":
                log.warning("run.lost")
            else:
                place.ledger.fail(claim, ending.kind, ending.detail)
                log.info("run.failed", reason=ending.kind)
    finally:
        child.end()
        shutil.rmtree(folder, ignore_errors=True)


def _give(place: Place, claim: Claim, folder: Path, child: Child) -> None:
    """Write the tables of a run, and let the process solve them."""
    with_baseline = place.work.materialise(claim, folder / "inputs", folder / "baseline")
    child.send(
        {
            "solve": {
                "folder": str(folder / "inputs"),
                "baseline": str(folder / "baseline") if with_baseline else None,
                "out": str(folder / "plan"),
                "lang": place.lang,
                "time_limit_s": claim.given_time_limit_s,
            }
        }
    )
    try:
        place.nursery.prepare()  # for the next run, while this one is solved
    except OSError as error:  # the next run will try again, and say so if it fails too
        _log.warning("run.none_stands_by", error=str(error))


def _publish(place: Place, claim: Claim, finish: Callable[[], Gathered], log: Any) -> None:  # noqa: ANN401  # a logger of structlog
    """Publish a plan; while the store is away for some minutes, it is tried again: a solve is worth that.

    Repeating is safe also where only the answer to a commit was lost: the run is then no longer ours.
    """
    patience = time.monotonic() + place.bounds.publish_s
    while True:
        try:
            plan = place.ledger.publish(claim, partial(_written, place.work, finish()))
        except AWAY as error:
            if time.monotonic() > patience or place.leaving() is not None:
                raise
            log.warning("run.store_away", error=_said_by(error))
            time.sleep(_AGAIN_S)
        else:
            log.info("run.published" if plan else "run.lost", plan_id=plan)
            return


def _written(work: Work, gathered: Gathered, session: Session, run: Run) -> str:
    return work.publish(session, run, gathered)


def _said_by(error: Exception) -> str:
    """Return what a database says of its error, without the statement and its values."""
    return str(getattr(error, "orig", None) or error)


class _Watch:
    """The process of one attempt, until it ends or is ended."""

    def __init__(self, place: Place, claim: Claim, child: Child, drawing: Callable[[Path], None]) -> None:
        self._place, self._claim, self._child, self._drawing = place, claim, child, drawing
        self._began = self._wrote = self._looked = self._measured = time.monotonic()
        limit = claim.time_limit_s
        self._deadline = self._began + limit + place.bounds.grace_s if limit else float("inf")
        self._news: dict[str, Any] | None = None
        self._cancelled = False
        self._ending: Ending | None = None

    def until_it_ends(self) -> Ending:
        """Return how it ended; the caller ends what is left of it."""
        while self._ending is None:
            self._hear()
            if self._ending is None:
                now = time.monotonic()
                self._tell(now)
                self._measure(now)
        if self._news is not None and self._ending.kind == "done":
            self._write()  # the last report: the one that people look at
        return self._ending

    def _hear(self) -> None:
        try:
            said = self._child.said.get(timeout=_TICK_S)
        except queue.Empty:
            return
        if said is None:
            self._ending = Ending("crashed", self._child.exit())
        elif "progress" in said:
            self._news = said["progress"]
        elif "drawing" in said:
            self._drawing(Path(said["drawing"]))
        elif "done" in said:
            self._ending = Ending("done")
        elif "failed" in said:
            self._ending = Ending(said["failed"], said.get("detail"))

    def _tell(self, now: float) -> None:
        """Write progress, and learn from the run's row whether it is cancelled, or no longer ours."""
        if self._news is not None and now - self._wrote >= _WRITE_S:
            standing = self._write()
        elif now - self._looked >= _LOOK_S:
            standing = self._safely(lambda: self._place.ledger.look(self._claim))
        else:
            return
        self._looked = now
        if standing is Standing.LOST:
            self._ending = Ending("lost")
        elif standing is Standing.CANCELLED and not self._cancelled:
            self._cancelled = True
            self._deadline = now + self._place.bounds.stop_s
            self._child.send({"stop": True})

    def _write(self) -> Standing:
        news, self._news, self._wrote = self._news or {}, None, time.monotonic()
        return self._safely(lambda: self._place.ledger.progress(self._claim, news))

    def _safely(self, ask: Callable[[], Standing]) -> Standing:
        """Ask the store; while that is away for a moment, the solver goes on."""
        try:
            return ask()
        except AWAY as error:
            _log.warning("run.store_away", run_id=self._claim.run_id, error=_said_by(error))
            return Standing.CANCELLED if self._cancelled else Standing.MINE

    def _measure(self, now: float) -> None:
        bounds, leaving = self._place.bounds, self._place.leaving()
        if leaving is not None and now - leaving > bounds.leave_s:
            self._ending = Ending("stopped")
        elif now > self._deadline:
            self._ending = Ending("too_slow", {"seconds": round(now - self._began, 1)})
        elif now - self._measured < _LOOK_S:
            return
        elif self._child.memory() > bounds.memory_mb * _MIB:
            self._ending = Ending("out_of_memory", {"limit_mb": bounds.memory_mb})
        self._measured = now
