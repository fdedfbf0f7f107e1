"""What if, asked of re-plans: random ones beside an integer programme of rows."""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest

from tests.solver.counterfactuals.replanned import compared
from tests.solver.problem.instances import FORMS
from tests.solver.problem.naive import plan_of
from tests.solver.replan.drawn import WHAT, Case, drawn, lines_of, settled

#: Cases by form: of drawn re-plans, and of plans that are kept whole.
DRAWN, WHOLE = 30, 7
#: Pairs that are asked about in each case: eligible ones, those of the plan, and others.
FORCED, BANNED, OTHERS = 3, 2, 1


def check(case: Case, seed: int) -> Counter[str]:
    """Ask about some pairs of a case."""
    naive, result = case.naive(), case.replan()
    rng = Random(seed)
    sure = not naive.rows and naive.most is None and not naive.houses.needs
    plan = plan_of(result.plan.transfers)
    found = sorted(naive.found)
    asked = [(p, rng.choice([plan.get(p, 0) + 1] * 3 + [2, 4])) for p in found if not naive.stage[p]]
    rng.shuffle(asked)
    asked.sort(
        key=lambda one: bool(naive.exceeded({**naive.pins, one[0]: one[1]}))
    )  # the rest is told at once
    asked = asked[:FORCED]
    asked += [(p, 0) for p in rng.sample(sorted(plan), min(BANNED, len(plan)))]
    asked += [(p, rng.randrange(2)) for p in rng.sample(found, min(OTHERS, len(found)))]
    return Counter(compared(naive, result, *one, sure=sure) for one in asked)


def kept(case: Case, seed: int) -> Case:
    """The case with its own re-plan as the plan before, all of it open, and few changes that cost little."""
    rng = Random(f"kept {seed}")
    lines = [{**line, "state": "planned"} for line in lines_of(case.replan())]
    again = Case(case.one, lines).under(stability={"change_price_vnd": rng.choice([0, 1, 10**4])})
    again.one.scenario["stability"].pop("max_changes", None)
    most = rng.choice([None, 2, 3, 4])
    return again if most is None else again.under(stability={"max_changes": most})


def turn(seed: int, form: str) -> Case:
    """Movables, premises and both by turns, with and without limits."""
    return settled(drawn(seed, form, WHAT[seed % 3], limits=seed % 2 == 0))


@pytest.mark.parametrize("form", FORMS)
def test_the_price_of_a_pair_in_a_replan_is_that_of_an_integer_programme(form: str) -> None:
    seen: Counter[str] = Counter()
    for seed in range(DRAWN):
        seen += check(turn(seed, form), seed)
    assert seen["exact"] > DRAWN
    assert {"in_plan", "ineligible", "between", "blocked changes", "blocked pin"} <= set(seen)


@pytest.mark.parametrize("form", FORMS)
def test_the_price_of_a_pair_where_all_of_a_plan_is_kept_is_that_of_an_integer_programme(form: str) -> None:
    seen: Counter[str] = Counter()
    for seed in range(WHOLE):
        seen += check(kept(turn(seed, form), seed), seed)
    assert seen["exact"] > WHOLE


@pytest.mark.torture
@pytest.mark.parametrize("form", FORMS)
def test_a_long_random_search_over_pairs_of_replans_finds_no_difference(form: str) -> None:
    first = int(os.environ.get("SURPLAN_TORTURE_SEED", "1000"))
    for seed in range(first, first + int(os.environ.get("SURPLAN_TORTURE_COUNT", "300"))):
        case = turn(seed, form)
        check(case, seed)
        check(kept(case, seed), seed)
