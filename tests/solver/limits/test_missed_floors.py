"""Where floors are missed, what is left of a budget still goes to what saves most, and the cost is proven."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import geodata
import solver
from tests.solver.limits.cases import asset, match, moves, need, problem

if TYPE_CHECKING:
    from pathlib import Path

M = 10**6
CARS = {"by": "country", "coverage_floor": {"vehicle": 1}}


def cars_and_computers(budget: int, computers: int = 5, **equity: Any) -> solver.Problem:  # noqa: ANN401 (values of a scenario)
    """Two cars that cost 600 each, computers that cost 20; a car is worth 700, a computer 90 (millions)."""
    return problem(
        [asset("A", 2), asset("E", computers, category="equipment")],
        [need("N", 700 * M, 2), need("C", 90 * M, computers, category="equipment")],
        [match("A", "N", 600 * M), match("E", "C", 20 * M)],
        limits={"budget_vnd": budget * M},
        equity={**CARS, **equity},
    )


@pytest.mark.parametrize(
    ("budget", "cars", "computers"), [(1200, 2, 0), (1199, 1, 5), (640, 1, 2), (599, 0, 5), (10, 0, 0)]
)
def test_what_is_left_of_a_budget_goes_on_where_a_floor_cannot_be_met(
    budget: int, cars: int, computers: int, tmp_path: Path
) -> None:
    # As many cars as the budget pays for come first; then each computer saves 70.
    result = solver.solve(cars_and_computers(budget))
    expected = {("A", "N"): cars, ("E", "C"): computers}
    assert moves(result) == {pair: units for pair, units in expected.items() if units}
    (level,) = result.plan.summary["levels"]
    assert (level["name"], level["value"], level["bound"]) == ("floor_shortfall", 2 - cars, 2 - cars)
    assert result.objective == M * (600 * cars + 700 * (2 - cars) + 20 * computers + 90 * (5 - computers))
    result.write(tmp_path / "plan")
    assert solver.verify_folder(tmp_path / "plan").ok


def test_a_missed_floor_does_not_take_the_proof_of_the_cost_with_it(tmp_path: Path) -> None:
    # 40 are left beside a car: two computers. Half a car more would save 50, a computer 70 of its 20.
    result = solver.solve(cars_and_computers(640))
    assert result.objective == M * (600 + 700 + 2 * 20 + 3 * 90)
    assert result.bound > M * (1200 + 5 * 20) // 2  # with the penalty of the missed car it was below 0
    result.write(tmp_path / "plan")
    assert solver.verify_folder(tmp_path / "plan").ok


def test_an_attainable_floor_costs_no_more_than_the_same_floor_when_it_is_strict_and_met() -> None:
    for budget in (1200, 1300):
        both = [
            solver.solve(cars_and_computers(budget, floor_mode=mode)).objective
            for mode in ("strict", "attainable")
        ]
        assert both[1] <= both[0]


@pytest.mark.parametrize("seed", range(2))
def test_a_province_whose_floors_cannot_all_be_met_keeps_a_proof(seed: int, tmp_path: Path) -> None:
    whole = geodata.reference(seed=1, province="12")
    located = geodata.read_codes(whole.assets, whole.needs)
    assets, needs = (table[table["category"] != "premises"] for table in (located.assets, located.needs))
    dice = Random(seed)
    rules = {
        **whole.scenario,
        "limits": {"budget_vnd": dice.randint(50, 400) * M},
        "equity": {"coverage_floor": {"vehicle": dice.choice([0.6, 0.9]), "equipment": 0.8}},
    }
    result = solver.solve(
        solver.build(assets, needs, scenario=rules, communes=geodata.communes(), distances=geodata.distances)
    )
    (level,) = result.plan.summary["levels"]
    assert level["value"] > 0
    assert float(result.plan.summary["gap"]) < 0.05
    result.write(tmp_path / "plan")
    assert solver.verify_folder(tmp_path / "plan").ok
