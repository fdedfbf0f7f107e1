r"""The way from one plan of premises to another, in parts that may be gone by themselves.

What differs are patterns of hosts. Two hosts are in one part where taking one's new patterns and not the
other's might break a rule: for a guest, or a norm row, let k be the places that both plans have beside the
patterns that differ, and o_h, n_h those of host h in its old and its new ones. Any mixture of hosts has at
most

    k + sum over h of max(o_h, n_h)

places; where that is more than the demand or the cap, all these hosts are in one part. Rooms and copies are
each host's own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from solver.limits.premises_tally import patterns_in

if TYPE_CHECKING:
    from collections import Counter

    from solver.flow.market import Rows
    from solver.limits.premises_tally import Pattern
    from solver.patterns.estate import Estate, Use


class Way(NamedTuple):
    """Patterns that go and that come, each so many times."""

    gone: Counter[Pattern]
    come: Counter[Pattern]


#: Places by host: in old patterns, in new ones.
_Sides = dict[int, list[int]]


def parts_between(estate: Estate, base: Use, other: Use) -> tuple[Way, dict[int, int]]:
    """Return what differs, and the part (0 to n - 1) of every host that does."""
    old, new = patterns_in(base), patterns_in(other)
    way = Way(old - new, new - old)
    limits = _limits(estate, way, old)
    root = {host: host for patterns in way for host, _ in patterns}

    def top(host: int) -> int:
        while root[host] != host:
            root[host] = root[root[host]]
            host = root[host]
        return host

    for left, sides in limits:
        if sum(max(both) for both in sides.values()) > left:
            first, *others = sides
            for host in others:
                one, two = sorted((top(first), top(host)))
                root[two] = one
    number: dict[int, int] = {}
    return way, {host: number.setdefault(top(host), len(number)) for host in sorted(root)}


def _limits(estate: Estate, way: Way, old: Counter[Pattern]) -> list[tuple[int, _Sides]]:
    """List demands and caps: what patterns that stay leave of them, and what those that differ take."""
    demand, row_of = estate.demand.tolist(), estate.row.tolist()
    above = _above(estate.rows)
    left: dict[int, int] = {}  # guests, then rows: their keys are -1 - row
    sides: dict[int, _Sides] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for side, patterns in enumerate(way):
        for (host, inside), times in patterns.items():
            for guest, places in inside:
                for key in (guest, *above[row_of[guest]]):
                    sides[key][host][side] += times * places
    for key in sides:
        left[key] = demand[key] if key >= 0 else int(estate.rows.cap[-1 - key])
    for (_, inside), times in (old - way.gone).items():
        for guest, places in inside:
            for key in (guest, *above[row_of[guest]]):
                if key in left:
                    left[key] -= times * places
    return [(left[key], sides[key]) for key in sorted(sides)]


def _above(rows: Rows) -> list[list[int]]:
    """Keys of each row and of all that contain it; the last is for guests under none."""
    chains: list[list[int]] = [[] for _ in range(len(rows.cap) + 1)]
    for row in range(len(rows.cap) - 1, -1, -1):  # parents come later
        parent = int(rows.parent[row])
        chains[row] = [-1 - row, *(chains[parent] if parent >= 0 else [])]
    return chains
