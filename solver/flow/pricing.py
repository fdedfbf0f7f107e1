r"""Price every eligible pair of a dense market without storing them.

For effective need prices y_j (the price of need j less the prices of its norm rows) the reduced cost of a
pair is r_ij = c_ij - y_j. ``best_wants`` returns, for each asset class, the pairs of least reduced cost;
``best_offers``, for each need class, the pairs of least c_ij + v_i, v_i being the value of a unit of asset
class i. Costs may have any shape: every pair is looked at. A pair that costs at least the price of leaving
its need unmet is never returned, unless a floor may pay for it: no optimal plan needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled, inlined, spread
from solver.flow.rows import NOTHING, arrays_of, price_row

if TYPE_CHECKING:
    from solver.flow.market import Bans, Ints, Kinds, Market, Offers, Places, Small, Wants
    from solver.flow.rows import Spans

#: Both sides are looked at in strides: neighbours in the list are neighbours on the map, and on the way
#: towards a place each would beat the one before.
_STRIDE = 61


@inlined
def _insert(keys: Ints, values: Small, key: int, value: int) -> None:
    """Put a pair into a row of the least keys, ascending; among equal keys the earlier one stays first."""
    at = len(keys) - 1
    while at > 0 and keys[at - 1] > key:
        keys[at] = keys[at - 1]
        values[at] = values[at - 1]
        at -= 1
    keys[at] = key
    values[at] = value


@compiled
def _best_wants(
    offers: Offers,
    kinds: Kinds,
    wants: Wants,
    places: Places,
    bans: Bans,
    spans: Spans,
    prices: Ints,
    limits: Ints,
    keys: Ints,
    found: Small,
    first: int,
    last: int,
) -> None:
    metres = np.empty(len(prices), np.int64)
    cost = np.empty(len(prices), np.int64)
    unmet = wants.ceiling
    for i in range(first, last):
        row, best = keys[i], found[i]
        price_row(offers, kinds, wants, places, bans, spans, i, metres, cost)
        bar = min(limits[i], row[-1] - 1)
        for start in range(_STRIDE):
            for j in range(start, len(prices), _STRIDE):
                if cost[j] - prices[j] <= bar and cost[j] < unmet[j]:
                    _insert(row, best, cost[j] - prices[j], j)
                    bar = min(limits[i], row[-1] - 1)


@compiled
def _best_offers(
    offers: Offers,
    kinds: Kinds,
    wants: Wants,
    places: Places,
    bans: Bans,
    spans: Spans,
    asked: Small,
    values: Ints,
    limits: Ints,
    keys: Ints,
    found: Small,
) -> None:
    metres = np.empty(len(wants.price), np.int64)
    cost = np.empty(len(wants.price), np.int64)
    unmet = wants.ceiling
    bars = limits.copy()
    for start in range(_STRIDE):
        for i in range(start, len(values), _STRIDE):
            value = values[i]
            price_row(offers, kinds, wants, places, bans, spans, i, metres, cost)
            for at in range(len(asked)):
                j = asked[at]
                key = cost[j] + value
                if key < bars[at] and cost[j] < unmet[j]:
                    _insert(keys[at], found[at], key, i)
                    bars[at] = min(limits[at], keys[at, -1])


@compiled
def _cheapest(
    offers: Offers,
    kinds: Kinds,
    wants: Wants,
    places: Places,
    bans: Bans,
    spans: Spans,
    offer_costs: Ints,
    found: Small,
    want_costs: Ints,
    near: Small,
) -> None:
    unmet = wants.ceiling
    metres = np.empty(len(unmet), np.int64)
    cost = np.empty(len(unmet), np.int64)
    bars = unmet.copy()
    for offset in range(_STRIDE):
        for i in range(offset, len(found), _STRIDE):
            row, best = offer_costs[i], found[i]
            price_row(offers, kinds, wants, places, bans, spans, i, metres, cost)
            for start in range(_STRIDE):
                for j in range(start, len(unmet), _STRIDE):
                    if cost[j] < row[-1] and cost[j] < unmet[j]:
                        _insert(row, best, cost[j], j)
            for j in range(len(unmet)):
                if cost[j] < bars[j]:
                    _insert(want_costs[j], near[j], cost[j], i)
                    bars[j] = min(unmet[j], want_costs[j, -1])


def cheapest_pairs(market: Market, per_offer: int, per_want: int) -> tuple[Small, Small]:
    """Find, in one look at all pairs, the cheapest eligible ones of each asset class and of each need class.

    Returns
    -------
    Need classes [n_offers, per_offer] and asset classes [n_wants, per_want], cheapest first; -1 where there
    are fewer.
    """
    found = np.full((market.n_offers, per_offer), -1, np.int32)
    near = np.full((market.n_wants, per_want), -1, np.int32)
    offer_costs, want_costs = (np.full(one.shape, NOTHING, np.int64) for one in (found, near))
    _cheapest(*arrays_of(market), offer_costs, found, want_costs, near)
    return found, near


def best_wants(market: Market, prices: Ints, limits: Ints, count: int) -> tuple[Ints, Small]:
    """Find for each asset class the ``count`` eligible needs of least reduced cost, none above its limit.

    Parameters
    ----------
    prices : effective need prices y [VND]; limits : greatest reduced cost of interest per asset class
    [VND].

    Returns
    -------
    Reduced costs, ascending, and need classes, both [n_offers, count]; ``NOTHING`` and -1 where there are
    fewer.
    """
    keys = np.full((market.n_offers, count), NOTHING, np.int64)
    found = np.full((market.n_offers, count), -1, np.int32)
    data = (*arrays_of(market), prices, limits, keys, found)
    spread(lambda first, last: _best_wants(*data, first, last), market.n_offers, market.n_wants)
    return keys, found


def best_offers(market: Market, values: Ints, asked: Small, limits: Ints, count: int) -> tuple[Ints, Small]:
    """Find for each need class asked the eligible asset classes of least c_ij + v_i, below its limit.

    Parameters
    ----------
    values : unit values v of the asset classes [VND]; asked : need classes; limits : exclusive, one per
    need asked [VND].

    Returns
    -------
    Prices c + v, ascending, and asset classes, both [len(asked), count]; ``NOTHING`` and -1 where there are
    fewer.
    """
    keys = np.full((len(asked), count), NOTHING, np.int64)
    found = np.full((len(asked), count), -1, np.int32)
    _best_offers(*arrays_of(market), asked, values, limits, keys, found)
    return keys, found


@compiled
def _measure(
    offers: Offers,
    kinds: Kinds,
    wants: Wants,
    places: Places,
    bans: Bans,
    spans: Spans,
    offer: Small,
    want: Small,
    cost: Ints,
    metres: Ints,
) -> None:
    row_metres = np.empty(len(wants.demand), np.int64)
    row_cost = np.empty(len(wants.demand), np.int64)
    at = 0
    while at < len(offer):
        i = offer[at]
        price_row(offers, kinds, wants, places, bans, spans, i, row_metres, row_cost)
        while at < len(offer) and offer[at] == i:
            metres[at] = row_metres[want[at]]
            cost[at] = row_cost[want[at]]
            at += 1


def measure(market: Market, offer: Small, want: Small) -> tuple[Ints, Ints]:
    """Return cost [VND] and metres of one unit of eligible pairs, which are sorted by asset class."""
    cost = np.empty(len(offer), np.int64)
    metres = np.empty(len(offer), np.int64)
    _measure(*arrays_of(market), offer, want, cost, metres)
    return cost, metres


@compiled
def _at_most(
    offers: Offers,
    kinds: Kinds,
    wants: Wants,
    places: Places,
    bans: Bans,
    spans: Spans,
    prices: Ints,
    limits: Ints,
    counts: Ints,
    want: Small,
    fill: bool,
) -> None:
    metres = np.empty(len(prices), np.int64)
    cost = np.empty(len(prices), np.int64)
    unmet = wants.ceiling
    for i in range(len(limits)):
        at = counts[i]
        price_row(offers, kinds, wants, places, bans, spans, i, metres, cost)
        for j in range(len(prices)):
            if cost[j] - prices[j] <= limits[i] and cost[j] < unmet[j]:
                if fill:
                    want[at] = j
                at += 1
        if not fill:
            counts[i] = at


def pairs_at_most(market: Market, prices: Ints, limits: Ints) -> tuple[Small, Small]:
    """List all eligible pairs of reduced cost at most their asset class's limit, sorted."""
    data = (*arrays_of(market), prices, limits)
    counts = np.zeros(market.n_offers, np.int64)
    _at_most(*data, counts, np.empty(0, np.int32), False)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    want = np.empty(first[-1], np.int32)
    _at_most(*data, first[:-1].copy(), want, True)
    return np.repeat(np.arange(market.n_offers, dtype=np.int32), counts), want
