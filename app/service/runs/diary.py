"""A run's row and its diary: every change of a run is made on the locked row and told in the diary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.store.models import Run, RunEvent
from app.service.store.models.runs import ENDED, RunState
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

#: Kinds of entries.
STATE, PROGRESS, PLAN = "state", "progress", "plan"


def locked(session: Session, run_id: str, *, waits: bool = True) -> Run | None:
    """Return a run with its row locked until the transaction ends; None where there is none to see.

    Parameters
    ----------
    waits
        Whether to wait for whoever has locked it; otherwise it counts as none.
    """
    query = sa.select(Run).where(Run.id == run_id).with_for_update(skip_locked=not waits)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def tell(session: Session, run: Run, kind: str, data: Mapping[str, object]) -> None:
    """Write the next entry of a run's diary; the row of the run is locked or new."""
    last = session.scalar(sa.select(sa.func.max(RunEvent.number)).where(RunEvent.run_id == run.id))
    row = RunEvent(
        run_id=run.id,
        number=(last or 0) + 1,
        kind=kind,
        data=dict(data),
        at=utc_now(),
        province_code=run.province_code,
    )
    session.add(row)
    session.flush()


def enter(session: Session, run: Run, state: RunState, reason: str | None = None) -> None:
    """Change the state of a run and tell it.

    Parameters
    ----------
    reason
        Why (``run.reason.<reason>`` of the catalogues); kept on the run where the state is an end.
    """
    run.state = state
    run.reason = reason if state in ENDED else None
    tell(session, run, STATE, {"state": state, **({"reason": reason} if reason else {})})


def is_settled(run: Run) -> bool:
    """Tell whether nothing more happens to a run: a cancelled one waits for its best plan."""
    return run.state in ENDED and run.finished_at is not None
