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

*States.* The other items are taken up one by one. A state is (worth, load, what was taken) of a choice among
those so far. It is dropped when it does not fit, when the bound, with the sum of max(0, m) over the items
still to come, shows that it leads to nothing better than `best`, or, once states are many, when another one
has no more load and no less worth (whatever completes the one completes the other; Nemhauser and Ullmann,
Management Science 15, 1969). What is left is searched completely, so the result is exact.

`beats` asks less: whether some set is worth more than a floor. A first set that fits may show it, the bound
may refute it; only what lies between is searched.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from math import inf
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


MANY: Final = 24  # states, from which on they are compared with each other
Place = tuple[int, int, int]  # worth > 0, load >= 0, copies
Item = tuple[int, int, int]  # worth, load, and the bit of the place that it is a copy, or copies, of
State = tuple[int, int, int]  # worth, load, and the bits of places taken


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
    spent = earned = bits = 0
    core = list[tuple[int, int, Item]]()
    for margin, item in zip(margins, items, strict=True):
        if margin >= slack:
            earned, spent, bits = earned + item[0], spent + item[1], bits | item[2]
        elif margin > -slack:
            core.append((abs(margin), max(0, margin), item))
    core.sort()
    to_come = list(accumulate([more for _, more, _ in core], initial=0))
    # Where the settled do not fit, nothing better holds all that it would have to.
    states: list[State] = [(earned, spent, bits)] if spent <= room else []
    while core and states:
        _, _, (worth, load, bit) = core.pop()  # what costs most to decide wrongly comes first
        states += [(w + worth, s + load, b | bit) for w, s, b in states if s + load <= room]
        found = max(states)
        if found[0] > best:
            best, used, taken = found
            if any_better:
                break
        need = per * best - to_come[len(core)] - top * room
        states = [state for state in states if per * state[0] - top * state[1] > need]
        if len(states) > MANY:
            states = _undominated(states)
    return Filled(best, used, taken, top, per, bound)


def _undominated(states: list[State]) -> list[State]:
    """Keep, by falling worth, the states that have less load than all before them."""
    states.sort(reverse=True)
    kept, least = list[State](), states[0][1] + 1
    for state in states:
        if state[1] < least:
            kept.append(state)
            least = state[1]
    return kept
