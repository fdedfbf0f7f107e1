"""Premises under limits: every plan is verified, keeps to its rows, and is not far above what is proven."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import solver
from tests.solver.problem.instances import COMMUNES, FORMS, Instance
from tests.solver.problem.naive import plan_of
from tests.solver.problem.naive_premises import NaivePremises
from tests.solver.problem.premises_instances import premises_instance
from tests.solver.test_solve_random import best_of_premises

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 10


def under(one: Instance, **changes: Any) -> Instance:  # noqa: ANN401 (values of a scenario)
    merged = {key: {**one.scenario.get(key, {}), **more} for key, more in changes.items()}
    return replace(one, scenario={**one.scenario, **merged})


def limited(one: Instance, rng: Random, free: solver.Result) -> Instance:
    """The instance under a budget below what the best plan spends, floors, or a pin of its own plan."""
    spend = int(free.plan.summary["kpis"]["spend_vnd"])
    changes: dict[str, Any] = {}
    if rng.random() < 0.6:
        name = rng.choice(["budget_vnd", "budget_vnd_by_category", "budget_vnd_by_province"])
        most = rng.randrange(spend + 1)
        code = rng.choice(sorted(set(COMMUNES.values())))
        changes["limits"] = {
            name: most if name == "budget_vnd" else {"premises" if "category" in name else code: most}
        }
    if rng.random() < 0.5:
        changes["equity"] = {
            "by": rng.choice(["province", "priority"]),
            "coverage_floor": {"premises": rng.choice([0.3, 0.6, 1, "max-min"])},
        }
    moves = free.plan.transfers[["asset_id", "need_id"]].values.tolist()
    if moves and (rng.random() < 0.3 or not changes) and "limits" not in changes:
        changes["stability"] = {"pins": [[*rng.choice(moves), 1]]}
    return under(one, **changes)


@pytest.mark.parametrize("form", FORMS)
def test_plans_of_premises_under_limits_are_verified_and_often_proven(form: str, tmp_path: Path) -> None:
    closed = 0
    for seed in range(COUNT):
        rng = Random(seed)
        one = premises_instance(rng, form, assets=5, needs=3)
        free = solver.solve(one.build(), time_limit=0)
        problem = limited(one, rng, free).build()
        result = solver.solve(problem, time_limit=0)
        result.write(tmp_path / f"{form}{seed}")
        checked = solver.verify_folder(tmp_path / f"{form}{seed}")
        assert checked.ok, (seed, checked.violations[:4])
        assert result.objective >= best_of_premises(NaivePremises(one))
        closed += result.status == solver.Status.OPTIMAL
    assert closed > COUNT // 4


@pytest.mark.parametrize("form", FORMS)
def test_a_budget_that_the_best_plan_keeps_to_and_floors_that_it_meets_change_no_cost(form: str) -> None:
    for seed in range(COUNT // 2):
        one = premises_instance(Random(seed), form, assets=5, needs=3)
        free = solver.solve(one.build(), time_limit=0)
        spend = int(free.plan.summary["kpis"]["spend_vnd"])
        same = solver.solve(under(one, limits={"budget_vnd": spend}).build(), time_limit=0)
        assert same.objective <= free.objective
        assert plan_of(same.plan.transfers) or free.plan.transfers.empty


@pytest.mark.parametrize("form", FORMS)
def test_pinning_a_whole_plan_of_premises_keeps_its_cost(form: str) -> None:
    for seed in range(COUNT // 2):
        one = premises_instance(Random(seed), form, assets=5, needs=3)
        free = solver.solve(one.build(), time_limit=0)
        moves = free.plan.transfers[["asset_id", "need_id", "units"]].values.tolist()
        if moves and free.status == solver.Status.OPTIMAL:
            pinned = solver.solve(under(one, stability={"pins": moves}).build(), time_limit=0)
            assert pinned.objective == free.objective
            assert plan_of(pinned.plan.transfers) == plan_of(free.plan.transfers)
