"""Under random limits, floors, pins and levels plans are as good as an independent method's, and verified."""

from __future__ import annotations

import os
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING

import pytest

import solver
from tests.solver.limits.naive_limits import Limits, with_limits
from tests.solver.problem.instances import FORMS, Instance, random_instance
from tests.solver.problem.naive import plan_of

if TYPE_CHECKING:
    from pathlib import Path


def limited(seed: int, form: str) -> Instance:
    rng = Random(seed)
    one = random_instance(
        rng,
        form,
        assets=6,
        needs=5,
        units=4,
        plain=seed % 3 == 0,
        ties=seed % 2 == 0,
        money=rng.choice([10, 10**3, 10**6]),
    )
    if seed % 5 == 0:
        return Instance(**{**vars(one), "scenario": one.scenario | {"objective": "coverage_first"}})
    return with_limits(one, rng)


def check(seed: int, form: str, folder: Path) -> tuple[solver.Result, int]:
    """Solve an instance, compare it with HiGHS, verify it; return the result and the best cost."""
    one = limited(seed, form)
    naive = Limits(one)
    coverage = one.scenario.get("objective") == "coverage_first"
    levels, cost = naive.best(coverage=coverage)
    result = solver.solve(one.build(), time_limit=0)
    found = plan_of(result.plan.transfers)
    assert naive.broken(found) == []
    told = [(level["name"], level["value"]) for level in result.plan.summary["levels"]]
    expected = [(name, str(value) if isinstance(value, Fraction) else value) for name, value in levels]
    assert told == expected, seed
    assert result.objective == naive.naive.objective(found)
    assert result.objective == cost, seed
    assert result.bound <= cost
    result.write(folder / f"{form}{seed}")
    checked = solver.verify_folder(folder / f"{form}{seed}")
    assert checked.ok, (seed, checked.violations[:5])
    return result, cost


@pytest.mark.parametrize("form", FORMS)
def test_plans_under_limits_are_as_good_as_an_integer_programme_of_the_whole(
    form: str, tmp_path: Path
) -> None:
    results = [check(seed, form, tmp_path)[0] for seed in range(12)]
    assert sum(result.status == solver.Status.OPTIMAL for result in results) > 4


@pytest.mark.torture
@pytest.mark.parametrize("form", FORMS)
def test_a_long_random_search_over_limits_finds_no_difference(form: str, tmp_path: Path) -> None:
    first = int(os.environ.get("SURPLAN_TORTURE_SEED", "0"))
    for seed in range(first, first + int(os.environ.get("SURPLAN_TORTURE_COUNT", "500"))):
        check(seed, form, tmp_path)
