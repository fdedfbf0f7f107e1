r"""Patterns found so far: each a set of places for one host, kept once, with its cost.

A column k of host h has cost c_k = f_h + sum_g c_hg x_g and counts places per guest. Columns are thousands
and short: they lie one behind the other in flat arrays, which compiled code fills.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.flow.jit import compiled, inlined

if TYPE_CHECKING:
    import numpy.typing as npt

    from solver.flow.market import Ints
    from solver.patterns.part import Part

    Codes = npt.NDArray[np.uint64]

#: Room for patterns to begin with, and for entries of each.
_FEW = 64
_SHORT = 4


class Patterns(NamedTuple):
    """Sets of places, flat: those of pattern k are entries ``first[k]:first[k + 1]``.

    Attributes
    ----------
    host : per pattern; first : one more than patterns; pairs (ascending within a pattern), places : per
    entry, places above 0.
    """

    host: Ints
    first: Ints
    pairs: Ints
    places: Ints


def no_patterns() -> Patterns:
    """Return none."""
    none = np.zeros(0, np.int64)
    return Patterns(none, np.zeros(1, np.int64), none, none)


class Columns:
    """A growing list of patterns of a part.

    Attributes
    ----------
    cost : with room to grow, of the first ``len(self)`` patterns; see ``patterns`` for the rest.
    """

    def __init__(self, part: Part) -> None:
        self.part = part
        self.cost = np.empty(_FEW, np.int64)
        self._store = Patterns(
            np.empty(_FEW, np.int64),
            np.zeros(_FEW + 1, np.int64),
            np.empty(_FEW * _SHORT, np.int64),
            np.empty(_FEW * _SHORT, np.int64),
        )
        self._code = np.empty(_FEW, np.uint64)
        self._table = np.full(4 * _FEW, -1, np.int64)
        self._size = 0

    def __len__(self) -> int:
        """Return how many patterns are known."""
        return self._size

    @property
    def patterns(self) -> Patterns:
        """Return all patterns, as views that the next ``add`` may leave behind."""
        host, first, pairs, places = self._store
        entries = int(first[self._size])
        return Patterns(host[: self._size], first[: self._size + 1], pairs[:entries], places[:entries])

    def add(self, new: Patterns) -> int:
        """Keep patterns that are not known yet, empty ones aside; return how many these were."""
        self._grow(len(new.host), len(new.pairs))
        before = self._size
        self._size = _take_in(
            self.part.opening, self.part.cost, new, self._store, self.cost, self._code, self._table, before
        )
        return self._size - before

    def add_taken(self, taken: Ints) -> int:
        """Keep the pattern of every host in places per pair; return how many were new."""
        pairs = np.flatnonzero(taken)
        first = np.searchsorted(pairs, self.part.first)
        return self.add(Patterns(np.arange(self.part.n_hosts), first, pairs, taken[pairs]))

    def _grow(self, patterns: int, entries: int) -> None:
        """Make room for more: twice as much each time, so that copying adds up to little."""
        host, first, pairs, places = self._store
        need = self._size + patterns
        if need > len(host):
            size = max(need, 2 * len(host))
            host, first = _longer(host, size), _longer(first, size + 1)
            self.cost, self._code = _longer(self.cost, size), _longer(self._code, size)
            self._table = np.full(4 * size, -1, np.int64)
            _file(self._code[: self._size], self._table)
        need = int(first[self._size]) + entries
        if need > len(pairs):
            size = max(need, 2 * len(pairs))
            pairs, places = _longer(pairs, size), _longer(places, size)
        self._store = Patterns(host, first, pairs, places)


def _longer(old: np.ndarray, size: int) -> np.ndarray:
    new = np.empty(size, old.dtype)
    new[: len(old)] = old
    return new


@inlined
def _slot(code: np.uint64, table: Ints) -> int:
    """Return where in a table to begin to look."""
    return int(np.int64(code % np.uint64(len(table))))


@compiled
def _file(codes: Codes, table: Ints) -> None:
    """Enter all codes into an empty table."""
    for k in range(len(codes)):
        at = _slot(codes[k], table)
        while table[at] >= 0:
            at = (at + 1) % len(table)
        table[at] = k


@compiled
def _take_in(
    opening: Ints,
    price: Ints,
    new: Patterns,
    store: Patterns,
    cost: Ints,
    code: Codes,
    table: Ints,
    size: int,
) -> int:
    """Append the patterns that the store does not hold; return the new number of patterns.

    ``table`` : numbers of patterns by their code, the next free place after it; equal codes are told apart
    by comparing the patterns themselves.
    """
    for k in range(len(new.host)):
        begin, end = new.first[k], new.first[k + 1]
        if begin == end:
            continue
        mark = np.uint64(new.host[k])
        for i in range(begin, end):
            mark = (mark ^ np.uint64(new.pairs[i])) * np.uint64(0x9E3779B97F4A7C15)
            mark = (mark ^ (mark >> np.uint64(29)) ^ np.uint64(new.places[i])) * np.uint64(0xBF58476D1CE4E5B9)
            mark ^= mark >> np.uint64(32)
        at = _slot(mark, table)
        while table[at] >= 0:
            old = table[at]
            start = store.first[old]
            same = code[old] == mark and store.first[old + 1] - start == end - begin
            if same:
                for i in range(end - begin):
                    same = (
                        same
                        and store.pairs[start + i] == new.pairs[begin + i]
                        and store.places[start + i] == new.places[begin + i]
                    )
            if same:
                break
            at = (at + 1) % len(table)
        if table[at] >= 0:
            continue
        table[at] = size
        code[size] = mark
        store.host[size] = new.host[k]
        start = store.first[size]
        total = opening[new.host[k]]
        for i in range(end - begin):
            store.pairs[start + i], store.places[start + i] = new.pairs[begin + i], new.places[begin + i]
            total += price[new.pairs[begin + i]] * new.places[begin + i]
        store.first[size + 1] = start + end - begin
        cost[size] = total
        size += 1
    return size
