r"""Price every eligible pair of a dense market without storing them.

For effective need prices y_j (the price of need j less the prices of its norm rows) the reduced cost of a
pair is r_ij = c_ij - y_j. ``best_wants`` returns, for each asset class, the pairs of least reduced cost;
``best_offers``, for each need class, the pairs of least c_ij + v_i, v_i being the value of a unit of asset
class i. Cost first, rules later: whether a pair is eligible is asked only of pairs cheap enough to be
returned. Costs may have any shape: every pair is looked at. A pair that costs at least the price of leaving
its need unmet is never returned: no optimal plan needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled, inlined, spread

if TYPE_CHECKING:
    from solver.flow.market import Bans, Ints, Kinds, Market, Offers, Places, Small, Wants

#: Stands for "no pair"; above every reduced cost.
NOTHING = np.int64(1 << 62)
#: Both sides are looked at in strides: neighbours in the list are neighbours on the map, and on the way
#: towards a place each would beat the one before.
_STRIDE = 61


@compiled
def _row(
    offers: Offers, kinds: Kinds, wants: Wants, places: Places, i: int, metres: Ints, cost: Ints
) -> None:
    """Fill metres (-1 none) and cost [VND] of asset class i to every need class.

    The loops are plain and short so that the compiler makes vector instructions of them.
    """
    origin, leg, fixed, loss = offers.origin[i], offers.leg[i], offers.fixed[i], offers.loss[i]
    kind, province = offers.kind[i], offers.province[i]
    num, den, surcharge = kinds.num[kind], kinds.den[kind], max(kinds.surcharge[kind], 0)
    between, dest, want_leg = places.metres[origin], wants.dest, wants.leg
    want_province, base = wants.province, wants.base
    n_wants = len(dest)
    for j in range(n_wants):
        apart = np.int64(between[dest[j]])
        metres[j] = apart + leg + want_leg[j] if apart >= 0 else -1
    home = places.home[origin]
    if home >= 0:
        low, high, within, offset = (
            places.first[home],
            places.first[home + 1],
            places.within,
            places.offset[i],
        )
        for j in range(low, high):
            metres[j] = within[offset + j - low]
    if den == 1:
        for j in range(n_wants):
            cost[j] = num * metres[j] + fixed
    else:
        for j in range(n_wants):
            cost[j] = (2 * num * metres[j] + den) // (2 * den) + fixed
    if surcharge > 0:
        for j in range(n_wants):
            cost[j] += surcharge if want_province[j] != province else 0
    if loss > 0:
        for j in range(n_wants):
            cost[j] += base[j] // 10_000 * loss + (base[j] % 10_000 * loss + 5_000) // 10_000


@inlined
def _allowed(
    offers: Offers, kinds: Kinds, wants: Wants, bans: Bans, i: int, j: int, metres: int, cost: int
) -> bool:
    """Whether a unit of class i is eligible for j (``docs/cost.md``) and cheaper than leaving j unmet."""
    kind = offers.kind[i]
    if metres < 0 or kinds.allow[kind, wants.wanted[j]] == 0 or cost >= wants.price[j]:
        return False
    if wants.condition[j] > 0 and offers.condition[i] < wants.condition[j]:
        return False
    if not offers.opens[i] <= wants.deadline[j] <= offers.closes[i]:
        return False
    if metres > (wants.reach[j] if wants.reach[j] >= 0 else kinds.reach[kind]):
        return False
    if offers.province[i] != wants.province[j] and kinds.surcharge[kind] < 0:
        return False
    low, high = bans.first[i], bans.first[i + 1]
    if low == high:
        return True
    at = low + np.searchsorted(bans.want[low:high], j)
    return not (at < high and bans.want[at] == j)


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
    prices: Ints,
    limits: Ints,
    keys: Ints,
    found: Small,
    first: int,
    last: int,
) -> None:
    metres = np.empty(len(prices), np.int64)
    cost = np.empty(len(prices), np.int64)
    for i in range(first, last):
        row, best = keys[i], found[i]
        _row(offers, kinds, wants, places, i, metres, cost)
        bar = min(limits[i], row[-1] - 1)
        for start in range(_STRIDE):
            for j in range(start, len(prices), _STRIDE):
                if cost[j] - prices[j] <= bar and _allowed(
                    offers, kinds, wants, bans, i, j, metres[j], cost[j]
                ):
                    _insert(row, best, cost[j] - prices[j], j)
                    bar = min(limits[i], row[-1] - 1)


@compiled
def _best_offers(
    offers: Offers,
    kinds: Kinds,
    wants: Wants,
    places: Places,
    bans: Bans,
    asked: Small,
    slot: Small,
    values: Ints,
    limits: Ints,
    keys: Ints,
    found: Small,
) -> None:
    metres = np.empty(len(slot), np.int64)
    cost = np.empty(len(slot), np.int64)
    bars = limits.copy()
    for start in range(_STRIDE):
        for i in range(start, len(values), _STRIDE):
            value = values[i]
            _row(offers, kinds, wants, places, i, metres, cost)
            for at in range(len(asked)):
                j = asked[at]
                key = cost[j] + value
                if key < bars[at] and _allowed(offers, kinds, wants, bans, i, j, metres[j], cost[j]):
                    _insert(keys[at], found[at], key, i)
                    bars[at] = min(limits[at], keys[at, -1])


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
    data = (
        market.offers,
        market.kinds,
        market.wants,
        market.places,
        market.bans,
        prices,
        limits,
        keys,
        found,
    )
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
    slot = np.full(market.n_wants, -1, np.int32)
    slot[asked] = np.arange(len(asked), dtype=np.int32)
    _best_offers(
        market.offers,
        market.kinds,
        market.wants,
        market.places,
        market.bans,
        asked,
        slot,
        values,
        limits,
        keys,
        found,
    )
    return keys, found


@compiled
def _measure(
    offers: Offers,
    kinds: Kinds,
    wants: Wants,
    places: Places,
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
        _row(offers, kinds, wants, places, i, row_metres, row_cost)
        while at < len(offer) and offer[at] == i:
            metres[at] = row_metres[want[at]]
            cost[at] = row_cost[want[at]]
            at += 1


def measure(market: Market, offer: Small, want: Small) -> tuple[Ints, Ints]:
    """Return cost [VND] and metres of one unit of any pairs, which are sorted by asset class."""
    cost = np.empty(len(offer), np.int64)
    metres = np.empty(len(offer), np.int64)
    _measure(market.offers, market.kinds, market.wants, market.places, offer, want, cost, metres)
    return cost, metres


@compiled
def _at_most(
    offers: Offers,
    kinds: Kinds,
    wants: Wants,
    places: Places,
    bans: Bans,
    prices: Ints,
    limits: Ints,
    counts: Ints,
    want: Small,
    fill: bool,
) -> None:
    metres = np.empty(len(prices), np.int64)
    cost = np.empty(len(prices), np.int64)
    for i in range(len(limits)):
        at = counts[i]
        _row(offers, kinds, wants, places, i, metres, cost)
        for j in range(len(prices)):
            if cost[j] - prices[j] <= limits[i] and _allowed(
                offers, kinds, wants, bans, i, j, metres[j], cost[j]
            ):
                if fill:
                    want[at] = j
                at += 1
        if not fill:
            counts[i] = at


def pairs_at_most(market: Market, prices: Ints, limits: Ints) -> tuple[Small, Small]:
    """List all eligible pairs of reduced cost at most their asset class's limit, sorted."""
    data = (market.offers, market.kinds, market.wants, market.places, market.bans, prices, limits)
    counts = np.zeros(market.n_offers, np.int64)
    _at_most(*data, counts, np.empty(0, np.int32), False)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    want = np.empty(first[-1], np.int32)
    _at_most(*data, first[:-1].copy(), want, True)
    return np.repeat(np.arange(market.n_offers, dtype=np.int32), counts), want
