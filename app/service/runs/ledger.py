"""What workers do to runs: each a short transaction on the locked row, fenced by the dispatch.

A run is given out again when its worker is dead: `Run.dispatch` rises, and whatever the former worker
(frozen, not dead) still does finds another number and changes nothing. So progress and, above all, publishing
need no lease that could run out between a look at the clock and the commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from app.service.runs import diary
from app.service.store.actor import SYSTEM
from app.service.store.models import Run, Scenario, Worker
from app.service.store.models.runs import RunState
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from app.service.store.database import Database

_Select = TypeVar("_Select", bound=sa.Select[*tuple[Any, ...]])
#: Attempts of one run that may end without an end before it is given up.
MOST_ATTEMPTS = 3


class Standing(Enum):
    """What a worker learns when it looks at its run."""

    MINE = "mine"
    CANCELLED = "cancelled"
    LOST = "lost"


@dataclass(frozen=True)
class Claim:
    """A run that a worker has.

    Attributes
    ----------
    time_limit_s
        Seconds that the solver gets, from the run or its scenario; 0: no limit.
    """

    run_id: str
    dispatch: int
    attempts: int
    province_code: str | None
    scenario_id: str
    inventory_id: str
    inventory_version: int
    baseline_plan_id: str | None
    given_time_limit_s: float | None
    time_limit_s: float


class Ledger:
    """The runs as one worker sees them.

    Parameters
    ----------
    database
        The store.
    worker
        Name of the worker's slot.
    version
        Surplan's version.
    """

    def __init__(self, database: Database, worker: str, version: str) -> None:
        self.database = database
        self.worker = worker
        self.version = version

    def waiting(self, most: int, after: str | None = None) -> list[tuple[str, int]]:
        """Return id and dispatch of the runs that wait longest; with a run's id only those behind it."""
        query = sa.select(Run.id, Run.dispatch).where(Run.state == RunState.QUEUED)
        if after is not None:
            queued_at = sa.select(Run.created_at).where(Run.id == after).scalar_subquery()
            same = sa.and_(Run.created_at == queued_at, Run.id > after)
            query = query.where(sa.or_(Run.created_at > queued_at, same))
        with self.database.reading(SYSTEM) as session:
            rows = session.execute(query.order_by(Run.created_at, Run.id).limit(most))
            return [(row.id, row.dispatch) for row in rows]

    def claim(self, run_id: str, dispatch: int, incarnation: str) -> Claim | None:
        """Begin a run; None where it is no longer to be begun under this dispatch, or by this process."""
        with self.database.writing(SYSTEM) as session:
            # The worker's row first, as those do who take over from it: only a live worker begins.
            mine = session.scalars(
                sa.select(Worker).where(Worker.name == self.worker).with_for_update()
            ).one_or_none()
            if mine is None or mine.incarnation != incarnation:
                return None
            run = diary.locked(session, run_id)
            if run is None or run.dispatch != dispatch or run.state != RunState.QUEUED:
                return None
            run.worker = self.worker
            run.app_version = self.version
            run.attempts += 1
            run.started_at = utc_now()
            run.progress = None
            diary.enter(session, run, RunState.RUNNING)
            scenario = session.get_one(Scenario, run.scenario_id)
            limit = run.time_limit_s
            return Claim(
                run.id,
                dispatch,
                run.attempts,
                run.province_code,
                run.scenario_id,
                run.inventory_id,
                run.inventory_version,
                run.baseline_plan_id,
                limit,
                float(scenario.resolved["solver"]["time_limit_s"] if limit is None else limit),
            )

    def look(self, claim: Claim) -> Standing:
        """Return how a run stands."""
        query = sa.select(Run.state, Run.dispatch, Run.finished_at).where(Run.id == claim.run_id)
        with self.database.reading(SYSTEM) as session:
            row = session.execute(query).one()
        return _standing(row.state, row.dispatch, ended=row.finished_at is not None, claim=claim)

    def progress(self, claim: Claim, report: Mapping[str, object]) -> Standing:
        """Write a report of the solver, where the run is still being solved here."""
        with self.database.writing(SYSTEM) as session:
            run, standing = _mine(session, claim)
            if standing is Standing.MINE:
                run.progress = dict(report)
                diary.tell(session, run, diary.PROGRESS, report)
            return standing

    def publish(self, claim: Claim, write: Callable[[Session, Run], str]) -> str | None:
        """Publish the plan of a run and end it, in one transaction; None where it is no longer ours.

        Parameters
        ----------
        write
            Writes the plan and returns its id.
        """
        with self.database.writing(SYSTEM) as session:
            run, standing = _mine(session, claim)
            if standing is Standing.LOST:
                return None
            run.plan_id = write(session, run)
            run.finished_at = utc_now()
            diary.tell(session, run, diary.PLAN, {"plan_id": run.plan_id})
            if standing is Standing.MINE:
                diary.enter(session, run, RunState.SUCCEEDED)
            return run.plan_id

    def fail(self, claim: Claim, reason: str, detail: Mapping[str, Any] | None = None) -> None:
        """End a run without a plan; one that was cancelled stays so."""
        with self.database.writing(SYSTEM) as session:
            run, standing = _mine(session, claim)
            if standing is not Standing.LOST:
                _end(session, run, reason, detail)

    def give_back(self, run_id: str, dispatch: int, *, waits: bool = True) -> None:
        """Put a run back that this worker began, because it stops; that is no fault of the run.

        Only for who began it: of a dispatch that still waits another process of this slot may have it next.

        Parameters
        ----------
        waits
            Whether to wait for whoever has locked its row; otherwise nothing is done then.
        """
        with self.database.writing(SYSTEM) as session:
            run = diary.locked(session, run_id, waits=waits)
            if run is None or run.dispatch != dispatch or diary.is_settled(run):
                return
            if run.state == RunState.QUEUED:
                return
            if run.state == RunState.RUNNING:
                run.attempts -= 1
            requeue(session, run, "requeued_stopped")

    def stumble(self, claim: Claim, error: str) -> None:
        """Put a run back because this worker failed with it, and end it after `MOST_ATTEMPTS`."""
        with self.database.writing(SYSTEM) as session:
            run, standing = _mine(session, claim)
            if standing is Standing.LOST:
                return
            if run.attempts >= MOST_ATTEMPTS or standing is Standing.CANCELLED:
                _end(session, run, "internal", {"error": error})
            else:
                requeue(session, run, "requeued_error")

    def again(self, run_id: str, dispatch: int) -> None:
        """Give a waiting run to the job engine anew: what that knows of this dispatch leads nowhere."""
        with self.database.writing(SYSTEM) as session:
            run = diary.locked(session, run_id)
            if run is not None and run.dispatch == dispatch and run.state == RunState.QUEUED:
                run.dispatch += 1

    def strays(self) -> list[tuple[str, int]]:
        """Return id and dispatch of the runs that this worker has according to the store."""
        query = held(sa.select(Run.id, Run.dispatch).where(Run.worker == self.worker))
        with self.database.reading(SYSTEM) as session:
            return [(row.id, row.dispatch) for row in session.execute(query)]


def unsettled() -> sa.ColumnElement[bool]:
    """Return the criterion of runs that a worker has; there is an index of them (`ix_runs_unsettled`)."""
    running, cancelled = (
        Run.state == sa.literal_column(f"'{one}'") for one in (RunState.RUNNING, RunState.CANCELLED)
    )
    return sa.or_(running, sa.and_(cancelled, Run.finished_at.is_(None)))


def held(query: _Select) -> _Select:
    """Restrict a query of runs to those that a worker has; without statistics SQLite would read all."""
    return query.where(unsettled()).with_hint(Run, "INDEXED BY ix_runs_unsettled", "sqlite")


def take_from(session: Session, criterion: sa.ColumnElement[bool]) -> list[str]:
    """Take the runs that dead workers have away from them; return their ids.

    They wait again under the next dispatch; a run whose workers keep dying is given up (`MOST_ATTEMPTS`), and
    a cancelled one has lost its plan with its worker.

    A run whose row is locked is left out. Its worker may have lost its power within a transaction, which the
    server ends a minute later; who waited for it could not beat meanwhile, and would be taken for dead too.
    """
    query = held(sa.select(Run).where(criterion)).order_by(Run.id).with_for_update(skip_locked=True)
    taken = list(session.scalars(query.execution_options(populate_existing=True)))
    for run in taken:
        if run.state == RunState.RUNNING and run.attempts >= MOST_ATTEMPTS:
            _end(session, run, "poison", {"attempts": run.attempts})
        else:
            requeue(session, run, "requeued_lost")
    return [run.id for run in taken]


def requeue(session: Session, run: Run, reason: str) -> None:
    """Let a run wait again, out of reach of whoever has it; a cancelled one ends without its plan."""
    run.dispatch += 1
    if run.state == RunState.CANCELLED:
        _end(session, run, "cancelled_lost", None)
        return
    run.worker = None
    run.started_at = None
    run.progress = None
    diary.enter(session, run, RunState.QUEUED, reason)


def _end(session: Session, run: Run, reason: str, detail: Mapping[str, Any] | None) -> None:
    run.finished_at = utc_now()
    run.detail = dict(detail) if detail else None
    if run.state == RunState.CANCELLED:
        diary.enter(session, run, RunState.CANCELLED, _of_cancelled(reason))
    else:
        diary.enter(session, run, RunState.FAILED, reason)


def _of_cancelled(reason: str) -> str:
    return "cancelled_lost" if reason == "cancelled_lost" else "cancelled_no_plan"


def _mine(session: Session, claim: Claim) -> tuple[Run, Standing]:
    run = diary.locked(session, claim.run_id)
    assert run is not None  # runs are never removed
    return run, _standing(run.state, run.dispatch, ended=run.finished_at is not None, claim=claim)


def _standing(state: str, dispatch: int, *, ended: bool, claim: Claim) -> Standing:
    if dispatch != claim.dispatch or ended:
        return Standing.LOST
    if state == RunState.RUNNING:
        return Standing.MINE
    return Standing.CANCELLED if state == RunState.CANCELLED else Standing.LOST
