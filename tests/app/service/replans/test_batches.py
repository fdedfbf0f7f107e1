from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.service.replans import changed
from app.service.store.actor import SYSTEM
from app.service.store.models import AuditEntry, Run, Scenario
from tests.app.service.plans.published import INVENTORY, add_inventory, add_scenario, publish
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

    from app.service.store.database import Database
    from tests.app.service.plans.published import Folders

PLANNER = as_("planner")
MINE = as_("province_planner", "12")


@pytest.fixture
def serving(client: TestClient, database: Database) -> TestClient:
    """A client over an inventory with three versions and scenarios of the country and two provinces."""
    add_inventory(database, head=3)
    add_scenario(database, "scn_a")
    add_scenario(database, "scn_b", "12")
    add_scenario(database, "scn_c", "01")
    return client


def ask(client: TestClient, who: dict[str, str] = PLANNER, **body: object) -> Response:
    return client.post("/v1/replans", json={"inventory_id": INVENTORY, **body}, headers=who)


def test_a_batch_queues_every_scenario_beside_its_newest_plan(
    serving: TestClient, database: Database, folders: Folders
) -> None:
    publish(database, folders.province, "scn_b")
    newest = publish(database, folders.province, "scn_b")
    publish(database, folders.conflict, "scn_b")  # a proof that there is no plan is none to keep
    answer = ask(serving, all=True)
    assert answer.status_code == 202, answer.text
    batch = answer.json()
    assert answer.headers["Location"] == f"/v1/replans/{batch['batch_id']}"
    found = {one["run"]["scenario_id"]: one["run"] for one in batch["items"]}
    assert {name: run["baseline_plan_id"] for name, run in found.items()} == {
        "scn_a": None,
        "scn_b": newest,
        "scn_c": None,
    }
    assert {run["inventory_version"] for run in found.values()} == {3}
    assert {run["cause"] for run in found.values()} == {"batch"}
    assert (batch["states"], batch["ended"], batch["changes"]) == ({"QUEUED": 3}, False, None)
    again = serving.get(answer.headers["Location"], headers=PLANNER)
    assert again.json() == batch
    assert again.headers["Retry-After"] == "1"
    with database.reading(SYSTEM) as session:
        act = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "replan.requested")).one()
        assert (act.subject, act.details["runs"]) == (batch["batch_id"], 3)


def test_the_summary_counts_what_the_plans_changed(
    serving: TestClient, database: Database, folders: Folders
) -> None:
    before = publish(database, folders.province, "scn_b")
    batch = ask(serving, scenario_ids=["scn_b", "scn_a"]).json()["batch_id"]
    plan = publish(database, folders.replan, "scn_b", baseline=before)
    with database.writing(SYSTEM) as session:
        session.execute(
            sa.update(Run)
            .where(Run.batch_id == batch, Run.scenario_id == "scn_b")
            .values(plan_id=plan, state="SUCCEEDED", finished_at=sa.func.now())
        )
    found = serving.get(f"/v1/replans/{batch}", headers=PLANNER).json()
    assert found["states"] == {"QUEUED": 1, "SUCCEEDED": 1}
    changes = {one["run"]["scenario_id"]: one["changes"] for one in found["items"]}
    assert changes["scn_a"] is None
    with (folders.replan / "changes.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    reasons = {row["reason"] for row in rows}
    assert changes["scn_b"]["lines"] == len(rows) > 0
    assert set(changes["scn_b"]["reasons"]) == reasons
    assert "need_gone" in reasons
    assert sum(changes["scn_b"]["reasons"].values()) == len(rows)
    assert changes["scn_b"]["units"] > 0
    assert changes["scn_b"]["saves_vnd"] > 0
    assert found["changes"] == changes["scn_b"]
    # The province sees its run and that of the country; of others it hears nothing.
    mine = serving.get(f"/v1/replans/{batch}", headers=as_("province_planner", "01")).json()
    assert [one["run"]["scenario_id"] for one in mine["items"]] == ["scn_a"]


def test_what_a_plan_changed_is_counted_once_and_told_only_to_who_may_see_it(
    serving: TestClient, database: Database, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish(database, folders.province, "scn_b")
    batch = ask(serving, scenario_ids=["scn_b"]).json()["batch_id"]
    plan = publish(database, folders.replan, "scn_b", baseline=before)
    with database.writing(SYSTEM) as session:
        ended = {"plan_id": plan, "state": "SUCCEEDED", "finished_at": sa.func.now()}
        session.execute(sa.update(Run).where(Run.batch_id == batch).values(**ended))
    first = serving.get(f"/v1/replans/{batch}", headers=PLANNER).json()
    assert first["changes"]["lines"] > 0

    def reads(*_: object) -> bytes:
        raise AssertionError("bytes of a plan are read again")

    monkeypatch.setattr(changed, "load_blob", reads)
    assert serving.get(f"/v1/replans/{batch}", headers=PLANNER).json() == first
    assert serving.get(f"/v1/replans/{batch}", headers=MINE).json() == first
    commune = serving.get(f"/v1/replans/{batch}", headers=as_("commune", "12", "1"))
    assert (commune.status_code, commune.json()["items"][0]["changes"]) == (200, None)


def test_no_more_counts_are_remembered_than_their_bound(
    serving: TestClient, database: Database, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed, "_KEPT", 1)
    monkeypatch.setattr(changed, "_counted", {})
    before = publish(database, folders.province, "scn_b")
    batch = ask(serving, scenario_ids=["scn_b"]).json()["batch_id"]
    found = []
    for _ in range(2):
        plan = publish(database, folders.replan, "scn_b", baseline=before)
        with database.writing(SYSTEM) as session:
            session.execute(sa.update(Run).where(Run.batch_id == batch).values(plan_id=plan))
        found.append(serving.get(f"/v1/replans/{batch}", headers=PLANNER).json()["changes"])
        assert [key[0] for key in changed._counted] == [plan]  # noqa: SLF001  # what is remembered
    assert found[0] == found[1]


def test_more_scenarios_than_one_request_takes_are_refused_with_what_to_do(
    serving: TestClient, database: Database
) -> None:
    with database.reading(SYSTEM) as session:
        one = session.get_one(Scenario, "scn_c")
        row = {column.key: getattr(one, column.key) for column in sa.inspect(Scenario).columns}
    with database.writing(SYSTEM) as session:
        rows = [{**row, "id": f"scn_{number:05}", "province_code": "14"} for number in range(1001)]
        session.execute(sa.insert(Scenario), rows)
    for who in (PLANNER, as_("province_planner", "14")):
        answer = ask(serving, who, all=True)
        assert (answer.status_code, answer.json()["code"]) == (409, "replan_many")
        assert "scenario_ids" in answer.json()["remedy"]
        assert "1000" in answer.json()["detail"]
    with database.reading(SYSTEM) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Run)) == 0
    named = [f"scn_{number:05}" for number in range(1001)]
    assert ask(serving, scenario_ids=named).status_code == 422
    assert ask(serving, MINE, all=True).status_code == 202  # its own are not too many


def test_a_province_plans_its_own_scenarios_again(serving: TestClient) -> None:
    batch = ask(serving, MINE, all=True).json()
    assert [one["run"]["scenario_id"] for one in batch["items"]] == ["scn_b"]
    assert ask(serving, MINE, scenario_ids=["scn_a"]).status_code == 403
    assert ask(serving, MINE, scenario_ids=["scn_c"]).status_code == 404
    assert (
        serving.get(f"/v1/replans/{batch['batch_id']}", headers=as_("commune", "01", "1")).status_code == 404
    )
    none = ask(serving, as_("province_planner", "04"), all=True)
    assert (none.status_code, none.json()["code"]) == (409, "replan_none")
    for who in (as_("auditor"), as_("province_approver", "12"), as_("commune", "12", "1")):
        assert ask(serving, who, all=True).status_code == 403


def test_the_plan_before_can_be_named_or_left_out(
    serving: TestClient, database: Database, folders: Folders
) -> None:
    old = publish(database, folders.province, "scn_b")
    publish(database, folders.province, "scn_b")
    country = publish(database, folders.country, "scn_a")
    conflict = publish(database, folders.conflict, "scn_b")

    def baseline(wanted: str) -> str | None:
        answer = ask(serving, scenario_ids=["scn_b"], baseline=wanted)
        assert answer.status_code == 202, answer.text
        found: str | None = answer.json()["items"][0]["run"]["baseline_plan_id"]
        return found

    assert baseline(old) == old
    assert baseline("none") is None
    # Of the country's plan a province's would hold others' lines.
    for wrong in (country, conflict):
        answer = ask(serving, scenario_ids=["scn_b"], baseline=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "replan_baseline")
    assert ask(serving, scenario_ids=["scn_b"], baseline="plan_0").status_code == 404


def test_what_makes_no_sense_is_refused_and_queues_nothing(serving: TestClient, database: Database) -> None:
    wrong = [
        ({}, 422, "replan_which"),
        ({"all": True, "scenario_ids": ["scn_a"]}, 422, "replan_which"),
        ({"scenario_ids": []}, 422, "fields"),
        ({"all": True, "inventory_version": 4}, 422, "run_version"),
        ({"all": True, "inventory_version": 0}, 422, "fields"),
        ({"scenario_ids": ["scn_a", "scn_z"]}, 404, "missing"),
        ({"all": True, "inventory_id": "inv_2"}, 404, "missing"),
        ({"all": True, "more": 1}, 422, "fields"),
    ]
    for body, status, code in wrong:
        answer = ask(serving, **body)  # type: ignore[arg-type]  # what a request may hold
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
    assert serving.get("/v1/replans/batch_0", headers=PLANNER).status_code == 404
    with database.reading(SYSTEM) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Run)) == 0


def test_the_same_request_with_its_key_queues_one_batch(serving: TestClient, database: Database) -> None:
    key = PLANNER | {"Idempotency-Key": "evening-1"}
    first, second = (ask(serving, key, all=True) for _ in range(2))
    assert first.json() == second.json()
    assert second.status_code == 202
    with database.reading(SYSTEM) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Run)) == 3
    assert ask(serving, key, scenario_ids=["scn_a"]).status_code == 409
