"""The relaxation test: lift the reason, and a later one stands there, or the need is served more."""

from __future__ import annotations

import copy
import os
from collections import Counter
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import pytest

import solver
from solver.counterfactuals.takes import Takes
from tests.solver.counterfactuals.relaxing import check_lift, rows, short_of
from tests.solver.limits.test_limits_random import limited
from tests.solver.problem.instances import FORMS, Instance, random_instance

if TYPE_CHECKING:
    from tests.solver.problem.instances import Row

COUNT = int(os.environ.get("SURPLAN_TORTURE_COUNT", "16"))


def drawn(seed: int, form: str) -> Instance:
    if seed % 2:
        return limited(seed, form)
    return random_instance(Random(seed), form, assets=6, needs=6, units=3, money=1000)


def solved(one: Instance) -> solver.Result:
    return solver.solve(one.build(), time_limit=0)


@pytest.mark.parametrize("form", FORMS)
def test_without_what_the_reason_names_a_later_one_stands_or_the_need_is_served_more(form: str) -> None:
    seen: Counter[str] = Counter()
    for seed in range(COUNT):
        one = drawn(seed, form)
        for short in rows(solved(one).plan):
            seen[str(short["reason"])] += check_lift(one, short, solved)
    wanted = {"norm", "no_asset", "banned"} | ({"reach"} if form != "matches" else set())
    assert wanted <= set(+seen)


@pytest.mark.parametrize("form", FORMS)
def test_a_price_that_rises_as_told_serves_a_unit_more_and_not_before(form: str) -> None:
    seen: Counter[str] = Counter()
    for seed in range(2 * COUNT):
        one = random_instance(Random(seed), form, assets=6, needs=8, units=3, money=1000, plain=seed % 2 == 0)
        problem = one.build()
        result = solver.solve(problem, time_limit=0)
        takes = Takes(problem, result)
        for short in rows(result.plan):
            take = takes.of(short)
            if short["reason"] not in ("too_dear", "outbid"):
                continue
            if take["exact"] and check_price(one, problem, result, short, int(take["more_vnd"])):
                seen[str(short["reason"])] += 1
    assert sum(seen.values()) > 3


def check_price(one: Instance, problem: solver.Problem, result: solver.Result, short: Row, more: int) -> bool:
    """Raise the factor of one need: to the price told nothing pays, by one VND more it does."""
    need_id = str(short["need_id"])
    category = next(part for part in problem.categories.values() if need_id in part.needs.ids.tolist())
    at = category.needs.ids.tolist().index(need_id)
    taken = {int(k) for part in problem.categories.values() for k in part.needs.priority.tolist()}
    free = sorted({1, 2, 3, 4, 5} - taken)
    base, price = int(category.needs.base[at]), int(category.needs.price[at])
    if not free or base == 0:  # no factor would be its own
        return False
    for rise, served in ((more, False), (more + 1, True)):
        other = copy.deepcopy(one)
        need = next(row for row in other.needs if row["need_id"] == need_id)
        need["price_vnd"], need["priority"] = base, free[0]
        factors = list(other.scenario["prices"]["priority_factor"])
        factors[free[0] - 1] = round(Decimal(price + rise) / base, 10)
        other.scenario["prices"]["priority_factor"] = factors
        again = solver.solve(other.build(), time_limit=0)
        left = short_of(again.plan, need_id)
        if served:
            assert left is None or left["units"] < short["units"]
        else:  # the plan at hand is still a best one
            assert again.objective == result.objective + rise * int(short["units"])
    return True
