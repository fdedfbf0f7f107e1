"""A store with rows of two provinces, and words by which a row of the other one is known wherever it shows.

Ministry: scenarios, runs and plans of the country, of province 12 and of province 01; the plans are solved,
their files are real. Rows of 01, and of another commune of 12, hold words that no other row holds.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import solver
from app.folders import build, read_inputs
from app.service.access.keys import create_key
from app.service.inventories.rows import digest_of
from app.service.store import audit
from app.service.store.actor import SYSTEM, Role
from app.service.store.blobs import store_blob
from app.service.store.models import (
    AssetRow,
    Inventory,
    InventoryVersion,
    NeedRow,
    Part,
    Run,
    RunEvent,
    Scenario,
    SharedTable,
)
from app.service.store.types import STANDING, utc_now
from app.solving import solve_into
from app.talk import Talk
from tests.app.service.plans.published import publish_folder

if TYPE_CHECKING:
    from pathlib import Path

    from app.service.store.database import Database

#: In the texts and ids of every row of Hà Nội (01), and of the commune Bình Lư (03390) of Lai Châu (12).
HANOI, BINH_LU = "HANOI", "BINHLU"
OWN = "DOANKET"
_PLACES = {HANOI: ("01", "00004"), BINH_LU: ("12", "03390"), OWN: ("12", "03388")}
#: Whose plan, by the end of its ids: the country's, or a province's.
SCOPES: dict[str, str | None] = {"all": None, "own": "12", "other": "01"}
ASSET = {"category": "vehicle", "kind": "car", "units": "1", "condition_pct": "70", "year": "2020"}
NEED = {"category": "vehicle", "kinds": "car", "units": "1"}
#: Assets that stand in the inventory, not in the plans, twice more: duplicates in and across provinces.
_TWICE = (f"A-{HANOI}-0", f"A-{OWN}-0")
#: A kind that nobody gives, so that each place has a shortfall; and one that nobody wants.
_LACKED, _LEFT = "pickup", "truck"


def rows() -> dict[str, list[tuple[str, dict[str, str]]]]:
    """Return province and cells of all assets and needs."""
    found: dict[str, list[tuple[str, dict[str, str]]]] = {"assets": [], "needs": []}
    for word, (province, commune) in _PLACES.items():
        at = {"commune_code": commune, "note": f"ghi chú {word}", "source": "synthetic"}
        for number, kind in enumerate(("car", _LEFT)):
            texts = {"official_id": f"29A-{word}-{number}", "holder": f"UBND {word}", "name": f"Xe {word}"}
            asset = {"asset_id": f"A-{word}-{number}", **ASSET, **at, **texts, "kind": kind}
            found["assets"].append((province, asset))
        for number, kind in enumerate(("car", _LACKED)):
            need = {"need_id": f"N-{word}-{number}", **NEED, **at, "recipient": f"Đảng ủy {word}"}
            found["needs"].append((province, need | {"kinds": kind}))
    return found


def seed(database: Database, folder: Path) -> dict[str, str]:
    """Fill a store; returns the ids by name, such as ``plan_own``."""
    ids = {f"{kind}_{name}": f"{kind[:4]}_{name}" for kind in ("scenario", "run") for name in SCOPES}
    ids |= {
        "inventory": "inv_1",
        "run_waiting_all": "run_waiting_all",
        "run_waiting_other": "run_waiting_other",
    }
    with database.writing(SYSTEM) as session:
        key, _ = create_key(session, name="Bộ Tài chính", role=Role.ADMIN)
        ids["key"] = key.id
    _add_inventory(database)
    for name, province in SCOPES.items():
        plan_folder = _solved(folder / name, province)
        resolved = json.loads((plan_folder / "inputs" / "scenario.json").read_text(encoding="utf-8"))
        ids[f"plan_{name}"] = _add_plan(database, plan_folder, resolved, name, province)
    with database.writing(SYSTEM) as session:
        for name in ("all", "other"):
            run = {"inventory_id": "inv_1", "inventory_version": 2, "cause": "asked", "state": "QUEUED"}
            run |= {"province_code": SCOPES[name], "created_at": utc_now(), "created_by": "Bộ"}
            session.add(Run(id=f"run_waiting_{name}", scenario_id=f"scen_{name}", **run))
        audit.record(session, action="seeded", subject="inv_1", province_code="01", details={"of": HANOI})
    return ids


def _add_inventory(database: Database) -> None:
    by = {"created_at": utc_now(), "created_by": "Bộ"}
    with database.writing(SYSTEM) as session:
        session.add(Inventory(id="inv_1", name="Kho", head=2, **by))
        session.flush()
        # Version 2 brought Hà Nội, and each second row of Lai Châu: what changed is of both.
        for number in (1, 2):
            changed = {side: {"added": 2, "changed": 0, "removed": 0} for side in ("assets", "needs")}
            version = {"number": number, "cause": "part_replaced", "province_code": None}
            session.add(InventoryVersion(inventory_id="inv_1", changed=changed, **version, **by))
        for province, number, since, until in (
            ("12", 1, 1, 2),
            ("12", 2, 2, STANDING),
            ("01", 1, 2, STANDING),
        ):
            part = {"province_code": province, "number": number, "since": since, "until": until}
            part |= {"etag": f"{number:064x}", "unknown": {"assets": [], "needs": []}}
            session.add(Part(inventory_id="inv_1", assets=2, needs=2, **part, **by))
        for side, table in (("assets", AssetRow), ("needs", NeedRow)):
            stored = [_stored(side, province, cells) for province, cells in rows()[side]]
            doubled = [row for row in stored if side == "assets" and row["asset_id"] in _TWICE]
            stored += [_doubled(row, sign) for row in doubled for sign in "TU"]
            session.execute(sa.insert(table), stored)
        matches = f"asset_id,need_id\nA-{HANOI}-0,N-{HANOI}-0\n"
        sha256 = store_blob(session, matches.encode())
        session.add(SharedTable(inventory_id="inv_1", name="matches", since=1, sha256=sha256))


def _stored(side: str, province: str, cells: dict[str, str]) -> dict[str, Any]:
    key = "asset_id" if side == "assets" else "need_id"
    stored: dict[str, Any] = {
        "inventory_id": "inv_1",
        "province_code": province,
        "commune_code": cells["commune_code"],
        key: cells[key],
        "plan_id": cells[key],
        "since": 2 if province == "01" or cells[key].endswith("1") else 1,
        "digest": digest_of(cells),
        "category": "vehicle",
        "lat": None,
        "lon": None,
        "tile": None,
        "cells": cells,
    }
    if side == "needs":
        return stored | {"purpose": None}
    return stored | {"kind": cells["kind"], "status": "surplus", "official_id": cells["official_id"]}


def _doubled(stored: dict[str, Any], sign: str) -> dict[str, Any]:
    """Return an asset once more, with a register code that rows of both provinces have."""
    name = f"{stored['asset_id']}-{sign}"
    cells = stored["cells"] | {"asset_id": name, "official_id": "29A-TWICE"}
    return stored | {"asset_id": name, "plan_id": name, "official_id": "29A-TWICE", "cells": cells}


def _solved(folder: Path, province: str | None) -> Path:
    folder.mkdir(parents=True)
    (folder / "scenario.toml").write_text('name = "Xe"\ndate = 2025-08-15\n', encoding="utf-8")
    for side, found in rows().items():
        mine = [cells for code, cells in found if province in (None, code)]
        lines = [",".join(mine[0]), *(",".join(cells.values()) for cells in mine)]
        (folder / f"{side}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    problem = build(read_inputs(folder, province))
    solved = solve_into(folder / "plan", problem, Talk("vi", quiet=True))
    assert solved.result.status is solver.Status.OPTIMAL
    return folder / "plan"


def _add_plan(
    database: Database, folder: Path, resolved: dict[str, Any], name: str, province: str | None
) -> str:
    word = HANOI if province == "01" else "XE"
    if province is None:  # what the ministry pins names an asset of Hà Nội
        pin = {"asset_id": f"A-{HANOI}-0", "need_id": f"N-{HANOI}-0"}
        resolved = {**resolved, "stability": {**resolved.get("stability", {}), "pins": [pin]}}
    by = {"created_at": utc_now(), "created_by": "Bộ"}
    with database.writing(SYSTEM) as session:
        scenario = Scenario(
            id=f"scen_{name}",
            name=f"Kịch bản {word}",
            province_code=province,
            inventory_id="inv_1",
            given={"name": f"Kịch bản {word}", "stability": resolved.get("stability", {})},
            resolved=resolved,
            sha256="0" * 64,
            replan_on_version=False,
            **by,
        )
        session.add(scenario)
        session.flush()
        run = Run(
            id=f"run_{name}",
            scenario_id=scenario.id,
            province_code=province,
            inventory_id="inv_1",
            inventory_version=2,
            cause="asked",
            batch_id="batch_1",
            state="SUCCEEDED",
            progress={"phase": "solve", "note": word},
            started_at=utc_now(),
            finished_at=utc_now() + timedelta(seconds=1),
            **by,
        )
        session.add(run)
        session.flush()
        event = {"kind": "state", "data": {"state": "SUCCEEDED", "note": word}, "at": utc_now()}
        session.add(RunEvent(run_id=run.id, number=1, province_code=province, **event))
        return publish_folder(session, run, folder)
