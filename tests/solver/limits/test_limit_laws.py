"""What must hold between plans under limits, whatever the instance: where they are proven optimal."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest

import solver
from tests.solver.limits.naive_limits import with_limits
from tests.solver.problem.instances import FORMS, Instance, random_instance
from tests.solver.problem.naive import Naive

COUNT = 4


def drawn(seed: int, form: str) -> Instance:
    rng = Random(1000 + seed)
    return random_instance(rng, form, assets=7, needs=6, units=3, plain=seed % 2 == 0, money=10**4)


def under(one: Instance, **changes: Any) -> Instance:  # noqa: ANN401 (values of a scenario)
    """The instance with more in the sections of its scenario."""
    merged = {key: {**one.scenario.get(key, {}), **more} for key, more in changes.items()}
    return replace(one, scenario={**one.scenario, **merged})


def optimal(one: Instance) -> solver.Result | None:
    result = solver.solve(one.build(), time_limit=0)
    return result if result.status == solver.Status.OPTIMAL else None


@cache
def unlimited(seed: int, form: str) -> solver.Result | None:
    """Return the best plan of an instance as it is drawn; several tests look at it, and none changes it."""
    return optimal(drawn(seed, form))


def tables(result: solver.Result) -> list[str]:
    plan = result.plan
    return [frame.to_csv(index=False) for frame in (plan.transfers, plan.shortfalls, plan.releases)]


@pytest.mark.parametrize("form", FORMS)
def test_a_looser_budget_never_costs_more(form: str) -> None:
    compared = 0
    for seed in range(COUNT):
        one = drawn(seed, form)
        spend = sum(match.spend for match in Naive(one).pairs.values()) // 4 + 1
        costs = [optimal(under(one, limits={"budget_vnd": spend * k})) for k in (0, 1, 2, 4)]
        proven = [result.objective for result in costs if result is not None]
        assert proven == sorted(proven, reverse=True)
        compared += len(proven) > 1
    assert compared > COUNT // 3


@pytest.mark.parametrize("form", FORMS)
def test_a_looser_cap_on_crossing_units_never_costs_more(form: str) -> None:
    for seed in range(COUNT):
        one = drawn(seed, form)
        caps = [optimal(under(one, limits={"cross_province_max": {"vehicle": k}})) for k in (0, 1, 3, 99)]
        proven = [result.objective for result in caps if result is not None]
        assert proven == sorted(proven, reverse=True)
        free = unlimited(seed, form)
        if caps[-1] is not None and free is not None:
            assert caps[-1].objective == free.objective


@pytest.mark.parametrize("form", FORMS)
def test_a_floor_of_zero_changes_nothing_but_the_levels(form: str) -> None:
    for seed in range(COUNT):
        one = drawn(seed, form)
        free = unlimited(seed, form)
        zero = optimal(under(one, equity={"coverage_floor": {"vehicle": 0, "equipment": 0}}))
        assert free is not None
        assert zero is not None
        assert tables(free) == tables(zero)
        assert free.objective == zero.objective


@pytest.mark.parametrize("form", FORMS)
def test_a_higher_floor_never_costs_less_while_it_can_be_met(form: str) -> None:
    for seed in range(COUNT):
        one = drawn(seed, form)
        met = []
        for share in (0, 0.2, 0.5, 1):
            result = optimal(under(one, equity={"coverage_floor": {"vehicle": share}}))
            if result is None or any(level["value"] for level in result.plan.summary["levels"]):
                break
            met.append(result.objective)
        assert met == sorted(met)


@pytest.mark.parametrize("form", FORMS)
def test_a_pin_never_lowers_the_cost_and_pinning_the_plan_itself_keeps_it(form: str) -> None:
    for seed in range(COUNT):
        one = drawn(seed, form)
        free, naive = unlimited(seed, form), Naive(one)
        assert free is not None
        for pair in sorted(naive.pairs)[:4]:
            if all(naive.caps[norm] > 0 for norm in naive.norm_rows(pair)):
                pinned = optimal(under(one, stability={"pins": [[*pair, 1]]}))
                assert pinned is not None
                assert pinned.objective >= free.objective
        moves = free.plan.transfers[["asset_id", "need_id", "units"]].values.tolist()
        if moves:
            same = optimal(under(one, stability={"pins": moves}))
            assert same is not None
            assert same.objective == free.objective
            assert tables(same)[0] == tables(free)[0]


@pytest.mark.parametrize("form", FORMS)
def test_rows_may_be_permuted_and_unused_assets_removed_under_limits(form: str) -> None:
    for seed in range(COUNT):
        one = with_limits(drawn(seed, form), Random(seed))
        result = optimal(one)
        if result is None:
            continue
        shuffled = solver.solve(one.build(Random(seed)), time_limit=0)
        assert tables(shuffled) == tables(result)
        unused = set(result.plan.releases["asset_id"]) - set(result.plan.transfers["asset_id"])
        pinned = {pin[0] for pin in one.scenario.get("stability", {}).get("pins", [])}
        fewer = [row for row in one.assets if row["asset_id"] not in unused - pinned]
        if len(fewer) < len(one.assets) and form == "communes":
            less = solver.solve(replace(one, assets=fewer).build(), time_limit=0)
            assert less.objective == result.objective
            assert tables(less)[1:2] == tables(result)[1:2] or less.plan.shortfalls["units"].tolist()


def test_coverage_first_serves_the_most_urgent_whatever_it_costs() -> None:
    assets = [{"asset_id": "A", "category": "vehicle", "units": 1}]
    needs = [
        {"need_id": "CHEAP", "category": "vehicle", "priority": 2, "price_vnd": 1000},
        {"need_id": "URGENT", "category": "vehicle", "priority": 1, "price_vnd": 1},
    ]
    matches = [
        {"asset_id": "A", "need_id": "CHEAP", "cost_vnd": 1},
        {"asset_id": "A", "need_id": "URGENT", "cost_vnd": 900},
    ]
    frames = [solver_frame(rows) for rows in (assets, needs, matches)]
    problem = solver.build(frames[0], frames[1], matches=frames[2], scenario={"objective": "coverage_first"})
    result = solver.solve(problem)
    assert result.plan.transfers["need_id"].tolist() == ["URGENT"]
    assert result.plan.summary["levels"] == [
        {"name": "unmet|1", "value": 0, "bound": 0},
        {"name": "unmet|2", "value": 1, "bound": 1},
    ]
    assert result.status == solver.Status.OPTIMAL


def solver_frame(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401 (a frame)
    import pandas as pd

    return pd.DataFrame(rows).astype(object)
