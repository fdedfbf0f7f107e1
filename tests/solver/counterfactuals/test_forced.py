"""Prices of pairs forced into a plan, or out of it, are those of an integer programme."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

import pytest

import solver
from tests.solver.counterfactuals.forced_premises import Programme
from tests.solver.limits.naive_limits import Limits
from tests.solver.limits.premises_cases import small_instance
from tests.solver.limits.test_limits_random import limited
from tests.solver.problem.instances import FORMS, Instance, random_instance
from tests.solver.problem.naive import Pair, Plan, plan_of
from tests.solver.problem.premises_instances import premises_instance

if TYPE_CHECKING:
    from solver import Counterfactual, Result

SEEDS = int(os.environ.get("SURPLAN_TORTURE_COUNT", "6"))


def drawn(seed: int, form: str) -> Instance:
    if seed % 2:
        return limited(seed, form)
    money = 1000
    return random_instance(
        Random(seed), form, assets=6, needs=5, units=3, plain=seed % 3 == 0, ties=seed % 4 == 0, money=money
    )


def asked(problem: solver.Problem, result: Result, pair: Pair, units: int) -> Counterfactual:
    if units:
        return solver.counterfactual(problem, result, *pair, units)
    return solver.without(problem, result, *pair)


def changed(result: Result, answer: Counterfactual) -> Plan:
    """Make the changes to the plan; each names what was there."""
    plan = plan_of(result.plan.transfers)
    for asset, need, before, after in answer.changes.to_numpy().tolist():
        assert plan.get((asset, need), 0) == before
        plan[asset, need] = after
    return {pair: units for pair, units in plan.items() if units}


@pytest.mark.parametrize("form", FORMS)
def test_the_price_of_a_forced_or_banned_pair_of_movables_is_that_of_an_integer_programme(form: str) -> None:
    exact = 0
    for seed in range(SEEDS):
        one = drawn(seed, form)
        problem = one.build()
        result = solver.solve(problem, time_limit=0)
        naive = Limits(one).naive
        for pair in [(a, n) for a in sorted(naive.assets) for n in sorted(naive.needs)]:
            for units in (1, 2, 0):
                exact += check_movables(one, problem, result, pair, units)
    assert exact > SEEDS


def check_movables(one: Instance, problem: solver.Problem, result: Result, pair: Pair, units: int) -> bool:
    """Compare one answer; tell whether a price was compared."""
    answer, limits = asked(problem, result, pair, units), Limits(one)
    if answer.outcome == "ineligible":
        assert answer.stage == limits.naive.all[pair].stage
    if units:
        limits.pins = limits.pins | {pair: max(units, limits.pins.get(pair, 0))}
    else:
        limits.pairs = [other for other in limits.pairs if other != pair]
        for name, (sense, limit, entries) in limits.rows.items():
            kept = {other: value for other, value in entries.items() if other != pair}
            limits.rows[name] = (sense, limit, kept)
    if answer.outcome == "blocked" and units:
        assert limits.solve({}, [], {}) is None
    if answer.outcome != "changed" or answer.change_vnd is None:
        return False
    if result.status == solver.Status.OPTIMAL and answer.exact:
        _, cost = limits.best(coverage=one.scenario.get("objective") == "coverage_first")
        assert answer.change_vnd == cost - result.objective
    plan, naive = changed(result, answer), limits.naive
    scenario = one.scenario.get("limits", {})
    tied = "budget_vnd" in scenario or "budget_vnd_by_province" in scenario
    if len(problem.categories) == 1 or not tied:  # else another category may change too
        assert naive.objective(plan) == result.objective + answer.change_vnd
        assert [text for text in naive.violations(plan) if "pay" not in text] == []
    assert plan.get(pair, 0) >= units
    assert units or pair not in plan
    return answer.exact


def drawn_premises(seed: int, form: str) -> Instance:
    rng = Random(seed)
    one = premises_instance(rng, form, assets=5, needs=5) if seed % 2 else small_instance(rng, form)
    naive = Programme(one).naive
    if naive.pairs and seed % 3 == 0:
        most = sum(match.spend for match in naive.pairs.values()) // 3 + 1
        one.scenario["limits"] = {"budget_vnd_by_province": {"97": rng.randrange(most)}}
    elif seed % 5 == 0:
        room = [p for p in sorted(naive.pairs) if all(naive.caps[norm] > 0 for norm in naive.norm_rows(p))]
        if room:
            one.scenario["stability"] = {
                **one.scenario.get("stability", {}),
                "pins": [[*rng.choice(room), 1]],
            }
    return one


@pytest.mark.parametrize("form", FORMS)
def test_the_price_of_a_forced_or_banned_pair_of_premises_lies_where_an_integer_programme_finds_it(
    form: str,
) -> None:
    exact = 0
    for seed in range(SEEDS):
        one = drawn_premises(seed, form)
        problem, programme = one.build(), Programme(one)
        result, best = solver.solve(problem, time_limit=0), programme.best({})
        assert best is not None
        for pair in [(a, n) for a in sorted(programme.naive.assets) for n in sorted(programme.naive.needs)]:
            for units in (1, 2, 0):
                answer = asked(problem, result, pair, units)
                if answer.outcome == "ineligible":
                    assert answer.stage == programme.naive.all[pair].stage
                elif answer.outcome == "blocked" and units:
                    assert programme.best({pair: units}) is None
                elif answer.outcome == "changed" and answer.change_vnd is not None:
                    cost = programme.best({pair: units}) if units else programme.best({}, pair)
                    assert cost is not None
                    least, most = answer.least_vnd, answer.most_vnd
                    assert least is None or least <= cost - best
                    assert most is None or most >= cost - best
                    exact += answer.exact
                    plan = changed(result, answer)
                    assert programme.broken(plan) == []
                    assert programme.cost(plan) == result.objective + answer.change_vnd
                    assert plan.get(pair, 0) >= units
                    assert units or pair not in plan
    assert exact > SEEDS


def test_a_change_names_only_what_the_pair_changes() -> None:
    import pandas as pd

    assets = pd.DataFrame([{"asset_id": a, "category": "vehicle"} for a in "ABC"])
    needs = pd.DataFrame([{"need_id": n, "category": "vehicle", "price_vnd": 100} for n in "XYZ"])
    cost = {"AX": 1, "AY": 2, "BX": 5, "BY": 3, "CZ": 1, "AZ": 90}
    matches = pd.DataFrame(
        [{"asset_id": pair[0], "need_id": pair[1], "cost_vnd": vnd} for pair, vnd in cost.items()]
    )
    problem = solver.build(
        *(frame.astype(object) for frame in (assets, needs)), matches=matches.astype(object)
    )
    result = solver.solve(problem)
    answer = solver.counterfactual(problem, result, "A", "Y")
    assert (answer.change_vnd, answer.exact) == (3, True)  # 2 + 5 instead of 1 + 3
    assert answer.changes.to_numpy().tolist() == [
        ["A", "X", 1, 0],
        ["A", "Y", 0, 1],
        ["B", "X", 0, 1],
        ["B", "Y", 1, 0],
    ]
    assert (answer.needs, answer.assets) == ((), ())
    gone = solver.without(problem, result, "C", "Z")
    assert gone.change_vnd == 99
    assert gone.needs == ({"need_id": "Z", "before": 1, "after": 0},)
    best = solver.best_way(problem, result, asset_id="A")
    assert best.proven
    assert best.found is not None
    assert best.found.need_id == "Y"
    assert "3 VND" in answer.text()
    assert "3 đ" in answer.text("vi")
    told = solver.explain(problem, result, need_id="Y", force="A")
    assert told.text().endswith(answer.text())


def test_an_unknown_id_and_units_below_1_are_refused() -> None:
    one = random_instance(Random(1), "communes")
    problem = one.build()
    result = solver.solve(problem)
    need = str(one.needs[0]["need_id"])
    with pytest.raises(solver.UnknownIdError):
        solver.counterfactual(problem, result, "?", need)
    with pytest.raises(ValueError, match="from 1"):
        solver.counterfactual(problem, result, "A-000", need, 0)
    with pytest.raises(ValueError, match="not both"):
        solver.best_way(problem, result)
