r"""First pairs and first prices: what makes the exact rounds few.

Small markets: the cheapest pairs seen from both sides, nothing more. Large ones: asset classes at one
commune of one kind and similar condition are summed into one coarse class with their mean costs; that
market has a few thousand nodes whatever the number of assets, its exact prices are near those of the full
one, and a handful of pairs of least reduced cost per asset then suffices. The coarse market is only a
guide: every pair is priced again, exactly, before a plan counts as proven.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.market import Arcs, Bans, Market, Offers, Places
from solver.flow.pricing import best_offers, best_wants, measure
from solver.flow.rows import NOTHING

if TYPE_CHECKING:
    from solver.flow.market import Ints, Small

#: Pairs per asset class and per need class to begin with, without and with prices from a coarse market.
NEAREST = 12
NEAREST_PRICED = 4
#: A coarse market must be this many times smaller to be worth its time.
WORTH_COARSENING = 4
_CONDITION_BAND = 1_000  # hundredths of a percent


def merge_pairs(market: Market, known: Arcs | None, offer: Small, want: Small) -> tuple[Arcs, int]:
    """Add pairs to those known; return all, sorted by (offer, want), and how many are new."""
    width = market.n_wants
    keys = np.unique(offer.astype(np.int64) * width + want)
    if known is not None:
        have = known.offer.astype(np.int64) * width + known.want
        keys = keys[~_in_sorted(keys, have)]
    new_offer, new_want = (keys // width).astype(np.int32), (keys % width).astype(np.int32)
    cost, metres = measure(market, new_offer, new_want)
    if known is None:
        return Arcs(new_offer, new_want, cost, metres), len(keys)
    at = np.searchsorted(have, keys)
    merged = Arcs(
        np.insert(known.offer, at, new_offer),
        np.insert(known.want, at, new_want),
        np.insert(known.cost, at, cost),
        np.insert(known.metres, at, metres),
    )
    return merged, len(keys)


def _in_sorted(keys: Ints, sorted_keys: Ints) -> np.ndarray:
    if len(sorted_keys) == 0:
        return np.zeros(len(keys), bool)
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    same: np.ndarray = sorted_keys[at] == keys
    return same


def pairs_of_wants(found: Small) -> tuple[Small, Small]:
    """Flatten ``best_wants`` to (offer, want)."""
    offer, at = np.nonzero(found >= 0)
    return offer.astype(np.int32), found[offer, at]


def pairs_of_offers(asked: Small, found: Small) -> tuple[Small, Small]:
    """Flatten ``best_offers`` to (offer, want)."""
    row, at = np.nonzero(found >= 0)
    return found[row, at], asked[row]


def first_pairs(market: Market, prices: Ints | None, values: Ints | None) -> Arcs:
    """Choose the pairs to begin with: the cheapest of both sides by the prices given, or by cost alone."""
    count = NEAREST if prices is None else NEAREST_PRICED
    no_limit = np.full(market.n_offers, NOTHING - 1, np.int64)
    zero = np.zeros(market.n_wants, np.int64)
    _, found = best_wants(market, zero if prices is None else prices, no_limit, count)
    offer, want = pairs_of_wants(found)
    if prices is None:
        asked = np.arange(market.n_wants, dtype=np.int32)
        worth = np.zeros(market.n_offers, np.int64) if values is None else values
        _, near = best_offers(market, worth, asked, np.full(market.n_wants, NOTHING, np.int64), count)
        more_offer, more_want = pairs_of_offers(asked, near)
        offer, want = np.concatenate([offer, more_offer]), np.concatenate([want, more_want])
    return merge_pairs(market, None, offer, want)[0]


def coarsen(market: Market) -> Market | None:
    """Sum alike asset classes of one commune; None where that is not worth it."""
    offers = market.offers
    if market.n_offers == 0:
        return None
    band = offers.loss // _CONDITION_BAND
    keys = (offers.origin.astype(np.int64) * len(market.kinds.num) + offers.kind) * 16 + band
    _, group = np.unique(keys, return_inverse=True)
    size = int(group.max()) + 1
    if market.n_offers < WORTH_COARSENING * size:
        return None
    supply = np.bincount(group, weights=offers.supply, minlength=size).astype(np.int64)
    lead = np.zeros(size, np.int64)
    lead[group[::-1]] = np.arange(market.n_offers)[
        ::-1
    ]  # the first class of each group speaks for its places

    def mean(values: np.ndarray) -> Ints:
        sums = np.bincount(group, weights=values.astype(np.float64), minlength=size)
        return np.rint(sums / np.bincount(group, minlength=size)).astype(np.int64)

    def least(values: np.ndarray) -> Small:
        out = np.full(size, np.iinfo(np.int32).max, np.int64)
        np.minimum.at(out, group, values)
        return out.astype(np.int32)

    summed = Offers(
        supply,
        offers.origin[lead],
        mean(offers.leg),
        offers.kind[lead],
        mean(offers.fixed),
        mean(offers.loss),
        -least(-offers.condition),
        least(offers.opens),
        -least(-offers.closes),
        offers.province[lead],
    )
    places = market.places
    return Market(
        offers=summed,
        kinds=market.kinds,
        wants=market.wants,
        rows=market.rows,
        places=Places(places.metres, places.home, places.first, places.offset[lead], places.within),
        bans=Bans(np.zeros(size + 1, np.int64), np.empty(0, np.int32)),
    )
