"""What a price would have to rise by is told, for premises, of one place in the cheapest of them alone."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import solver
from solver.counterfactuals.takes import Takes
from solver.explanation.counterfactual import take_words


def told_and_lacking(price: int, rise: int, *, two_places: bool) -> tuple[dict[str, Any], int]:
    """Return what is told of need X at `price`, and the units it lacks at a price higher by `rise`."""

    def made(own: int) -> tuple[solver.Problem, solver.Result]:
        if two_places:  # one building of 200 m2, opening 100; X wants two places of 100 m2 at 10 each
            assets = pd.DataFrame([_asset("A", 200)])
            needs = pd.DataFrame([_need("X", own, 2)])
            cost, prices = {"AX": 10}, {"open_premises": 100}
        else:  # A is worth 1,000 to Y and 990 to W; B is worth 110 to Z, and costs 10 more than A
            assets = pd.DataFrame([_asset("A", 100), _asset("B", 100)])
            needs = pd.DataFrame(
                [_need(n, p, 1) for n, p in {"W": 990, "X": own, "Y": 1000, "Z": 110}.items()]
            )
            cost, prices = {"AW": 10, "AX": 10, "AY": 10, "BX": 20, "BZ": 20}, {}
        matches = pd.DataFrame([{"asset_id": k[0], "need_id": k[1], "cost_vnd": v} for k, v in cost.items()])
        scenario = {"name": "x", "date": "2025-08-15", "prices": prices}
        tables = (frame.astype(object) for frame in (assets, needs))
        problem = solver.build(*tables, matches=matches.astype(object), scenario=scenario)
        return problem, solver.solve(problem)

    problem, result = made(price)
    short = next(row for row in result.plan.shortfalls.to_dict("records") if row["need_id"] == "X")
    told = Takes(problem, result).of({str(k): v for k, v in short.items()})
    after = made(price + rise)[1].plan.shortfalls
    return told, int(after.loc[after["need_id"] == "X", "units"].sum())


def _asset(name: str, area: int) -> dict[str, object]:
    return {"asset_id": name, "category": "premises", "kind": "office", "area_m2": area}


def _need(name: str, price: int, units: int) -> dict[str, object]:
    return {
        "need_id": name,
        "category": "premises",
        "area_m2": 100,
        "units": units,
        "price_vnd": price,
        "priority": 3,
    }


@pytest.mark.parametrize(
    ("price", "rise", "two_places", "alone"),
    [
        (100, 11, False, 900),  # A asks for 900; with 11 more B serves it: 90 for Z, 91 for X
        (20, 41, True, 90),  # one place pays the whole opening; two share it: 2 x 61 > 2 x 10 + 100
    ],
)
def test_a_smaller_rise_may_do_and_the_words_say_so(
    price: int, rise: int, two_places: bool, alone: int
) -> None:
    told, lacks = told_and_lacking(price, rise, two_places=two_places)
    assert lacks == 0
    assert (told["more_vnd"], told["alone"], told["exact"]) == (alone, True, False)
    assert "may need less" in take_words(told, "en", {})
    assert "có thể cần ít hơn" in take_words(told, "vi", {})
