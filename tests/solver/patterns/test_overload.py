"""The search that may overfill buildings returns plans that do not, and finds what other moves miss."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from solver.patterns.moves import cost_of, empty_state, expanded, facts_of, put
from solver.patterns.overload import wander
from solver.patterns.part import components, part_of
from solver.patterns.polish import construct
from tests.solver.patterns.estates import CLASSES, best_by_enumeration, draw, estate_of


def never() -> bool:
    return False


@pytest.mark.parametrize("kind", CLASSES)
def test_the_plan_fits_costs_no_more_and_depends_on_the_seed_alone(kind: str) -> None:
    for seed in range(8):
        estate = draw(Random(seed), kind, size=5)
        for one in components(estate):
            part = expanded(part_of(estate, one, 1))[0]
            x = construct(part, never)
            weight = np.random.default_rng(seed).random(part.n_pairs) * part.demand[part.guest]
            found = wander(part, x, weight, 40, seed, never)
            assert np.array_equal(found, wander(part, x, weight, 40, seed, never))
            assert cost_of(part, found) <= cost_of(part, x)
            facts, state = facts_of(part), empty_state(part)
            for e in np.flatnonzero(found).tolist():
                for _ in range(found[e]):
                    put(facts, state, e)
            for left in (state.room, state.unmet, state.free):
                assert (left >= 0).all()


def test_full_buildings_exchange_two_places_for_two() -> None:
    """Both are full to the last metre; every exchange of one place for one overfills one of them."""
    loads, cheap = (5, 5, 6, 4), ((9, 9, 0, 0), (0, 0, 9, 9))
    pairs = [(h, g, cheap[h][g], loads[g]) for h in (0, 1) for g in range(4)]
    estate = estate_of([(10, 0, 1), (10, 0, 1)], [(1, 1_000, -1)] * 4, [], pairs)
    part = part_of(estate, components(estate)[0], 1)
    x = np.array([1, 1, 0, 0, 0, 0, 1, 1])
    assert cost_of(part, x) == 36
    assert cost_of(part, wander(part, x, x.astype(float), 50, 0, never)) == 0


def test_small_estates_come_out_at_their_optimum_most_of_the_time() -> None:
    reached = 0
    for seed in range(60):
        estate = draw(Random(seed), "own_loads", size=4)
        total = 0
        alone = np.ones(estate.n_guests, bool)
        for one in components(estate):
            part = part_of(estate, one, 1)
            nothing = np.zeros(part.n_pairs, np.int64)
            total += cost_of(part, wander(part, nothing, nothing.astype(float), 60, seed, never))
            alone[one.guests] = False
        total += int((estate.price * estate.demand)[alone].sum())
        best = best_by_enumeration(estate)
        assert total >= best
        reached += total == best
    assert reached >= 50
