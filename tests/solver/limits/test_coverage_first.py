"""Coverage first with premises, budgets, caps, floors, a sentence at a time; figures worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import solver
from tests.solver.limits.cases import HERE, THERE, asset, match, moves, need, problem

if TYPE_CHECKING:
    from pathlib import Path

MILLION = 10**6
FIRST = {"objective": "coverage_first"}


def verified(problem_: solver.Problem, folder: Path) -> solver.Result:
    """Solve, write and check."""
    result = solver.solve(problem_, time_limit=0)
    result.write(folder / "plan")
    checked = solver.verify_folder(folder / "plan")
    assert checked.ok, checked.violations
    return result


def house(name: str, area_m2: int, commune: str = HERE) -> dict[str, Any]:
    return asset(name, commune=commune, category="premises", kind="office", area_m2=area_m2)


def places(
    name: str, price: int, units: int, area_m2: int, priority: int, commune: str = HERE
) -> dict[str, Any]:
    return need(
        name, price, units, commune, "premises", priority=priority, area_m2=area_m2, purpose="housing"
    )


def levels(result: solver.Result) -> dict[str, Any]:
    """Values by level, each of which is proven."""
    told = result.plan.summary["levels"]
    assert all(level["value"] == level["bound"] for level in told), told
    return {level["name"]: level["value"] for level in told}


def clinic_and_flats(first: int, second: int) -> solver.Problem:
    """900 m2 that one clinic of 900 m2 would fill, or thirty flats of 30 m2, by priority."""
    needs = [places("CLINIC", MILLION, 1, 900, first), places("FLATS", 1000 * MILLION, 30, 30, second)]
    pairs = [match("H", "CLINIC", 5000 * MILLION), match("H", "FLATS", 10)]
    return problem([house("H", 900)], needs, pairs, **FIRST)


def test_one_clinic_of_priority_1_displaces_thirty_flats_of_priority_2(tmp_path: Path) -> None:
    result = verified(clinic_and_flats(1, 2), tmp_path)
    assert moves(result) == {("H", "CLINIC"): 1}
    assert levels(result) == {"unmet|1": 0, "unmet|2": 30, "max_min|premises": "1/31"}
    assert result.objective == 5000 * MILLION + 30 * 2 * 1000 * MILLION  # priority 2 counts twice
    assert result.status == solver.Status.OPTIMAL


def test_of_the_same_priority_thirty_flats_displace_the_clinic(tmp_path: Path) -> None:
    result = verified(clinic_and_flats(2, 2), tmp_path)
    assert moves(result) == {("H", "FLATS"): 30}
    assert levels(result) == {"unmet|2": 1, "max_min|premises": "30/31"}
    assert result.status == solver.Status.OPTIMAL


def test_the_most_urgent_premises_are_served_before_vehicles_of_the_next_priority(tmp_path: Path) -> None:
    limits = {"budget_vnd": 300 * MILLION}
    assets = [house("H", 100), *(asset(name) for name in "ABC")]
    needs = [places("OFFICE", MILLION, 1, 100, 1), need("CARS", 900 * MILLION, 3, priority=2)]
    pairs = [match("H", "OFFICE", 250 * MILLION), *(match(name, "CARS", 100 * MILLION) for name in "ABC")]
    result = verified(problem(assets, needs, pairs, limits=limits, **FIRST), tmp_path)
    assert moves(result) == {("H", "OFFICE"): 1}  # what is left of the budget pays no car
    found = {level["name"]: level["value"] for level in result.plan.summary["levels"]}
    assert found == {"unmet|1": 0, "unmet|2": 3, "max_min|premises": "1", "max_min|vehicle": "0"}


def one_or_three(budget: int) -> solver.Problem:
    """A budget that pays one car of priority 1 or three of priority 2."""
    needs = [need("URGENT", MILLION, priority=1), need("OTHERS", 900 * MILLION, 3, priority=2)]
    pairs = [
        match("A", "URGENT", 300 * MILLION),
        *(match(name, "OTHERS", 100 * MILLION) for name in "BCD"),
    ]
    return problem([asset(name) for name in "ABCD"], needs, pairs, limits={"budget_vnd": budget}, **FIRST)


def test_a_budget_that_pays_one_car_of_priority_1_or_three_of_priority_2_pays_the_one(tmp_path: Path) -> None:
    result = verified(one_or_three(300 * MILLION), tmp_path)
    assert moves(result) == {("A", "URGENT"): 1}
    assert levels(result) == {"unmet|1": 0, "unmet|2": 3, "max_min|vehicle": "1/4"}
    assert result.objective == 300 * MILLION + 3 * 2 * 900 * MILLION


def test_a_budget_below_the_car_of_priority_1_pays_the_others(tmp_path: Path) -> None:
    result = verified(one_or_three(299 * MILLION), tmp_path)
    assert sorted(moves(result).values()) == [1, 1]
    found = {level["name"]: level["value"] for level in result.plan.summary["levels"]}
    assert found == {"unmet|1": 1, "unmet|2": 1, "max_min|vehicle": "1/2"}


def test_a_cap_on_crossing_units_goes_to_the_most_urgent(tmp_path: Path) -> None:
    needs = [
        need("N5", 900 * MILLION, 2, commune=THERE, priority=5),
        need("N1", MILLION, 1, commune=THERE, priority=1),
    ]
    pairs = [match("A", "N5", 10), match("A", "N1", 500 * MILLION)]
    limits = {"cross_province_max": {"vehicle": 1}}
    result = verified(problem([asset("A", 5)], needs, pairs, limits=limits, **FIRST), tmp_path)
    assert moves(result) == {("A", "N1"): 1}
    assert levels(result) == {"unmet|1": 0, "unmet|5": 2, "max_min|vehicle": "1/3"}
    assert result.status == solver.Status.OPTIMAL


def test_a_floor_comes_before_the_most_urgent(tmp_path: Path) -> None:
    needs = [
        need("URGENT", 900 * MILLION, 2, commune=HERE, priority=1),
        need("FAR", MILLION, 2, commune=THERE, priority=5),
    ]
    pairs = [match("A", "URGENT", 10), match("A", "FAR", 20)]
    equity = {"by": "priority", "coverage_floor": {"vehicle": 0.5}}
    free = verified(problem([asset("A", 2)], needs, pairs, **FIRST), tmp_path / "free")
    assert moves(free) == {("A", "URGENT"): 2}
    held = verified(problem([asset("A", 2)], needs, pairs, equity=equity, **FIRST), tmp_path / "held")
    assert moves(held) == {("A", "URGENT"): 1, ("A", "FAR"): 1}  # half of each priority
    assert levels(held) == {"floor_shortfall": 0, "unmet|1": 1, "unmet|5": 1, "max_min|vehicle": "1/2"}
    assert held.status == solver.Status.OPTIMAL


@pytest.mark.parametrize("mode", ["attainable", "strict"])
def test_a_floor_of_a_share_and_the_smallest_share_of_a_province_stand_in_one_row(
    mode: str, tmp_path: Path
) -> None:
    needs = [
        need("HERE", 900 * MILLION, 4, commune=HERE, priority=3),
        need("THERE", MILLION, 4, commune=THERE, priority=3),
    ]
    pairs = [match("A", "HERE", 10), match("A", "THERE", 20)]
    equity = {"coverage_floor": {"vehicle": 0.25}, "floor_mode": mode}
    result = verified(problem([asset("A", 6)], needs, pairs, equity=equity, **FIRST), tmp_path)
    assert moves(result) == {("A", "HERE"): 3, ("A", "THERE"): 3}  # 3 of 4 is the best smallest share
    assert result.plan.limits is not None
    rows = result.plan.limits[["limit", "used", "bound"]].values.tolist()
    assert rows == [["floor|province|01|vehicle", 3, 3], ["floor|province|04|vehicle", 3, 3]]
    assert levels(result)["max_min|vehicle"] == "3/4"
    assert result.status == solver.Status.OPTIMAL


def test_floors_that_nobody_can_meet_are_missed_by_as_little_as_can_be_before_the_most_urgent(
    tmp_path: Path,
) -> None:
    needs = [
        places("URGENT", 900 * MILLION, 4, 50, 1, commune=HERE),
        places("FAR", MILLION, 4, 50, 5, commune=THERE),
    ]
    pairs = [match("H", "URGENT", 10), match("H", "FAR", 20)]
    equity = {"by": "province", "coverage_floor": {"premises": 1}}
    result = verified(problem([house("H", 150)], needs, pairs, equity=equity, **FIRST), tmp_path)
    found = {level["name"]: level["value"] for level in result.plan.summary["levels"]}
    # Room for three places, eight asked for: five are missed whoever gets them; priority 1 gets all three.
    assert found == {"floor_shortfall": 5, "unmet|1": 1, "unmet|5": 4, "max_min|premises": "0"}


def test_strict_floors_that_cannot_be_met_conflict_under_coverage_first(tmp_path: Path) -> None:
    needs = [places("N", MILLION, 4, 50, 1)]
    equity = {"coverage_floor": {"premises": 1}, "floor_mode": "strict"}
    result = verified(
        problem([house("H", 150)], needs, [match("H", "N", 10)], equity=equity, **FIRST), tmp_path
    )
    assert result.status == solver.Status.INFEASIBLE
    assert result.conflict is not None
    assert result.conflict["rules"] == ["floor|province|01|premises"]
    assert result.conflict["missed"] == 1


def test_a_pinned_place_is_in_the_plan_before_the_most_urgent(tmp_path: Path) -> None:
    needs = [places("CLINIC", MILLION, 1, 900, 1), places("FLATS", 1000 * MILLION, 30, 30, 2)]
    pairs = [match("H", "CLINIC", 10), match("H", "FLATS", 10)]
    pins = {"pins": [["H", "FLATS", 1]]}
    result = verified(problem([house("H", 900)], needs, pairs, stability=pins, **FIRST), tmp_path)
    assert moves(result) == {("H", "FLATS"): 30}  # beside one flat the clinic has no room
    assert levels(result) == {"unmet|1": 1, "unmet|2": 0, "max_min|premises": "30/31"}
    assert result.status == solver.Status.OPTIMAL
