"""What a counterfactual says where nothing can be done, or where more was found than was asked for."""

from __future__ import annotations

import pytest

import solver
from tests.solver.limits.cases import asset, match, need, problem


def test_what_is_too_much_for_asset_or_need_says_what_each_has_and_what_pins_hold_where_there_are_some() -> (
    None
):
    tables = [asset("A", 5)], [need("N", 10, 3), need("M", 10, 3)], [match("A", "N", 1), match("A", "M", 1)]
    one = problem(*tables)
    answer = solver.counterfactual(one, solver.solve(one), "A", "N", 4)
    assert (answer.outcome, answer.asset_units, answer.need_units) == ("blocked", 5, 3)
    assert answer.text().splitlines()[1] == "No plan can have it: asset A has 5 units; need N asks for 3."
    pinned = problem(*tables, stability={"pins": [["A", "M", 3]]})
    answer = solver.counterfactual(pinned, solver.solve(pinned), "A", "N", 3)
    assert (answer.outcome, answer.asset_fixed, answer.need_fixed) == ("blocked", 3, 0)
    assert answer.text().splitlines()[1] == (
        "No plan can have it: asset A has 5 units, 3 of them fixed for other needs; need N asks for 3."
    )
    assert answer.text("vi").splitlines()[1] == (
        "Không phương án nào có thể như vậy: tài sản A có 5 đơn vị, trong đó 3 đã cố định cho nhu cầu khác; "
        "nhu cầu N cần 3."
    )


@pytest.mark.parametrize("most", [925_454_661, None])
def test_a_plan_found_that_is_better_is_said_to_be_and_its_price_is_not_told_as_a_fall(
    most: int | None,
) -> None:
    answer = solver.Counterfactual(
        "A",
        "N",
        1,
        "changed",
        change_vnd=-3_360_578,
        least_vnd=0,
        most_vnd=most,
        objective_vnd=1_000,
    )
    assert answer.better
    english, vietnamese = answer.text().splitlines()[1], answer.text("vi").splitlines()[1]
    assert english.startswith(
        "The plan found is better than the plan itself, which is not proven best: it costs 3,360,578 VND "
        "less, 1,000 VND in all"
    )
    assert "tốt hơn chính phương án đang xét" in vietnamese
    between = "; what is asked for costs between 0 VND and 925,454,661 VND, measured against the best plan"
    assert (between in english) == (most is not None)
    assert "price lies" not in english


def test_a_plan_that_costs_less_since_more_is_left_unmet_first_is_no_better_one() -> None:
    def answer(name: str, before: str | int, after: str | int) -> solver.Counterfactual:
        levels = ({"name": name, "before": before, "after": after},)
        return solver.Counterfactual("A", "N", 1, "changed", change_vnd=-5, objective_vnd=9, levels=levels)

    worse = answer("floor_shortfall", 2, 3)
    assert not worse.better
    assert worse.text().splitlines()[1:3] == [
        "The total cost falls by 5 VND, to 9 VND; nothing is proven of the price.",
        "What comes before the cost changes: units missing to coverage floors, from 2 to 3.",
    ]
    assert "số đơn vị còn thiếu so với mức đáp ứng tối thiểu, từ 2 thành 3" in worse.text("vi")
    assert answer("unmet|1", 3, 2).better
    assert "units unmet of priority 1, from 3 to 2" in answer("unmet|1", 3, 2).text()
    assert answer("max_min|equipment", "1/3", "1/2").better
    assert not answer("max_min|equipment", "1/2", "1/3").better
    assert (
        "better than the plan itself in what comes before" in answer("max_min|equipment", "1/3", "1/2").text()
    )


def test_an_asset_that_is_used_for_less_does_not_stay() -> None:
    tables = [asset("A", 2)], [need("N", 100, 2)], [match("A", "N", 10)]
    one = problem(*tables)
    result = solver.solve(one)
    assert "asset A stays: 0 used instead of 2" in solver.without(one, result, "A", "N").text()
    tables = [asset("A", 2)], [need("N", 100), need("M", 100)], [match("A", "N", 10), match("A", "M", 10)]
    one = problem(*tables)
    answer = solver.without(one, solver.solve(one), "A", "N")
    assert "asset A is used less: 1 instead of 2" in answer.text()
    assert "tài sản A được dùng ít hơn: 1 thay vì 2" in answer.text("vi")


def test_what_is_unmet_in_other_categories_counts_before_and_after() -> None:
    other = asset("E", category="equipment"), need("M", 100, 3, category="equipment")
    assets, needs = [asset("A"), asset("B"), other[0]], [need("N", 100), other[1]]
    pairs = [match("A", "N", 10), match("B", "N", 12), match("E", "M", 5)]
    one = problem(assets, needs, pairs, objective="coverage_first")
    result = solver.solve(one)
    assert result.plan.summary["levels"][0] == {"name": "unmet|3", "value": 2, "bound": 2}
    answer = solver.counterfactual(one, result, "B", "N")
    assert (answer.change_vnd, answer.exact, answer.levels, answer.better) == (2, True, (), False)
    worse = solver.without(one, result, "E", "M")
    # The only computer stays: 3 instead of 2 are unmet, all of that kind; no car has to do with it.
    assert [level for level in worse.levels if level["name"] == "unmet|3"] == [
        {"name": "unmet|3", "before": 2, "after": 3}
    ]
    assert not worse.better
