"""Components of a dense market: classes that eligible pairs and rows join; nothing leads out of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.flow.jit import compiled, inlined
from solver.flow.rows import arrays_of, price_row

if TYPE_CHECKING:
    from solver.flow.market import Bans, Ints, Kinds, Market, Offers, Places, Wants
    from solver.flow.rows import Spans


class Labels(NamedTuple):
    """Number of the component of each asset class, need class and row: 0 to ``size`` - 1."""

    offer: Ints
    want: Ints
    row: Ints
    size: int


@inlined
def _top(root: Ints, node: int) -> int:
    """Find the root of a node; the way to it becomes shorter."""
    while root[node] != node:
        root[node] = root[root[node]]
        node = root[node]
    return node


@compiled
def _join(
    offers: Offers, kinds: Kinds, wants: Wants, places: Places, bans: Bans, spans: Spans, root: Ints
) -> None:
    n_offers = len(offers.supply)
    metres = np.empty(len(wants.price), np.int64)
    cost = np.empty(len(wants.price), np.int64)
    for i in range(n_offers):
        price_row(offers, kinds, wants, places, bans, spans, i, metres, cost)
        mine = _top(root, i)
        for j in range(len(cost)):
            if cost[j] < wants.ceiling[j]:
                other = _top(root, n_offers + j)
                root[max(mine, other)] = min(mine, other)
                mine = min(mine, other)


def components(market: Market) -> Labels:
    """Find the components of a dense market: one look at all pairs."""
    n_offers, n_wants, n_rows = market.n_offers, market.n_wants, len(market.rows.cap)
    root = np.arange(n_offers + n_wants + n_rows)
    _join(*arrays_of(market), root)
    first_row = n_offers + n_wants
    under = np.flatnonzero(market.wants.row >= 0)
    inner = np.flatnonzero(market.rows.parent >= 0)
    pairs = (
        (n_offers + under, first_row + market.wants.row[under]),
        (first_row + inner, first_row + market.rows.parent[inner]),
    )

    def top(node: int) -> int:
        while root[node] != node:
            root[node] = root[root[node]]
            node = int(root[node])
        return node

    for ones, others in pairs:
        for one, other in zip(ones.tolist(), others.tolist(), strict=True):
            low, high = sorted((top(one), top(other)))
            root[high] = low
    numbers = np.unique([top(node) for node in range(len(root))], return_inverse=True)[1].astype(np.int64)
    count = int(numbers.max(initial=-1)) + 1
    return Labels(numbers[:n_offers], numbers[n_offers:first_row], numbers[first_row:], count)
