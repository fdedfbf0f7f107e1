"""The objective equals an independent method's on random instances of every form, and is verified."""

from __future__ import annotations

import os
from fractions import Fraction
from itertools import product
from random import Random
from typing import TYPE_CHECKING

import pytest

import solver
from tests.solver.problem.instances import FORMS, Instance, random_instance
from tests.solver.problem.naive import Naive, plan_of
from tests.solver.problem.naive_premises import NaivePremises
from tests.solver.problem.premises_instances import premises_instance

if TYPE_CHECKING:
    from pathlib import Path

MONEY = (1, 10, 10**3, 10**6, 10**9, 10**12)


def tiny(seed: int, form: str) -> Instance:
    """An instance small enough for enumeration: a third without rules, half with ties."""
    rng = Random(seed)
    return random_instance(
        rng, form, assets=4, needs=4, plain=seed % 3 == 0, ties=seed % 2 == 0, money=rng.choice(MONEY)
    )


def solved(one: Instance) -> solver.Result:
    result = solver.solve(one.build())
    assert result.status == solver.Status.OPTIMAL
    assert result.bound == result.objective
    return result


def check_by_enumeration(seed: int, form: str) -> solver.Result:
    one = tiny(seed, form)
    naive, result = Naive(one), solved(one)
    objective, metres, plan = naive.best()
    found = plan_of(result.plan.transfers)
    assert naive.violations(found) == []
    assert result.objective == naive.objective(found) == objective
    assert naive.metres_of(found) == metres
    assert found == plan
    met = {need: sum(units for (_, n), units in found.items() if n == need) for need in naive.needs}
    short = dict(zip(result.plan.shortfalls["need_id"], result.plan.shortfalls["units"], strict=True))
    assert short == {
        n: int(row["units"]) - met[n] for n, row in naive.needs.items() if met[n] < int(row["units"])
    }
    return result


def check_by_linear_programme(seed: int, form: str) -> None:
    rng = Random(seed)
    one = random_instance(
        rng,
        form,
        assets=25,
        needs=25,
        units=6,
        plain=seed % 2 == 0,
        ties=seed % 5 == 0,
        money=rng.choice([10, 10**4, 10**7]),
    )
    naive, result = Naive(one), solved(one)
    found = plan_of(result.plan.transfers)
    assert naive.violations(found) == []
    assert result.objective == naive.objective(found) == naive.linear()


def best_of_premises(naive: NaivePremises) -> int:
    """Least objective of any plan: one building after another, every set of places that fits."""
    needs = sorted(naive.needs)
    units = [int(naive.needs[n]["units"]) for n in needs]
    least: dict[tuple[int, ...], int] = {(0,) * len(needs): naive.empty()}
    rows = [
        (row, [k for k, n in enumerate(needs) if any(row in naive.norm_rows((a, n)) for a in eligible[n])])
        for eligible in [{n: [a for a, m in naive.pairs if m == n] for n in needs}]
        for row in naive.caps
    ]
    for a in sorted(naive.assets):
        room = Fraction(str(naive.assets[a]["area_m2"] or 0))
        mine = [k for k, n in enumerate(needs) if (a, n) in naive.pairs and naive.gain((a, n)) < 0]
        load = [naive.load(naive.assets[a], naive.needs[needs[k]]) for k in mine]
        gain = [naive.gain((a, needs[k])) for k in mine]
        sets = [
            (places, naive.opening(naive.assets[a]) + sum(p * g for p, g in zip(places, gain, strict=True)))
            for places in product(*(range(units[k] + 1) for k in mine))
            if any(places) and sum(p * w for p, w in zip(places, load, strict=True)) <= room
        ]
        reached = dict(least)
        for met, cost in least.items():
            for places, more in sets:
                after = list(met)
                for k, p in zip(mine, places, strict=True):
                    after[k] += p
                if all(x <= most for x, most in zip(after, units, strict=True)) and all(
                    sum(after[k] for k in inside) <= naive.caps[row] for row, inside in rows
                ):
                    key = tuple(after)
                    reached[key] = min(reached.get(key, cost + more), cost + more)
        least = reached
    return min(least.values())


def useful(seed: int, form: str) -> NaivePremises:
    """An instance of premises with a few pairs worth their cost; every fifth is drawn without looking."""
    rng = Random(seed)
    while True:
        naive = NaivePremises(premises_instance(rng, form, assets=5, needs=3))
        worth = sum(naive.gain(pair) + naive.opening(naive.assets[pair[0]]) < 0 for pair in naive.pairs)
        if seed % 5 == 0 or worth >= 3:
            return naive


def check_premises(seed: int, form: str) -> solver.Result:
    naive = useful(seed, form)
    result = solver.solve(naive.one.build(), time_limit=0)
    found = plan_of(result.plan.transfers)
    rooms: dict[str, Fraction] = {}
    for (a, n), places in found.items():
        assert (a, n) in naive.pairs
        assert naive.gain((a, n)) < 0
        rooms[a] = rooms.get(a, Fraction(0)) + places * naive.load(naive.assets[a], naive.needs[n])
    assert all(used <= Fraction(str(naive.assets[a]["area_m2"] or 0)) for a, used in rooms.items())
    objective = naive.objective(found) + sum(naive.opening(naive.assets[a]) for a in rooms)
    assert result.objective == objective == best_of_premises(naive), seed
    assert result.plan.summary["claimed"]["bound_vnd"] == objective, seed
    assert result.bound <= objective
    return result


@pytest.mark.parametrize("form", FORMS)
def test_enumeration_finds_the_same_objective_of_premises(form: str) -> None:
    moved = sum(len(check_premises(seed, form).plan.transfers) for seed in range(40))
    assert moved > 40


@pytest.mark.parametrize("form", FORMS)
def test_the_folder_of_a_random_plan_of_premises_is_verified(form: str, tmp_path: Path) -> None:
    for seed in range(1000, 1008):
        result = check_premises(seed, form)
        result.write(tmp_path / "plan")
        checked = solver.verify_folder(tmp_path / "plan")
        assert checked.violations == (), seed
        assert (checked.objective, checked.bound) == (result.objective, result.bound)


@pytest.mark.parametrize("form", FORMS)
def test_enumeration_finds_the_same_plan_objective_and_least_metres(form: str) -> None:
    for seed in range(30):
        check_by_enumeration(seed, form)


@pytest.mark.parametrize("form", FORMS)
def test_the_folder_of_a_random_plan_is_verified(form: str, tmp_path: Path) -> None:
    for seed in range(1000, 1008):
        result = check_by_enumeration(seed, form)
        result.write(tmp_path / "plan")
        checked = solver.verify_folder(tmp_path / "plan")
        assert checked.violations == (), seed
        assert (checked.objective, checked.bound) == (result.objective, result.bound)


@pytest.mark.parametrize("form", FORMS)
def test_highs_finds_the_same_objective_on_larger_instances(form: str) -> None:
    for seed in range(8):
        check_by_linear_programme(seed, form)


def test_sums_beyond_64_bits_are_exact(tmp_path: Path) -> None:
    units, cost, price = 30_000_000, 10**12, 2 * 10**12
    asset = {
        "asset_id": "A",
        "category": "equipment",
        "kind": "computer",
        "commune_code": "97001",
        "units": units + 1,
        "repair_vnd": cost,
        "release_value_vnd": 10**15,
        "condition_pct": 100,
        "status": "surplus",
    }
    need = {
        "need_id": "N",
        "category": "equipment",
        "kinds": "computer",
        "commune_code": "97001",
        "units": units,
        "price_vnd": price,
        "priority": 3,
    }
    scenario = {"date": "2025-08-15", "prices": {"handover": {"equipment": 0}}}
    result = solved(Instance("communes", [asset], [need], scenario))
    assert result.objective == units * cost > 2**63
    assert list(result.plan.transfers["cost_vnd"]) == [units * cost]
    assert list(result.plan.releases["value_vnd"]) == [10**15]
    result.write(tmp_path / "plan")
    assert solver.verify_folder(tmp_path / "plan").violations == ()
    assert int(solver.read_plan(tmp_path / "plan").transfers["cost_vnd"].iloc[0]) == units * cost


@pytest.mark.parametrize(
    ("form", "assets", "needs"),
    [(form, *many) for form in FORMS for many in [(0, 3), (3, 0), (1, 3), (3, 1)]
     # matches name both: a table of them needs at least one of each
     if form != "matches" or 0 not in many],
)  # fmt: skip
def test_no_asset_no_need_or_one_of_them_is_a_plan_too(
    form: str, assets: int, needs: int, tmp_path: Path
) -> None:
    one = random_instance(Random(1), form, assets=assets, needs=needs, plain=True)
    naive, result = Naive(one), solved(one)
    assert result.objective == naive.best()[0]
    result.write(tmp_path / "plan")
    assert solver.verify_folder(tmp_path / "plan").violations == ()


def test_where_every_asset_is_too_dear_nothing_moves() -> None:
    one = random_instance(Random(3), "communes", plain=True)
    for need in one.needs:
        need["price_vnd"] = 0
    result = solved(one)
    assert len(result.plan.transfers) == 0
    assert result.objective == 0
    assert set(result.plan.shortfalls["reason"]) <= {"too_dear", "norm", "no_asset"}


@pytest.mark.torture
@pytest.mark.parametrize("form", FORMS)
def test_a_long_random_search_finds_no_difference(form: str) -> None:
    first = int(os.environ.get("SURPLAN_TORTURE_SEED", "0"))
    count = int(os.environ.get("SURPLAN_TORTURE_COUNT", "2000"))
    for seed in range(first, first + count):
        check_by_enumeration(seed, form)
        if seed % 10 == 0:
            check_by_linear_programme(seed, form)


@pytest.mark.torture
@pytest.mark.parametrize("form", FORMS)
def test_a_long_random_search_over_premises_finds_no_difference(form: str) -> None:
    first = int(os.environ.get("SURPLAN_TORTURE_SEED", "0"))
    count = int(os.environ.get("SURPLAN_TORTURE_COUNT", "2000"))
    for seed in range(first, first + count):
        check_premises(seed, form)
