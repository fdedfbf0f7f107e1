"""The cheapest pair of a re-plan, and the bounds by which pairs are tried, beside an integer programme."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

import solver
from solver.counterfactuals.reduced import is_plain, open_gap, reduced_costs
from tests.solver.counterfactuals.replanned import forced
from tests.solver.problem.instances import FORMS
from tests.solver.problem.naive import plan_of
from tests.solver.replan.drawn import WHAT, drawn, settled
from tests.solver.replan.naive_programme import Programme

if TYPE_CHECKING:
    from tests.solver.problem.naive import Pair
    from tests.solver.replan.naive_replan import Replan

CASES = 18


def price(naive: Replan, result: solver.Result, pair: Pair) -> int | None:
    """By how much the best plan with a pair costs more than the best plan; None where there is none."""
    levels = [(level["name"], level["value"]) for level in result.plan.summary["levels"]]
    assert levels == []
    programme = forced(naive, pair, 1)
    cost = programme.solve(programme.money(), [], {})
    return None if cost is None else cost + programme.paid() - Programme(naive).best([])


@pytest.mark.parametrize("form", FORMS)
def test_no_pair_is_cheaper_than_the_one_that_is_proven_the_cheapest(form: str) -> None:
    seen: Counter[str] = Counter()
    for seed in range(CASES):
        case = settled(drawn(seed, form, WHAT[seed % 3], limits=seed % 3 == 0))
        naive, result = case.naive(), case.replan()
        if result.plan.summary["levels"] or not naive.pairs:
            continue
        need = Random(seed).choice([pair[1] for pair in naive.pairs])
        plan = plan_of(result.plan.transfers)
        prices = [price(naive, result, p) for p in naive.pairs if p[1] == need and p not in plan]
        known = [one for one in prices if one is not None]
        best = solver.best_way(result.problem, result, need_id=need)
        if best.proven:
            assert (best.found is None) == (known == [])
            assert best.found is None or best.found.change_vnd == min(known)
        seen["none" if best.found is None else "proven" if best.proven else "tried"] += 1
    assert seen["proven"] > CASES // 6
    assert seen["none"]


@pytest.mark.parametrize("form", FORMS)
def test_no_pair_costs_less_than_its_reduced_cost(form: str) -> None:
    compared = tight = 0
    for seed in range(CASES):
        case = settled(drawn(seed, form, "movables", limits=False))
        naive, result = case.naive(), case.replan()
        problem, plan = result.problem, plan_of(result.plan.transfers)
        assert is_plain(problem)
        for category in problem.categories.values():
            at = [
                {name: k for k, name in enumerate(side.ids.tolist())}
                for side in (category.assets, category.needs)
            ]
            own = [p for p in naive.pairs if p[0] in at[0] and p not in plan]
            own = Random(seed).sample(own, min(4, len(own)))
            i, j = (np.array([at[side][p[side]] for p in own], np.int64) for side in (0, 1))
            gap = open_gap(problem, category, result)
            for pair, reduced in zip(
                own, reduced_costs(problem, category, result, i, j).tolist(), strict=True
            ):
                exact = price(naive, result, pair)
                if exact is not None:
                    assert reduced - gap <= exact, (seed, pair)
                    compared += 1
                    tight += reduced == exact
    assert compared > CASES // 2
    assert tight
