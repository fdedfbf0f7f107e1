"""Give unfinished runs to the job engine once more: after an upgrade, and after a restore.

The job engine's own store is derived from the table of runs. A run whose `dispatch` rises is dispatched again
under a new name; what was dispatched before may wake up, sees another number, and does nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.runs.ledger import requeue, unsettled
from app.service.runs.roster import DEAD_AFTER_S, now_of
from app.service.store.models.runs import Run, RunState, Worker

if TYPE_CHECKING:
    from app.service.store.scope import ScopedSession


def requeue_abandoned(session: ScopedSession, app_version: str) -> list[str]:
    """Queue the runs again that a worker of another version began and no living worker has.

    Runs that wait need nothing: a worker that finds them dispatched for another version dispatches them anew.

    Parameters
    ----------
    app_version
        The version that runs now.

    Returns
    -------
    list of str
        Ids of the runs.
    """
    alive = sa.select(Worker.name).where(Worker.seen_at >= now_of(session) - timedelta(seconds=DEAD_AFTER_S))
    abandoned = sa.and_(
        unsettled(),
        Run.app_version.is_distinct_from(app_version),
        sa.or_(Run.worker.is_(None), Run.worker.not_in(alive)),
    )
    return _requeue(session, abandoned, "requeued_upgrade")


def requeue_all(session: ScopedSession) -> list[str]:
    """Queue every unfinished run again: no worker of before is there in a restored store.

    A run that was being cancelled ends without its plan.

    Returns
    -------
    list of str
        Ids of the runs.
    """
    session.execute(sa.delete(Worker))
    unfinished = sa.or_(Run.state == RunState.QUEUED, unsettled())
    return _requeue(session, unfinished, "requeued_restore")


def _requeue(session: ScopedSession, wanted: sa.ColumnElement[bool], why: str) -> list[str]:
    query = sa.select(Run).where(wanted).order_by(Run.created_at, Run.id).with_for_update()
    runs = session.scalars(query).all()
    for run in runs:
        if run.state == RunState.QUEUED:
            run.dispatch += 1
        else:
            requeue(session, run, why)
    session.flush()
    return [run.id for run in runs if run.state == RunState.QUEUED]
