r"""Pricing: the best pattern of every host at given bids, and the bound that follows.

Guests bid b_g for a place (their price pi_g less the prices of the norm rows they stand in). Host h gains

    r_h = f_h - max { sum_g (b_g - c_hg) x_g : sum_g w_hg x_g <= k_h, low <= x <= high }

by its best pattern, one knapsack. No plan costs less than

    L(pi, lambda) = sum_g d_g pi_g - sum_r cap_r lambda_r + sum_h m_h min(0, r_h)

for any pi_g <= p_g and lambda >= 0 (``docs/certificate.md``). ``low`` and ``high`` are 0 and d_g but inside
the search tree, where a host with some low above 0 is open for certain: its term is r_h, of either sign.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled
from solver.patterns.estate import MONEY_RANGE
from solver.patterns.knapsack import fit
from solver.patterns.part import dot, slices

if TYPE_CHECKING:
    from solver.flow.market import Ints, Small
    from solver.patterns.estate import Estate
    from solver.patterns.part import Part


@compiled
def scratch_of(n: int) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints]:
    """Return arrays for a knapsack of n items: value, load, most, order, x, take (``fit``), and its pairs."""
    return (
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
    )


@compiled
def price_hosts(
    hosts: Ints,
    capacity: Ints,
    opening: Ints,
    first: Ints,
    guest: Small,
    cost: Ints,
    load: Ints,
    bid: Ints,
    low: Ints,
    high: Ints,
    reduced: Ints,
    taken: Ints,
) -> None:
    """Write r_h and the best pattern (places per pair) of each of the hosts.

    Capacities hold the low places of their host, whatever else: that is for the caller to see to.
    """
    widest = 0
    for h in hosts:
        widest = max(widest, first[h + 1] - first[h])
    value, size, most, order, x, take, pair = scratch_of(widest)
    for h in hosts:
        room = capacity[h]
        sure = np.int64(0)
        for e in range(first[h], first[h + 1]):
            taken[e] = low[e]
            if low[e] > 0:
                room -= low[e] * load[e]
                sure += low[e] * (bid[guest[e]] - cost[e])
        n = 0
        for e in range(first[h], first[h + 1]):
            gain = bid[guest[e]] - cost[e]
            if gain > 0 and high[e] > low[e] and load[e] <= room:
                value[n], size[n], most[n], pair[n] = gain, load[e], high[e] - low[e], e
                n += 1
        reduced[h] = opening[h] - sure
        if n > 0:
            reduced[h] -= fit(n, value, size, most, room, order, x, take)
            for i in range(n):
                taken[pair[i]] += take[i]


def every_host(part: Part, bid: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Price all hosts of a part; return (r_h per host, places per pair)."""
    reduced = np.empty(part.n_hosts, np.int64)
    taken = np.empty(part.n_pairs, np.int64)
    hosts = np.arange(part.n_hosts)
    price_hosts(
        hosts, part.capacity, part.opening, part.first, part.guest, part.cost, part.load, bid, low, high,
        reduced, taken,
    )  # fmt: skip
    return reduced, taken


def widest(part: Part) -> tuple[Ints, Ints]:
    """Return the bounds of places per pair outside of any tree: 0 and the demand."""
    return np.zeros(part.n_pairs, np.int64), part.demand[part.guest]


def bids(part: Part, price: Ints, row_price: Ints) -> Ints:
    """Return pi less the prices of the norm rows above each guest, or a number far enough below 0."""
    bid: Ints = np.maximum(price, -MONEY_RANGE) - row_prices(row_price, part.parent, part.row)
    return bid


def row_prices(row_price: Ints, parent: Small, row: Small) -> Ints:
    """Return what all norm rows above each guest cost, no more than ``MONEY_RANGE``: no bid is left then.

    Parameters
    ----------
    row_price, parent : per norm row; row : innermost norm row of each guest, -1 none.
    """
    above = np.minimum(row_price, MONEY_RANGE)
    for one in range(len(above) - 1, -1, -1):  # parents come later: from the outermost inwards
        if parent[one] >= 0:
            above[one] = min(above[one] + above[parent[one]], MONEY_RANGE)
    return np.append(above, 0)[row]


def dual_value(part: Part, price: Ints, row_price: Ints, reduced: Ints) -> int:
    """Return L for the prices and the r_h at their bids."""
    gains = dot(part.copies, np.minimum(reduced, 0))
    return dot(part.demand, price) - dot(part.cap, row_price) + gains


def gains(estate: Estate, price: Ints) -> Ints:
    """Return min(0, r_h) of every host of an estate at given bids of its guests [VND]."""
    out = np.zeros(estate.n_hosts, np.int64)
    for hosts, pairs in slices(estate, price):
        reduced = np.zeros(len(hosts), np.int64)
        zero = np.zeros(len(pairs.guest), np.int64)
        price_hosts(
            np.arange(len(hosts)), estate.capacity[hosts], estate.opening[hosts], pairs.first, pairs.guest,
            pairs.cost, pairs.load, price, zero, estate.demand[pairs.guest], reduced, zero.copy(),
        )  # fmt: skip
        out[hosts] = np.minimum(reduced, 0)
    return out
