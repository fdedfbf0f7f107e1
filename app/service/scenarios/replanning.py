"""When a scenario is planned again: the one thing of it that may change, for it decides nothing of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.refusals import InvalidError, MissingError
from app.service.scenarios.create import as_documents, schedule_issue
from app.service.scenarios.schedule import ScheduleError, next_time
from app.service.store.audit import record
from app.service.store.models import Scenario
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session


def change_replan(
    session: Session, scenario_id: str, *, on_new_version: bool, schedule: str | None, zone: ZoneInfo
) -> Scenario:
    """Set when a scenario is planned again.

    Raises
    ------
    MissingError
        When there is no such scenario for the session's actor.
    InvalidError
        When the schedule is none.
    OutOfScopeError
        When it is not of the session's province.
    """
    query = sa.select(Scenario).where(Scenario.id == scenario_id).with_for_update()
    scenario = session.scalars(query).one_or_none()
    if scenario is None:
        raise MissingError("scenario", scenario_id)
    due_at = None
    if schedule is not None:
        try:
            due_at = next_time(schedule, utc_now(), zone)
        except ScheduleError as error:
            issues = as_documents([schedule_issue("schedule", schedule)])
            raise InvalidError("scenario", issues=issues, count="1") from error
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
