"""What people and schedules do to runs: queue one, cancel one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.service.refusals import ConflictError, InvalidError, MissingError
from app.service.runs import diary
from app.service.scenarios.find import require_own, scenario_of
from app.service.store import audit
from app.service.store.models import Inventory, InventoryVersion, Plan, Run
from app.service.store.models.runs import Cause, RunState
from app.service.store.scope import actor_of
from app.service.store.types import new_id, utc_now

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.service.store.actor import Actor
    from app.service.store.models import Scenario

#: What a plan must be for another to be planned beside it (`solver.Status`).
_WHOLE = ("OPTIMAL", "FEASIBLE")


def queue_run(
    session: Session,
    *,
    scenario: Scenario,
    inventory_version: int,
    baseline_plan_id: str | None,
    cause: Cause,
    actor: Actor,
    batch_id: str | None = None,
    due_at: datetime | None = None,
    time_limit_s: float | None = None,
) -> Run:
    """Write a run that waits for a worker; workers find it once the transaction is committed.

    Parameters
    ----------
    scenario, inventory_version, baseline_plan_id
        What to solve, and the plan before of a re-plan.
    cause, batch_id, due_at
        Why it is there.
    actor
        Who asked.
    time_limit_s
        Seconds of the solver; None: the scenario's.

    Raises
    ------
    ForbiddenError
        When the scenario is of the whole country and the session's actor of a province.
    """
    require_own(session, scenario)
    run = Run(
        id=new_id("run"),
        scenario_id=scenario.id,
        inventory_id=scenario.inventory_id,
        inventory_version=inventory_version,
        baseline_plan_id=baseline_plan_id,
        cause=cause,
        batch_id=batch_id,
        state=RunState.QUEUED,
        reason=None,
        detail=None,
        dispatch=0,
        attempts=0,
        worker=None,
        app_version=None,
        progress=None,
        time_limit_s=time_limit_s,
        created_at=utc_now(),
        created_by=actor.name,
        due_at=due_at,
        started_at=None,
        cancel_requested_at=None,
        finished_at=None,
        plan_id=None,
        province_code=scenario.province_code,
    )
    session.add(run)
    session.flush()
    diary.enter(session, run, RunState.QUEUED)
    audit.record(
        session,
        action="run.queued",
        subject=run.id,
        province_code=run.province_code,
        details={"scenario_id": scenario.id, "inventory_version": inventory_version, "cause": str(cause)},
    )
    return run


def ask_run(
    session: Session,
    *,
    scenario_id: str,
    inventory_version: int | None,
    baseline_plan_id: str | None,
    time_limit_s: float | None,
) -> Run:
    """Queue a run that somebody asks for.

    Raises
    ------
    MissingError
        When there is no such scenario or plan for the session's actor.
    InvalidError
        When the inventory has no such version, or the plan before is of another inventory or of other
        provinces, or is no plan.
    ForbiddenError
        As of `queue_run`.
    """
    scenario = scenario_of(session, scenario_id)
    require_own(session, scenario)
    inventory = session.get_one(Inventory, scenario.inventory_id)
    version = inventory.head if inventory_version is None else inventory_version
    if session.get(InventoryVersion, (inventory.id, version)) is None:
        raise InvalidError("run_version", version=str(version), head=str(inventory.head))
    if baseline_plan_id is not None:
        plan = session.get(Plan, baseline_plan_id)
        if plan is None:
            raise MissingError("plan", baseline_plan_id)
        other = (plan.inventory_id, plan.province_code) != (inventory.id, scenario.province_code)
        if other or plan.status not in _WHOLE:
            raise InvalidError("run_baseline", plan=plan.id, status=plan.status)
    return queue_run(
        session,
        scenario=scenario,
        inventory_version=version,
        baseline_plan_id=baseline_plan_id,
        cause=Cause.ASKED,
        actor=actor_of(session),
        time_limit_s=time_limit_s,
    )


def cancel_run(session: Session, run_id: str) -> Run:
    """Cancel a run; one that is being solved keeps its best plan, which comes a moment later.

    Cancelling twice is cancelling once.

    Raises
    ------
    MissingError
        When there is no such run for the session's actor.
    ConflictError
        When it has succeeded or failed.
    ForbiddenError
        When it is of the whole country and the session's actor of a province, whatever its state.
    """
    run = diary.locked(session, run_id)
    if run is None:
        raise MissingError("run", run_id)
    require_own(session, run)
    if run.state == RunState.CANCELLED:
        return run
    if run.state in (RunState.SUCCEEDED, RunState.FAILED):
        raise ConflictError("run_ended", run=run.id, state=run.state)
    waiting = run.state == RunState.QUEUED
    run.cancel_requested_at = utc_now()
    if waiting:
        run.finished_at = run.cancel_requested_at
    diary.enter(session, run, RunState.CANCELLED, "cancelled_waiting" if waiting else "cancelled")
    audit.record(session, action="run.cancelled", subject=run.id, province_code=run.province_code)
    return run
