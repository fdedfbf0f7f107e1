"""Premises at prices of side rows: bounds below every plan, exact sums, pieces that may be chosen freely."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solver.limits.block import Weights
from solver.limits.premises import PremisesBlock
from solver.limits.rows import side_rows
from solver.patterns.search import house
from solver.plan.lodge import lodge
from solver.problem.premises import left_by_pins
from tests.solver.limits.premises_cases import Case, Plan, small_instance, with_pins, with_rows
from tests.solver.problem.instances import FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solver.limits.block import Answer

NEVER = (0,) * 5
COST = Weights(1, 0, NEVER)
seeds = st.integers(0, 10**6)
forms = st.sampled_from(FORMS)
scales = st.sampled_from((1, 8, 1024))


def drawn(seed: int, form: str, *, priorities: bool = False) -> tuple[Random, Case]:
    rng = Random(seed)
    problem = with_pins(rng, with_rows(rng, small_instance(rng, form), priorities=priorities))
    assume(problem is not None)
    assert problem is not None
    assert problem.premises is not None
    return rng, Case(problem, problem.premises, side_rows(problem, {}))


def priced(rng: Random, case: Case, scale: int) -> list[int]:
    """Prices of rows, some 0, some beyond any use."""
    most = [scale // 2 + 1 if row.money else 10**8 * scale for row in case.rows.rows]
    return [rng.choice([0, rng.randint(0, one), rng.randint(0, one), 1000 * one]) for one in most]


def plan_of(case: Case, answer: Answer) -> Plan:
    assets, needs = left_by_pins(case.premises)
    moves = lodge(replace(case.premises, assets=assets, needs=needs), answer.plan)
    ends = zip(moves.asset.tolist(), moves.need.tolist(), strict=True)
    return dict(zip(ends, moves.units.tolist(), strict=True))


def assert_told_exactly(case: Case, answer: Answer) -> Plan:
    plan = plan_of(case, answer)
    case.assert_valid(plan)
    assert answer.cost == case.total(plan)
    assert answer.used == case.used(plan)
    assert (answer.unmet, answer.missed) == (case.unmet(plan), 0)
    return plan


def sum_of(case: Case, answer: Answer, scale: int, prices: Sequence[int], weights: Weights) -> int:
    """What the block minimises, of a plan [VND / S]."""
    signs = [-1 if row.floor else 1 for row in case.rows.rows]
    rows = sum(s * mu * used for s, mu, used in zip(signs, prices, answer.used, strict=True))
    left = sum(w * count for w, count in zip(weights.unmet, answer.unmet, strict=True))
    return scale * (weights.cost * answer.cost + left) + rows


def proven_by_prices(case: Case, block: PremisesBlock, answer: Answer, prices: Sequence[int]) -> int:
    """The formula of docs/limits.md, every set of every building looked at [VND / S, rounded up]."""
    part, needs = block.prices(answer), case.premises.needs
    assert part.denominator % block.scale == 0
    size = part.denominator // block.scale
    pi = [part.need_price[str(name)] for name in needs.ids]
    for n, price in enumerate(pi):
        weight = block.weights.unmet[int(needs.priority[n]) - 1]
        assert price <= part.denominator * (block.weights.cost * int(needs.price[n]) + weight)
    assert all(price >= 0 for price in part.row_price.values())
    norms = case.premises.norms
    above = []
    for n in range(len(pi)):
        row, total = int(norms.row_of[n]), 0
        while row >= 0:
            total += part.row_price[norms.ids[row]]
            row = int(norms.parent[row])
        above.append(total)
    total = sum(price * want for price, want in zip(pi, case.wanted, strict=True))
    total -= sum(part.row_price[name] * int(cap) for name, cap in zip(norms.ids, norms.cap, strict=True))
    for a in range(len(case.room)):
        gains = [0]
        for pattern in case.patterns(a):
            if pattern:
                gain = size * block.scale * block.weights.cost * case.opening[a]
                for (_, n), places in pattern.items():
                    one = case.priced_pair((a, n), block.scale, prices, block.weights.cost)
                    gain += places * (size * one + above[n] - pi[n])
                gains.append(gain)
        total += min(gains)
    return -(-total // size)


def never() -> bool:
    return False


@settings(deadline=None, max_examples=30)
@given(seeds, forms, scales)
def test_a_bound_is_below_every_plan_and_is_what_the_prices_prove_to_the_unit(
    seed: int, form: str, scale: int
) -> None:
    rng, case = drawn(seed, form)
    block, prices = PremisesBlock(case.premises, case.rows, COST, scale), priced(rng, case, scale)
    answer = block.answer(prices, never)
    assert_told_exactly(case, answer)
    least = case.least(scale, prices, 1, NEVER)
    assert sum_of(case, answer, scale, prices, COST) == least
    assert answer.bound <= least
    assert answer.bound == proven_by_prices(case, block, answer, prices)


@settings(deadline=None, max_examples=25)
@given(seeds, forms, st.sampled_from((1, 64)), st.booleans())
def test_weights_of_priorities_come_before_the_cost_or_stand_alone(
    seed: int, form: str, scale: int, costs: bool
) -> None:
    rng, case = drawn(seed, form, priorities=True)
    weights = Weights(int(costs), 0, tuple(10**12 * k if costs else k for k in (5, 4, 3, 2, 1)))
    block, prices = PremisesBlock(case.premises, case.rows, weights, scale), priced(rng, case, scale)
    if rng.random() < 0.5:
        prices = [0] * len(prices)
    answer = block.answer(prices, never)
    assert_told_exactly(case, answer)
    least = case.least(scale, prices, weights.cost, weights.unmet)
    assert sum_of(case, answer, scale, prices, weights) == least
    assert answer.bound <= least
    assert answer.bound == proven_by_prices(case, block, answer, prices)


@settings(deadline=None, max_examples=10)
@given(seeds, forms)
def test_without_prices_a_block_plans_what_the_search_does(seed: int, form: str) -> None:
    _, case = drawn(seed, form)
    answer = PremisesBlock(case.premises, case.rows, COST).answer([0] * len(case.rows.rows), never)
    housing = house(case.premises.estate)
    assert answer.cost == housing.objective
    assert housing.bound >= answer.bound
    assert {name: value.tolist() for name, value in vars(answer.plan).items()} == {
        name: value.tolist() for name, value in vars(housing.use).items()
    }


@settings(deadline=None, max_examples=20)
@given(seeds, forms)
def test_any_choice_of_pieces_is_a_plan_and_adds_what_they_say(seed: int, form: str) -> None:
    rng, case = drawn(seed, form, priorities=True)
    block = PremisesBlock(case.premises, case.rows, Weights(1, 0, (5, 4, 3, 2, 1)), 8)
    base, other = (block.answer(priced(rng, case, 8), never) for _ in range(2))
    if rng.random() < 0.2:
        other = block.nothing()
    pieces = block.pieces(base, other)
    assert len({piece.choice for piece in pieces}) == len(pieces)
    for _ in range(4):
        times = [rng.randint(0, piece.most) for piece in pieces]
        changed = block.changed(base, list(zip(pieces, times, strict=True)))
        assert_told_exactly(case, changed)
        assert changed.cost - base.cost == sum(t * p.cost for t, p in zip(times, pieces, strict=True))
        for name in ("used", "unmet"):
            for at, value in enumerate(getattr(changed, name)):
                added = sum(t * getattr(p, name)[at] for t, p in zip(times, pieces, strict=True))
                assert value - getattr(base, name)[at] == added
        assert (changed.bound, changed.proof) == (base.bound, base.proof)
    whole = block.changed(base, [(piece, 1) for piece in pieces])
    assert plan_of(case, whole) == plan_of(case, other)


@settings(deadline=None, max_examples=30)
@given(seeds, forms, st.booleans())
def test_filling_keeps_to_rows_and_leaves_out_no_single_place_that_pays(
    seed: int, form: str, floors: bool
) -> None:
    rng, case = drawn(seed, form)
    weights = Weights(1, 10**10 if floors else 0, NEVER)
    block = PremisesBlock(case.premises, case.rows, weights, 8)
    start = block.nothing() if rng.random() < 0.5 else block.answer(priced(rng, case, 8), never)
    spare = [rng.choice([0, 1, 2, 10**6, 10**9, 10**12]) for _ in case.rows.rows]
    filled = block.fill(start, spare)
    plan, before = assert_told_exactly(case, filled), plan_of(case, start)
    left = [one - two + had for one, two, had in zip(spare, filled.used, start.used, strict=True)]
    caps = [k for k, row in enumerate(case.rows.rows) if not row.floor]
    assert all(left[k] >= 0 for k in caps)

    def short(rest: list[int]) -> int:
        return sum(max(0, rest[k]) for k, row in enumerate(case.rows.rows) if row.floor)

    def value(one: Plan, rest: list[int]) -> int:
        return case.total(one) + weights.missed * short(rest)

    assert value(plan, left) <= value(before, spare)
    for pair in case.eligible:
        more = {**plan, pair: plan.get(pair, 0) + 1}
        rest = [one - case.quantity(k, *pair) for k, one in enumerate(left)]
        if all(rest[k] >= 0 for k in caps) and value(more, rest) < value(plan, left):
            try:
                case.assert_valid(more)
            except AssertionError:
                continue
            raise AssertionError(pair)


@settings(deadline=None, max_examples=10)
@given(seeds, forms)
def test_a_stopped_answer_still_is_a_plan_with_a_bound(seed: int, form: str) -> None:
    rng, case = drawn(seed, form)
    prices = priced(rng, case, 2)
    answer = PremisesBlock(case.premises, case.rows, COST, 2).answer(prices, lambda: True)
    assert_told_exactly(case, answer)
    assert answer.bound <= case.least(2, prices, 1, NEVER)


@settings(deadline=None, max_examples=15)
@given(seeds, forms, st.integers(0, 61))
def test_prices_that_64_bits_cannot_sum_up_still_prove_a_bound(seed: int, form: str, power: int) -> None:
    rng, case = drawn(seed, form)
    prices = [rng.choice([0, 1 << power]) for _ in case.rows.rows]
    block = PremisesBlock(case.premises, case.rows, COST, 1024)
    assert block.scale_limit == 1024
    answer = block.answer(prices, never)
    assert_told_exactly(case, answer)
    assert answer.bound <= case.least(1024, prices, 1, NEVER)
    assert answer.bound == proven_by_prices(case, block, answer, prices)


def test_heavy_weights_leave_room_for_a_smaller_scale_only() -> None:
    one = small_instance(Random(1), "communes")
    problem = one.build()
    assert problem.premises is not None
    places = int(problem.premises.needs.units.sum())
    found = []
    for power in (30, 48, 50, 52, 56):
        weights = Weights(0, 0, (1 << power,) * 5)
        block = PremisesBlock(problem.premises, side_rows(problem, {}), weights, 1024)
        found.append(block.scale_limit)
        assert block.scale_limit == 1 or 4 * block.scale_limit * places << power <= 1 << 60
        assert block.scale_limit == 1024 or 8 * block.scale_limit * (places << power) + 8 >= 1 << 60
    assert found == sorted(found, reverse=True)
    assert found[0] == 1024
    assert 1 in found
