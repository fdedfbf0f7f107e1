r"""What prices rule out: pairs that no plan below a cutoff uses, pairs and hosts that every such plan uses.

With L the bound at prices and r_h, m_h min(0, r_h) the terms of the hosts (``solver.patterns.pricing``), a
plan that puts a place of pair e into its host h costs at least

    L - min(0, r_h) + (f_h - (b - c)_e - best of the rest of the room)          "in"

one that does not at least L - min(0, r_h) + min(0, best of h without e)        "out", and one that leaves h
shut at least L - min(0, r_h). What reaches the cutoff is ruled out, and its contrary is settled: pairs are
dropped, places put for good, hosts opened for good. What is left falls into components, each a part of its
own with a cutoff of its own: what the others are sure to cost is taken off.

Hosts are single here (``solver.patterns.moves.expanded``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled
from solver.patterns.knapsack import fit
from solver.patterns.part import Part, dot, joined_labels
from solver.patterns.pricing import scratch_of

if TYPE_CHECKING:
    from solver.flow.market import Ints, Small


@compiled
def penalties(
    capacity: Ints,
    opening: Ints,
    first: Ints,
    guest: Small,
    cost: Ints,
    load: Ints,
    bid: Ints,
    demand: Ints,
    reduced: Ints,
    taken: Ints,
    within: Ints,
    without: Ints,
) -> None:
    """Write what L grows by when a place of each pair is put (``within``) or none is (``without``)."""
    n_hosts = len(capacity)
    widest = 1
    for h in range(n_hosts):
        widest = max(widest, first[h + 1] - first[h])
    value, size, most, order, x, take, pair = scratch_of(widest)
    for h in range(n_hosts):
        base = min(np.int64(0), reduced[h])
        for e in range(first[h], first[h + 1]):
            gain = bid[guest[e]] - cost[e]
            if taken[e] > 0:
                within[e] = reduced[h] - base
            else:
                room = capacity[h] - load[e]
                n = 0
                for o in range(first[h], first[h + 1]):
                    worth = bid[guest[o]] - cost[o]
                    count = demand[guest[o]] - (1 if o == e else 0)
                    if worth > 0 and count > 0 and load[o] <= room:
                        value[n], size[n], most[n], pair[n] = worth, load[o], count, o
                        n += 1
                rest = fit(n, value, size, most, room, order, x, take) if n > 0 else 0
                within[e] = opening[h] - gain - rest - base
            if taken[e] == 0:
                without[e] = 0
            else:
                n = 0
                for o in range(first[h], first[h + 1]):
                    worth = bid[guest[o]] - cost[o]
                    if o != e and worth > 0 and load[o] <= capacity[h]:
                        value[n], size[n], most[n], pair[n] = worth, load[o], demand[guest[o]], o
                        n += 1
                rest = fit(n, value, size, most, capacity[h], order, x, take) if n > 0 else 0
                without[e] = min(np.int64(0), opening[h] - rest) - base


@dataclass(frozen=True)
class Piece:
    """A component of what is left of a part: the part, and where its hosts, guests and pairs were in it."""

    part: Part
    hosts: Ints
    guests: Ints
    pairs: Ints
    rows: Ints


@dataclass(frozen=True)
class Rest:
    """A part after decisions.

    Attributes
    ----------
    fixed : cost of what is settled, and of guests that nobody can serve; put : places settled per pair;
    pieces : what is left, the smallest first.
    """

    fixed: int
    put: Ints
    pieces: list[Piece]


def decide(part: Part, drop: np.ndarray, put: Ints, opened: np.ndarray) -> Rest | None:
    """Apply decisions to a part; None where they contradict each other.

    Parameters
    ----------
    drop : per pair, whether no place may be put; put : places put for good per pair (0 or 1); opened : per
    host, whether it is open whatever happens.
    """
    host = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
    if (drop & (put > 0)).any():
        return None
    capacity, demand, cap = part.capacity.copy(), part.demand.copy(), part.cap.copy()
    settled = np.flatnonzero(put)
    if len(settled) > 0:
        _take_off(part, host, settled, put, capacity, demand, cap)
    if (capacity < 0).any() or (demand < 0).any() or (cap < 0).any():
        return None
    is_open = opened.copy()
    is_open[host[settled]] = True
    opening = np.where(is_open, 0, part.opening)
    fixed = dot(part.opening, is_open.astype(np.int64)) + dot(part.cost, put)
    keep = ~drop & (demand[part.guest] > 0) & (part.load <= capacity[host])
    keep &= part.cost < part.price[part.guest]
    served = np.zeros(part.n_guests, bool)
    served[part.guest[keep]] = True
    fixed += dot(part.price, np.where(served, 0, demand))
    whole = part._replace(capacity=capacity, opening=opening, demand=demand, cap=cap)
    return Rest(fixed, put, pieces_of(whole, keep, host))


@compiled
def _take_off(
    part: Part, host: Ints, settled: Ints, put: Ints, capacity: Ints, demand: Ints, cap: Ints
) -> None:
    """Take the places put for good off room, demand and norm rows."""
    for e in settled:
        g = part.guest[e]
        capacity[host[e]] -= part.load[e] * put[e]
        demand[g] -= put[e]
        row = part.row[g]
        while row >= 0:
            cap[row] -= put[e]
            row = part.parent[row]


def pieces_of(part: Part, keep: np.ndarray, host: Ints) -> list[Piece]:
    """Split the kept pairs of a part into components."""
    kept = np.flatnonzero(keep)
    if len(kept) == 0:
        return []
    owner, served = host[kept], part.guest[kept].astype(np.int64)
    label = joined_labels(part, owner, served)
    n_pieces, of_pair, of_host, of_guest, of_row = _grouped(part.n_hosts, part.n_guests, label, owner, served)
    pairs, pair_cut, _ = _listed(of_pair, n_pieces)
    hosts, host_cut, host_at = _listed(of_host, n_pieces)
    guests, guest_cut, guest_at = _listed(of_guest, n_pieces)
    rows, row_cut, row_at = _listed(of_row, n_pieces)
    row_at = np.append(row_at, -1)  # index -1: none
    pairs = kept[pairs]
    found = []
    for k in range(n_pieces):
        mine, h = pairs[pair_cut[k] : pair_cut[k + 1]], hosts[host_cut[k] : host_cut[k + 1]]
        g, r = guests[guest_cut[k] : guest_cut[k + 1]], rows[row_cut[k] : row_cut[k + 1]]
        piece = Part(
            part.capacity[h],
            part.opening[h],
            part.copies[h],
            np.searchsorted(host_at[host[mine]], np.arange(len(h) + 1)),
            guest_at[part.guest[mine]].astype(np.int32),
            part.cost[mine],
            part.load[mine],
            part.demand[g],
            part.price[g],
            row_at[part.row[g]].astype(np.int32),
            part.cap[r],
            row_at[part.parent[r]].astype(np.int32),
        )
        found.append(Piece(piece, h, g, mine, r))
    return sorted(found, key=lambda piece: (piece.part.n_pairs, int(piece.pairs[0])))


@compiled
def _grouped(
    n_hosts: int, n_guests: int, label: Ints, host: Ints, guest: Ints
) -> tuple[int, Ints, Ints, Ints, Ints]:
    """Count the components that pairs lie in; return how many, and that of every pair, host, guest, row.

    Hosts and guests of no pair, and rows of no such guest, have -1.
    """
    number = np.full(len(label), -1, np.int64)
    of_pair = np.empty(len(host), np.int64)
    of_host, of_guest = np.full(n_hosts, -1, np.int64), np.full(n_guests, -1, np.int64)
    of_row = np.empty(len(label) - n_hosts - n_guests, np.int64)
    count = 0
    for k in range(len(host)):
        root = label[host[k]]
        if number[root] < 0:
            number[root] = count
            count += 1
        of_pair[k] = number[root]
        of_host[host[k]] = number[root]
        of_guest[guest[k]] = number[root]
    for r in range(len(of_row)):
        of_row[r] = number[label[n_hosts + n_guests + r]]
    return count, of_pair, of_host, of_guest, of_row


@compiled
def _listed(group: Ints, count: int) -> tuple[Ints, Ints, Ints]:
    """List members by group (-1: of none); return them, where each group begins, and places within."""
    cut, at = np.zeros(count + 1, np.int64), np.full(len(group), -1, np.int64)
    for i in range(len(group)):
        if group[i] >= 0:
            at[i] = cut[group[i] + 1]
            cut[group[i] + 1] += 1
    for k in range(count):
        cut[k + 1] += cut[k]
    members = np.empty(cut[count], np.int64)
    for i in range(len(group)):
        if group[i] >= 0:
            members[cut[group[i]] + at[i]] = i
    return members, cut, at
