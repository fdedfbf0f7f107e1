"""All methods mean the same problem: equal objectives, and equal costs pair by pair."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

import geodata
from benchmarks.costs import distances, gains
from benchmarks.instances import FAMILIES, Instance, make
from benchmarks.methods import METHODS, OURS, method
from benchmarks.ours import market_of
from solver.flow.pricing import measure


def price_by_hand(instance: Instance, lot: int, need: int) -> int | None:
    """Cost of one unit by docs/cost.md in exact numbers; None where there is no distance."""
    here, there = int(instance.place[lot]), int(instance.seat[need])
    communes = instance.communes
    seat = communes.iloc[[here]]
    leg = int(geodata.distances.metres(instance.lat[lot], instance.lon[lot], seat["lat"], seat["lon"])[0])
    if here == there:
        between = 0
    elif instance.table is not None:
        between = int(instance.table[here, there])
    else:
        between = int(geodata.distances.matrix(seat, communes.iloc[[there]])[0, 0])
    if between < 0:
        return None
    if instance.step > 1:
        between = int(Fraction(between, instance.step) + Fraction(1, 2)) * instance.step
    renewal = int(Fraction(int(instance.base[need]) * int(instance.loss[lot]), 10_000) + Fraction(1, 2))
    crosses = instance.province[here] != instance.province[there]
    return 12 * (between + leg) + 2_000_000 + renewal + (instance.surcharge if crosses else 0)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_cost_matrix_is_that_of_the_cost_document(family: str) -> None:
    instance = make(family, 40, communes=12)
    block = np.concatenate([rows for _, rows in gains(instance, distances(instance))])
    for lot, need in product(range(len(instance.place)), range(len(instance.seat))):
        cost = price_by_hand(instance, lot, need)
        price = int(instance.price[need])
        assert block[lot, need] == (0 if cost is None else min(0, cost - price))


@pytest.mark.parametrize("family", FAMILIES)
def test_our_market_has_the_costs_of_the_cost_matrix(family: str) -> None:
    instance = make(family, 60, communes=12)
    metres = distances(instance)
    market = market_of(instance, metres)
    assert int(market.offers.supply.sum()) == 60
    offer, want = (grid.ravel() for grid in np.indices((market.n_offers, market.n_wants), np.int32))
    cost, far = measure(market, offer, want)
    gain = np.where(far < 0, 0, np.minimum(0, cost - market.wants.price[want]))
    ours = gain.reshape(market.n_offers, -1)
    theirs = np.concatenate([rows for _, rows in gains(instance, metres)])
    assert sorted(map(tuple, np.repeat(ours, market.offers.supply, axis=0).tolist())) == sorted(
        map(tuple, np.repeat(theirs, instance.units, axis=0).tolist())
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_every_method_finds_and_proves_the_same_optimum(family: str) -> None:
    instance = make(family, 24, communes=16)
    outcomes = {name: method(name)(instance, 60.0) for name in METHODS}
    assert [name for name, outcome in outcomes.items() if not outcome.proven] == []
    assert len({outcome.objective for outcome in outcomes.values()}) == 1
    assert outcomes[OURS].objective != instance.empty
    assert set(outcomes[OURS].laps) == {"distances", "build", "solve"}


def test_norm_caps_bind_in_the_lots() -> None:
    instance = make("lots", 24, communes=16)
    free = make("lots", 24, communes=16)
    free.cap[:] = free.demand.sum()
    capped, uncapped = (method("flow")(one, 60.0).objective for one in (instance, free))
    assert capped is not None
    assert uncapped is not None
    assert capped > uncapped


def test_a_plan_that_is_stopped_early_is_not_called_proven() -> None:
    outcome = method(OURS)(make("surplus", 600, communes=300), 0.0)
    assert outcome.objective is not None
    assert outcome.bound is not None
    assert outcome.proven == (outcome.bound == outcome.objective)
    assert outcome.bound <= outcome.objective
