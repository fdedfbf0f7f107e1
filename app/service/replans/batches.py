"""Batches of re-plans: asked for together, and what became of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import defer

from app.service.inventories.versions import inventory_of
from app.service.refusals import ConflictError, InvalidError, MissingError
from app.service.replans.baselines import baseline_of
from app.service.replans.changed import FILE, changes_of, sum_of
from app.service.replans.schemas import MOST, BatchDocument, ReplanItem
from app.service.runs import diary
from app.service.runs.queue import queue_run
from app.service.runs.shown import run_document
from app.service.scenarios.find import scenario_of
from app.service.store.audit import record
from app.service.store.models import InventoryVersion, Plan, PlanFile, Run, Scenario
from app.service.store.models.runs import Cause
from app.service.store.scope import actor_of
from app.service.store.types import new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.service.replans.schemas import ReplanRequest
    from app.settings import Lang


def ask_batch(session: Session, asked: ReplanRequest) -> str:
    """Queue a run of each scenario, and return the id of the batch.

    Raises
    ------
    MissingError, InvalidError, ConflictError
        When there is no such inventory, version, scenario or plan, they do not belong together, or there is
        nothing to plan.
    ForbiddenError
        When a scenario is of the whole country and the session's actor of a province.
    """
    inventory = inventory_of(session, asked.inventory_id)
    version = inventory.head if asked.inventory_version is None else asked.inventory_version
    if session.get(InventoryVersion, (inventory.id, version)) is None:
        raise InvalidError("run_version", version=str(version), head=str(inventory.head))
    if asked.all == (asked.scenario_ids is not None):
        raise InvalidError("replan_which")
    scenarios = _all_of(session, inventory.id) if asked.all else _named(session, asked)
    batch_id, actor = new_id("batch"), actor_of(session)
    for scenario in scenarios:
        queue_run(
            session,
            scenario=scenario,
            inventory_version=version,
            baseline_plan_id=baseline_of(session, scenario, asked.baseline),
            cause=Cause.BATCH,
            actor=actor,
            batch_id=batch_id,
        )
    details = {"inventory_id": inventory.id, "inventory_version": version, "runs": len(scenarios)}
    record(
        session,
        action="replan.requested",
        subject=batch_id,
        province_code=actor.province_code,
        details=details,
    )
    return batch_id


def _all_of(session: Session, inventory_id: str) -> list[Scenario]:
    """Return the scenarios that the actor may plan; those of the country are not a province's."""
    found = sa.select(Scenario).where(Scenario.inventory_id == inventory_id).order_by(Scenario.id)
    province = actor_of(session).province_code
    if province is not None:
        found = found.where(Scenario.province_code == province)
    scenarios = list(session.scalars(found.limit(MOST + 1)))
    if not scenarios:
        raise ConflictError("replan_none")
    if len(scenarios) > MOST:
        raise ConflictError("replan_many", most=str(MOST))
    return scenarios


def _named(session: Session, asked: ReplanRequest) -> list[Scenario]:
    scenarios = [scenario_of(session, one) for one in dict.fromkeys(asked.scenario_ids or [])]
    for scenario in scenarios:
        if scenario.inventory_id != asked.inventory_id:
            raise InvalidError("replan_inventory", scenario=scenario.id, inventory=scenario.inventory_id)
    return scenarios


def batch_document(session: Session, batch_id: str, lang: Lang) -> BatchDocument:
    """Return what became of the runs of a batch that the actor may see.

    Raises
    ------
    MissingError
        When there is none.
    """
    found = session.execute(
        sa.select(Run, Scenario.name, Plan, PlanFile.sha256)
        .join(Scenario, Scenario.id == Run.scenario_id)
        .outerjoin(Plan, Plan.id == Run.plan_id)
        .outerjoin(PlanFile, sa.and_(PlanFile.plan_id == Plan.id, PlanFile.path == FILE))
        .where(Run.batch_id == batch_id)
        .order_by(Run.id)
        .options(defer(Plan.summary))  # it is long, and needed the first time alone
    ).all()
    if not found:
        raise MissingError("batch", batch_id)
    items = [_item(session, run, name, plan, sha256, lang) for run, name, plan, sha256 in found]
    return BatchDocument(
        batch_id=batch_id,
        states=dict(Counter(one.run.state for one in items)),
        ended=all(diary.is_settled(run) for run, *_ in found),
        changes=sum_of(one.changes for one in items if one.changes is not None),
        items=items,
    )


def _item(
    session: Session, run: Run, name: str, plan: Plan | None, sha256: str | None, lang: Lang
) -> ReplanItem:
    return ReplanItem(
        run=run_document(run, lang, issues=False),
        scenario_name=name,
        status=plan.status if plan else None,
        changes=changes_of(session, plan, sha256) if plan else None,
    )
