"""When a scenario is planned again: the one thing of it that may change, for it decides nothing of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.refusals import InvalidError, MissingError
from app.service.scenarios.find import require_own
from app.service.scenarios.issues import as_documents
from app.service.scenarios.schedule import due_of
from app.service.store.audit import record
from app.service.store.models import Scenario

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.settings import Settings


def change_replan(
    session: Session, scenario_id: str, *, on_new_version: bool, schedule: str | None, settings: Settings
) -> Scenario:
    """Set when a scenario is planned again.

    Raises
    ------
    MissingError
        When there is no such scenario for the session's actor.
    InvalidError
        When the schedule is none, or comes too often.
    ForbiddenError
        When it is of the whole country and the session's actor of a province.
    """
    query = sa.select(Scenario).where(Scenario.id == scenario_id).with_for_update(key_share=True)
    scenario = session.scalars(query).one_or_none()
    if scenario is None:
        raise MissingError("scenario", scenario_id)
    require_own(session, scenario)
    due_at, wrong = due_of(schedule, "schedule", settings)
    if wrong:
        raise InvalidError("schedule", issues=as_documents(wrong))
    scenario.replan_on_version = on_new_version
    scenario.replan_schedule, scenario.replan_due_at = schedule, due_at
    session.flush()
    record(
        session,
        action="scenario.replan_changed",
        subject=scenario.id,
        province_code=scenario.province_code,
        details={"on_new_version": on_new_version, "schedule": schedule},
    )
    return scenario
