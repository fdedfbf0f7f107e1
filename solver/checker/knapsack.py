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

*States.* A state has every item on the side of its sign, but for some that it decides against it: `loss`, the
sum of their |m|, its load, and which these are. The first has none, and may not fit. The items that are not
settled are taken up one by one, what costs most first: each state also with that item turned. A state with
the loss l and the load s has W sum p = P s + sum max(0, m) - l. So it beats `best` when it fits and

    l + P (K - s) < slack = P K + sum max(0, m) - W best.

A state is dropped when l >= slack; when it does not fit even without all items still to come; or, once states
are many, when another one has no more load and no less worth (whatever completes the one completes the other;
Nemhauser and Ullmann, Management Science 15, 1969). What is left is searched completely, so the result is
exact.

`beats` asks less: whether some set is worth more than a floor. A first set that fits may show it, the bound
may refute it; only what lies between is searched.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


MANY: Final = 12  # states, from which on they are compared with each other, again when they have doubled
Place = tuple[int, int, int]  # worth > 0, load >= 0, copies
Item = tuple[int, int, int]  # worth, load, and the bit of the place that it is a copy, or copies, of
State = tuple[int, int, int]  # loss, load, and a bit for each item that is decided against its sign


class Filled(NamedTuple):
    """The best set: z, its load, bits of the places that it has copies of; a rate, and its bound x W."""

    worth: int
    load: int
    taken: int
    top: int
    per: int
    bound: int


def most(room: int, places: tuple[Place, ...], floor: int) -> int:
    """Return max(floor, z)."""
    return max(floor, fill_up(room, places, floor)[0].worth)


@lru_cache(maxsize=1 << 12)  # equal buildings ask the same, and so do nodes of their parents
def fill_up(room: int, places: tuple[Place, ...], floor: int = 0) -> tuple[Filled, list[Item]]:
    """Return the best set, if it is worth more than a floor, and places as single items if not all fit."""
    load, worth = sum([load * copies for _, load, copies in places]), 0
    if load <= room:  # at the rate 0 / 1 a margin is a worth
        worth = sum([worth * copies for worth, _, copies in places])
        return Filled(worth, load, (1 << len(places)) - 1, 0, 1, worth), []
    items = singles(room, places)
    return search(room, items, floor), items


def singles(room: int, places: Sequence[Place]) -> list[Item]:
    """Write copies as single items, and sort by the rate."""
    items = list[Item]()
    for at, (worth, load, copies) in enumerate(places):
        if copies == 1:
            if load <= room:
                items.append((worth, load, 1 << at))
            continue
        left, step = min(copies, room // load) if load else copies, 1
        while left > 0:
            taken = min(step, left)
            items.append((worth * taken, load * taken, 1 << at))
            left, step = left - taken, 2 * step
    return sorted(items, key=rate_of)


def rate_of(item: Item) -> float:
    """Return what to sort by: most worth per load first."""
    worth, load, _ = item
    return -worth / load if load else -inf


def beats(room: int, items: list[Item], floor: int) -> bool:
    """Tell whether z > floor for single items in the order of their rate."""
    left, earned, total = room, 0, 0
    for worth, load, _ in items:
        total += worth
        if load <= left:
            left, earned = left - load, earned + worth
    if earned > floor:
        return True
    return total > floor and search(room, items, floor, any_better=True).worth > floor


def search(room: int, items: list[Item], best: int, *, any_better: bool = False) -> Filled:
    """Find max(best, z) for single items in the order of their rate that do not all fit together.

    With `any_better`, the first set that is worth more than `best` ends the search.
    """
    spent = earned = top = per = bits = taken = used = 0
    for worth, load, bit in items:
        if spent + load <= room:
            spent, earned, bits = spent + load, earned + worth, bits | bit
        elif per == 0:
            top, per = worth, load
    if earned > best:
        best, used, taken = earned, spent, bits
    margins = [per * worth - top * load for worth, load, _ in items]
    bound = top * room + sum([margin for margin in margins if margin > 0])
    slack = bound - per * best
    if slack <= 0:
        return Filled(best, used, taken, top, per, bound)
    spent, spare, core = 0, 0, list[tuple[int, int]]()  # spare: load of what may still be taken out
    for at, margin in enumerate(margins):
        load = items[at][1]
        if margin > 0:
            spent += load
            if margin < slack:
                spare += load
                core.append((margin, at))
        elif margin > -slack:
            core.append((-margin, at))
    core.sort()
    states, turned, many, found = list[State](), [(0, spent, 0)], MANY, -1
    while True:
        for lost, load, bits in turned:
            if load <= room and lost + top * (room - load) < slack:
                slack, used, found = lost + top * (room - load), load, bits
        if not core or (any_better and found >= 0):
            break
        states += turned
        if len(states) > many:
            states = _undominated(states, top, slack, room + spare)
            many = max(MANY, 2 * len(states))
        cost, at = core.pop()
        more = items[at][1] if margins[at] <= 0 else -items[at][1]
        spare += min(0, more)
        limit, most, bit = slack - cost, room + spare - more, 1 << at
        turned = [(lost + cost, s + more, b | bit) for lost, s, b in states if lost < limit and s <= most]
    if found >= 0:
        best, taken = (bound - slack) // per, 0
        for at, (margin, item) in enumerate(zip(margins, items, strict=True)):
            if (margin > 0) != bool(found >> at & 1):
                taken |= item[2]
    return Filled(best, used, taken, top, per, bound)


def _undominated(states: list[State], top: int, slack: int, most: int) -> list[State]:
    """Keep, by falling worth, the states that have less load than all before them."""
    kept, least = list[State](), most + 1
    for lost, load, turned in sorted(states, key=lambda state: (state[0] - top * state[1], state[1])):
        if load < least:
            least = load
            if lost < slack:
                kept.append((lost, load, turned))
    return kept
