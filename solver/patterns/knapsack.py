r"""The exact bounded knapsack: the best set of places for one host.

    max  sum_i v_i x_i     subject to  sum_i w_i x_i <= k,   0 <= x_i <= b_i whole

Items are few (those whose bid exceeds their cost) and capacities of any size, so that depth-first search
with Dantzig's bound comes first; where it takes long (many items of nearly equal efficiency) a table over
the capacity, k x sum b_i cells, takes over if it is small enough, else the search goes on to its end. Both
are exact. Source: Kellerer, Pferschy, Pisinger, *Knapsack Problems*, 2004, chapters 2 and 7.

Dantzig's bound holds for items in the order of their efficiency v / w and for no other, so that the order is
exact too: v_i w_j is compared with v_j w_i where 64 bits hold the products (money up to 9 x 10^18 / w), else
the quotients and, like Euclid, those of what is left over. Sums of v_i b_i must stay within 64 bits
(``solver.patterns.estate``); loads and the capacity may be any numbers below 2^62.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled

if TYPE_CHECKING:
    from solver.flow.market import Ints

#: Steps of the search before the table is considered; cells of the largest table.
PATIENCE = 4_000
TABLE = 60_000_000
#: Products of two numbers below this stay within 64 bits.
_SMALL = 1 << 31
#: More than what five roundings of floating point can take off.
_UPWARDS = 1 + 1e-14
_LARGEST = (1 << 63) - 1


@compiled
def fit(n: int, value: Ints, load: Ints, most: Ints, capacity: int, order: Ints, x: Ints, take: Ints) -> int:
    """Find the best set; return its value and fill ``take``.

    Parameters
    ----------
    n : items; value : of one, above 0; load : of one, 0 or more; most : b_i, 1 or more; order, x : scratch,
    n entries or more; take : result, in the order of the items.
    """
    left = np.int64(capacity)
    total, rows = np.int64(0), np.int64(0)
    dearest, largest = np.int64(0), np.int64(1)
    for i in range(n):
        most[i] = most[i] if load[i] == 0 else min(most[i], capacity // load[i])
        if left >= 0:  # below it, sums of loads might leave 64 bits
            left -= load[i] * most[i]
        total += value[i] * most[i]
        rows += most[i]
        dearest, largest = max(dearest, value[i]), max(largest, load[i])
        take[i] = most[i]
    if left >= 0:
        return int(total)
    products = dearest <= _LARGEST // largest
    for i in range(n):  # insertion by efficiency: lists are short
        worth, size, j = value[i], load[i], i
        while j > 0:
            v, w = value[order[j - 1]], load[order[j - 1]]
            if not (worth * w > v * size if products else _better(worth, size, v, w)):
                break
            order[j] = order[j - 1]
            j -= 1
        order[j] = i
    limit = PATIENCE if rows <= TABLE // (capacity + 1) else -1
    best = _search(n, value, load, most, capacity, order, x, take, limit)
    if best < 0:
        best = _table(n, value, load, most, capacity, take)
    return best


@compiled
def _better(a: int, b: int, c: int, d: int) -> bool:
    """Tell whether a / b > c / d, exactly: by quotients, then, like Euclid, by those of what is left over."""
    while b > 0 and d > 0:
        one, other = a // b, c // d
        if one != other:
            return bool(one > other)
        a, b, c, d = d, c - other * d, b, a - one * b  # a / b > c / d just when d / c > b / a
    return bool(d > b)


@compiled
def _search(
    n: int, value: Ints, load: Ints, most: Ints, capacity: int, order: Ints, x: Ints, take: Ints, limit: int
) -> int:
    """Search depth first, items by efficiency, as many as fit first; -1 where the limit is reached."""
    best = np.int64(-1)
    room, have = np.int64(capacity), np.int64(0)
    at = 0
    steps = 0
    while True:
        steps += 1
        if steps == limit:
            return -1
        # Dantzig's bound on what items at.. can add, floor of the exact value
        bound, left = have, room
        closed = True
        for k in range(at, n):
            i = order[k]
            if load[i] * most[i] <= left:
                left -= load[i] * most[i]
                bound += value[i] * most[i]
            else:
                part = left // load[i]
                bound += part * value[i]
                left -= part * load[i]
                bound += (value[i] // load[i]) * left
                if load[i] < _SMALL:
                    bound += ((value[i] % load[i]) * left) // load[i]
                else:  # the product might leave 64 bits; anything not below the exact value will do
                    bound += np.int64((value[i] % load[i]) * (left / load[i]) * _UPWARDS) + 1
                closed = False
                break
        if bound > best:
            if closed:  # the rest fits whole: this is the best below here
                best = bound
                for k in range(n):
                    take[order[k]] = x[k] if k < at else most[order[k]]
            else:
                i = order[at]
                x[at] = most[i] if load[i] == 0 else min(most[i], room // load[i])
                room -= x[at] * load[i]
                have += x[at] * value[i]
                at += 1
                continue
        at -= 1
        while at >= 0 and x[at] == 0:
            at -= 1
        if at < 0:
            return int(best)
        x[at] -= 1
        room += load[order[at]]
        have -= value[order[at]]
        at += 1


@compiled
def _table(n: int, value: Ints, load: Ints, most: Ints, capacity: int, take: Ints) -> int:
    """Fill the table over the capacity, one row per copy of an item, and read the set back."""
    rows = 0
    for i in range(n):
        rows += most[i]
    best = np.zeros(capacity + 1, np.int64)
    chosen = np.zeros((rows, capacity + 1), np.uint8)
    row = 0
    for i in range(n):
        for _ in range(most[i]):
            for room in range(capacity, load[i] - 1, -1):
                better = best[room - load[i]] + value[i]
                if better > best[room]:
                    best[room] = better
                    chosen[row, room] = 1
            row += 1
    room = capacity
    for i in range(n - 1, -1, -1):
        take[i] = 0
        for _ in range(most[i]):
            row -= 1
            if chosen[row, room] == 1:
                take[i] += 1
                room -= load[i]
    return int(best[capacity])
