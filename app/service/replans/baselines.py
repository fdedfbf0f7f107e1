"""The plan before, which a re-plan keeps as far as that pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.plans.files import WITH_PLAN, plan_of
from app.service.refusals import InvalidError
from app.service.store.models import Plan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.service.store.models import Scenario

LATEST, NONE = "latest", "none"


def newest_plan(session: Session, scenario: Scenario) -> str | None:
    """Return the id of the newest plan of a scenario; None where it has none: then it is planned afresh."""
    return session.scalar(
        sa.select(Plan.id)
        .where(Plan.scenario_id == scenario.id, Plan.status.in_(WITH_PLAN))
        .order_by(Plan.id.desc())
        .limit(1)
    )


def baseline_of(session: Session, scenario: Scenario, wanted: str) -> str | None:
    """Return the id of the plan before of a re-plan.

    Parameters
    ----------
    wanted
        `LATEST`, `NONE` or the id of a plan.

    Raises
    ------
    MissingError
        When there is no such plan for the session's actor.
    InvalidError
        When it is of another inventory or place than the scenario (files of a province would hold lines of
        others), or a proof that there is no plan.
    """
    if wanted == LATEST:
        return newest_plan(session, scenario)
    if wanted == NONE:
        return None
    plan = plan_of(session, wanted)
    same = (plan.inventory_id, plan.province_code) == (scenario.inventory_id, scenario.province_code)
    if not same or plan.status not in WITH_PLAN:
        raise InvalidError("replan_baseline", plan=plan.id, scenario=scenario.id)
    return plan.id
