r"""Closing: what lies between the bound and the plan of a part is searched until nothing is left of it.

``close(part, x, cutoff)`` proves that no plan of the part costs less than the bound it returns, or the
cutoff, whichever is less; it returns the best plan that it meets. Only plans that cost a unit less than the
best are looked for, the unit being what divides all money of the component. At each node

1. prices: column generation gives L. L >= cutoff: done.
2. a better plan: patterns with large weights are put in, the moves of ``solver.patterns.local`` follow.
3. what the prices rule out is dropped, what they make certain is settled (``solver.patterns.reduce``).
4. what is left falls into pieces. Each is closed by itself, the smallest first, with the cutoff less what
   the others are sure to cost: the gaps of pieces add up, where one tree over all would multiply.
5. a piece that did not get smaller is branched on: a host open or shut, a pair in or out.

A node that the budget does not reach keeps its L. So the bound is valid whenever the search ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.patterns.bound import tighten
from solver.patterns.columns import Columns
from solver.patterns.master import Master
from solver.patterns.moves import cost_of
from solver.patterns.polish import fitting, polish
from solver.patterns.pricing import bids, dual_value, every_host, widest
from solver.patterns.reduce import decide, penalties

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from solver.flow.market import Ints
    from solver.patterns.bound import Dual
    from solver.patterns.part import Part
    from solver.patterns.reduce import Piece, Rest

    Reals = npt.NDArray[np.float64]
    Ruled = tuple[np.ndarray, Ints, np.ndarray]

#: A part that keeps more than this share of its pairs is branched on rather than priced again.
_SHRUNK = 0.8
#: Weights closer to whole numbers than this count as whole; a host this undecided is branched on first.
_TINY = 1e-6
#: Prices are good enough when the master lies above the bound by no more than the gap / 2^_FINE.
_FINE = 8
_TORN = 0.1


@dataclass
class Budget:
    """What the search may still do: ``left`` units of work (pairs priced), and ``stop`` from outside.

    ``unit`` divides the cost of every plan: a plan better than another is so by a unit at least.
    """

    left: int
    stop: Callable[[], bool]
    unit: int = 1

    def spend(self, work: int) -> None:
        """Take off some work."""
        self.left -= work

    def next_cost(self, bound: int) -> int:
        """Return the least that a plan can cost whose cost is not below a bound."""
        return -(-bound // self.unit) * self.unit

    @property
    def over(self) -> bool:
        """Whether to come to an end."""
        return self.left <= 0 or self.stop()


@dataclass(frozen=True)
class Closed:
    """What closing a part came to: ``bound``, the best plan ``x`` and its ``cost``."""

    bound: int
    x: Ints
    cost: int


@dataclass(frozen=True)
class Start:
    """What a node hands to those below: prices of guests and rows, and patterns (host, pairs, places)."""

    price: Ints
    row_price: Ints
    patterns: list[tuple[int, Ints, Ints]]


def close(part: Part, x: Ints, cutoff: int, start: Start, budget: Budget, seed: int) -> Closed:
    """Prove a bound for a part, see the module."""
    cost = cost_of(part, x)
    cutoff = min(cutoff, cost - budget.unit + 1)
    columns = Columns(part)
    for host, pairs, places in start.patterns:
        columns.add(host, pairs, places)
    columns.add_taken(np.arange(part.n_hosts), x)
    master = Master(part, columns)
    rounds = 0

    def halt() -> bool:
        nonlocal rounds
        rounds += 1
        budget.spend(part.n_pairs + len(columns))
        return budget.over

    found = [-1]

    def enough(bound: int, _value: float) -> None:
        found[0] = bound

    dual = tighten(
        part, columns, master, (start.price, start.row_price),
        close=lambda bound: (cutoff - bound) >> _FINE, on_round=enough,
        stop=lambda: halt() or found[0] >= cutoff,
    )  # fmt: skip
    if dual.bound >= cutoff:
        return Closed(cutoff, x, cost)
    shares = master.shares
    better = polish(part, columns, shares, x, seed)
    value = cost_of(part, better)
    if value < cost:
        x, cost, cutoff = better, value, min(cutoff, value - budget.unit + 1)
        if dual.bound >= cutoff:
            return Closed(cutoff, x, cost)
    if budget.over:
        return Closed(dual.bound, x, cost)
    ruled = _ruled(part, dual, cutoff)
    rest = decide(part, *ruled)
    if rest is None:
        return Closed(cutoff, x, cost)
    size = max((piece.part.n_pairs for piece in rest.pieces), default=0)
    if size <= _SHRUNK * part.n_pairs or rest.put.any():
        below = _pieces(part, rest, x, cutoff, dual, columns, budget, seed)
        return _merged(below, dual.bound, cutoff, x, cost)
    return _branch(part, ruled, x, cost, cutoff, dual, columns, shares, budget, seed)


def _merged(below: Closed, bound: int, cutoff: int, x: Ints, cost: int) -> Closed:
    if below.cost < cost:
        x, cost = below.x, below.cost
    return Closed(min(max(bound, below.bound), cutoff), x, cost)


def _ruled(part: Part, dual: Dual, cutoff: int) -> tuple[np.ndarray, Ints, np.ndarray]:
    """Tell which pairs to drop, which places to put for good and which hosts to open (``decide``)."""
    bid = bids(part, dual.price, dual.row_price)
    low, high = widest(part)
    reduced, taken = every_host(part, bid, low, high)
    within, without = np.empty(part.n_pairs, np.int64), np.empty(part.n_pairs, np.int64)
    penalties(
        part.capacity, part.opening, part.first, part.guest, part.cost, part.load, bid, part.demand, reduced,
        taken, within, without,
    )  # fmt: skip
    gap = cutoff - dual.bound
    return within >= gap, (without >= gap).astype(np.int64), -np.minimum(reduced, 0) >= gap


def _pieces(
    part: Part, rest: Rest, x: Ints, cutoff: int, dual: Dual, columns: Columns, budget: Budget, seed: int
) -> Closed:
    """Close the pieces one after another; the bound is that of all of them, the plan that of all of them."""
    plan = rest.put.copy()
    for piece in rest.pieces:
        plan[piece.pairs] += fitting(piece.part, x[piece.pairs] - rest.put[piece.pairs])
    sure = [budget.next_cost(_sure(piece, dual)) for piece in rest.pieces]
    total = rest.fixed + sum(sure)
    for piece, least in zip(rest.pieces, sure, strict=True):
        if total >= cutoff:
            break
        inner = plan[piece.pairs] - rest.put[piece.pairs]
        start = _start(part, piece, rest, dual, columns, cutoff)
        done = close(piece.part, inner, cutoff - (total - least), start, budget, seed)
        total += max(budget.next_cost(done.bound) - least, 0)
        plan[piece.pairs] = rest.put[piece.pairs] + done.x
    return Closed(min(total, cutoff), plan, cost_of(part, plan))


def _sure(piece: Piece, dual: Dual) -> int:
    """Return the bound of a piece at the prices of the part it comes from."""
    inner = piece.part
    price, row_price = dual.price[piece.guests], dual.row_price[piece.rows]
    reduced, _ = every_host(inner, bids(inner, price, row_price), *widest(inner))
    return dual_value(inner, price, row_price, reduced)


def _start(part: Part, piece: Piece, rest: Rest, dual: Dual, columns: Columns, cutoff: int) -> Start:
    """Hand down the prices, and the patterns that decisions leave and whose reduced cost is in the gap."""
    at = np.full(part.n_pairs, -1, np.int64)
    at[piece.pairs] = np.arange(len(piece.pairs))
    host_at = np.full(part.n_hosts, -1, np.int64)
    host_at[piece.hosts] = np.arange(len(piece.hosts))
    bid = bids(part, dual.price, dual.row_price)
    gap = cutoff - dual.bound
    patterns = []
    for k, host in enumerate(columns.host):
        if host_at[host] < 0:
            continue
        pairs, places = columns.pairs[k], columns.places[k]
        reduced = columns.cost[k] - int((bid[part.guest[pairs]] * places).sum())
        if reduced - min(0, int(dual.reduced[host])) >= gap:
            continue
        left = places - rest.put[pairs]
        inside = left > 0
        if (left < 0).any() or (at[pairs[inside]] < 0).any() or not inside.any():
            continue
        patterns.append((int(host_at[host]), at[pairs[inside]], left[inside]))
    return Start(dual.price[piece.guests], dual.row_price[piece.rows], patterns)


def _branch(
    part: Part, ruled: Ruled, x: Ints, cost: int, cutoff: int, dual: Dual, columns: Columns, shares: Reals,
    budget: Budget, seed: int,
) -> Closed:  # fmt: skip
    """Split on a host open or shut, or on a pair in or out; the bound is the less of the two."""
    choice = _choose(part, columns, shares, ruled)
    bounds = []
    for turn in (0, 1):
        drop, put, opened = (one.copy() for one in ruled)
        yes = choice.likely == (turn == 0)
        if choice.host >= 0 and yes:
            opened[choice.host] = True
        elif choice.host >= 0:
            drop[part.first[choice.host] : part.first[choice.host + 1]] = True
        elif yes:
            put[choice.pair] += 1
        else:
            drop[choice.pair] = True
        rest = decide(part, drop, put, opened)
        if rest is None:
            bounds.append(cutoff)
            continue
        done = _pieces(part, rest, x, cutoff, dual, columns, budget, seed)
        bounds.append(done.bound)
        if done.cost < cost:
            x, cost, cutoff = done.x, done.cost, min(cutoff, done.cost - budget.unit + 1)
        if done.bound <= dual.bound:
            break  # this half stays open: the other cannot lift the bound
    return Closed(min(max(dual.bound, min(bounds)), cutoff), x, cost)


@dataclass(frozen=True)
class _Choice:
    host: int
    pair: int
    likely: bool


def _choose(part: Part, columns: Columns, shares: Reals, ruled: Ruled) -> _Choice:
    """Choose what is most undecided in the master: a host if one is, else a pair that is not settled."""
    weight = np.zeros(part.n_pairs)
    open_share = np.zeros(part.n_hosts)
    for k in np.flatnonzero(shares > _TINY).tolist():
        weight[columns.pairs[k]] += shares[k] * columns.places[k]
        open_share[columns.host[k]] += shares[k]
    drop, put, opened = ruled
    torn = np.where((part.opening > 0) & ~opened, np.abs(open_share - np.rint(open_share)), 0.0)
    host = int(torn.argmax())
    if torn[host] > _TORN:
        return _Choice(host, -1, bool(open_share[host] % 1 >= 0.5))
    split = np.abs(weight - np.rint(weight)) + _TINY * (1 + np.minimum(weight, 1))
    split[drop | (put > 0)] = 0.0
    pair = int((split * _weights(part)).argmax())
    return _Choice(-1, pair, bool(weight[pair] >= 0.5))


def _weights(part: Part) -> Reals:
    """Prefer pairs of large places: deciding them decides more."""
    largest = max(int(part.load.max(initial=1)), 1)
    weights: Reals = 1.0 + part.load / largest
    return weights
