r"""A look at all eligible pairs once the flow is known: what explains a shortfall, a release and a rank.

Unlike pricing, pairs that cost more than leaving the need unmet are looked at too: they are eligible, only
too dear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.flow.jit import compiled, inlined
from solver.flow.rows import NOTHING, arrays_of, price_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solver.flow.market import Arcs, Bans, Bits, Ints, Kinds, Market, Offers, Places, Small, Wants
    from solver.flow.rows import Spans

#: Bits of ``Survey.offers``.
ELIGIBLE, GAINS, GAINS_UNDER_OPEN_ROW = 1, 2, 4


@dataclass(frozen=True)
class Survey:
    """What all pairs show.

    Attributes
    ----------
    offers : per asset class, bits: some need is eligible; some costs less than its price; one of those is
    under no exhausted row; least, least_offer : per need class, the least cost of an eligible unit [VND,
    ``NOTHING`` none] and its asset class; margin, margin_offer : per need class, the least c_ij + v_i [VND]
    and its asset class; best_cost, best_asset : per need class, cost and position of the two cheapest
    eligible assets, [n_wants, 2] (-1 none); rank : per pair asked, 1 + the number of eligible assets
    cheaper per unit.
    """

    offers: Bits
    least: Ints
    least_offer: Small
    margin: Ints
    margin_offer: Small
    best_cost: Ints
    best_asset: Ints
    rank: Ints


@inlined
def _note(
    i: int,
    j: int,
    cost: int,
    price: int,
    closed: bool,
    value: int,
    members: Ints,
    two: Ints,
    offers: Bits,
    least: Ints,
    least_offer: Small,
    margin: Ints,
    margin_offer: Small,
    best_cost: Ints,
    best_asset: Ints,
    pair_first: Ints,
    pair_cost: Ints,
    rank: Ints,
) -> None:
    offers[i] |= 1
    if cost < price:
        offers[i] |= 2 if closed else 6
    if cost < least[j]:
        least[j] = cost
        least_offer[j] = i
    if cost + value < margin[j]:
        margin[j] = cost + value
        margin_offer[j] = i
    for k in range(2):
        asset = two[i, k]
        if asset < 0:
            continue
        if cost < best_cost[j, 0] or (cost == best_cost[j, 0] and asset < best_asset[j, 0]):
            best_cost[j, 1] = best_cost[j, 0]
            best_asset[j, 1] = best_asset[j, 0]
            best_cost[j, 0] = cost
            best_asset[j, 0] = asset
        elif cost < best_cost[j, 1] or (cost == best_cost[j, 1] and asset < best_asset[j, 1]):
            best_cost[j, 1] = cost
            best_asset[j, 1] = asset
    for e in range(pair_first[j], pair_first[j + 1]):
        if cost < pair_cost[e]:
            rank[e] += members[i]


@compiled
def _survey_dense(
    n_offers: int,
    n_wants: int,
    offers: Offers,
    kinds: Kinds,
    wants: Wants,
    places: Places,
    bans: Bans,
    spans: Spans,
    closed: Bits,
    values: Ints,
    members: Ints,
    two: Ints,
    seen: Bits,
    least: Ints,
    least_offer: Small,
    margin: Ints,
    margin_offer: Small,
    best_cost: Ints,
    best_asset: Ints,
    pair_first: Ints,
    pair_cost: Ints,
    rank: Ints,
) -> None:
    metres = np.empty(n_wants, np.int64)
    cost = np.empty(n_wants, np.int64)
    price = wants.price
    for i in range(n_offers):
        price_row(offers, kinds, wants, places, bans, spans, i, metres, cost)
        for j in range(n_wants):
            if cost[j] >= NOTHING:
                continue
            _note(
                i,
                j,
                cost[j],
                price[j],
                closed[j] == 1,
                values[i],
                members,
                two,
                seen,
                least,
                least_offer,
                margin,
                margin_offer,
                best_cost,
                best_asset,
                pair_first,
                pair_cost,
                rank,
            )


@compiled
def _survey_listed(
    offer: Small,
    want: Small,
    cost: Ints,
    price: Ints,
    closed: Bits,
    values: Ints,
    members: Ints,
    two: Ints,
    seen: Bits,
    least: Ints,
    least_offer: Small,
    margin: Ints,
    margin_offer: Small,
    best_cost: Ints,
    best_asset: Ints,
    pair_first: Ints,
    pair_cost: Ints,
    rank: Ints,
) -> None:
    for e in range(len(offer)):
        i, j = offer[e], want[e]
        _note(
            i,
            j,
            cost[e],
            price[j],
            closed[j] == 1,
            values[i],
            members,
            two,
            seen,
            least,
            least_offer,
            margin,
            margin_offer,
            best_cost,
            best_asset,
            pair_first,
            pair_cost,
            rank,
        )


def survey(
    market: Market, values: Ints, closed: NDArray[np.bool_], members: Ints, two: Ints, used: Arcs
) -> Survey:
    """Look at all eligible pairs.

    Parameters
    ----------
    values : unit value v_i per asset class [VND]; closed : per need class, whether a norm row above it is
    exhausted; members : assets per class; two : positions of the first two assets of each class, -1 none,
    [n_offers, 2]; used : the pairs whose rank is asked.
    """
    n_wants = market.n_wants
    order = np.argsort(used.want, kind="stable")
    pair_first = np.searchsorted(used.want[order], np.arange(n_wants + 1)).astype(np.int64)
    seen = np.zeros(market.n_offers, np.uint8)
    least, margin = (np.full(n_wants, NOTHING, np.int64) for _ in range(2))
    least_offer, margin_offer = (np.full(n_wants, -1, np.int32) for _ in range(2))
    best_cost = np.full((n_wants, 2), NOTHING, np.int64)
    best_asset = np.full((n_wants, 2), -1, np.int64)
    rank = np.ones(len(used.offer), np.int64)
    shut = closed.astype(np.uint8)
    out: tuple[Any, ...] = (
        seen,
        least,
        least_offer,
        margin,
        margin_offer,
        best_cost,
        best_asset,
        pair_first,
        used.cost[order],
        rank,
    )
    if market.listed is not None:
        pairs = market.listed
        _survey_listed(
            pairs.offer, pairs.want, pairs.cost, market.wants.price, shut, values, members, two, *out
        )
    else:
        _survey_dense(
            market.n_offers,
            n_wants,
            *arrays_of(market),
            shut,
            values,
            members,
            two,
            *out,
        )
    ranks = np.empty_like(rank)
    ranks[order] = rank
    return Survey(seen, least, least_offer, margin, margin_offer, best_cost, best_asset, ranks)
