from __future__ import annotations

import json
from typing import TYPE_CHECKING

from typer.testing import CliRunner

import geodata
from app.cli import application
from app.service.inventories.folder import write_folder
from app.service.plans.files import materialise
from app.service.runs.attempt import Place, attempt
from app.service.runs.children import Nursery
from app.service.runs.ledger import Ledger
from app.service.runs.roster import Roster
from app.service.runs.work import StoreWork
from app.service.scenarios.folder import write_scenario
from app.service.store.actor import SYSTEM
from app.service.store.models import Run, Scenario
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from starlette.testclient import TestClient

    from app.service.store.database import Database

PLANNER = as_("planner")


def upload(client: TestClient, folder: Path) -> str:
    """Upload the reference inventory of Lai Châu, without premises, and return its id."""
    given = geodata.reference(seed=1, province="12")
    for name in ("assets", "needs"):
        table = getattr(given, name).query("category != 'premises'")
        table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")
    tables = {name: (f"{name}.csv", (folder / f"{name}.csv").read_bytes()) for name in ("assets", "needs")}
    made = client.post("/v1/inventories", params={"name": "Xe"}, files=tables, headers=PLANNER)
    assert made.status_code == 201, made.text
    return str(made.headers["Location"]).rpartition("/")[2]


def work_off(database: Database, scratch: Path) -> None:
    """Do what a worker does with the runs that wait."""
    roster = Roster(database, "one", "1", 60)
    ledger, nursery = Ledger(database, "one", "1"), Nursery()
    place = Place(ledger, StoreWork(database), nursery, scratch, "vi")
    for run_id, dispatch in ledger.waiting(10):
        claim = ledger.claim(run_id, dispatch, roster.incarnation)
        assert claim is not None
        attempt(place, claim)
    nursery.close()


def contents(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != "run.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_a_stored_plan_is_made_again_byte_for_byte_by_the_command_line(
    sqlite_client: TestClient,
    sqlite_database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, database = sqlite_client, sqlite_database
    (tmp_path / "sent").mkdir()
    inventory = upload(client, tmp_path / "sent")
    scenario = {
        "scope_province": "12",
        "reach_km": {"vehicle": 150.25},
        "prices": {"per_km": {"vehicle": 12000.5}},
    }
    body = {"name": "Lai Châu", "inventory_id": inventory, "scenario": scenario}
    made = client.post("/v1/scenarios", json=body, headers=PLANNER)
    assert made.status_code == 201, made.text
    queued = client.post("/v1/runs", json={"scenario_id": made.json()["id"]}, headers=PLANNER)
    assert queued.status_code == 202, queued.text
    work_off(database, tmp_path / "scratch")
    run = client.get(f"/v1/runs/{queued.json()['id']}", headers=PLANNER).json()
    assert run["state"] == "SUCCEEDED", run
    stored, again = tmp_path / "stored", tmp_path / "again"
    for folder in (stored, again):
        folder.mkdir()
    with database.reading(SYSTEM) as session:
        materialise(session, run["plan_id"], stored)
        kept = session.get_one(Run, run["id"])
        write_folder(session, kept.inventory_id, kept.inventory_version, again)
        write_scenario(session.get_one(Scenario, kept.scenario_id), again)
    monkeypatch.setenv("SURPLAN_LANG", "vi")
    done = CliRunner().invoke(application, ["solve", str(again), "--out", str(tmp_path / "plan"), "-q"])
    assert done.exit_code == 0, done.output
    assert contents(stored) == contents(tmp_path / "plan")
    assert len(contents(stored)) > 10
    read = json.loads((stored / "inputs" / "scenario.json").read_text(encoding="utf-8"))
    assert read == made.json()["resolved"]
    answer = client.post(f"/v1/plans/{run['plan_id']}/verify", headers=PLANNER).json()
    assert answer["verified"] is True

    # Of Lai Châu after an update: planned again beside that plan, and only what changed is otherwise.
    row = {"need_id": "NV-new", "category": "vehicle", "kinds": "car", "commune_code": "03394"}
    address = f"/v1/inventories/{inventory}/provinces/12"
    tag = client.get(address, headers=PLANNER).headers["ETag"]
    patched = client.patch(address, json={"needs": {"upsert": [row]}}, headers=PLANNER | {"If-Match": tag})
    assert patched.status_code == 200, patched.text
    batch = client.post("/v1/replans", json={"inventory_id": inventory, "all": True}, headers=PLANNER).json()
    assert batch["items"][0]["run"]["baseline_plan_id"] == run["plan_id"]
    assert batch["items"][0]["run"]["inventory_version"] == 2
    work_off(database, tmp_path / "scratch")
    found = client.get(f"/v1/replans/{batch['batch_id']}", headers=PLANNER).json()
    assert (found["states"], found["ended"]) == ({"SUCCEEDED": 1}, True), found
    assert found["changes"]["lines"] < 20
    newer = found["items"][0]["run"]["plan_id"]
    diff = client.get(
        f"/v1/plans/{newer}/diff", params={"against": run["plan_id"]}, headers=as_("province_planner", "12")
    ).json()
    assert "NV-new" in {line["need_id"] for line in diff["differences"][0]["needs"]}
