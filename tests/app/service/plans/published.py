"""Small real plans in a store, for tests: vehicles and equipment of three provinces, and of one alone."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import sqlalchemy as sa
from typer.testing import CliRunner

import geodata
from app.cli import application
from app.service.plans.publish import publish_plan, read_plan_tables
from app.service.runs.queue import queue_run
from app.service.store.actor import SYSTEM
from app.service.store.blobs import store_blob
from app.service.store.models import Inventory, InventoryVersion, Scenario
from app.service.store.models.runs import Cause
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from pathlib import Path

    from app.service.store.database import Database
    from app.service.store.models import Run
    from app.service.store.scope import ScopedSession

LAI_CHAU, DIEN_BIEN, SON_LA = "12", "11", "14"
INVENTORY = "inv_1"


@dataclass(frozen=True)
class Folders:
    """Plan folders.

    Attributes
    ----------
    country
        Of three provinces, with transfers between them.
    other
        The same with another reach.
    province
        Of Lai Châu alone.
    conflict
        A proof that there is no plan.
    replan
        Of Lai Châu again, some needs later.
    """

    country: Path
    other: Path
    province: Path
    conflict: Path
    replan: Path


def solve_all(folder: Path) -> Folders:
    """Solve them, in three seconds."""
    found = {
        "country": _solve(folder / "country", (LAI_CHAU, DIEN_BIEN, SON_LA), {}),
        "other": _solve(folder / "other", (LAI_CHAU, DIEN_BIEN, SON_LA), {"reach_km": {"vehicle": 60}}),
        "province": _solve(folder / "province", (LAI_CHAU,), {"scope_province": LAI_CHAU}),
        "conflict": _solve(
            folder / "conflict",
            (LAI_CHAU,),
            {"equity": {"coverage_floor": {"vehicle": 1}, "floor_mode": "strict"}},
        ),
    }
    found["replan"] = _replan(found["province"], folder / "replan")
    return Folders(**found)


def _replan(before: Path, folder: Path) -> Path:
    """Plan again without some cars' needs, for a change that costs nothing: others get these cars."""
    given = folder / "given"
    shutil.copytree(before.parent / "given", given)
    served = pd.read_csv(before / "transfers.csv", dtype="str")["need_id"]
    gone = set(served[served.str.startswith("NV")][:5])
    with (given / "scenario.toml").open("a", encoding="utf-8") as stream:
        stream.write("\n[stability]\nchange_price_vnd = 0\n")
    needs = pd.read_csv(given / "needs.csv", dtype="str", encoding="utf-8-sig", keep_default_na=False)
    needs[~needs["need_id"].isin(gone)].to_csv(given / "needs.csv", index=False, encoding="utf-8-sig")
    done = CliRunner().invoke(
        application,
        ["replan", str(given), "--baseline", str(before), "--out", str(folder / "plan"), "--no-price", "-q"],
    )
    assert done.exit_code == 0, done.output
    return folder / "plan"


def _solve(folder: Path, provinces: tuple[str, ...], keys: dict[str, Any]) -> Path:
    parts = [geodata.reference(seed=1, province=code) for code in provinces]
    tables = {
        name: pd.concat([getattr(part, name) for part in parts], ignore_index=True).query(
            "category != 'premises'"
        )
        for name in ("assets", "needs")
    }
    limits = {"limits": {"budget_vnd": 10**14}} if "equity" not in keys else {}
    scenario = parts[0].scenario | {"solver": {"value_gap": 0}} | limits | keys
    given = replace(parts[0], assets=tables["assets"], needs=tables["needs"], scenario=scenario)
    geodata.write_reference(given, folder / "given")
    done = CliRunner().invoke(
        application, ["solve", str(folder / "given"), "--out", str(folder / "plan"), "-q"]
    )
    assert done.exit_code == 0, done.output
    return folder / "plan"


def add_inventory(database: Database, head: int = 1) -> None:
    """Add an inventory without rows."""
    with database.writing(SYSTEM) as session:
        session.add(Inventory(id=INVENTORY, name="Xe", head=head, created_at=utc_now(), created_by="x"))
        session.flush()
        for number in range(1, head + 1):
            add_version(session, number, None)


def add_version(session: Any, number: int, province: str | None) -> None:  # noqa: ANN401  # a session
    """Add a version to the inventory, which a change of a province made."""
    row = {
        "inventory_id": INVENTORY,
        "number": number,
        "cause": "part_replaced" if province else "created",
        "province_code": province,
        "changed": {},
        "created_at": utc_now(),
        "created_by": "x",
    }
    session.execute(sa.insert(InventoryVersion), [row])
    session.execute(sa.update(Inventory).where(Inventory.id == INVENTORY).values(head=number))


def add_scenario(database: Database, name: str, province: str | None = None, **more: object) -> str:
    """Add a scenario, and return its id."""
    row = {
        "id": name,
        "name": f"Kịch bản {name}",
        "inventory_id": INVENTORY,
        "parent_id": None,
        "province_code": province,
        "given": {},
        "resolved": {"date": "2025-08-15"},
        "sha256": "0" * 64,
        "replan_on_version": False,
        "replan_schedule": None,
        "replan_due_at": None,
        "created_at": utc_now(),
        "created_by": "x",
        **more,
    }
    with database.writing(SYSTEM) as session:
        session.execute(sa.insert(Scenario), [row])
    return name


def publish(database: Database, folder: Path, scenario_id: str, baseline: str | None = None) -> str:
    """Queue a run of a scenario, publish a plan folder as its plan, and return the plan's id."""
    with database.writing(SYSTEM) as session:
        run = queue_run(
            session,
            scenario=session.get_one(Scenario, scenario_id),
            inventory_version=1,
            baseline_plan_id=baseline,
            cause=Cause.ASKED,
            actor=SYSTEM,
        )
        plan_id = publish_folder(session, run, folder)
        run.state = "SUCCEEDED"
    return plan_id


def publish_folder(session: ScopedSession, run: Run, folder: Path) -> str:
    """Publish a plan folder as a run's plan, and return the plan's id."""
    files = {
        path.relative_to(folder).as_posix(): store_blob(session, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    summary = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    plan = publish_plan(session, run, files, summary, read_plan_tables(folder))
    run.plan_id = plan.id
    return plan.id
