"""Each kind of limit, one sentence at a time, with figures that are worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import solver
from tests.solver.limits.cases import HERE, THERE, asset, match, moves, need, problem, reasons

if TYPE_CHECKING:
    from pathlib import Path

CAR = [asset("A"), asset("B")]
NEEDS = [need("N1", 100), need("N2", 60)]
PAIRS = [match("A", "N1", 40), match("A", "N2", 10), match("B", "N1", 50), match("B", "N2", 20)]


def verified(problem_: solver.Problem, folder: Path) -> solver.Result:
    """Solve, write and check."""
    result = solver.solve(problem_, time_limit=0)
    result.write(folder / "plan")
    checked = solver.verify_folder(folder / "plan")
    assert checked.ok, checked.violations
    return result


def test_without_limits_the_cheapest_assignment_is_taken(tmp_path: Path) -> None:
    assert verified(problem(CAR, NEEDS, PAIRS), tmp_path).objective == 60  # A-N1 40 + B-N2 20, or 50 + 10


def test_a_national_budget_buys_what_saves_most_within_it(tmp_path: Path) -> None:
    result = verified(problem(CAR, NEEDS, PAIRS, limits={"budget_vnd": 45}), tmp_path)
    assert moves(result) == {("A", "N1"): 1}  # saves 60 for 40; N2 would save 50 for 10, both need 60
    assert result.objective == 40 + 60
    assert reasons(result) == {"N2": "budget"}


def test_a_budget_smaller_than_any_spend_leaves_all_unmet_because_of_the_budget(tmp_path: Path) -> None:
    result = verified(problem(CAR, NEEDS, PAIRS, limits={"budget_vnd": 9}), tmp_path)
    assert moves(result) == {}
    assert reasons(result) == {"N1": "budget", "N2": "budget"}
    assert set(result.plan.releases["reason"]) == {"budget"}


def test_a_budget_counts_what_is_spent_and_not_the_rest_of_the_cost(tmp_path: Path) -> None:
    pairs = [match("A", "N1", 40, spend_vnd=5), match("B", "N2", 20, spend_vnd=6)]
    result = verified(problem(CAR, NEEDS, pairs, limits={"budget_vnd": 11}), tmp_path)
    assert result.objective == 60
    assert result.plan.limits is not None
    line = result.plan.limits.iloc[0]
    assert (line["limit"], line["unit"], line["used"], line["bound"], line["slack"]) == (
        "budget",
        "VND",
        11,
        11,
        0,
    )


def test_the_budget_of_a_province_binds_where_it_receives(tmp_path: Path) -> None:
    needs = [need("N1", 100, commune=HERE), need("N2", 60, commune=THERE)]
    result = verified(problem(CAR, needs, PAIRS, limits={"budget_vnd_by_province": {"04": 5}}), tmp_path)
    assert moves(result) == {("A", "N1"): 1}
    assert reasons(result) == {"N2": "budget"}


def test_the_budget_of_a_category_leaves_the_others_alone(tmp_path: Path) -> None:
    assets = [asset("A"), asset("E", category="equipment")]
    needs = [need("N1", 100), need("N2", 60, category="equipment")]
    pairs = [match("A", "N1", 40), match("E", "N2", 20)]
    result = verified(
        problem(assets, needs, pairs, limits={"budget_vnd_by_category": {"vehicle": 39}}), tmp_path
    )
    assert moves(result) == {("E", "N2"): 1}
    parts = result.plan.summary["parts"]["category"]
    assert parts["equipment"]["gap_vnd"] == 0


def test_a_national_budget_is_shared_by_all_categories_and_then_no_category_has_a_bound(
    tmp_path: Path,
) -> None:
    assets = [asset("A"), asset("E", category="equipment")]
    needs = [need("N1", 100), need("N2", 60, category="equipment")]
    pairs = [match("A", "N1", 40), match("E", "N2", 20)]
    result = verified(problem(assets, needs, pairs, limits={"budget_vnd": 59}), tmp_path)
    assert moves(result) == {("A", "N1"): 1}
    assert {part["bound_vnd"] for part in result.plan.summary["parts"]["category"].values()} == {None}


def test_a_cap_on_crossing_units_is_kept_and_named(tmp_path: Path) -> None:
    assets = [asset("A", 5, commune=HERE)]
    needs = [need("N1", 100, 2, commune=THERE), need("N2", 60, 1, commune=HERE)]
    pairs = [match("A", "N1", 10), match("A", "N2", 10)]
    result = verified(problem(assets, needs, pairs, limits={"cross_province_max": {"vehicle": 1}}), tmp_path)
    assert moves(result) == {("A", "N1"): 1, ("A", "N2"): 1}
    assert reasons(result) == {"N1": "cross_province_max"}
    assert result.plan.releases["reason"].tolist() == ["cross_province_max"]
    assert result.status == solver.Status.OPTIMAL


def test_a_floor_sends_a_dearer_unit_to_the_province_that_would_get_none(tmp_path: Path) -> None:
    needs = [need("N1", 100, commune=HERE), need("N2", 60, commune=THERE)]
    pairs = [match("A", "N1", 10), match("A", "N2", 50)]
    floors = {"equity": {"coverage_floor": {"vehicle": 0.5}}}
    free = verified(problem([asset("A")], needs, pairs), tmp_path / "free")
    assert moves(free) == {("A", "N1"): 1}
    held = problem([asset("A")], [need("N1", 100, commune=HERE, units=1), needs[1]], pairs, **floors)
    result = verified(held, tmp_path / "held")
    # One car for two provinces: one floor of one unit must be missed, and the cheaper plan misses that of 04.
    assert moves(result) == {("A", "N1"): 1}
    assert result.plan.summary["levels"] == [{"name": "floor_shortfall", "value": 1, "bound": 1}]
    strict = {"equity": {"coverage_floor": {"vehicle": 0.5}, "floor_mode": "strict"}}
    assert solver.solve(problem([asset("A")], needs, pairs, **strict)).status == solver.Status.INFEASIBLE


def test_a_floor_may_cost_more_than_leaving_the_need_unmet(tmp_path: Path) -> None:
    needs = [need("N1", 100), need("N2", 5)]
    pairs = [match("A", "N1", 10), match("B", "N2", 80)]
    result = verified(problem(CAR, needs, pairs, equity={"coverage_floor": {"vehicle": 1}}), tmp_path)
    assert moves(result) == {("A", "N1"): 1, ("B", "N2"): 1}
    assert result.objective == 90
    assert result.status == solver.Status.OPTIMAL


def test_floors_by_priority_class_hold_each_class(tmp_path: Path) -> None:
    needs = [need("N1", 100, priority=3), need("N2", 60, priority=5)]
    pairs = [match("A", "N1", 10), match("A", "N2", 10)]
    equity = {"by": "priority", "coverage_floor": {"vehicle": 1}}
    result = verified(problem([asset("A", 2)], needs, pairs, equity=equity), tmp_path)
    assert moves(result) == {("A", "N1"): 1, ("A", "N2"): 1}
    assert result.plan.limits is not None
    assert list(result.plan.limits["limit"]) == [
        "floor|priority|3|vehicle",
        "floor|priority|5|vehicle",
    ]


def test_max_min_lifts_the_worst_province_first_and_proves_that_more_is_impossible(tmp_path: Path) -> None:
    needs = [need("N1", 100, 4, commune=HERE), need("N2", 60, 4, commune=THERE)]
    pairs = [match("A", "N1", 10), match("A", "N2", 50)]
    result = verified(problem([asset("A", 3)], needs, pairs, equity={"coverage_floor": "max-min"}), tmp_path)
    assert moves(result) == {("A", "N1"): 2, ("A", "N2"): 1}  # 1 of 4 is the best smallest share of 3 cars
    assert result.plan.summary["levels"] == [{"name": "max_min|vehicle", "value": "1/4", "bound": "1/4"}]
    assert result.status == solver.Status.OPTIMAL


def test_a_need_whose_candidates_are_held_by_a_floor_is_short_because_of_equity(tmp_path: Path) -> None:
    needs = [need("N1", 100, commune=HERE), need("N2", 60, commune=THERE)]
    pairs = [match("A", "N1", 90), match("A", "N2", 10)]
    equity = {"by": "province", "coverage_floor": {"vehicle": 1}}
    result = verified(problem([asset("A")], needs, pairs, equity=equity), tmp_path)
    assert moves(result) == {("A", "N2"): 1}
    assert reasons(result) == {"N1": "equity"}


def test_a_pin_is_in_the_plan_whatever_it_costs(tmp_path: Path) -> None:
    pairs = [*PAIRS[:3], match("B", "N2", 900)]
    result = verified(problem(CAR, NEEDS, pairs, stability={"pins": [["B", "N2"]]}), tmp_path)
    assert moves(result) == {("A", "N1"): 1, ("B", "N2"): 1}
    assert result.objective == 940
    assert result.status == solver.Status.OPTIMAL


def test_a_need_whose_only_asset_is_pinned_elsewhere_is_short_because_of_the_pin(tmp_path: Path) -> None:
    pairs = [match("A", "N1", 40), match("A", "N2", 10)]
    result = verified(problem([asset("A")], NEEDS, pairs, stability={"pins": [["A", "N2", 1]]}), tmp_path)
    assert reasons(result) == {"N1": "pinned"}


@pytest.mark.parametrize(
    ("stability", "limits", "code"),
    [
        ({"pins": [["A", "NOBODY"]]}, {}, "pin_unknown"),
        ({"pins": [["B", "N3"]]}, {}, "pin_ineligible"),
        ({"pins": [["A", "N1", 2]]}, {}, "pin_exceeds"),
        ({"pins": [["A", "N1"], ["A", "N2"]]}, {}, "pin_exceeds"),
        ({"pins": [["A", "N1"]]}, {"budget_vnd": 39}, "pin_exceeds"),
        ({"pins": [["A", "N1"]], "bans": [["A", "N1"]]}, {}, "pin_ineligible"),
    ],
)
def test_a_pin_that_cannot_be_is_an_issue(
    stability: dict[str, Any], limits: dict[str, Any], code: str
) -> None:
    needs, pairs = [*NEEDS, need("N3", 10)], [*PAIRS, match("A", "N3", 1)]
    with pytest.raises(solver.InvalidProblemError) as wrong:
        problem(CAR, needs, pairs, stability=stability, limits=limits)
    assert code in {found.code for found in wrong.value.issues}


def test_a_budget_for_a_province_that_is_none_is_an_issue() -> None:
    import pandas as pd

    import geodata

    rows = pd.DataFrame([{"asset_id": "A", "category": "vehicle", "commune_code": "00004"}])
    wants = pd.DataFrame([{"need_id": "N", "category": "vehicle", "commune_code": "00004"}])
    scenario = {"limits": {"budget_vnd_by_province": {"77": 1}}}
    with pytest.raises(solver.InvalidProblemError, match="77"):
        solver.build(rows, wants, scenario=scenario, communes=geodata.communes(), distances=geodata.distances)


def test_one_more_billion_is_worth_the_difference_of_two_plans(tmp_path: Path) -> None:
    billion = 10**9
    needs = [need("N1", 5 * billion), need("N2", 9 * billion)]
    pairs = [match("A", "N1", billion), match("B", "N2", 2 * billion)]
    result = verified(problem(CAR, needs, pairs, limits={"budget_vnd": 2 * billion}), tmp_path)
    assert moves(result) == {("B", "N2"): 1}
    assert result.plan.limits is not None
    line = result.plan.limits.iloc[0]
    assert line["worth_step"] == billion
    assert line["worth_vnd"] == 4 * billion  # N1 for one billion instead of five
    assert line["worth_least_vnd"] <= 4 * billion <= line["worth_most_vnd"]


def test_rules_that_conflict_are_the_smallest_set_and_without_any_one_of_them_there_is_a_plan(
    tmp_path: Path,
) -> None:
    needs = [need("N1", 100, commune=HERE), need("N2", 60, commune=THERE)]
    pairs = [match("A", "N1", 40), match("B", "N2", 20)]
    equity = {"coverage_floor": {"vehicle": 1}, "floor_mode": "strict"}
    limits = {"budget_vnd": 50, "cross_province_max": {"vehicle": 9}}
    result = verified(problem(CAR, needs, pairs, equity=equity, limits=limits), tmp_path)
    assert result.status == solver.Status.INFEASIBLE
    assert result.conflict is not None
    assert result.conflict["rules"] == ["budget", "floor|province|01|vehicle", "floor|province|04|vehicle"]
    assert result.conflict["checked"] is True
    assert result.conflict["missed"] == 1
    ways = {one["rule"]: one for one in result.conflict["relaxations"]}
    assert ways["budget"] == {"rule": "budget", "limit": 50, "enough": 60, "least": 60, "alone": True}
    assert ways["floor|province|04|vehicle"]["enough"] == 0  # the cheaper of the two to lower
    with pytest.raises(solver.NoPlanError):
        _ = result.plan.transfers
    with pytest.raises(solver.NoPlanError):
        _ = result.objective
    for changed in (
        {"limits": {**limits, "budget_vnd": 60}},
        {"equity": {**equity, "coverage_floor": {"vehicle": 0.5}}, "limits": {**limits, "budget_vnd": 60}},
    ):
        fixed = {"equity": equity, "limits": limits, **changed}
        assert (
            verified(problem(CAR, needs, pairs, **fixed), tmp_path / "fixed").status == solver.Status.OPTIMAL
        )
