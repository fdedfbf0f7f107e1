"""The job engine: DBOS's queue, which gives each dispatch of a run to one worker that has a place free.

Its store is derived from ours and may be lost: a run that it does not know, or has done with while the run
still waits, is given to it again. It is imported here alone, and late: it takes half a second.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.service.store.engine import full_url

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from dbos import DBOS

    from app.service.store.database import Database

#: Runs wait here; the same in all workers.
QUEUE = "runs"
#: How often a worker looks for work [s].
POLL_S = 0.1
#: Seconds that its threads get to end: it waits longer for a database that is away.
_END_S = 15.0
_STORE = "jobs.sqlite"
_NAME = "surplan"
_IN_QUEUE = ("ENQUEUED", "DELAYED")
_DONE = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
#: Dispatches of one question, and those that are forgotten in one transaction.
_ASKED_AT_ONCE, _FORGOTTEN_AT_ONCE = 500, 200

Execute = Callable[[str, int], None]
_execute: list[Execute] = []  # what workflows of this process call; DBOS is one in a process


@dataclass(frozen=True)
class Fate:
    """What DBOS knows of a dispatch.

    Attributes
    ----------
    waits
        Whether it is in the queue; then `version` is the only one whose workers take it.
    worker
        Who has it; None where it waits or is done.
    """

    waits: bool
    worker: str | None
    version: str | None


def store_url(database: Database) -> str:
    """Return the address of DBOS's store: beside a SQLite file, or a schema of the same PostgreSQL."""
    url = full_url(database.url)
    if database.is_sqlite:
        return f"sqlite:///{jobs_file(database).as_posix()}"
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def jobs_file(database: Database) -> Path:
    """Return the file of DBOS's store beside a SQLite database."""
    return Path(str(full_url(database.url).database)).resolve().with_name(_STORE)


class Jobs:
    """DBOS in this process; there can be only one.

    Parameters
    ----------
    database
        Store of the service.
    worker
        Name of the worker's slot: DBOS gives it what it had when it starts again.
    version
        Surplan's version: workers take dispatches of their own version alone.
    concurrency
        Runs at the same time; the queue has one such number, that of the worker which started last.
    execute
        Does the work of a dispatch; never raises.
    """

    def __init__(
        self, database: Database, worker: str, version: str, concurrency: int, execute: Execute
    ) -> None:
        from dbos import DBOS

        if database.is_sqlite:  # DBOS itself leaves the file in the mode in which readers wait for writers
            with closing(sqlite3.connect(jobs_file(database))) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
        self._workflow = _workflow()
        _execute[:] = [execute]
        self._dbos: DBOS = DBOS(
            config={
                "name": _NAME,
                "system_database_url": store_url(database),
                "application_version": version,
                "executor_id": worker,
                "log_level": "ERROR",
                "use_listen_notify": False,
                "sys_db_pool_size": 5,
                "enable_otlp": False,
            }
        )
        DBOS.launch()
        self._queue = DBOS.register_queue(
            QUEUE,
            worker_concurrency=concurrency,
            polling_interval_sec=POLL_S,
            on_conflict="always_update",
        )

    def dispatch(self, run_id: str, dispatch: int) -> None:
        """Put a dispatch of a run into the queue, unless it is known already."""
        from dbos import SetWorkflowID

        with SetWorkflowID(job_id(run_id, dispatch)):
            self._queue.enqueue(self._workflow, run_id, dispatch)

    def fates(self, dispatches: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Fate]:
        """Return what is known of dispatches; those that are not known are left out."""
        from dbos import DBOS

        by_id = {job_id(*one): one for one in dispatches}
        ids, known = list(by_id), {}
        for first in range(0, len(ids), _ASKED_AT_ONCE):
            some = ids[first : first + _ASKED_AT_ONCE]
            for status in DBOS.list_workflows(workflow_ids=some, load_input=False, load_output=False):
                known[by_id[status.workflow_id]] = _fate(status)
        return known

    def forget(self, before: datetime) -> int:
        """Remove some of the dispatches that were done with before an instant; return how many."""
        from dbos import DBOS

        done = DBOS.list_workflows(
            status=list(_DONE),
            completed_before=before.isoformat(),
            limit=_FORGOTTEN_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        if done:
            DBOS.delete_workflows([one.workflow_id for one in done])
        return len(done)

    def hurry(self) -> None:
        """Let DBOS fail where its store is away: as it is, each of its calls asks again for ever.

        Only for who stops. It begins again at its next start what it could not note as done, and our fence
        finds that nothing is left of it.
        """
        store = self._dbos._sys_db_field  # noqa: SLF001  # only its clients may set what follows
        if store is not None:
            store._retry_connection_errors = False  # noqa: SLF001  # as above

    def stop(self) -> None:
        """Take nothing more, and end the threads of DBOS; those that do not end in time are left behind."""
        from dbos import DBOS

        self.hurry()
        ending = threading.Thread(target=DBOS.destroy, name="runs-jobs-stop", daemon=True)
        ending.start()
        ending.join(_END_S)
        _execute.clear()


def job_id(run_id: str, dispatch: int) -> str:
    """Return the id of a dispatch in DBOS."""
    return f"{run_id}.{dispatch}"


def _fate(status: Any) -> Fate:  # noqa: ANN401  # a status of DBOS, which is imported late
    waits = status.status in _IN_QUEUE
    return Fate(waits, status.executor_id if status.status == "PENDING" else None, status.app_version)


@cache
def _workflow() -> Callable[[str, int], None]:
    """Make the workflow known to DBOS, once in a process."""
    from dbos import DBOS

    @DBOS.step(name="surplan.solve")
    def step(run_id: str, dispatch: int) -> None:
        _execute[0](run_id, dispatch)

    @DBOS.workflow(name="surplan.run")
    def workflow(run_id: str, dispatch: int) -> None:
        step(run_id, dispatch)

    return workflow
