from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
import sqlalchemy as sa

from app.service.scenarios.folder import write_scenario
from app.service.store.actor import SYSTEM
from app.service.store.blobs import store_blob
from app.service.store.models import AuditEntry, Scenario, SharedTable
from solver.scenario.load import read_scenario
from solver.scenario.text import parse_scenario_file
from tests.app.service.scenarios.stocked import PLANNER, post
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from app.service.store.database import Database

TOML = {"Content-Type": "application/toml"}


def test_a_scenario_is_kept_as_sent_and_with_every_default(serving: TestClient, database: Database) -> None:
    given = {"reach_km": {"vehicle": 150.5}, "solver": {"value_gap": 0.001}}
    answer = post(serving, given)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["Location"] == f"/v1/scenarios/{made['id']}"
    assert made["given"] == given
    assert made["resolved"]["reach_km"]["vehicle"] == 150.5
    assert made["resolved"]["prices"]["per_km"]["vehicle"] > 0
    assert made["resolved"]["commune_codes"] == "2025"
    assert made["resolved"]["name"] == "Xe"
    # The latest day that any row states, as the solver itself would take it.
    assert made["resolved"]["date"] == "2027-03-01"
    assert [one["code"] for one in made["warnings"]] == ["date_defaulted"]
    assert serving.get(answer.headers["Location"], headers=PLANNER).json() == {**made, "warnings": []}
    with database.reading(SYSTEM) as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.subject == made["id"])).one()
        assert (entry.action, entry.details["sha256"]) == ("scenario.created", made["sha256"])


def test_what_the_solver_reads_is_what_the_command_line_would_read(
    light: TestClient, sqlite_database: Database, tmp_path: Path
) -> None:
    # 0.1 + 0.2 of binary fractions, small and large numbers, all with the digits that were written.
    text = (
        '{"date": "2025-08-15", "reach_km": {"vehicle": 150.30, "premises": 1e1}, '
        '"prices": {"per_km": {"vehicle": 12000.123456789, "equipment": 0.000001}}, '
        '"limits": {"budget_vnd": 900719925474099}, "name": "Thử"}'
    )
    body = f'{{"name": "Thử", "inventory_id": "inv_1", "scenario": {text}}}'
    kind = {"Content-Type": "application/json"}
    made = light.post("/v1/scenarios", content=body.encode(), headers=PLANNER | kind).json()
    with sqlite_database.reading(SYSTEM) as session:
        write_scenario(session.get_one(Scenario, made["id"]), tmp_path)

    def read(source: str) -> str:
        raw, issues = parse_scenario_file("scenario.json", source)
        assert not issues
        found, issues = read_scenario(raw, explicit_matches=False, inventory_date=None)  # type: ignore[arg-type]  # the date is given
        assert not issues
        return found.to_json()

    assert read((tmp_path / "scenario.json").read_text(encoding="utf-8")) == read(text)
    exact = json.loads((tmp_path / "scenario.json").read_text(encoding="utf-8"), parse_float=Decimal)
    assert exact["prices"]["per_km"]["vehicle"] == Decimal("12000.123456789")


def test_a_number_with_more_digits_than_are_kept_is_refused_not_rounded(light: TestClient) -> None:
    body = b'{"name":"x","inventory_id":"inv_1","scenario":{"reach_km":{"vehicle":100.00000000000000001}}}'
    kind = {"Content-Type": "application/json"}
    answer = light.post("/v1/scenarios", content=body, headers=PLANNER | kind)
    assert answer.status_code == 422
    found = [(one["code"], one["column"]) for one in answer.json()["issues"] if one["severity"] == "error"]
    assert found == [("too_many_digits", "reach_km.vehicle")]


def test_every_issue_is_named_with_its_dotted_key_in_both_languages(light: TestClient) -> None:
    wrong = {
        "reach_km": {"vehicle": -1, "ship": 3},
        "limits": {"budget": 5},
        "objective": "fame",
        "scope_province": "99",
    }
    answers = {
        lang: post(light, wrong, PLANNER | {"Accept-Language": lang}, replan={"schedule": "0 0 30 2 *"})
        for lang in ("en", "vi")
    }
    for answer in answers.values():
        assert answer.status_code == 422
        errors = {
            (one["column"], one["code"]) for one in answer.json()["issues"] if one["severity"] == "error"
        }
        assert errors >= {
            ("reach_km.vehicle", "negative"),
            ("limits.budget", "key_unknown"),
            ("scope_province", "province_unknown"),
            ("replan.schedule", "schedule_wrong"),
        }
        assert {"objective", "reach_km.ship"} <= {column for column, _ in errors}
        assert all(one["message"] and one["remedy"] for one in answer.json()["issues"])
    english, vietnamese = (
        [one["message"] for one in answers[lang].json()["issues"]] for lang in ("en", "vi")
    )
    assert len(english) == len(vietnamese)
    assert not set(english) & set(vietnamese)


def test_toml_alone_is_taken_with_its_name_and_inventory_in_the_query(light: TestClient) -> None:
    where = {"name": "Xe công", "inventory_id": "inv_1"}
    text = "date = 2025-08-15\n[reach_km]\nvehicle = 120.25\n"
    answer = light.post("/v1/scenarios", params=where, content=text.encode(), headers=PLANNER | TOML)
    assert answer.status_code == 201, answer.text
    assert answer.json()["given"] == {"date": "2025-08-15", "reach_km": {"vehicle": 120.25}}
    broken = light.post("/v1/scenarios", params=where, content=b"reach_km = [", headers=PLANNER | TOML)
    assert broken.status_code == 422
    assert "scenario_syntax" in [one["code"] for one in broken.json()["issues"]]
    # The reader of TOML goes down 20,000 levels without a call; what cleans its texts does not.
    deep = light.post(
        "/v1/scenarios", params=where, content=b"a." * 20_000 + b"b = 1", headers=PLANNER | TOML
    )
    assert (deep.status_code, [one["code"] for one in deep.json()["issues"]][:1]) == (
        422,
        ["scenario_syntax"],
    )
    nameless = light.post("/v1/scenarios", content=text.encode(), headers=PLANNER | TOML)
    assert {one["column"] for one in nameless.json()["issues"]} == {"name", "inventory_id"}
    assert (
        light.post("/v1/scenarios", params=where, content=b"\xff", headers=PLANNER | TOML).status_code == 400
    )
    # JSON says both itself: what stands in the query beside it would be left aside in silence.
    whole = {"name": "Xe", "inventory_id": "inv_1", "scenario": {}}
    beside = light.post("/v1/scenarios?lang=en", params=where, json=whole, headers=PLANNER)
    issues = [(one["column"], one["code"]) for one in beside.json()["issues"]]
    assert (beside.status_code, issues) == (
        422,
        [("inventory_id", "query_unknown"), ("name", "query_unknown")],
    )
    typed = {**where, "name": normalize("NFD", "Kịch bản")}
    named = light.post("/v1/scenarios", params=typed, content=text.encode(), headers=PLANNER | TOML)
    assert named.json()["name"] == "Kịch bản"
    other = {"Content-Type": "application/xml"}
    assert light.post("/v1/scenarios", content=b"<x/>", headers=PLANNER | other).status_code == 415


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b'{"name": 1e999}',
        b'{"name":"x","inventory_id":"inv_1","scenario":{"reach_km":{"vehicle":1e-99999999999999999999}}}',
        b'{"name":"x","inventory_id":"inv_1","scenario":{"name":"\\ud800"}}',
        b'{"name":"x","inventory_id":"inv_1","scenario":{"a":{},"a":{}}}',
        b'{"name":"x","inventory_id":"inv_1","scenario":' + b'{"a":' * 9000 + b"1" + b"}" * 9001,
        b'{"name":"x","inventory_id":"inv_1","scenario":{"stability":{"pins":[["a","b",-1]]}}}',
        b'{"name":"x","inventory_id":"inv_1","scenario":{"limits":{"budget_vnd":123456789012345678901234}}}',
        b'{"name":"x","inventory_id":"inv_1","scenario":{},"replan":{"schedule":"* * * * * *"}}',
        b'{"name":"x","inventory_id":"inv_1","scenario":{},"replan":{"schedule":"61 * * * *"}}',
        b'{"name":"x","inventory_id":"inv_1","scenario":{},"replan":{"on_new_version":"yes"}}',
        b'{"name":"x","inventory_id":"inv_1","more":1}',
    ],
)
def test_bytes_that_mean_no_scenario_are_refused(light: TestClient, content: bytes) -> None:
    kind = {"Content-Type": "application/json"}
    assert light.post("/v1/scenarios", content=content, headers=PLANNER | kind).status_code == 422


def test_nothing_is_kept_of_a_refused_scenario(light: TestClient, sqlite_database: Database) -> None:
    assert post(light, {"objective": "fame"}).status_code == 422
    with sqlite_database.reading(SYSTEM) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Scenario)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0


def test_scenarios_are_listed_in_pages_and_by_province(serving: TestClient) -> None:
    ids = [post(serving, {"scope_province": code} if code else {}).json()["id"] for code in ("12", "", "01")]
    seen: list[str] = []
    after = None
    while True:
        query = {"limit": 1, **({"after": after} if after else {})}
        page = serving.get("/v1/scenarios", params=query, headers=PLANNER).json()
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert sorted(seen) == sorted(ids)
    of = serving.get("/v1/scenarios", params={"province": "12"}, headers=PLANNER).json()["items"]
    assert [one["id"] for one in of] == [ids[0]]
    none = serving.get("/v1/scenarios", params={"inventory_id": "inv_2"}, headers=PLANNER).json()
    assert none == {"items": [], "next": None}
    assert serving.get("/v1/scenarios", params={"after": "!"}, headers=PLANNER).status_code == 422


def test_there_is_no_way_to_change_a_scenario(light: TestClient) -> None:
    made = post(light, {}).json()
    for method in ("PUT", "PATCH", "DELETE"):
        answer = light.request(method, f"/v1/scenarios/{made['id']}", json={}, headers=PLANNER)
        assert answer.status_code == 405


def test_provinces_are_those_of_the_inventorys_own_communes_where_it_has_some(
    light: TestClient, sqlite_database: Database
) -> None:
    with sqlite_database.writing(SYSTEM) as session:
        text = "commune_code,name,province_code,province_name\n1,Một,X1,Tỉnh X\n"
        sha256 = store_blob(session, text.encode("utf-8-sig"))
        session.add(SharedTable(inventory_id="inv_1", name="communes", since=1, sha256=sha256))
    assert post(light, {"scope_province": "X1"}).status_code == 201
    assert post(light, {"scope_province": "12"}).status_code == 422


def test_with_a_table_of_matches_the_defaults_are_those_of_explicit_matches(
    light: TestClient, sqlite_database: Database
) -> None:
    before = post(light, {}).json()["resolved"]
    with sqlite_database.writing(SYSTEM) as session:
        sha256 = store_blob(session, b"asset_id,need_id,cost_vnd\n")
        session.add(SharedTable(inventory_id="inv_1", name="matches", since=1, sha256=sha256))
    after = post(light, {}).json()["resolved"]
    assert before["norms"]["max_per_commune"]
    assert not after["norms"]["max_per_commune"]


def test_when_a_scenario_is_planned_again_may_change_and_be_switched_off(
    serving: TestClient, database: Database
) -> None:
    wish = {"on_new_version": True, "schedule": "0 6 * * 1"}
    made = post(serving, {}, replan=wish).json()
    assert made["replan"] == wish
    assert made["next_replan_at"]
    address = f"/v1/scenarios/{made['id']}/replan"
    wrong = serving.put(address, json={"schedule": "61 * * * *"}, headers=PLANNER)
    assert (wrong.status_code, wrong.json()["issues"][0]["code"]) == (422, "schedule_wrong")
    stranger = serving.put(address, json={}, headers=as_("province_planner", "12"))
    assert (stranger.status_code, stranger.json()["code"]) == (403, "national_scenario")
    assert made["id"] in stranger.json()["detail"]
    assert serving.get(f"/v1/scenarios/{made['id']}", headers=PLANNER).json()["replan"] == wish

    off = serving.put(address, json={}, headers=PLANNER)
    assert off.status_code == 200, off.text
    assert off.json()["replan"] == {"on_new_version": False, "schedule": None}
    assert off.json()["next_replan_at"] is None
    assert off.json()["sha256"] == made["sha256"]  # what it decides is as frozen as before
    with database.reading(SYSTEM) as session:
        acts = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject == made["id"])).all()
    assert acts == ["scenario.created", "scenario.replan_changed"]


def test_a_parameter_that_is_none_is_refused_and_named(serving: TestClient) -> None:
    answer = serving.get("/v1/scenarios?inventoryid=inv_1&lang=vi", headers=PLANNER)
    assert answer.status_code == 422
    (issue,) = answer.json()["issues"]
    assert (issue["file"], issue["column"], issue["code"]) == ("query", "inventoryid", "query_unknown")
    assert "inventory_id" in issue["message"]
