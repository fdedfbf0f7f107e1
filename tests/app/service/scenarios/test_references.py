"""What a scenario names of its inventory is looked for when it is made, in the newest version alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.service.store.actor import SYSTEM
from app.service.store.blobs import store_blob
from app.service.store.models import AssetRow, Inventory, SharedTable
from tests.app.service.scenarios.stocked import LAI_CHAU, PLANNER, post
from tests.app.service.store.rows import asset

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

    from app.service.store.database import Database


def errors(answer: Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    found = [one for one in answer.json()["issues"] if one["severity"] == "error"]
    assert all(one["message"] and one["remedy"] for one in found)
    return [(one["column"], one["code"]) for one in found]


def test_pins_bans_and_budgets_of_what_is_not_there_are_refused_at_their_places(serving: TestClient) -> None:
    stability: dict[str, list[list[object]]] = {
        "pins": [["A", "N-1"], ["A", "N-9"], ["A", "N-3"], ["X", "N-1", 2]],
        "bans": [["C", "N-2"], ["C", "N-22"], ["Z", "N-1"]],
    }
    limits = {"budget_vnd_by_province": {"12": 5, "99": 5}}
    answer = post(serving, {"stability": stability, "limits": limits})
    # The third pin is of a vehicle for a need of equipment.
    assert errors(answer) == [
        ("limits.budget_vnd_by_province.99", "province_unknown"),
        ("stability.bans[1]", "need_unknown"),
        ("stability.bans[2]", "asset_unknown"),
        ("stability.pins[1]", "pin_unknown"),
        ("stability.pins[2]", "pin_unknown"),
        ("stability.pins[3]", "pin_unknown"),
    ]
    assert "N-2" in next(one for one in answer.json()["issues"] if one["code"] == "need_unknown")["remedy"]
    right = {"pins": stability["pins"][:1], "bans": stability["bans"][:1]}
    assert post(serving, {"stability": right}).status_code == 201


def test_a_variant_is_looked_at_as_its_parent_was(light: TestClient) -> None:
    parent = post(light, {"stability": {"bans": [["C", "N-2"]]}}).json()
    address = f"/v1/scenarios/{parent['id']}/variants"
    changes = {"stability": {"pins": [["C", "N-7"]]}}
    wrong = light.post(address, json={"name": "x", "changes": changes}, headers=PLANNER)
    assert errors(wrong) == [("stability.pins[0]", "pin_unknown")]
    # The runs of a province read no rows of others, so none of them could keep this ban.
    each = {"name": "x", "by_province": True}
    assert ("stability.bans[0]", "asset_unknown") in errors(light.post(address, json=each, headers=PLANNER))
    without = each | {"changes": {"stability": {"bans": None}}}
    assert light.post(address, json=without, headers=PLANNER).status_code == 201


def test_of_rows_of_other_provinces_a_province_learns_only_that_it_has_none(light: TestClient) -> None:
    mine = {"scope_province": "12"}
    for name in ("C", "nowhere"):  # the first is there, in another province
        answer = post(light, mine | {"stability": {"bans": [[name, "N-1"]]}}, LAI_CHAU)
        assert errors(answer) == [("stability.bans[0]", "asset_unknown")]
        assert "Did you mean" not in answer.text
    assert post(light, mine | {"stability": {"pins": [["A", "N-1"]]}}, LAI_CHAU).status_code == 201
    # Nor would a run that the ministry asks for read them.
    answer = post(light, mine | {"stability": {"pins": [["C", "N-2"]]}})
    assert errors(answer) == [("stability.pins[0]", "pin_unknown")]


def test_what_takes_no_part_cannot_be_pinned_unless_matches_say_so(
    light: TestClient, sqlite_database: Database
) -> None:
    with sqlite_database.writing(SYSTEM) as session:
        rows = [asset("12", "U") | {"status": "in_use"}, asset("12", "H", attached_to="house")]
        session.execute(sa.insert(AssetRow), rows)
    pins = {"stability": {"pins": [["U", "N-1"], ["H", "N-1"]]}}
    assert errors(post(light, pins)) == [
        ("stability.pins[0]", "pin_unknown"),
        ("stability.pins[1]", "pin_unknown"),
    ]
    with sqlite_database.writing(SYSTEM) as session:
        sha256 = store_blob(session, b"asset_id,need_id,cost_vnd\n")
        session.add(SharedTable(inventory_id="inv_1", name="matches", since=1, sha256=sha256))
    assert errors(post(light, pins)) == [("stability.pins[0]", "pin_unknown")]


def test_a_scenario_outlives_the_version_that_it_was_checked_against(
    light: TestClient, sqlite_database: Database
) -> None:
    made = post(light, {"stability": {"pins": [["A", "N-1"]]}}).json()
    with sqlite_database.writing(SYSTEM) as session:
        session.execute(sa.update(AssetRow).where(AssetRow.plan_id == "A").values(until=2))
        session.execute(sa.update(Inventory).values(head=2))
    assert light.get(f"/v1/scenarios/{made['id']}", headers=PLANNER).json()["given"] == made["given"]
    again = light.post(f"/v1/scenarios/{made['id']}/variants", json={"name": "x"}, headers=PLANNER)
    assert errors(again) == [("stability.pins[0]", "pin_unknown")]


@pytest.mark.parametrize("named", [0, 1, 40])
def test_only_the_rows_that_are_named_are_read(
    light: TestClient, sqlite_database: Database, named: int
) -> None:
    with sqlite_database.writing(SYSTEM) as session:
        session.execute(sa.insert(AssetRow), [asset("12", f"V-{at:05}") for at in range(3000)])
    statements: list[str] = []

    def say(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(sqlite_database.engine, "before_cursor_execute", say)
    bans = [[f"V-{at:05}", "N-1"] for at in range(named)]
    assert post(light, {"date": "2026-01-01", "stability": {"bans": bans}}).status_code == 201
    event.remove(sqlite_database.engine, "before_cursor_execute", say)
    of_rows = [one for one in statements if "asset_rows" in one]
    assert len(of_rows) == (1 if named else 0)
    assert all("plan_id IN" in one for one in of_rows)
