"""Re-plans that nobody asks for at the time: after each new version, and on a schedule.

Both are queued in the name of Surplan itself: an update of one province may plan the whole country again,
which that province could not ask for. A run that waits for the same scenario and was queued in this way is
superseded: it would plan an older state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.replans.baselines import newest_plan
from app.service.runs import diary
from app.service.runs.queue import queue_run
from app.service.scenarios.schedule import next_time
from app.service.store.actor import SYSTEM
from app.service.store.models import Inventory, InventoryVersion, Run, Scenario
from app.service.store.models.runs import Cause, RunState
from app.service.store.scope import acting_as
from app.service.store.types import new_id, utc_now
from app.settings import read_settings

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from app.service.store.actor import Actor

_AUTOMATIC = (Cause.NEW_VERSION, Cause.SCHEDULE)


def on_new_version(session: Session, inventory_id: str, number: int, actor: Actor) -> int:
    """Queue a run of every scenario that asks for it, in the transaction that makes the version.

    Parameters
    ----------
    number
        The new version. Where it changed one province, scenarios of other provinces are left out.
    actor
        Who made it.

    Returns
    -------
    int
        How many runs were queued; they share a batch.
    """
    with acting_as(session, SYSTEM):
        version = session.get_one(InventoryVersion, (inventory_id, number))
        wanted = sa.select(Scenario).where(
            Scenario.inventory_id == inventory_id, Scenario.replan_on_version.is_(True)
        )
        if version.province_code is not None:
            of_country = Scenario.province_code.is_(None)
            wanted = wanted.where(sa.or_(of_country, Scenario.province_code == version.province_code))
        scenarios = session.scalars(wanted.order_by(Scenario.id)).all()
        batch_id = new_id("batch") if scenarios else None
        for scenario in scenarios:
            _supersede(session, scenario)
            queue_run(
                session,
                scenario=scenario,
                inventory_version=number,
                baseline_plan_id=newest_plan(session, scenario),
                cause=Cause.NEW_VERSION,
                actor=actor,
                batch_id=batch_id,
            )
        return len(scenarios)


def on_schedule(session: Session, now: datetime, zone: ZoneInfo | None = None) -> int:
    """Queue a run of every scenario whose time has come.

    Times that were missed because nothing ran are made up for once, not one by one. Calling it twice, or
    from two workers, queues nothing twice: the scenario's row is locked, and a time has one run.

    Parameters
    ----------
    now
        This instant.
    zone
        Where the clock hangs; None: SURPLAN_TIMEZONE.

    Returns
    -------
    int
        How many runs were queued.
    """
    clock = zone or read_settings().timezone
    due = sa.select(Scenario).where(Scenario.replan_due_at <= now).order_by(Scenario.id)
    scenarios = session.scalars(due.with_for_update(key_share=True, skip_locked=True)).all()
    queued = 0
    for scenario in scenarios:
        due_at = scenario.replan_due_at
        assert scenario.replan_schedule is not None  # a scenario has both or neither
        scenario.replan_due_at = next_time(scenario.replan_schedule, now, clock)
        # A store that was restored may have the run but not yet the next time.
        there = sa.select(Run.id).where(Run.scenario_id == scenario.id, Run.due_at == due_at)
        if session.scalar(there) is not None:
            continue
        _supersede(session, scenario)
        inventory = session.get_one(Inventory, scenario.inventory_id)
        queue_run(
            session,
            scenario=scenario,
            inventory_version=inventory.head,
            baseline_plan_id=newest_plan(session, scenario),
            cause=Cause.SCHEDULE,
            actor=SYSTEM,
            due_at=due_at,
        )
        queued += 1
    return queued


def _supersede(session: Session, scenario: Scenario) -> None:
    """Cancel the runs of a scenario that wait and that nobody asked for himself."""
    waiting = (
        sa.select(Run.id)
        .where(Run.scenario_id == scenario.id, Run.state == RunState.QUEUED, Run.cause.in_(_AUTOMATIC))
        .order_by(Run.id)
    )
    for run_id in session.scalars(waiting).all():
        run = diary.locked(session, run_id)
        if run is not None and run.state == RunState.QUEUED:  # no worker began it in between
            run.finished_at = utc_now()
            diary.enter(session, run, RunState.CANCELLED, "superseded")
