r"""What the prices of a component that is not held leave of it: pieces that are held, and closed like parts.

With L and r_h at prices over all pairs (``solver.patterns.lazy``) and a plan that costs C, look at plans that
cost less than k = C + 1, this plan among them. What they have in common (``solver.patterns.reduce``: pairs in
none of them, places and open hosts in all) is found some hosts at a time. A place of pair e costs at least
max(0, r_h) + c_hg - b_g more than L: only pairs with less than k - L of that are looked at closely. What is
left is settled as decisions are and falls into pieces, so that every plan costs

    at least  max(L, min(k, fixed + sum of what is proven of the pieces))

The certificate's tree begins with these prices, k and the pieces (docs/certificate.md), whose own trees
follow; the checker finds the same pieces from all pairs. What divides all money of the component, the unit,
is that of its pieces too: a piece by itself may have a larger one, of which the checker knows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.patterns.close import Start
from solver.patterns.columns import Columns, no_patterns
from solver.patterns.core import carried, keys_of, only
from solver.patterns.inherit import inherited
from solver.patterns.moves import cost_of, expanded
from solver.patterns.pricing import bids, dual_value, every_host, widest
from solver.patterns.reduce import decide, penalties
from solver.patterns.tasks import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from solver.flow.market import Ints
    from solver.patterns.columns import Patterns
    from solver.patterns.lazy import Lazy, Priced
    from solver.patterns.part import Part
    from solver.patterns.reduce import Piece, Rest


@dataclass(frozen=True)
class Settled:
    """A component that is down to its pieces.

    Attributes
    ----------
    part : the pairs left, hosts single; class_of : host class of each; rest : what is fixed, put and left;
    cutoff : k; priced, unit : as of ``Lazy``.
    """

    part: Part
    class_of: Ints
    rest: Rest
    cutoff: int
    priced: Priced
    unit: int

    def bound(self, standings: Sequence[Standing]) -> int:
        """Return what no plan costs less than, given where the pieces stand."""
        total = self.rest.fixed + sum(self._up(one.bound) for one in standings)
        return self._up(max(self.priced.bound, min(self.cutoff, total)))

    def plan(self, standings: Sequence[Standing]) -> Ints:
        """Return places per pair of the part."""
        x = self.rest.put.copy()
        for piece, one in zip(self.rest.pieces, standings, strict=True):
            x[piece.pairs] += one.x
        return x

    def node(self, standings: Sequence[Standing]) -> dict[str, Any]:
        """Return the tree that proves the bound."""
        priced = self.priced
        node: dict[str, Any] = {"k": self.cutoff, "p": priced.price.tolist()}
        if len(priced.row_price):
            node["r"] = priced.row_price.tolist()
        return node | {"s": [one.node for one in standings]}

    def _up(self, bound: int) -> int:
        return -(-bound // self.unit) * self.unit


def settle(lazy: Lazy, stop: Callable[[], bool]) -> tuple[Settled, list[Part], list[Standing]] | None:
    """Rule out pairs; return what is left with a part and a standing for each piece.

    None where it was stopped, or more pairs are left than may be held.
    """
    left = _left(lazy, stop)
    if left is None:
        return None
    part, put, opened = left
    single, class_of = expanded(part)
    keys = keys_of(part)
    host = np.repeat(np.arange(single.n_hosts), np.diff(single.first))
    put_single = put[np.searchsorted(keys, class_of[host] * part.n_guests + single.guest)]
    rest = decide(single, np.zeros(single.n_pairs, bool), put_single, opened[class_of])
    assert rest is not None  # the plan keeps to all of it
    settled = Settled(single, class_of, rest, lazy.standing.cost + 1, lazy.priced, lazy.unit)
    x = carried(lazy.part, part, lazy.standing.x)
    parts, standings = [], []
    heirs = _heirs(lazy, settled) if single is part else None
    for piece in rest.pieces:
        inner, patterns = piece.part, heirs(piece) if heirs else no_patterns()
        price, row_price = lazy.priced.price[piece.guests], lazy.priced.row_price[piece.rows]
        reduced, _ = every_host(inner, bids(inner, price, row_price), *widest(inner))
        sure = -(-dual_value(inner, price, row_price, reduced) // lazy.unit) * lazy.unit
        own = x[piece.pairs] - rest.put[piece.pairs]
        start = Start(price, row_price, patterns, piece.hosts, piece.guests)
        cost = cost_of(inner, own)
        parts.append(inner)
        standings.append(Standing(own, cost, price, row_price, sure, start, 0, unit=lazy.unit))
    return settled, parts, standings


def _left(lazy: Lazy, stop: Callable[[], bool]) -> tuple[Part, Ints, np.ndarray] | None:
    """Return the pairs that prices leave as a part, places put for good per pair, hosts open for good."""
    whole, priced, bare = lazy.whole, lazy.priced, lazy.whole.bare
    gap = lazy.standing.cost + 1 - priced.bound
    bid = bids(bare, priced.price, priced.row_price)
    slack = gap - np.maximum(priced.reduced, 0)
    width, count = np.zeros(bare.n_hosts, np.int64), 0
    for begin, part in whole.parts(bid + gap):  # looking closely takes long: first how many there are
        host, close = _close(begin, part, bid, slack)
        count += int(bare.copies[host[close]].sum())
        if stop() or count > whole.limits.left:
            return None
    columns: list[tuple[Ints, ...]] = []
    for begin, part in whole.parts(bid + gap):
        if stop():
            return None
        end = begin + part.n_hosts
        host, close = _close(begin, part, bid, slack)
        near = only(part, close)
        reduced, taken = every_host(near, bid, *widest(near))
        within, without = np.empty(near.n_pairs, np.int64), np.empty(near.n_pairs, np.int64)
        penalties(
            near.capacity, near.opening, near.first, near.guest, near.cost, near.load, bid, near.demand,
            reduced, taken, within, without,
        )  # fmt: skip
        stay = within < gap
        kept = close[stay]
        width[begin:end] = np.bincount(host[kept] - begin, minlength=part.n_hosts)
        put = (without[stay] >= gap).astype(np.int64)
        columns.append((part.guest[kept].astype(np.int64), part.cost[kept], part.load[kept], put))
    guest, cost, load, put = (np.concatenate(column) for column in zip(*columns, strict=True))
    first = np.concatenate([[0], np.cumsum(width)]).astype(np.int64)
    part = bare._replace(first=first, guest=guest.astype(np.int32), cost=cost, load=load)
    return part, put, -np.minimum(priced.reduced, 0) >= gap


def _close(begin: int, part: Part, bid: Ints, slack: Ints) -> tuple[Ints, Ints]:
    """Return the host of every pair, and the pairs to be looked at.

    A host with r_h >= k - L (no slack) takes nothing; of any other, what its best pattern may hold is there.
    """
    host = np.repeat(np.arange(begin, begin + part.n_hosts), np.diff(part.first))
    return host, np.flatnonzero((part.cost - bid[part.guest] < slack[host]) & (slack[host] > 0))


def _heirs(lazy: Lazy, settled: Settled) -> Callable[[Piece], Patterns]:
    """Return what hands the patterns of the core down to a piece, hosts being single."""
    core, part, rest, priced = lazy.core, settled.part, settled.rest, lazy.priced
    known = Columns(core)
    known.add(lazy.patterns)
    keys, own = keys_of(part), keys_of(core)
    place = np.minimum(np.searchsorted(keys, own), max(len(keys) - 1, 0))
    there = keys[place] == own if len(keys) else np.zeros(len(own), bool)
    put = np.zeros(core.n_pairs, np.int64)
    put[there] = rest.put[place[there]]
    bid = bids(core, priced.price, priced.row_price)
    allowed = settled.cutoff - priced.bound + np.minimum(priced.reduced, 0)

    def heirs(piece: Piece) -> Patterns:
        at = np.full(part.n_pairs, -1, np.int64)
        at[piece.pairs] = np.arange(len(piece.pairs))
        pair_at = np.full(core.n_pairs, -1, np.int64)
        pair_at[there] = at[place[there]]
        host_at = np.full(core.n_hosts, -1, np.int64)
        host_at[piece.hosts] = np.arange(len(piece.hosts))
        return inherited(
            known.patterns, known.cost, core.guest, bid, allowed, put, host_at, pair_at, piece.part
        )

    return heirs
