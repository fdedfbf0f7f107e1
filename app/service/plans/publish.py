"""A plan folder into the database, once for a run, in the transaction that ends it."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.service.plans.tables import PlanTables as PlanTables
from app.service.plans.tables import read_plan_tables as read_plan_tables
from app.service.store.audit import record
from app.service.store.models import Plan, PlanFile, ReleaseRow, ShortfallRow, TransferRow
from app.service.store.scope import OutOfScopeError, actor_of
from app.service.store.types import new_id, utc_now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.service.plans.tables import Rows
    from app.service.store.models import Run

#: Rows of one statement: SQLite takes some thousand parameters.
_AT_ONCE = 5000


def publish_plan(
    session: Session,
    run: Run,
    folder_files: Mapping[str, str],
    summary: Mapping[str, Any],
    tables: PlanTables,
) -> Plan:
    """Publish the plan of a run; the database refuses a second one.

    Parameters
    ----------
    folder_files
        SHA-256 of the stored bytes of every file of the plan folder, by path with "/".
    summary
        ``plan.json``.
    tables
        What `read_plan_tables` reads of the same folder.

    Raises
    ------
    OutOfScopeError
        When the run is of one province and the plan's inputs hold rows of others, which that province would
        see in its files.
    sqlalchemy.exc.IntegrityError
        When the run has a plan, or bytes are not stored.
    """
    others = tables.provinces - {run.province_code}
    if run.province_code is not None and others:
        msg = f"the inputs of a plan of province {run.province_code} hold rows of {sorted(others)[:5]}"
        raise OutOfScopeError(msg)
    plan = Plan(
        id=new_id("plan"),
        run_id=run.id,
        scenario_id=run.scenario_id,
        inventory_id=run.inventory_id,
        inventory_version=run.inventory_version,
        baseline_plan_id=run.baseline_plan_id,
        status=summary["status"],
        objective_vnd=summary.get("objective_vnd"),
        bound_vnd=summary.get("bound_vnd"),
        summary=dict(summary),
        solver_version=metadata.version("surplan"),
        created_at=utc_now(),
        province_code=run.province_code,
    )
    session.add(plan)
    session.flush()
    files = [{"plan_id": plan.id, "path": path, "sha256": sha256} for path, sha256 in folder_files.items()]
    _insert(session, PlanFile, files)
    _insert(session, TransferRow, _of(plan, tables.transfers))
    _insert(session, ShortfallRow, _of(plan, tables.shortfalls))
    _insert(session, ReleaseRow, _of(plan, tables.releases))
    record(
        session,
        action="plan.published",
        subject=plan.id,
        province_code=plan.province_code,
        details={
            "run_id": run.id,
            "status": plan.status,
            "transfers": len(tables.transfers),
            "plan_json": folder_files["plan.json"],
        },
    )
    return plan


def _of(plan: Plan, rows: Rows) -> Rows:
    return [{"plan_id": plan.id, **row} for row in rows]


def _insert(session: Session, table: type[Any], rows: Rows) -> None:
    """Insert rows without the ORM, which takes half as long again; only Surplan itself publishes."""
    assert actor_of(session).province_code is None  # the scope of provinces looks at ORM statements
    for first in range(0, len(rows), _AT_ONCE):
        session.execute(sa.insert(table.__table__), rows[first : first + _AT_ONCE])
