"""Coverage first with premises and under rows: never better than HiGHS by levels, equal where proven."""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import geodata
import solver
from tests.solver.limits.mixed import Mixed, mixed_instance, with_rows
from tests.solver.problem.instances import FORMS, Instance
from tests.solver.problem.naive import plan_of
from tests.solver.verify_reject import reject

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("", "budget", "budget+cross", "floor", "budget+floor", "cross+floor")
Key = list[int | Fraction]


def drawn(seed: int, form: str, kind: str) -> Instance:
    rng = Random(seed)
    return with_rows(rng, mixed_instance(rng, form), kind)


def values(levels: list[dict[str, Any]], of: str) -> list[int | Fraction]:
    return [Fraction(one[of]) if isinstance(one[of], str) else one[of] for one in levels]


def key_of(levels: list[int | Fraction], cost: int) -> Key:
    """What is compared, the lower the better, term after term: of a share what it lacks."""
    return [*(1 - one if isinstance(one, Fraction) else one for one in levels), cost]


def solved(one: Instance, folder: Path) -> tuple[solver.Result, Key]:
    """Solve an instance and verify it; return the result and what it attains."""
    result = solver.solve(one.build(), time_limit=0)
    result.write(folder)
    checked = solver.verify_folder(folder)
    assert checked.ok, checked.violations[:5]
    return result, key_of(values(result.plan.summary["levels"], "value"), result.objective)


def check(seed: int, form: str, kind: str, folder: Path) -> Counter[str]:
    """Compare a plan with HiGHS's; count what is proven and attained."""
    one = drawn(seed, form, kind)
    mixed = Mixed(one)
    levels, cost = mixed.best()
    result, key = solved(one, folder / f"{form}{seed}{kind}")
    found, told = plan_of(result.plan.transfers), result.plan.summary["levels"]
    at = (seed, form, kind)
    assert mixed.broken(found) == [], at
    assert result.objective == mixed.cost(found), at
    assert [level["name"] for level in told] == [name for name, _ in levels], at
    best = key_of([value for _, value in levels], cost)
    assert best <= key, at
    attained = values(told, "value")
    for k, (value, bound) in enumerate(zip(attained, values(told, "bound"), strict=True)):
        if attained[:k] == [one for _, one in levels[:k]]:  # what is proven holds given the levels before
            own = levels[k][1]
            assert bound >= own if isinstance(own, Fraction) else bound <= own, at
        if value != bound:
            break
    proven = result.status == solver.Status.OPTIMAL
    assert not proven or best == key, at
    if attained == [one for _, one in levels]:
        assert result.bound <= cost, at
    return Counter(
        plans=1,
        optimal=proven,
        best=best == key,
        levels=attained == values(told, "bound"),
    )


@pytest.mark.parametrize("form", FORMS)
def test_plans_are_never_better_than_an_integer_programme_level_by_level_and_equal_where_proven(
    form: str, tmp_path: Path
) -> None:
    drawn_ = [(seed, kind) for kind in KINDS for seed in (0, 1)]
    found = sum((check(seed, form, kind, tmp_path) for seed, kind in drawn_), Counter[str]())
    assert found["best"] >= 11
    assert found["optimal"] >= 3


@pytest.mark.parametrize("form", FORMS)
def test_without_rows_every_level_is_proven(form: str, tmp_path: Path) -> None:
    found = sum((check(seed, form, "", tmp_path) for seed in range(20, 25)), Counter[str]())
    assert found["levels"] == found["best"] == found["plans"] == 5


@pytest.mark.torture
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS)
def test_a_long_random_search_over_coverage_first_finds_no_plan_better_than_proven(
    form: str, kind: str, tmp_path: Path
) -> None:
    first = int(os.environ.get("SURPLAN_TORTURE_SEED", "0"))
    count = int(os.environ.get("SURPLAN_TORTURE_COUNT", "40"))
    found = sum((check(seed, form, kind, tmp_path) for seed in range(first, first + count)), Counter[str]())
    assert found["plans"] == count
    assert 10 * found["best"] >= 9 * count, found
    assert 5 * found["optimal"] >= count, found


def test_damaged_plans_of_coverage_first_with_premises_and_rows_are_rejected(tmp_path: Path) -> None:
    solved(drawn(3, "pairs", "budget+floor"), tmp_path / "plan")
    assert reject(tmp_path / "plan", tmp_path / "mutants", 1, 60).total() == 60


@pytest.mark.torture
@pytest.mark.parametrize("province", ["12", "38"])
def test_a_province_of_the_reference_inventory_is_planned_level_by_level_within_its_time(
    province: str, tmp_path: Path
) -> None:
    inventory = geodata.reference(seed=1, province=province)
    located = geodata.read_codes(inventory.assets, inventory.needs)
    problem = solver.build(
        located.assets,
        located.needs,
        scenario=inventory.scenario | {"objective": "coverage_first"},
        communes=geodata.communes(),
        distances=geodata.distances,
    )
    begun = time.monotonic()
    result = solver.solve(problem, time_limit=60)
    assert time.monotonic() - begun < 2 * 60  # what is under way ends, and the plan is explained
    result.write(tmp_path / "plan")
    assert solver.verify_folder(tmp_path / "plan").ok
    proven = {level["name"]: level["value"] == level["bound"] for level in result.plan.summary["levels"]}
    assert proven["unmet|1"]
    assert result.objective - result.bound < result.objective // 100


@pytest.mark.parametrize("form", FORMS)
def test_rows_may_be_permuted_under_coverage_first(form: str) -> None:
    for seed, kind in enumerate(KINDS, 10):  # of pairs the one of seed 2 takes ten seconds, twice
        one = drawn(seed, form, kind)
        one_way = solver.solve(one.build(), time_limit=0).plan
        other = solver.solve(one.build(Random(seed)), time_limit=0).plan
        assert one_way.summary["levels"] == other.summary["levels"]
        for table in ("transfers", "shortfalls", "releases"):
            frames = [getattr(plan, table).to_csv(index=False) for plan in (one_way, other)]
            assert frames[0] == frames[1], (seed, kind, table)


@pytest.mark.parametrize("form", FORMS)
def test_a_looser_budget_or_cap_never_leads_to_a_plan_that_is_worse(form: str, tmp_path: Path) -> None:
    compared = 0
    for seed, name in ((0, "budget"), (1, "cross")):
        one = drawn(seed, form, "")
        spend = sum(match.spend for match in Mixed(one).pairs.values()) // 4 + 1
        found = []
        for k in (0, 1, 4):
            cap: dict[str, Any] = {"budget_vnd": spend * k}
            if name == "cross":
                cap = {"cross_province_max": {"premises": k, "vehicle": k}}
            found.append(
                solved(replace(one, scenario=one.scenario | {"limits": cap}), tmp_path / f"{name}{k}")
            )
        proven = [key for result, key in found if result.status == solver.Status.OPTIMAL]
        assert proven == sorted(proven, reverse=True), (seed, name)
        compared += len(proven) > 1
    assert compared
