"""The relaxation test of the national reference plan, on one of twenty shortfalls of each reason."""

from __future__ import annotations

import os
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest

import solver
from tests.solver.counterfactuals.national import Trial, national
from tests.solver.counterfactuals.relaxing import check_lift, rows, sample

if TYPE_CHECKING:
    from tests.solver.problem.instances import Instance

SEED = int(os.environ.get("SURPLAN_TORTURE_SEED", "0"))
ONE_OF = 20


def solved(one: Instance) -> solver.Result:
    return solver.solve(one.build(), time_limit=0)


@pytest.mark.torture
def test_reasons_of_the_national_plan_of_movables_pass_the_relaxation_test() -> None:
    one = national(["vehicle", "equipment"])
    result = solved(one)
    seen: Counter[str] = Counter()
    for short in sample(rows(result.plan), Random(SEED), ONE_OF):
        need_id, reason = str(short["need_id"]), str(short["reason"])
        if reason in ("too_dear", "outbid"):
            # The last stages: the cheapest way to serve a unit makes the whole no cheaper.
            best = solver.best_way(result.problem, result, need_id=need_id)
            assert best.found is not None, need_id
            assert best.found.change_vnd is not None, need_id
            assert best.found.change_vnd >= 0, need_id
        else:
            assert check_lift(one, short, solved), need_id
        seen[reason] += 1
    assert {"no_asset", "reach", "norm", "outbid"} <= set(seen)


@pytest.mark.torture
def test_reasons_of_the_national_plan_of_premises_pass_the_relaxation_test() -> None:
    one = national(["premises"])
    plan, trial = solved(one).plan, Trial(one)
    seen: Counter[str] = Counter()
    for short in sample(rows(plan), Random(SEED), ONE_OF):
        seen[" > ".join(trial.check(plan, short))] += 1
    assert {"within_commune", "reach", "province_rule", "too_dear"} <= {walk.split(" > ")[0] for walk in seen}
