r"""The difference of two flows of a market as cycles.

Arcs that differ lead forward where the other flow has more and backward where it has less; every node is
left as often as it is entered, so a walk along them comes back to where it was: a cycle is taken out, as many
times as its arcs allow, and the walk goes on. An arc of a row with a floor is split at the floor.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from solver.flow.market import Ints, Market

Held: TypeAlias = "dict[tuple[int, int], int]"
#: (kind, index): asset class, need class, row; the root has no index.
Node: TypeAlias = "tuple[str, int]"
Arc: TypeAlias = "tuple[Node, Node, str]"


def cycles(
    market: Market, floors: Ints, one: Held, other: Held
) -> Iterator[tuple[Ints, Ints, Ints, int, int]]:
    """Yield the cycles that lead from one flow to another.

    Parameters
    ----------
    one, other : units by (asset class, need class); floors : of the rows.

    Yields
    ------
    Asset classes, need classes and units of the pairs that one round of the cycle changes; how often it
    may be gone round; units that one round adds below floors.
    """
    ahead = _difference(market, floors, one, other)
    leave: dict[Node, list[Arc]] = defaultdict(list)
    for arc, count in ahead.items():
        tail, head, _ = arc if count > 0 else (arc[1], arc[0], arc[2])
        leave[tail].append(arc)
        leave[head] = leave[head]
    left = {arc: abs(count) for arc, count in ahead.items()}
    forward = {arc: count > 0 for arc, count in ahead.items()}
    for start in sorted(leave):
        while leave[start]:
            path: list[Arc] = []
            seen: dict[Node, int] = {start: 0}
            node = start
            while True:
                arc = leave[node][-1]
                path.append(arc)
                node = arc[1] if forward[arc] else arc[0]
                if node in seen:
                    break
                seen[node] = len(path)
            cycle = path[seen[node] :]
            most = min(left[arc] for arc in cycle)
            for arc in cycle:
                left[arc] -= most
                if left[arc] == 0:
                    leave[arc[0] if forward[arc] else arc[1]].remove(arc)
            yield _told(cycle, forward, most)


def _told(cycle: list[Arc], forward: dict[Arc, bool], most: int) -> tuple[Ints, Ints, Ints, int, int]:
    pairs = [arc for arc in cycle if arc[2] == "pair"]
    sign = {arc: 1 if forward[arc] else -1 for arc in cycle}
    return (
        np.array([arc[0][1] for arc in pairs], np.int64),
        np.array([arc[1][1] for arc in pairs], np.int64),
        np.array([sign[arc] for arc in pairs], np.int64),
        most,
        sum(sign[arc] for arc in cycle if arc[2] == "floor"),
    )


def _difference(market: Market, floors: Ints, one: Held, other: Held) -> dict[Arc, int]:
    """Return the units by which each arc differs."""
    root: Node = ("root", 0)
    row_of, parent = market.wants.row.tolist(), market.rows.parent.tolist()
    out: dict[Arc, int] = {}
    used: dict[int, int] = defaultdict(int)
    got: dict[int, int] = defaultdict(int)
    for pair in sorted({*one, *other}):
        count = other.get(pair, 0) - one.get(pair, 0)
        if count:
            out[("asset", pair[0]), ("need", pair[1]), "pair"] = count
            used[pair[0]] += count
            got[pair[1]] += count
    through: dict[int, int] = defaultdict(int)
    before: dict[int, int] = defaultdict(int)
    for (_, want), count in one.items():
        _pass(before, row_of[want], parent, count)
    for want, count in got.items():
        row = row_of[want]
        if count:
            out[("need", want), ("row", row) if row >= 0 else root, "met"] = count
        _pass(through, row, parent, count)
    for asset, count in used.items():
        if count:
            out[("asset", asset), root, "kept"] = -count
    for row, count in through.items():
        up: Node = ("row", parent[row]) if parent[row] >= 0 else root
        floor = int(floors[row])
        below = min(before[row] + count, floor) - min(before[row], floor)
        for kind, units in (("floor", below), ("rest", count - below)):
            if units:
                out[("row", row), up, kind] = units
    return out


def _pass(through: dict[int, int], row: int, parent: list[int], count: int) -> None:
    while row >= 0:
        through[row] += count
        row = parent[row]
