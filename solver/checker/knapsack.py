"""The most that a set of places is worth in one building: an exact knapsack in Python integers.

Given a room K, and kinds of places j, each worth p_j > 0, of load w_j >= 0, to be had d_j times; wanted is

    z = max sum p_j x_j,    sum w_j x_j <= K,    0 <= x_j <= d_j whole.

*Copies.* d_j copies are written as single items of 1, 2, 4, ..., and the rest of them together: every number
up to d_j is a sum of some of these, and none beyond it. From here each item is taken once or not at all.

*Bound.* For a rate e = P / W >= 0, **any** rate, let m_j = W p_j - P w_j. A set S that fits has
W sum_S p = P sum_S w + sum_S m <= P K + sum_S m, so

    W sum_S p <= P K + sum_j max(0, m_j) - sum of |m_j| over the items that S decides against the sign of m_j.

Let `best` be the worth of a set that is known to fit. A better S decides no item against its sign whose |m_j|
is P K + sum max(0, m) - W best or more: those items are settled. P / W is the rate of the first item that
does not fit when items are taken in the order of p / w; it is exact, and a wrong order would do no harm.

*States.* The other items are taken up one by one. A state is the (load, worth) of a choice among those so
far. It is dropped when it does not fit, when another state has no more load and no less worth (whatever
completes the one completes the other; Nemhauser and Ullmann, Management Science 15, 1969), or when the bound,
with the sum of max(0, m) over the items still to come, shows that it leads to nothing better than `best`.
What is left is searched completely, so the result is exact.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@lru_cache(maxsize=1 << 12)  # equal buildings ask the same
def most(room: int, places: tuple[tuple[int, int, int], ...], floor: int) -> int:
    """Return max(floor, z) for places of (worth > 0, load >= 0, how many)."""
    free, items = 0, list[tuple[int, int]]()
    for worth, load, copies in places:
        if load == 0:
            free += worth * copies
            continue
        left, step = min(copies, room // load), 1
        while left > 0:
            taken = min(step, left)
            items.append((worth * taken, load * taken))
            left, step = left - taken, 2 * step
    if sum(load for _, load in items) <= room:
        return max(floor, free + sum(worth for worth, _ in items))
    return free + _search(room, items, floor - free)


def _search(room: int, items: list[tuple[int, int]], best: int) -> int:
    """Return max(best, z) for single items of (worth, load) that do not all fit together."""
    items = sorted(items, key=lambda item: -item[0] / item[1])
    rate, spent, earned = None, 0, 0
    for worth, load in items:
        if spent + load <= room:
            spent, earned = spent + load, earned + worth
        elif rate is None:
            rate = worth, load
    best = max(best, earned)
    top, per = rate or (0, 1)
    margins = [(per * worth - top * load, worth, load) for worth, load in items]
    bound = top * room + sum(max(0, margin) for margin, _, _ in margins)
    slack = bound - per * best
    settled = [(worth, load) for margin, worth, load in margins if margin >= max(slack, 1)]
    core = sorted((item for item in margins if abs(item[0]) < slack), key=lambda item: abs(item[0]))
    to_come = list(accumulate((max(0, margin) for margin, _, _ in core), initial=0))
    states = [(sum(load for _, load in settled), -sum(worth for worth, _ in settled))]
    while core and states:
        _, worth, load = core.pop()  # what costs most to decide wrongly comes first
        states += [(spent + load, lost - worth) for spent, lost in states if spent + load <= room]
        best = max(best, -min(lost for _, lost in states))
        need = per * best - to_come[len(core)] - top * room
        states = _undominated((s, lost) for s, lost in sorted(states) if -per * lost - top * s > need)
    return best


def _undominated(states: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Keep, of (load, minus worth) by rising load, the states that are worth more than all before them."""
    kept, least = list[tuple[int, int]](), 1
    for state in states:
        if state[1] < least:
            kept.append(state)
            least = state[1]
    return kept
