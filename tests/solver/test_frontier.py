"""Frontiers against an integer programme of the whole, and what must hold of their points."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import solver
from solver.frontiers.measure import shortest
from solver.problem.floors import only, with_floors
from tests.solver.limits.naive_limits import Limits
from tests.solver.problem.instances import COMMUNES, FORMS, Instance, random_instance

if TYPE_CHECKING:
    from pathlib import Path

COUNT = int(os.environ.get("SURPLAN_TORTURE_COUNT", "3"))
AXES = ("coverage", "worst_province")


MONEY = 10**4


def drawn(seed: int, form: str) -> Instance:
    """An instance in which many transfers cost more than leaving the need unmet."""
    rng = Random(seed)
    one = random_instance(
        rng, form, assets=9, needs=6, units=3, plain=seed % 3 < 2, ties=seed % 3 == 0, money=MONEY
    )
    cheap = [{**row, "price_vnd": rng.choice([1, MONEY // 30, MONEY // 10])} for row in one.needs]
    return replace(one, needs=cheap)


def of_category(one: Instance, name: str) -> Instance:
    """The instance with one category alone."""
    assets, needs = ([row for row in rows if row["category"] == name] for rows in (one.assets, one.needs))
    known = {row["asset_id"] for row in assets} | {row["need_id"] for row in needs}
    matches = [row for row in one.matches if {row["asset_id"], row["need_id"]} <= known]
    return replace(one, assets=assets, needs=needs, matches=matches)


class Naive:
    """Least costs of plans whose groups each have a share of their units, by HiGHS."""

    def __init__(self, one: Instance, axis: str) -> None:
        self.limits = Limits(one)
        naive = self.limits.naive
        self.demand: dict[str, int] = {}
        for name, need in naive.needs.items():
            place = COMMUNES[need["commune_code"]] if axis == "worst_province" else "VN"
            row = f"{place}|{need['category']}"
            self.demand[row] = self.demand.get(row, 0) + int(need["units"])
            entries = self.limits.rows.setdefault(row, (">=", 0, {}))[2]
            entries.update({pair: 1 for pair in self.limits.pairs if pair[1] == name})

    def shares(self) -> list[Fraction]:
        return sorted({Fraction(k, d) for d in self.demand.values() for k in range(d + 1)})

    def least(self, share: Fraction) -> int | None:
        """The least cost with a share; None where no plan has it."""
        hard = {row: ceil(share * units) for row, units in self.demand.items()}
        found = self.limits.solve(self.limits.money(), [], hard)
        return None if found is None else int(found[0])

    def frontier(self) -> list[tuple[Fraction, int]]:
        """Every share and least cost that no other share beats in both."""
        costs = [(share, cost) for share in self.shares() if (cost := self.least(share)) is not None]
        return [(share, cost) for share, cost in costs if not any(c <= cost and s > share for s, c in costs)]


def ends(found: solver.Frontier) -> list[tuple[Fraction, int]]:
    table = found.points
    shares = [Fraction(met, of) for met, of in zip(table["share_met"], table["share_of"], strict=True)]
    return list(zip(shares, table["objective_vnd"].tolist(), strict=True))


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("form", FORMS)
def test_every_point_that_is_not_dominated_is_found_when_enough_are_asked_for(form: str, axis: str) -> None:
    longest = 0
    for seed in range(COUNT):
        one = drawn(seed, form)
        problem = one.build()
        names = sorted({need["category"] for need in one.needs})
        scope = one.scenario.get("scope_province")
        for name in [*names, None]:
            part = one if name is None else of_category(one, name)
            if scope or not part.assets:
                continue
            expected = Naive(part, axis).frontier()
            found = solver.frontier(problem, axis=axis, category=name, points=1000)
            assert ends(found) == expected, (seed, name)
            assert set(found.points["status"]) == {"OPTIMAL"}
            assert (found.complete, found.proven) == (True, True)
            longest = max(longest, len(found))
    assert longest > 2


def test_few_points_are_the_two_ends_and_some_between_spread_evenly() -> None:
    problem = four_shares().build()
    every = solver.frontier(problem, points=1000)
    assert [str(share) for share, _ in ends(every)] == ["1/4", "1/2", "3/4", "1"]
    assert [str(share) for share, _ in ends(solver.frontier(problem, points=2))] == ["1/4", "1"]
    # Half of the way from 1/4 to 1 is 5/8, and no plan has less than 3/4 beyond that.
    assert [str(share) for share, _ in ends(solver.frontier(problem, points=3))] == ["1/4", "3/4", "1"]


def four_shares() -> Instance:
    """Four needs of price 100 for four assets: the first costs 10, the others 110, 130, 160."""
    matches = [
        {"asset_id": f"A{k}", "need_id": f"N{k}", "cost_vnd": cost}
        for k, cost in enumerate([10, 110, 130, 160])
    ]
    assets: list[dict[str, Any]] = [
        {"asset_id": f"A{k}", "category": "vehicle", "kind": "car", "units": 1, "commune_code": "97001"}
        for k in range(4)
    ]
    needs: list[dict[str, Any]] = [
        {
            "need_id": f"N{k}",
            "category": "vehicle",
            "kinds": "car",
            "units": 1,
            "priority": 3,
            "price_vnd": 100,
            "commune_code": "97001" if k < 2 else "98001",
        }
        for k in range(4)
    ]
    return Instance("matches", assets, needs, {"date": "2025-08-15"}, {}, matches)


def test_the_table_says_what_each_point_asks_attains_and_costs() -> None:
    table = solver.frontier(four_shares().build(), axis="worst_province").points
    # The worst province has none of its two, then one, then both: least costs 310, 340, 410.
    rows = table[
        ["asked", "share_met", "share_of", "share", "met_units", "needed_units", "coverage", "extra_vnd"]
    ]
    assert rows.to_numpy().tolist() == [
        ["", 0, 2, "0.000000000", 1, 4, "0.250000000", 0],
        ["0.5", 1, 2, "0.500000000", 2, 4, "0.500000000", 30],
        ["max-min", 2, 2, "1.000000000", 4, 4, "1.000000000", 100],
    ]
    assert table["objective_vnd"].tolist() == [310, 340, 410]
    assert table["transfers_vnd"].tolist() == [10, 140, 410]
    assert table["bound_vnd"].tolist() == table["objective_vnd"].tolist()
    assert table["asked_units"].isna().tolist() == [True, False, True]
    assert table["asked_units"].iloc[1] == 2
    assert table["smallest_province"].tolist() == ["98", "97", "97"]


def test_a_plan_of_least_cost_that_has_all_there_is_leaves_one_point() -> None:
    one = four_shares()
    cheap = replace(one, matches=[{**row, "cost_vnd": 1} for row in one.matches])
    found = solver.frontier(cheap.build())
    assert (len(found), found.proven, found.complete) == (1, True, True)
    assert ends(found) == [(Fraction(1), 4)]


def test_points_keep_to_the_budget_and_the_far_end_is_what_it_affords() -> None:
    one = four_shares()
    poor = replace(one, scenario={**one.scenario, "limits": {"budget_vnd": 255}})
    found = solver.frontier(poor.build())
    # 10 + 110 + 130 = 250 are spent; the fourth would need 160 more.
    assert [share for share, _ in ends(found)] == [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)]
    assert found.proven
    spent = [result.plan.summary["kpis"]["spend_vnd"] for result in found.results]
    assert max(spent) <= 255


@pytest.mark.parametrize("axis", AXES)
def test_each_point_is_written_as_a_plan_that_the_checker_verifies(axis: str, tmp_path: Path) -> None:
    for number, form in enumerate(FORMS):
        found = solver.frontier(drawn(4 + number, form).build(), axis=axis, category="vehicle", points=4)
        folder = tmp_path / form
        found.write(folder)
        names = [f"point-{k:02}" for k in range(1, len(found) + 1)]
        assert sorted(path.name for path in folder.iterdir()) == ["frontier.csv", *names]
        for name, objective in zip(names, found.points["objective_vnd"], strict=True):
            checked = solver.verify_folder(folder / name)
            assert checked.ok, (form, checked.violations[:3])
            assert checked.objective == objective


def test_a_frontier_replaces_nothing(tmp_path: Path) -> None:
    found = solver.frontier(four_shares().build(), points=2)
    plan = tmp_path / "plan"
    found.results[0].write(plan)
    with pytest.raises(solver.PlanFolderError, match="not empty"):
        found.write(plan)
    assert (plan / "plan.json").is_file()


def test_the_csv_has_a_line_a_point_and_whole_money() -> None:
    found = solver.frontier(four_shares().build(), points=2)
    lines = found.csv().decode().split("\n")
    assert lines[0].split(",") == [str(name) for name in found.points.columns]
    assert lines[1].startswith("1,,,1,4,0.250000000,1,4,0.250000000,0.000000000,98,310,310,0,")
    assert (len(lines), lines[-1]) == (4, "")


def test_it_shows_itself_in_a_console_and_in_a_notebook() -> None:
    found = solver.frontier(four_shares().build(), points=2)
    assert repr(found) == "<Frontier coverage of all categories: 2 points, 25.0% to 100.0%>"
    assert found._repr_html_().startswith("<div><table")


def test_stopping_keeps_the_points_found_before() -> None:
    told: list[int] = []

    def heard(news: solver.Progress) -> None:
        if news.phase == "point":
            told.append(news.round)

    problem = four_shares().build()
    found = solver.frontier(problem, points=1000, on_progress=heard, stop=lambda: len(told) >= 3)
    assert told == [1, 2, 3]
    # The two ends come first, then the least share above the first.
    assert [str(share) for share, _ in ends(found)] == ["1/4", "1/2", "1"]
    assert not found.complete
    assert len(solver.frontier(problem, stop=lambda: True)) == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"axis": "province"}, "axis"),
        ({"points": 1}, "points"),
        ({"points": 2.0}, "points"),
        ({"points": True}, "points"),
        ({"category": "premises"}, "category"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(solver.FrontierError) as caught:
        solver.frontier(four_shares().build(), **wrong)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ({"equity": {"coverage_floor": {"vehicle": 0.5}}}, "floors"),
        ({"objective": "coverage_first"}, "objective"),
    ],
)
def test_a_scenario_with_floors_or_coverage_first_is_refused(scenario: dict[str, Any], code: str) -> None:
    one = four_shares()
    with pytest.raises(solver.FrontierError) as caught:
        solver.frontier(replace(one, scenario={**one.scenario, **scenario}).build())
    assert caught.value.code == code


def test_needs_without_a_province_have_no_worst_one() -> None:
    one = four_shares()
    nowhere = replace(one, needs=[{**row, "commune_code": ""} for row in one.needs])
    assert len(solver.frontier(nowhere.build(), points=2)) == 2
    with pytest.raises(solver.FrontierError, match="no need is in a province"):
        solver.frontier(nowhere.build(), axis="worst_province")


def same(one: Any, other: Any, where: str = "") -> None:  # noqa: ANN401 (any part of a problem)
    """Assert that two parts of problems are equal to the last bit."""
    if isinstance(one, np.ndarray):
        assert np.array_equal(one, other), where
    elif isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, obj=where)
    elif hasattr(one, "__dataclass_fields__") or hasattr(one, "_fields"):
        for name in getattr(one, "__dataclass_fields__", None) or one._fields:
            same(getattr(one, name), getattr(other, name), f"{where}.{name}")
    elif isinstance(one, (str, int, list, tuple, type(None))):
        assert one == other, where


@pytest.mark.parametrize("by", ["province", "priority", "country"])
@pytest.mark.parametrize("form", FORMS)
def test_other_floors_make_the_problem_that_building_it_anew_makes(form: str, by: str) -> None:
    for seed in range(COUNT):
        one = drawn(seed, form)
        floors: dict[str, Any] = {"vehicle": Decimal("0.5"), "vehicle/car": "max-min"}
        equity = {"by": by, "coverage_floor": floors}
        anew = replace(one, scenario={**one.scenario, "equity": equity}).build()
        changed = with_floors(with_floors(one.build(), by, {**floors, "vehicle": 1}), by, floors)
        assert changed.scenario.to_json() == anew.scenario.to_json()
        for name, part in anew.categories.items():
            for what in ("groups", "tree", "classes", "metres"):
                same(getattr(changed.categories[name], what), getattr(part, what), what)


@pytest.mark.parametrize("form", FORMS)
def test_one_category_alone_is_what_building_its_rows_makes(form: str) -> None:
    for seed in range(COUNT):
        one = drawn(seed, form)
        part = of_category(one, "vehicle")
        if not part.assets or not part.needs or (form == "matches" and not part.matches):
            continue
        bans = one.scenario.get("stability", {}).get("bans", [])
        known = {row["asset_id"] for row in part.assets}
        own = [pair for pair in bans if pair[0] in known and pair[1] in {n["need_id"] for n in part.needs}]
        anew = replace(part, scenario={**one.scenario, "stability": {"bans": own}}).build()
        alone = only(one.build(), "vehicle")
        files, expected = alone.input_files(), anew.input_files()
        assert files == expected
        same(alone.categories["vehicle"].classes, anew.categories["vehicle"].classes)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 10**6))
def test_the_shortest_decimal_of_an_interval_lies_in_it_and_none_with_fewer_digits_does(
    part: int, whole: int, width: int
) -> None:
    most = Fraction(min(part, whole), whole)
    below = most - Fraction(1, width)
    found = shortest(below, most)
    assert below < Fraction(found) <= most
    digits = max(0, -int(Decimal(found).as_tuple().exponent))
    if digits:
        cut = Fraction(int(most * 10 ** (digits - 1)), 10 ** (digits - 1))
        assert cut <= below
