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

`beats` asks less: whether some set is worth more than a floor. A first set that fits may show it, the bound
may refute it; only what lies between is searched.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


Item = tuple[int, int]  # worth > 0, load >= 0


@lru_cache(maxsize=1 << 12)  # equal buildings ask the same
def most(room: int, places: tuple[tuple[int, int, int], ...], floor: int) -> int:
    """Return max(floor, z) for places of (worth > 0, load >= 0, how many)."""
    items = singles(room, places)
    if sum(load for _, load in items) <= room:
        return max(floor, sum(worth for worth, _ in items))
    return _search(room, items, floor)


def singles(room: int, places: Iterable[tuple[int, int, int]]) -> list[Item]:
    """Write copies as single items, and sort by the rate."""
    items = list[Item]()
    for worth, load, copies in places:
        left, step = min(copies, room // load) if load else copies, 1
        while left > 0:
            taken = min(step, left)
            items.append((worth * taken, load * taken))
            left, step = left - taken, 2 * step
    return sorted(items, key=rate_of)


def rate_of(item: Item) -> float:
    """Return what to sort by: most worth per load first."""
    worth, load = item
    return -worth / load if load else -inf


def beats(room: int, items: list[Item], floor: int) -> bool:
    """Tell whether z > floor for single items in the order of their rate."""
    left, earned = room, 0
    for worth, load in items:
        if load <= left:
            left, earned = left - load, earned + worth
    if earned > floor:
        return True
    if sum([worth for worth, _ in items]) <= floor:
        return False
    return _search(room, items, floor) > floor


def _search(room: int, items: list[Item], best: int) -> int:
    """Return max(best, z) for single items in the order of their rate that do not all fit together."""
    spent = earned = top = per = 0
    for worth, load in items:
        if spent + load <= room:
            spent, earned = spent + load, earned + worth
        elif per == 0:
            top, per = worth, load
    best = max(best, earned)
    margins = [(per * worth - top * load, worth, load) for worth, load in items]
    bound = top * room + sum([margin for margin, _, _ in margins if margin > 0])
    slack = bound - per * best
    if slack <= 0:
        return best
    settled = [(worth, load) for margin, worth, load in margins if margin >= slack]
    core = sorted((item for item in margins if abs(item[0]) < slack), key=lambda item: abs(item[0]))
    to_come = list(accumulate((max(0, margin) for margin, _, _ in core), initial=0))
    states = [(sum(load for _, load in settled), -sum(worth for worth, _ in settled))]
    if states[0][0] > room:
        return best  # nothing better holds all that it would have to
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
