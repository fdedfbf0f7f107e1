r"""The compact model, for general solvers.

    min   sum c_hg x_hg + sum p_g u_g + sum f_h y_h
    s.t.  sum_g w_hg x_hg <= k_h y_h        every host (copies are hosts of their own)
          sum_h x_hg + u_g = d_g            every guest
          0 <= x_hg <= min(d_g, floor(k_h / w_hg)) whole, u_g >= 0 whole, y_h 0 or 1

A host that costs nothing to open has no y; where every place must be filled there is no u. Pairs that cost at
least the price of an unmet place are left out: no best plan needs them. Rows x <= d y were tried and left
out: HiGHS, the best of the peers, is slower with them more often than not. Loads and capacity of a row are
divided by what divides all its loads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.premises.instances import all_pairs, dot
from solver.patterns.estate import Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.premises.instances import Instance
    from solver.flow.market import Ints


@dataclass(frozen=True)
class Compact:
    """The model as arrays.

    Attributes
    ----------
    owner, capacity, opening : class, capacity and price of each single host; first : its pairs are
    ``first[h]:first[h + 1]``; guest, cost, load, most : per pair; demand, price : per guest; every : no place
    may be left out.
    """

    owner: Ints
    capacity: Ints
    opening: Ints
    first: Ints
    guest: Ints
    cost: Ints
    load: Ints
    most: Ints
    demand: Ints
    price: Ints
    every: bool

    @property
    def host(self) -> Ints:
        """Single host of each pair."""
        return np.repeat(np.arange(len(self.owner)), np.diff(self.first))

    def rooms(self) -> Iterator[tuple[int, slice, Ints, int]]:
        """Yield each single host's pairs with their loads and the capacity, divided as far as possible."""
        for h in range(len(self.owner)):
            mine = slice(int(self.first[h]), int(self.first[h + 1]))
            unit = max(int(np.gcd.reduce(self.load[mine])), 1)
            yield h, mine, self.load[mine] // unit, int(self.capacity[h]) // unit

    def wishes(self) -> Iterator[tuple[int, list[int]]]:
        """Yield each guest with its pairs."""
        order = np.argsort(self.guest, kind="stable")
        ends = np.searchsorted(self.guest[order], np.arange(len(self.demand) + 1)).tolist()
        pairs = order.tolist()
        for g in range(len(self.demand)):
            yield g, pairs[ends[g] : ends[g + 1]]

    def plan(self, x: Ints) -> Use:
        """Read the plan off the places per pair."""
        taken = np.flatnonzero(x)
        host = self.host[taken]
        start = np.flatnonzero(np.diff(host, prepend=-1))
        return Use(
            self.owner[host[start]],
            np.ones(len(start), np.int64),
            np.append(start, len(taken)).astype(np.int64),
            self.guest[taken].astype(np.int32),
            x[taken].astype(np.int64),
        )


def compact(instance: Instance) -> Compact:
    """Lay an instance out; hosts without pairs are left out."""
    estate = instance.estate
    pairs = all_pairs(estate)
    width = np.diff(pairs.first)
    owner = np.repeat(np.arange(estate.n_hosts), np.where(width > 0, estate.copies, 0))
    first = np.concatenate([[0], np.cumsum(width[owner])]).astype(np.int64)
    from_pair = np.repeat(pairs.first[:-1][owner] - first[:-1], width[owner]) + np.arange(first[-1])
    guest, load = pairs.guest[from_pair].astype(np.int64), pairs.load[from_pair]
    capacity = estate.capacity[owner]
    fits = np.repeat(capacity, width[owner]) // np.maximum(load, 1)
    return Compact(
        owner, capacity, estate.opening[owner], first, guest, pairs.cost[from_pair], load,
        np.minimum(np.where(load > 0, fits, estate.demand[guest]), estate.demand[guest]),
        estate.demand, estate.price, instance.every,
    )  # fmt: skip


def least(instance: Instance) -> int:
    """Return a bound that needs no solver: every place where it is cheapest, openings free."""
    estate = instance.estate
    pairs = all_pairs(estate)
    cheapest = estate.price.copy()
    np.minimum.at(cheapest, pairs.guest, pairs.cost)
    return dot(cheapest, estate.demand)
