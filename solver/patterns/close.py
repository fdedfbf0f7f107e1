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

What is found is written down as it is found (``Node``; docs/certificate.md), so that anyone can compute the
bound again from the prices and decisions: the certificate's tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.patterns.bound import tighten
from solver.patterns.branch import choose, twins, weights
from solver.patterns.columns import Columns
from solver.patterns.inherit import inherited
from solver.patterns.master import Master
from solver.patterns.moves import cost_of
from solver.patterns.polish import fitting, polish
from solver.patterns.pricing import bids, dual_value, every_host, widest
from solver.patterns.reduce import decide, penalties

if TYPE_CHECKING:
    import numpy.typing as npt

    from solver.flow.market import Ints
    from solver.patterns.bound import Dual
    from solver.patterns.budget import Budget
    from solver.patterns.columns import Patterns
    from solver.patterns.part import Part
    from solver.patterns.reduce import Piece, Rest

    Node = dict[str, Any]
    Reals = npt.NDArray[np.float64]
    Ruled = tuple[np.ndarray, Ints, np.ndarray]

#: A part that keeps more than this share of its pairs is branched on rather than priced again.
_SHRUNK = 0.8
#: Prices are good enough when the master lies above the bound by no more than the gap / 2^_FINE.
_FINE = 8


@dataclass(frozen=True)
class Closed:
    """What closing a part came to: ``bound`` and its proof ``node``, the best plan ``x`` and its ``cost``."""

    bound: int
    x: Ints
    cost: int
    node: Node


@dataclass(frozen=True)
class Start:
    """What a node hands to those below.

    Attributes
    ----------
    price, row_price : of guests and norm rows; patterns : known ones; hosts, guests : what those of the part
    are called in the component.
    """

    price: Ints
    row_price: Ints
    patterns: Patterns
    hosts: Ints
    guests: Ints


def close(part: Part, x: Ints, cutoff: int, start: Start, budget: Budget, seed: int) -> Closed:
    """Prove a bound for a part, see the module."""
    cost = cost_of(part, x)
    cutoff = min(cutoff, cost - budget.unit + 1)
    columns = Columns(part)
    columns.add(start.patterns)
    columns.add_taken(x)
    master = Master(part, columns)
    dual = tighten(
        part, columns, master, (start.price, start.row_price),
        close=lambda bound: (cutoff - bound) >> _FINE, stop=lambda: budget.over,
        on_round=lambda: budget.spend(part.n_pairs + len(columns)), target=cutoff,
    )  # fmt: skip
    node = _node(dual, cutoff)
    if dual.bound >= cutoff:
        return Closed(cutoff, x, cost, node)
    shares = master.shares
    weight, opened = weights(part, columns, shares)
    better = x
    if budget.may_improve(part):
        better = polish(part, columns, shares, x, seed, budget.shakes(part), budget.stop)
    value = cost_of(part, better)
    if value < cost:
        x, cost, cutoff = better, value, min(cutoff, value - budget.unit + 1)
        node = _node(dual, cutoff)
        if dual.bound >= cutoff:
            return Closed(cutoff, x, cost, node)
    if budget.over:
        return Closed(dual.bound, x, cost, node)
    ruled = _ruled(part, dual, cutoff)
    rest = decide(part, *ruled)
    if rest is None:
        return Closed(cutoff, x, cost, node | {"s": []})
    at = _At(part, dual, columns, weight, opened, start, budget, seed)
    size = max((piece.part.n_pairs for piece in rest.pieces), default=0)
    if size <= _SHRUNK * part.n_pairs or rest.put.any():
        total, plan, children = _pieces(at, rest, x, cutoff)
        value = cost_of(part, plan)
        if value < cost:
            x, cost = plan, value
        return Closed(min(max(dual.bound, total), cutoff), x, cost, node | {"s": children})
    return _branch(at, ruled, x, cost, cutoff, node)


@dataclass(frozen=True)
class _At:
    """Where the search stands: part, prices, patterns, places per pair and use per host, budget."""

    part: Part
    dual: Dual
    columns: Columns
    weight: Reals
    opened: Reals
    start: Start
    budget: Budget
    seed: int


def _node(dual: Dual, cutoff: int) -> Node:
    """Write down the prices of a node and the cutoff that they are used with."""
    node: Node = {"k": cutoff, "p": dual.price.tolist()}
    return node | {"r": dual.row_price.tolist()} if len(dual.row_price) else node


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


def _pieces(at: _At, rest: Rest, x: Ints, cutoff: int) -> tuple[int, Ints, list[Node | None]]:
    """Close the pieces one after another; return what all of them cost at least, the plan, and the nodes."""
    budget = at.budget
    plan = rest.put.copy()
    for piece in rest.pieces:
        plan[piece.pairs] += fitting(piece.part, x[piece.pairs] - rest.put[piece.pairs])
    sure = [budget.next_cost(_sure(piece, at.dual)) for piece in rest.pieces]
    total = rest.fixed + sum(sure)
    nodes: list[Node | None] = [None] * len(rest.pieces)
    for number, (piece, least) in enumerate(zip(rest.pieces, sure, strict=True)):
        if total >= cutoff:
            break
        inner = plan[piece.pairs] - rest.put[piece.pairs]
        start = _start(at, piece, rest, cutoff)
        budget.depth += 1
        done = close(piece.part, inner, cutoff - (total - least), start, budget, at.seed)
        budget.depth -= 1
        total += max(budget.next_cost(done.bound) - least, 0)
        plan[piece.pairs] = rest.put[piece.pairs] + done.x
        nodes[number] = done.node
    return min(total, cutoff), plan, nodes


def _sure(piece: Piece, dual: Dual) -> int:
    """Return the bound of a piece at the prices of the part it comes from."""
    inner = piece.part
    price, row_price = dual.price[piece.guests], dual.row_price[piece.rows]
    reduced, _ = every_host(inner, bids(inner, price, row_price), *widest(inner))
    return dual_value(inner, price, row_price, reduced)


def _start(at: _At, piece: Piece, rest: Rest, cutoff: int) -> Start:
    """Hand down the prices, and the patterns that decisions leave and whose reduced cost is in the gap."""
    part, dual, columns = at.part, at.dual, at.columns
    pair_at = np.full(part.n_pairs, -1, np.int64)
    pair_at[piece.pairs] = np.arange(len(piece.pairs))
    host_at = np.full(part.n_hosts, -1, np.int64)
    host_at[piece.hosts] = np.arange(len(piece.hosts))
    bid = bids(part, dual.price, dual.row_price)
    allowed = cutoff - dual.bound + np.minimum(dual.reduced, 0)
    patterns = inherited(
        columns.patterns, columns.cost, part.guest, bid, allowed, rest.put, host_at, pair_at, piece.part
    )
    return Start(
        dual.price[piece.guests],
        dual.row_price[piece.rows],
        patterns,
        at.start.hosts[piece.hosts],
        at.start.guests[piece.guests],
    )


def _branch(at: _At, ruled: Ruled, x: Ints, cost: int, cutoff: int, node: Node) -> Closed:
    """Split on a host open or shut, or on a pair in or out; the bound is the less of the two.

    Equal hosts are interchangeable: what no plan with the decision at one of them achieves, none achieves
    with it at another. So the contrary holds for all of them.
    """
    part, dual, start = at.part, at.dual, at.start
    choice = choose(part, at.weight, at.opened, ruled)
    if choice is None:
        return Closed(dual.bound, x, cost, node)
    host = choice.host if choice.host >= 0 else int(np.searchsorted(part.first, choice.pair, "right")) - 1
    split: list[Any] = ["open", int(start.hosts[host])]
    if choice.pair >= 0:
        split = ["place", int(start.hosts[host]), int(start.guests[part.guest[choice.pair]])]
    equal = twins(part, host)
    bounds: list[int] = []
    sides: dict[str, list[Node | None]] = {}
    for turn in (0, 1):
        drop, put, opened = (one.copy() for one in ruled)
        yes = choice.likely == (turn == 0)
        if yes and choice.pair < 0:
            opened[host] = True
        elif yes:
            put[choice.pair] += 1
        elif choice.pair < 0:
            for one in equal:
                drop[part.first[one] : part.first[one + 1]] = True
        else:
            drop[part.first[equal] + choice.pair - part.first[host]] = True
        rest = decide(part, drop, put, opened)
        side = "y" if yes else "n"
        if rest is None:
            bounds.append(cutoff)
            sides[side] = []
            continue
        total, plan, sides[side] = _pieces(at, rest, x, cutoff)
        bounds.append(total)
        value = cost_of(part, plan)
        if value < cost:
            x, cost = plan, value
        if total <= dual.bound:
            return Closed(dual.bound, x, cost, node)  # this half stays open: the other cannot lift the bound
    return Closed(min(max(dual.bound, min(bounds)), cutoff), x, cost, node | {"b": split, **sides})
