"""The price of stability of small re-plans, worked out on paper."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import solver
from solver.problem.baseline import COLUMNS
from solver.stability import fresh_problem, plain_cost
from tests.solver.limits.cases import HERE, THERE, asset, match, need, problem


def swap(**scenario: Any) -> solver.Problem:  # noqa: ANN401 (values of a scenario)
    """One need of price 100: A serves it at 50, B, which is free now, at 20."""
    rows = [match("A", "N", 50), match("B", "N", 20)]
    return problem([asset("A"), asset("B")], [need("N", 100)], rows, **scenario)


def line(state: str = "planned", *more: tuple[str, str, int, str]) -> pd.DataFrame:
    return pd.DataFrame([("A", "N", 1, state), *more], columns=["asset_id", "need_id", "units", "state"])


def replanned(state: str = "planned", **stability: Any) -> solver.Result:  # noqa: ANN401 (values of a scenario)
    return solver.replan(swap(stability=stability), baseline=line(state))


def test_what_a_change_would_save_and_its_price_keeps_is_the_price_of_stability() -> None:
    # The swap is two changes: 40 of price for 30 that it saves.
    result = replanned(change_price_vnd=20)
    found = solver.price_of_stability(result)
    assert (result.objective, found.plain_vnd, found.fresh.objective) == (50, 50, 20)
    assert (found.least_vnd, found.most_vnd) == (30, 30)


def test_changes_that_are_made_leave_no_price_and_theirs_does_not_count() -> None:
    result = replanned(change_price_vnd=10)
    found = solver.price_of_stability(result)
    assert (result.objective, found.plain_vnd) == (20 + 2 * 10, 20)
    assert (found.least_vnd, found.most_vnd) == (0, 0)


def test_a_limit_of_changes_has_a_price_as_well() -> None:
    found = solver.price_of_stability(replanned(change_price_vnd=0, max_changes=1))
    assert (found.least_vnd, found.most_vnd) == (30, 30)


def test_so_have_bounds_of_freedom() -> None:
    rows = [match("A", "N", 50), match("A", "M", 10)]
    one = problem(
        [asset("A")],
        [need("N", 100), need("M", 100, commune=THERE)],
        rows,
        stability={"freedom": "same_province", "change_price_vnd": 0},
    )
    table = line().assign(to_commune_code=HERE)
    found = solver.price_of_stability(solver.replan(one, baseline=table))
    # Bound to its province A serves N at 50 and leaves M, 150 in all; free it would serve M: 110.
    assert (found.plain_vnd, found.least_vnd, found.most_vnd) == (150, 40, 40)


@pytest.mark.parametrize("state", ["signed", "executed"])
def test_what_is_signed_or_carried_out_cannot_be_undone_by_a_fresh_plan(state: str) -> None:
    found = solver.price_of_stability(replanned(state, change_price_vnd=20))
    assert (found.plain_vnd, found.least_vnd, found.most_vnd) == (50, 0, 0)
    assert found.fresh.plan.transfers["state"].tolist() == [state]


def test_what_was_refused_stays_refused_in_a_fresh_plan() -> None:
    table = line("planned", ("B", "N", 1, "refused"))
    found = solver.price_of_stability(solver.replan(swap(), baseline=table))
    assert (found.plain_vnd, found.least_vnd, found.most_vnd) == (50, 0, 0)


def test_a_search_that_was_stopped_leaves_an_interval_that_never_goes_below_zero() -> None:
    result = replanned(change_price_vnd=20)
    found = solver.price_of_stability(result, stop=lambda: True)
    assert found.least_vnd == max(0, found.plain_vnd - found.fresh.objective)
    assert found.most_vnd == found.plain_vnd - found.fresh.bound >= 30


def test_where_the_fresh_plan_is_better_in_what_comes_before_the_cost_there_is_no_price() -> None:
    rows = [match("A", "N", 50), match("A", "M", 10)]
    needs = [need("N", 100, priority=2), need("M", 100, priority=1)]
    one = problem([asset("A")], needs, rows, objective="coverage_first", stability={"max_changes": 0})
    found = solver.price_of_stability(solver.replan(one, baseline=line()))
    assert (found.least_vnd, found.most_vnd) == (None, None)


def test_only_re_plans_have_one() -> None:
    result = solver.solve(swap())
    assert plain_cost(result) == result.objective
    with pytest.raises(ValueError, match="no plan before"):
        solver.price_of_stability(result)


def test_the_fresh_problem_is_the_same_but_for_the_plan_before() -> None:
    one = swap(stability={"change_price_vnd": 7, "max_changes": 3})
    table = line("signed", ("B", "N", 1, "planned"))
    replan = solver.build(
        one.assets,
        one.needs,
        matches=one.matches,
        communes=one.communes,
        scenario=one.scenario,
        baseline=table,
    )
    fresh = fresh_problem(replan)
    assert fresh.baseline is not None
    assert fresh.baseline.lines[list(COLUMNS[:4])].to_numpy().tolist() == [["A", "N", 1, "signed"]]
    files, before = fresh.input_files(), replan.input_files()
    assert {name for name in before if files[name] != before[name]} == {"baseline.csv", "scenario.json"}
    assert fresh_problem(one).baseline is None
