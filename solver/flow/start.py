r"""First pairs and first prices: what makes the exact rounds few.

Small markets: the cheapest pairs seen from both sides, nothing more. Large ones: asset classes at one
commune of one kind and similar condition are summed into one coarse class with their mean costs; that
market has a few thousand nodes whatever the number of assets, its exact prices are near those of the full
one, and a handful of pairs of least reduced cost per asset then suffices. The coarse market is only a
guide: every pair is priced again, exactly, before a plan counts as proven.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from solver.flow.market import Arcs, Offers, Places, no_bans, pick
from solver.flow.pricing import cheapest_pairs, measure

if TYPE_CHECKING:
    from solver.flow.market import Ints, Market, Small

#: Pairs per asset class and per need class to begin with, without and with prices from a coarse market.
NEAREST = 12
NEAREST_PRICED = 4
#: Where the asset classes are few and large, each serves many needs: so many more pairs for each of them.
PER_SHARE = 4
#: A coarse market must be this many times smaller to be worth its time.
WORTH_COARSENING = 4
#: Needs of its group that an asset class follows at most.
_FOLLOWED = 24
_CONDITION_BAND = 1_000  # hundredths of a percent


def merge_pairs(market: Market, known: Arcs | None, offer: Small, want: Small) -> Arcs:
    """Add pairs to those known, but for ineligible ones; return all, sorted by (offer, want)."""
    width = market.n_wants
    keys = np.unique(offer.astype(np.int64) * width + want)
    if known is not None:
        have = known.offer.astype(np.int64) * width + known.want
        keys = keys[~_in_sorted(keys, have)]
    new_offer, new_want = (keys // width).astype(np.int32), (keys % width).astype(np.int32)
    new = Arcs(new_offer, new_want, *measure(market, new_offer, new_want))
    new = pick(new, new.cost < market.wants.ceiling[new_want])
    if known is None:
        return new
    at = np.searchsorted(have, new.offer.astype(np.int64) * width + new.want)
    return Arcs(
        np.insert(known.offer, at, new.offer),
        np.insert(known.want, at, new.want),
        np.insert(known.cost, at, new.cost),
        np.insert(known.metres, at, new.metres),
    )


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


def nearest_pairs(market: Market) -> Arcs:
    """Choose the pairs of a small market to begin with: the cheapest of both sides."""
    per_offer = NEAREST + PER_SHARE * (market.n_wants // max(1, market.n_offers))
    found, near = cheapest_pairs(market, per_offer, NEAREST)
    asked = np.arange(market.n_wants, dtype=np.int32)
    sides = zip(pairs_of_wants(found), pairs_of_offers(asked, near), strict=True)
    offer, want = (np.concatenate(side) for side in sides)
    return merge_pairs(market, None, offer, want)


def guided_pairs(market: Market, found: Small, group: Ints, used: Arcs) -> Arcs:
    """Choose the pairs of a large market to begin with.

    Parameters
    ----------
    found : the needs of least reduced cost by the coarse prices, per asset class; group : coarse class of
    each asset class; used : the pairs that carry flow in the coarse market: every member may follow its
    group, or all would run to the same few needs; members begin at different places of the group's list, so
    that all its needs are followed.
    """
    first = np.searchsorted(used.offer, np.arange(int(group.max(initial=-1)) + 2))
    width = first[group + 1] - first[group]
    count = np.minimum(width, _FOLLOWED)
    begin = np.cumsum(count) - count
    follower = np.repeat(np.arange(market.n_offers, dtype=np.int32), count)
    turn = np.arange(int(count.sum())) - np.repeat(begin, count)
    turn = (turn + np.repeat(_rank_in(group) * count, count)) % np.repeat(np.maximum(width, 1), count)
    offer, want = pairs_of_wants(found)
    return merge_pairs(
        market,
        None,
        np.concatenate([offer, follower]),
        np.concatenate([want, used.want[np.repeat(first[group], count) + turn]]),
    )


def _rank_in(group: Ints) -> Ints:
    """Return which member of its group each is, from 0."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - np.searchsorted(ordered, ordered)
    return rank


def coarsen(market: Market) -> tuple[Market, Ints] | None:
    """Sum alike asset classes of one commune and number each class's group; None where not worth it."""
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
        np.full(size, -1, np.int32),
    )
    places = market.places
    coarse = replace(
        market,
        offers=summed,
        places=Places(places.metres, places.home, places.first, places.offset[lead], places.within),
        bans=no_bans(size),
    )
    return coarse, group.astype(np.int64)
