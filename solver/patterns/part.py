r"""One part of an estate that no eligible pair joins to the rest, with its pairs, as plain arrays.

Components: hosts and guests are nodes, an eligible pair that costs less than its guest's price joins two of
them, and so does a norm row its guests. A plan of the whole is a plan of each part, and costs and bounds
add up. Guests that are parts of one need stay together, and with the host that has their places before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.flow.jit import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from solver.flow.market import Ints, Small
    from solver.patterns.estate import Estate, Pairs

#: Pairs that are listed in one go at most, one host aside.
AT_ONCE = 2_000_000
#: Sums whose terms are smaller than this in all stay within 64 bits, however floats are rounded.
_SURE = float(1 << 62)


class Part(NamedTuple):
    """Hosts, guests and pairs of one component; money in VND / denominator, loads in units of area.

    Attributes
    ----------
    capacity, opening, copies : per host; first, guest, cost, load : pairs by host, ``first[h]:first[h + 1]``
    (``Pairs``); demand, price : per guest; row : innermost norm row of each guest, -1 none; cap, parent :
    per norm row (parents later).
    """

    capacity: Ints
    opening: Ints
    copies: Ints
    first: Ints
    guest: Small
    cost: Ints
    load: Ints
    demand: Ints
    price: Ints
    row: Small
    cap: Ints
    parent: Small

    @property
    def n_hosts(self) -> int:
        """Number of hosts."""
        return len(self.capacity)

    @property
    def n_guests(self) -> int:
        """Number of guests."""
        return len(self.demand)

    @property
    def n_pairs(self) -> int:
        """Number of pairs."""
        return len(self.guest)


@dataclass(frozen=True)
class Component:
    """Which hosts, guests and norm rows of the estate a part consists of (ascending), and how many pairs."""

    hosts: Ints
    guests: Ints
    rows: Ints
    n_pairs: int


def slices(
    estate: Estate, ceiling: Ints, hosts: Ints | None = None, at_once: int = AT_ONCE
) -> Iterator[tuple[Ints, Pairs]]:
    """Yield all pairs of hosts (None: of all) below the ceilings, some hosts at a time."""
    asked = np.arange(estate.n_hosts) if hosts is None else hosts
    most = max(1, int(np.count_nonzero(ceiling > 0)))  # costs are not negative
    step = max(1, at_once // most)
    for start in range(0, len(asked), step):
        some = asked[start : start + step]
        yield some, estate.lister.pairs(some, ceiling)


def components(estate: Estate) -> list[Component]:
    """Split the estate; hosts and guests without any pair worth its cost belong to none. Largest first."""
    n_hosts, n_guests, n_rows = estate.n_hosts, estate.n_guests, len(estate.rows.cap)
    base = n_hosts + n_guests
    root = np.arange(base + n_rows)
    in_row = np.flatnonzero(estate.row >= 0)
    nested = np.flatnonzero(estate.rows.parent >= 0)
    _join(root, n_hosts + in_row, (base + estate.row[in_row]).astype(np.int64))
    _join(root, base + nested, (base + estate.rows.parent[nested]).astype(np.int64))
    useful, width = np.zeros(len(root), bool), np.zeros(n_hosts, np.int64)
    for hosts, pairs in slices(estate, estate.price):
        width[hosts] = np.diff(pairs.first)
        owner = np.repeat(hosts, width[hosts])
        guest = n_hosts + pairs.guest.astype(np.int64)
        useful[owner] = True
        useful[guest] = True
        _join(root, owner, guest)
    parts = np.flatnonzero(estate.parted)
    if estate.twin is not None and len(parts):  # parts of one need, though only one of them finds a place
        first = np.full(int(estate.twin.max()) + 1, -1, np.int64)
        first[estate.twin[parts][::-1]] = parts[::-1]
        _join(root, n_hosts + first[estate.twin[parts]], n_hosts + parts)
    if estate.home is not None:  # also a place that costs more where it was than leaving it unmet
        settled = np.flatnonzero((estate.home >= 0) & (estate.demand > 0))
        _join(root, estate.home[settled], n_hosts + settled)
        parts = np.union1d(parts, settled)
    _compress(root)
    useful[n_hosts + parts] |= np.isin(root[n_hosts + parts], root[np.flatnonzero(useful)])
    kept = np.flatnonzero(useful)
    if len(kept) == 0:
        return []
    kinds, code = np.unique(root[kept], return_inverse=True)
    order = np.argsort(code, kind="stable")
    cuts = np.searchsorted(code[order], np.arange(1, len(kinds)))
    found = []
    for nodes, kind in zip(np.split(kept[order], cuts), kinds, strict=True):
        hosts, guests = nodes[nodes < n_hosts], nodes[nodes >= n_hosts] - n_hosts
        rows = np.flatnonzero(root[base:] == kind)
        found.append(Component(hosts, guests, rows, int(width[hosts].sum())))
    return sorted(found, key=lambda one: (-len(one.hosts) * len(one.guests), int(one.guests[0])))


def joined_labels(part: Part, host: Ints, guest: Ints) -> Ints:
    """Label hosts, guests and norm rows (in this order) by component, given the pairs that join them."""
    base = part.n_hosts + part.n_guests
    root = np.arange(base + len(part.cap))
    in_row = np.flatnonzero(part.row >= 0)
    nested = np.flatnonzero(part.parent >= 0)
    _join(root, part.n_hosts + in_row, (base + part.row[in_row]).astype(np.int64))
    _join(root, base + nested, (base + part.parent[nested]).astype(np.int64))
    _join(root, host, part.n_hosts + guest)
    _compress(root)
    return root


def dot(one: Ints, other: Ints) -> int:
    """Return the exact scalar product, whatever its size."""
    total, size = _dot(one, other)
    if size < _SURE:
        return int(total)
    return sum(int(a) * int(b) for a, b in zip(one.tolist(), other.tolist(), strict=True))


@compiled
def _dot(one: Ints, other: Ints) -> tuple[np.int64, float]:
    """Return the scalar product modulo 2^64, and about the sum of the terms' sizes."""
    total, size = np.int64(0), 0.0
    for i in range(len(one)):
        total += one[i] * other[i]
        size += abs(float(one[i]) * float(other[i]))
    return total, size


@compiled
def _root_of(root: Ints, node: int) -> int:
    while root[node] != node:
        root[node] = root[root[node]]
        node = root[node]
    return node


@compiled
def _join(root: Ints, one: Ints, other: Ints) -> None:
    """Merge the trees of the nodes that edges join; the smaller number becomes the root."""
    for k in range(len(one)):
        a, b = _root_of(root, one[k]), _root_of(root, other[k])
        if a < b:
            root[b] = a
        else:
            root[a] = b


@compiled
def _compress(root: Ints) -> None:
    for node in range(len(root)):
        root[node] = _root_of(root, node)


def part_of(estate: Estate, component: Component, denominator: int, *, bare: bool = False) -> Part:
    """Cut a component out of the estate, money times the denominator; bare: without its pairs."""
    hosts, guests, rows = component.hosts, component.guests, component.rows
    local = np.full(estate.n_guests + 1, -1, np.int32)
    local[guests] = np.arange(len(guests), dtype=np.int32)
    pairs = estate.lister.pairs(hosts[:0] if bare else hosts, estate.price)
    if bare:
        pairs = pairs._replace(first=np.zeros(len(hosts) + 1, np.int64))
    row_at = np.full(len(estate.rows.cap) + 1, -1, np.int32)  # index -1: none
    row_at[rows] = np.arange(len(rows), dtype=np.int32)
    return Part(
        estate.capacity[hosts],
        estate.opening[hosts] * denominator,
        estate.copies[hosts],
        pairs.first,
        local[pairs.guest],
        pairs.cost * denominator,
        pairs.load,
        estate.demand[guests],
        estate.price[guests] * denominator,
        row_at[estate.row[guests]],
        estate.rows.cap[rows],
        row_at[estate.rows.parent[rows]],
    )
