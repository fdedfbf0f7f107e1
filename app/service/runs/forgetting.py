"""Removes progress from the diaries of runs that ended long ago; what became of the runs stays told.

A run tells up to four reports of progress a second, and nobody asks how it went on once it has ended. Its
last report stays in the run itself. Entries keep their numbers, so a diary has gaps then: who reads one goes
on behind a number, and never counts.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.runs.diary import PROGRESS
from app.service.store.actor import SYSTEM
from app.service.store.models import Run, RunEvent
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.service.store.database import Database
    from app.service.store.scope import ScopedSession

#: How long progress is kept after the end of its run.
KEPT_PROGRESS = timedelta(days=7)
#: Runs that one statement looks through, and entries of one transaction.
_RUNS, _ENTRIES = 100, 500


def forget_progress(database: Database) -> Iterator[int]:
    """Remove the progress of runs that ended longer ago than `KEPT_PROGRESS`.

    Yields how many entries went after each transaction. Several may do it at once.
    """
    told = sa.exists().where(RunEvent.run_id == Run.id, RunEvent.kind == PROGRESS)
    ended = sa.select(Run.id).where(Run.finished_at < utc_now() - KEPT_PROGRESS, told)
    with database.reading(SYSTEM) as session:
        runs = session.scalars(ended.order_by(Run.id)).all()
    for first in range(0, len(runs), _RUNS):
        removed = _ENTRIES
        while removed == _ENTRIES:
            with database.writing(SYSTEM) as session:
                removed = _remove(session, runs[first : first + _RUNS])
            yield removed


def _remove(session: ScopedSession, runs: Sequence[str]) -> int:
    progress = (
        sa.select(RunEvent.run_id, RunEvent.number)
        .where(RunEvent.run_id.in_(runs), RunEvent.kind == PROGRESS)
        .order_by(RunEvent.run_id, RunEvent.number)
        .limit(_ENTRIES)
        .with_for_update(skip_locked=True)  # what another worker removes at this moment is left to it
    )
    found = session.execute(progress).all()
    for run_id, entries in groupby(found, key=lambda row: row.run_id):
        numbers = [row.number for row in entries]
        doomed = sa.delete(RunEvent).where(RunEvent.run_id == run_id, RunEvent.number.in_(numbers))
        session.execute(doomed.execution_options(synchronize_session=False))
    return len(found)
