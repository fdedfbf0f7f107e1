r"""Patterns found so far: each a set of places for one host, kept once, with its cost.

A column k of host h has cost c_k = f_h + sum_g c_hg x_g and counts places per guest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.patterns.part import Part


class Columns:
    """A growing list of patterns.

    Attributes
    ----------
    part; host, cost : per column; pairs, places : entries of each column as arrays (positions of pairs,
    places); known : key of a column to its number.
    """

    def __init__(self, part: Part) -> None:
        self.part = part
        self.host: list[int] = []
        self.cost: list[int] = []
        self.pairs: list[Ints] = []
        self.places: list[Ints] = []
        self.known: dict[bytes, int] = {}

    def __len__(self) -> int:
        """Return how many patterns are known."""
        return len(self.host)

    def add(self, host: int, pairs: Ints, places: Ints) -> int:
        """Keep a pattern (pairs ascending, places above 0); return its number, old or new."""
        key = pairs.tobytes() + places.tobytes()
        number = self.known.get(key)
        if number is None:
            number = len(self.host)
            self.known[key] = number
            self.host.append(host)
            self.cost.append(int(self.part.opening[host] + (self.part.cost[pairs] * places).sum()))
            self.pairs.append(pairs)
            self.places.append(places)
        return number

    def add_taken(self, hosts: Ints, taken: Ints) -> list[int]:
        """Keep the patterns that pricing left in ``taken`` for some hosts; return the numbers of new ones."""
        first = self.part.first
        before = len(self)
        for h in hosts.tolist():
            start = int(first[h])
            mine = taken[start : int(first[h + 1])]
            inside = np.flatnonzero(mine)
            if len(inside):
                self.add(h, inside + start, mine[inside])
        return list(range(before, len(self)))
