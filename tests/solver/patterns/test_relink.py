"""Path relinking through plans that overfill buildings returns plans that fit, and finds what moves miss."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from solver.patterns.bound import first_prices
from solver.patterns.chains import improve, settled
from solver.patterns.moves import cost_of, empty_state, expanded, facts_of, put
from solver.patterns.part import components, part_of
from solver.patterns.polish import construct
from solver.patterns.relink import _at, _field_of, _prices_of_room, _x_of, relinked, room_is_short
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
            price, _ = first_prices(part)
            found, work = relinked(part, x, price, 4_000, seed, never)
            assert np.array_equal(found, relinked(part, x, price, 4_000, seed, never)[0])
            assert work == (0 if len(part.cap) else 4_000)
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
    assert room_is_short(part, x)
    assert not room_is_short(part, np.zeros_like(x))
    found, _ = relinked(part, x, first_prices(part)[0], 10_000, 0, never)
    assert cost_of(part, found) == 0


def test_small_estates_come_out_at_their_optimum() -> None:
    for seed in range(60):
        estate = draw(Random(seed), "own_loads", size=4)
        total = 0
        alone = np.ones(estate.n_guests, bool)
        for one in components(estate):
            part = part_of(estate, one, 1)
            nothing = np.zeros(part.n_pairs, np.int64)
            found, _ = relinked(part, nothing, first_prices(part)[0], 20_000, seed, never)
            total += cost_of(part, found)
            alone[one.guests] = False
        total += int((estate.price * estate.demand)[alone].sum())
        assert total == best_by_enumeration(estate), seed


def test_the_price_of_room_is_what_the_first_place_that_does_not_fit_is_worth_by_its_load() -> None:
    """Gains 90, 40, 30 for loads 3, 2, 5: with room for 4 the second is the first that does not fit."""
    pairs = [(0, 0, 10, 3), (0, 1, 60, 2), (0, 2, 70, 5), (1, 0, 0, 1)]
    estate = estate_of([(4, 0, 1), (100, 0, 1)], [(1, 100, -1)] * 3, [], pairs)
    part = part_of(estate, components(estate)[0], 1)
    alpha = _prices_of_room(part, np.full(3, 100))
    assert alpha[0] == 20  # 40 / 2
    assert 0 < alpha[1] < 1  # all fit: next to nothing, but something that can grow


def test_hosts_of_places_and_places_per_pair_are_two_ways_to_write_a_plan() -> None:
    for seed in range(40):
        estate = draw(Random(seed), "copies_and_places", size=5)
        for one in components(estate):
            part = expanded(part_of(estate, one, 1))[0]
            x = construct(part, never)
            field, pair = _field_of(part)
            at = _at(part, x)
            assert np.array_equal(_x_of(part, at, pair), x)
            crowd = settled(field, at, np.ones(len(field.capacity)))
            assert crowd.now.sum() + crowd.charge.sum() == cost_of(part, x)


def test_moves_lower_the_value_and_keep_the_books() -> None:
    """Value, room and charges of a plan under change are those of the same plan set up anew."""
    for seed in range(60):
        estate = draw(Random(seed), ("own_loads_and_places", "large_opening", "scarce")[seed % 3], size=6)
        for one in components(estate):
            part = expanded(part_of(estate, one, 1))[0]
            field, pair = _field_of(part)
            chance = np.random.default_rng(seed)
            at = chance.integers(0, part.n_hosts + 1, int(part.demand.sum()))
            alpha = chance.integers(1, 9, part.n_hosts + 1) / 4
            before, crowd = settled(field, at, alpha), settled(field, at, alpha)
            best, cost = at.copy(), np.array([np.inf])
            improve(field, crowd, alpha, 0, best, cost)
            after = settled(field, crowd.at, alpha)
            for here, there in zip(crowd, after, strict=True):
                assert np.allclose(here, there)
            value = after.now.sum() + after.charge.sum()
            assert value <= before.now.sum() + before.charge.sum()
            if np.isfinite(cost[0]):
                x = _x_of(part, best, pair)
                assert cost_of(part, x) <= cost[0]
