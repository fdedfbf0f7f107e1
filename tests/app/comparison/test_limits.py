from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.comparison.limits import Limit, changed_limits, read_limits
from app.comparison.words import limit_label
from app.settings import LANGS, Lang

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "limit,unit,used,bound,slack,worth_step,worth_vnd,worth_least_vnd,worth_most_vnd\n"


def test_limits_are_read_as_the_plan_states_them(tmp_path: Path) -> None:
    path = tmp_path / "limits.csv"
    assert read_limits(path) == {}
    path.write_text(HEAD + "budget,VND,90,100,10,,,,\nfloor|province|38|vehicle,units,3,5,-2,1,7,7,8\n")
    assert read_limits(path) == {
        "budget": Limit("VND", bound=100, used=90, slack=10),
        "floor|province|38|vehicle": Limit("units", bound=5, used=3, slack=-2),
    }


def test_limits_that_differ_are_told_with_both_values() -> None:
    same = Limit("units", 5, 3, 2)
    one = {"cross|vehicle": same, "budget": Limit("VND", 100, 90, 10)}
    other = {
        "cross|vehicle": same,
        "budget": Limit("VND", 80, 80, 0),
        "budget|province|01": Limit("VND", 9, 4, 5),
    }
    assert changed_limits(one, one) == []
    assert changed_limits(one, other) == [
        {
            "limit": "budget",
            "unit": "VND",
            "bound_before": 100,
            "bound_after": 80,
            "used_before": 90,
            "used_after": 80,
            "slack_before": 10,
            "slack_after": 0,
        },
        {
            "limit": "budget|province|01",
            "unit": "VND",
            "bound_before": None,
            "bound_after": 9,
            "used_before": None,
            "used_after": 4,
            "slack_before": None,
            "slack_after": 5,
        },
    ]


@pytest.mark.parametrize(
    ("identifier", "label"),
    [
        ("budget", "The budget of the whole plan"),
        ("budget|province|01", "The budget of the receiving province Hà Nội"),
        ("budget|category|vehicle", "The budget for vehicle"),
        ("cross|vehicle/car", "The cap on units that change province (car)"),
        ("floor|province|38|premises/police", "The coverage floor of 38 (premises: police)"),
        ("floor|country|VN|vehicle", "The coverage floor of the country (vehicle)"),
        ("floor|priority|1|vehicle", "The coverage floor of priority 1 (vehicle)"),
        ("something|new", "Something|new"),
    ],
)
def test_limits_are_named_in_words(identifier: str, label: str) -> None:
    assert limit_label(identifier, {"01": "Hà Nội"}, "en") == label


@pytest.mark.parametrize("lang", LANGS)
def test_no_label_keeps_a_place_to_fill_in(lang: Lang) -> None:
    ids = (
        "budget",
        "budget|province|01",
        "budget|category|vehicle",
        "cross|vehicle",
        "floor|priority|1|vehicle",
    )
    assert not any("{" in limit_label(one, {}, lang) for one in ids)
