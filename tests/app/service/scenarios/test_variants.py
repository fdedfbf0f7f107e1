from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.app.service.scenarios.stocked import LAI_CHAU, PLANNER, post
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def test_a_planner_of_a_province_plans_that_province_alone(serving: TestClient) -> None:
    for scenario in ({}, {"scope_province": "01"}):
        answer = post(serving, scenario, LAI_CHAU)
        assert answer.status_code == 422
        assert "scope_not_yours" in [one["code"] for one in answer.json()["issues"]]
    mine = post(serving, {"scope_province": "12"}, LAI_CHAU)
    assert mine.status_code == 201
    # The date is of the rows that it may see.
    assert mine.json()["resolved"]["date"] == "2026-12-31"
    theirs = post(serving, {"scope_province": "01"}).json()
    nation = post(serving, {}).json()
    listed = serving.get("/v1/scenarios", headers=LAI_CHAU).json()["items"]
    assert {one["id"] for one in listed} == {mine.json()["id"], nation["id"]}
    assert serving.get(f"/v1/scenarios/{theirs['id']}", headers=LAI_CHAU).status_code == 404
    for role in ("auditor", "province_approver", "commune"):
        place = (None if role == "auditor" else "12", "03388" if role == "commune" else None)
        assert post(serving, {}, as_(role, *place)).status_code == 403


def test_pins_of_the_country_are_not_shown_to_a_province(light: TestClient) -> None:
    pinned = {"stability": {"pins": [["A", "N-1"]], "bans": [["C", "N-2"]], "max_changes": 3}}
    nation = post(light, pinned).json()
    seen = light.get(f"/v1/scenarios/{nation['id']}", headers=LAI_CHAU).json()
    assert seen["hidden"] == ["stability.pins", "stability.bans"]
    assert seen["given"] == {"stability": {"max_changes": 3}}
    assert "N-2" not in json.dumps(seen)
    address = f"/v1/scenarios/{nation['id']}/variants"
    body = {"name": "Lai Châu", "changes": {"scope_province": "12"}}
    variant = light.post(address, json=body, headers=LAI_CHAU)
    assert variant.status_code == 201
    assert variant.json()["given"] == {"stability": {"max_changes": 3}, "scope_province": "12"}
    assert light.post(address, json={"name": "x"}, headers=LAI_CHAU).status_code == 422


def test_a_variant_changes_keys_and_null_takes_one_away(light: TestClient) -> None:
    parent = post(
        light,
        {"reach_km": {"vehicle": 100, "premises": 5}, "objective": "coverage_first", "name": "Cũ"},
        replan={"on_new_version": True, "schedule": "0 6 * * 1"},
    ).json()
    address = f"/v1/scenarios/{parent['id']}/variants"
    changes = {"reach_km": {"premises": 7.5}, "objective": None}
    variant = light.post(address, json={"name": "Mới", "changes": changes}, headers=PLANNER).json()
    assert variant["parent_id"] == parent["id"]
    assert variant["given"] == {"reach_km": {"vehicle": 100, "premises": 7.5}}
    assert variant["resolved"]["objective"] == "net_cost"
    assert variant["resolved"]["name"] == "Mới"
    assert variant["replan"] == {"on_new_version": True, "schedule": "0 6 * * 1"}
    # Mondays at six in Ha Noi.
    due_at = datetime.fromisoformat(variant["next_replan_at"]).astimezone(UTC)
    assert (due_at.weekday(), due_at.hour, due_at.minute) == (6, 23, 0)
    again = light.post(address, json={"name": "Mới", "replan": {}}, headers=PLANNER).json()
    assert again["replan"] == {"on_new_version": False, "schedule": None}
    # The parent stands as it was.
    assert light.get(f"/v1/scenarios/{parent['id']}", headers=PLANNER).json()["given"] == parent["given"]


def test_one_call_makes_a_variant_for_each_province_with_rows(serving: TestClient) -> None:
    parent = post(serving, {"reach_km": {"vehicle": 100}}).json()
    address = f"/v1/scenarios/{parent['id']}/variants"
    answer = serving.post(address, json={"name": "Theo tỉnh", "by_province": True}, headers=PLANNER)
    assert answer.status_code == 201, answer.text
    made = answer.json()["items"]
    assert [one["province_code"] for one in made] == ["01", "12", "91"]
    assert made[1]["name"] == "Theo tỉnh: Lai Châu"
    assert {one["parent_id"] for one in made} == {parent["id"]}
    mine = serving.post(address, json={"name": "Riêng", "by_province": True}, headers=LAI_CHAU).json()[
        "items"
    ]
    assert [one["province_code"] for one in mine] == ["12"]
