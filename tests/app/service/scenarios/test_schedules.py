"""When a scenario may be planned again by itself: not faster than the installation allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.service.scenarios.schedule import least_gap
from tests.app.service.scenarios.stocked import LAI_CHAU, PLANNER, post

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.mark.parametrize(
    ("schedule", "minutes"),
    [
        ("* * * * *", 1),
        ("*/15 * * * *", 15),
        ("*/7 * * * *", 4),  # 56 and then 0 of the next hour
        ("59 23,0 * * *", 60),
        ("0,59 * * * 1", 1),
        ("55,0 0,23 1,2 * *", 5),  # the last of a first and the first of a second
        ("55,0 0,23 1,15 * *", 55),  # two days that do not follow each other
        ("0 6 * * 1", 7 * 24 * 60),
        ("0,5 6 29 2 *", 5),
    ],
)
def test_the_least_gap_is_that_of_two_times_that_follow_each_other(schedule: str, minutes: int) -> None:
    assert least_gap(schedule) == timedelta(minutes=minutes)


def test_a_schedule_that_comes_too_often_is_refused_wherever_it_is_set(serving: TestClient) -> None:
    often = {"schedule": "*/5 * * * *"}
    for who, scenario in ((PLANNER, {}), (LAI_CHAU, {"scope_province": "12"})):
        refused = post(serving, scenario, who, replan=often)
        assert refused.status_code == 422
        (issue,) = [one for one in refused.json()["issues"] if one["severity"] == "error"]
        assert (issue["column"], issue["code"]) == ("replan.schedule", "schedule_too_often")
    assert "within 5 minutes; at least 15" in issue["message"]
    made = post(serving, {}, replan={"schedule": "0 6 * * 1"}).json()
    address = f"/v1/scenarios/{made['id']}"
    variant = serving.post(f"{address}/variants", json={"name": "x", "replan": often}, headers=PLANNER)
    assert [one["code"] for one in variant.json()["issues"]] == ["schedule_too_often"]
    texts = set()
    for lang in ("en", "vi"):
        put = serving.put(f"{address}/replan?lang={lang}", json=often, headers=PLANNER)
        assert (put.status_code, put.json()["code"]) == (422, "schedule")
        (issue,) = put.json()["issues"]
        assert (issue["column"], issue["code"]) == ("schedule", "schedule_too_often")
        texts |= {issue["message"], issue["remedy"], put.json()["detail"]}
    assert len(texts) == 6
    assert serving.get(address, headers=PLANNER).json()["replan"]["schedule"] == "0 6 * * 1"
    quarter = {"schedule": "*/15 * * * *"}
    assert serving.put(f"{address}/replan", json=quarter, headers=PLANNER).status_code == 200


def test_whoever_runs_surplan_may_allow_more(light: TestClient) -> None:
    state = light.app.state.surplan  # type: ignore[attr-defined]  # the application is typed as any
    state.settings = replace(state.settings, least_schedule_minutes=1)
    assert post(light, {}, replan={"schedule": "* * * * *"}).status_code == 201


def test_a_schedule_that_chooses_its_times_by_chance_is_none(light: TestClient) -> None:
    for schedule in ("R R * * *", "R(0-30) 6 * * *", "H H * * *"):
        refused = post(light, {}, replan={"schedule": schedule})
        assert "schedule_wrong" in [one["code"] for one in refused.json()["issues"]]
    assert post(light, {}, replan={"schedule": "0 6 * MAR FRI"}).status_code == 201
