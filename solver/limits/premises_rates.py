r"""Premises at prices of side rows: an estate whose pairs and places cost what the rows add.

With prices mu_r [VND / S] a place costs S c + sum of mu_r spend over its budgets + sum of mu_r over the caps
that it counts in, a place left unmet S (p + W) + sum of mu_r over the floors of its need, an opening S f. The
least of their sum, less sum of d_g mu_r over the floors, is what a block answers (``solver.limits.block``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from solver.patterns.estate import MONEY_RANGE
from solver.patterns.part import components, dot, slices
from solver.patterns.pricing import price_hosts, row_prices
from solver.problem.lister import FAR, DenseLister, ListedLister

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solver.flow.market import Ints
    from solver.limits.block import Weights
    from solver.limits.premises_tally import Tally
    from solver.patterns.estate import Estate, Housing, Lister


def stake(tally: Tally, weights: Weights) -> int:
    """Return what all places unmet and all buildings opened come to [VND]."""
    estate = tally.estate
    return sum(map(int, estate.demand * unmet_prices(tally, weights))) + weights.cost * _openings(estate)


def reward(tally: Tally, prices: Sequence[int]) -> np.ndarray:
    """Return what a place of each guest earns at the floors of its need [VND / S], integers of any size."""
    return _paid(tally.floor_rows, prices)


def priced_estate(
    tally: Tally, weights: Weights, scale: int, prices: Sequence[int], change: int = 0
) -> Estate:
    """Return the estate at prices of the rows [VND / S].

    Parameters
    ----------
    change : T, what a change costs with its row [VND / S]; all costs of places and prices are T higher, and
    places that are a change T more.

    Prices of places that 64 bits cannot sum up are lowered as far as it takes: no plan costs more by that,
    so that what is proven stays true.

    Raises
    ------
    ValueError
        When the scale leaves no room for the openings alone.
    """
    estate, step = tally.estate, scale * weights.cost
    price = scale * unmet_prices(tally, weights) + reward(tally, prices) + change
    price[estate.demand == 0] = 0  # nobody looks at pairs of guests that have all their places
    rest = MONEY_RANGE - 1 - step * _openings(estate)
    if rest < 0:
        msg = f"A scale of {scale} is too large for what openings cost."
        raise ValueError(msg)
    if sum(map(int, estate.demand * price)) > rest:
        price = np.minimum(price, rest // int(estate.demand.sum()))
    return replace(
        estate,
        opening=estate.opening * step,
        price=price.astype(np.int64),
        home=tally.keeps if tally.premises.keeps is not None else None,
        lister=_priced_lister(tally, step, prices, change),
    )


def _openings(estate: Estate) -> int:
    return dot(estate.opening, estate.copies)


def unmet_prices(tally: Tally, weights: Weights) -> np.ndarray:
    """Return the price of a place of each guest left unmet, with its priority's weight [VND], of any size."""
    weight = np.array(weights.unmet, object)[tally.premises.needs.priority[tally.need] - 1]
    price: np.ndarray = tally.price.astype(object) * weights.cost + weight
    return price


def _paid(rows: Ints, prices: Sequence[int]) -> np.ndarray:
    """Sum of the prices of rows, -1 none, as integers of any size."""
    table = np.array([*prices, 0], object)
    total: np.ndarray = table[rows].sum(axis=1, initial=0)
    return total


def _bounded(amounts: np.ndarray) -> Ints:
    """Amounts as 64-bit integers; more than anybody pays is as good as that much."""
    bounded: Ints = np.minimum(amounts, int(FAR)).astype(np.int64)
    return bounded


def _priced_lister(tally: Tally, step: int, prices: Sequence[int], change: int) -> Lister:
    """Return the lister of the pairs at prices of the rows."""
    lister = tally.estate.lister
    rate = _bounded(_paid(tally.spend_rows, prices))
    charge = _bounded(_paid(tally.cross_rows, prices))
    if step == 1 and not rate.any() and not charge.any() and not change:
        return lister
    if isinstance(lister, DenseLister):
        return replace(lister, toll=(step, rate, charge, change, tally.keeps))
    if not isinstance(lister, ListedLister):
        msg = f"A lister of type {type(lister).__name__} cannot be priced."
        raise TypeError(msg)
    held = lister.held
    host = np.repeat(np.arange(tally.estate.n_hosts), np.diff(held.first))
    guest = held.guest.astype(np.int64)
    _, spend, crosses = tally.of_pairs(host, guest)
    cost = held.cost.astype(object) * step + spend.astype(object) * rate[guest] + crosses * charge[host]
    cost += 2 * change * (tally.turns(host, guest) > 0)
    return ListedLister(held._replace(cost=_bounded(cost)))


def proven(estate: Estate, housing: Housing, only: tuple[Ints, Ints, Ints] | None = None) -> int:
    """Return what the prices of a plan prove over all pairs of an estate [its money / denominator].

    Parameters
    ----------
    only : hosts, guests and norm rows of a component; None for all.
    """
    scale = housing.denominator
    bid = np.maximum(housing.guest_price, -MONEY_RANGE)
    bid = bid - row_prices(housing.row_price, estate.rows.parent, estate.row)
    chosen, guests, rows = only or (None, slice(None), slice(None))
    total = dot(estate.demand[guests], housing.guest_price[guests])
    total -= dot(estate.rows.cap[rows], housing.row_price[rows])
    for hosts, pairs in slices(estate, np.minimum(estate.price, -(-bid // scale)), chosen):
        reduced, nothing = np.zeros(len(hosts), np.int64), np.zeros(len(pairs.guest), np.int64)
        price_hosts(
            np.arange(len(hosts)), estate.capacity[hosts], estate.opening[hosts] * scale, pairs.first,
            pairs.guest, pairs.cost * scale, pairs.load, bid, nothing, estate.demand[pairs.guest], reduced,
            nothing.copy(),
        )  # fmt: skip
        total += dot(estate.copies[hosts], np.minimum(reduced, 0))
    return total


def one_price(estate: Estate, housing: Housing) -> Housing:
    """Give parts of one need one price, since a need has one: the one of theirs that proves most.

    In each component all needs take the least of their parts' prices, or the largest, or a mean; trees keep
    the prices of the parts.
    """
    parts = np.flatnonzero(estate.parted)
    if estate.twin is None or not len(parts):
        return housing
    price, twin = housing.guest_price, estate.twin[parts]
    units = estate.demand[parts].astype(object)
    size = int(twin.max()) + 1
    least, most = np.full(size, np.iinfo(np.int64).max), np.full(size, np.iinfo(np.int64).min)
    np.minimum.at(least, twin, price[parts])
    np.maximum.at(most, twin, price[parts])
    total, count = np.zeros(size, object), np.zeros(size, object)
    np.add.at(total, twin, units * price[parts])
    np.add.at(count, twin, units)
    mean = least.copy()
    some = np.unique(twin)
    mean[some] = (total[some] // count[some]).astype(np.int64)
    tried = []
    for one in (least, most, mean):
        joined = price.copy()
        joined[parts] = one[twin]
        tried.append(replace(housing, guest_price=joined))
    if (least[some] == most[some]).all():
        return tried[0]
    label = np.full(estate.n_guests, -1)
    found = components(estate)
    for number, component in enumerate(found):
        label[component.guests] = number
    asked = np.unique(label[parts])
    best = tried[0].guest_price.copy()
    for number in asked[asked >= 0].tolist():
        one = found[number]
        inside = one.hosts, one.guests, one.rows
        better = max(tried, key=lambda prices: proven(estate, prices, inside))
        best[one.guests] = better.guest_price[one.guests]
    return replace(housing, guest_price=best)
