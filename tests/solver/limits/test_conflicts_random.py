"""Strict floors end in a plan or a proof, as HiGHS says; the rules named are few, and enough."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import solver
from tests.solver.limits.naive_limits import Limits, with_limits
from tests.solver.problem.instances import FORMS, Instance, random_instance

if TYPE_CHECKING:
    from pathlib import Path


def strict(seed: int, form: str) -> Instance:
    """An instance whose floors are shares and hard, without pins."""
    rng = Random(seed)
    one = random_instance(rng, form, assets=6, needs=5, units=4, plain=seed % 2 == 0, money=10**3)
    one = with_limits(one, rng)
    equity = {
        "by": rng.choice(["province", "priority"]),
        "coverage_floor": {rng.choice(["vehicle", "equipment"]): rng.choice([0.3, 0.6, 1])},
        "floor_mode": "strict",
    }
    stability = {key: value for key, value in one.scenario.get("stability", {}).items() if key != "pins"}
    scenario = {**one.scenario, "equity": equity, "stability": stability}
    return Instance(**{**vars(one), "scenario": scenario})


def feasible(naive: Limits, rules: set[str]) -> bool:
    """Whether these rules alone can all hold: side rows by id, norms by key."""
    rows: dict[str, Any] = {name: row for name, row in naive.rows.items() if name in rules}
    kept, caps = naive.rows, naive.naive.caps
    naive.rows = rows
    naive.naive.caps = {norm: cap for norm, cap in caps.items() if f"norm|{norm[1]}" in rules}
    try:
        hard = {name: row[1] for name, row in rows.items() if name.startswith("floor")}
        return naive.solve({}, [], hard) is not None
    finally:
        naive.rows, naive.naive.caps = kept, caps


def check(seed: int, form: str, folder: Path) -> bool:
    """Solve an instance, compare it with HiGHS, verify it; tell whether its rules conflict."""
    one = strict(seed, form)
    naive = Limits(one)
    every = {*naive.rows, *(f"norm|{norm[1]}" for norm in naive.naive.caps)}
    result = solver.solve(one.build(), time_limit=0)
    result.write(folder / f"{form}{seed}")
    checked = solver.verify_folder(folder / f"{form}{seed}")
    assert checked.ok, (seed, checked.violations[:4])
    if feasible(naive, every):
        assert result.status in (solver.Status.OPTIMAL, solver.Status.FEASIBLE), seed
        assert result.objective == naive.best_of_strict(), seed
        return False
    assert result.status == solver.Status.INFEASIBLE, seed
    assert result.conflict is not None
    rules = set(result.conflict["rules"])
    assert rules <= every
    assert not feasible(naive, rules), seed
    assert result.conflict["checked"]
    assert all(feasible(naive, rules - {rule}) for rule in rules), seed
    return True


@pytest.mark.parametrize("form", FORMS)
def test_strict_floors_end_in_a_plan_or_in_a_proof_with_a_smallest_set_of_rules(
    form: str, tmp_path: Path
) -> None:
    conflicts = [check(seed, form, tmp_path) for seed in range(12)]
    assert any(conflicts)
    assert not all(conflicts)


@pytest.mark.torture
@pytest.mark.parametrize("form", FORMS)
def test_a_long_random_search_over_conflicts_finds_no_difference(form: str, tmp_path: Path) -> None:
    first = int(os.environ.get("SURPLAN_TORTURE_SEED", "0"))
    for seed in range(first, first + int(os.environ.get("SURPLAN_TORTURE_COUNT", "500"))):
        check(seed, form, tmp_path)
