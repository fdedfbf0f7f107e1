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
from solver.patterns.part import Part, joined_labels

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
    value, size, most, order, x, take, pair = (
        np.empty(widest, np.int64),
        np.empty(widest, np.int64),
        np.empty(widest, np.int64),
        np.empty(widest, np.int64),
        np.empty(widest, np.int64),
        np.empty(widest, np.int64),
        np.empty(widest, np.int64),
    )
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
    np.subtract.at(capacity, host[settled], part.load[settled] * put[settled])
    np.subtract.at(demand, part.guest[settled], put[settled])
    for e in settled.tolist():
        row = int(part.row[part.guest[e]])
        while row >= 0:
            cap[row] -= put[e]
            row = int(part.parent[row])
    if (capacity < 0).any() or (demand < 0).any() or (cap < 0).any():
        return None
    is_open = opened.copy()
    is_open[host[settled]] = True
    opening = np.where(is_open, 0, part.opening)
    fixed = sum(part.opening[is_open].tolist()) + sum((part.cost[settled] * put[settled]).tolist())
    keep = ~drop & (demand[part.guest] > 0) & (part.load <= capacity[host])
    keep &= part.cost < part.price[part.guest]
    served = np.zeros(part.n_guests, bool)
    served[part.guest[keep]] = True
    fixed += sum((part.price[~served] * demand[~served]).tolist())
    whole = part._replace(capacity=capacity, opening=opening, demand=demand, cap=cap)
    return Rest(fixed, put, pieces_of(whole, keep, host))


def pieces_of(part: Part, keep: np.ndarray, host: Ints) -> list[Piece]:
    """Split the kept pairs of a part into components."""
    kept = np.flatnonzero(keep)
    if len(kept) == 0:
        return []
    label = joined_labels(part, host[kept], part.guest[kept].astype(np.int64))
    found = []
    of_pair = label[host[kept]]
    order = np.argsort(of_pair, kind="stable")
    cuts = np.flatnonzero(np.diff(of_pair[order])) + 1
    for group in np.split(kept[order], cuts):
        hosts, local_host = np.unique(host[group], return_inverse=True)
        guests, local_guest = np.unique(part.guest[group], return_inverse=True)
        rows = np.flatnonzero(label[part.n_hosts + part.n_guests :] == label[hosts[0]])
        row_at = np.full(len(part.cap) + 1, -1, np.int32)
        row_at[rows] = np.arange(len(rows), dtype=np.int32)
        piece = Part(
            part.capacity[hosts],
            part.opening[hosts],
            part.copies[hosts],
            np.searchsorted(local_host, np.arange(len(hosts) + 1)).astype(np.int64),
            local_guest.astype(np.int32),
            part.cost[group],
            part.load[group],
            part.demand[guests],
            part.price[guests],
            row_at[part.row[guests]],
            part.cap[rows],
            row_at[part.parent[rows]],
        )
        found.append(Piece(piece, hosts, guests.astype(np.int64), group, rows))
    return sorted(found, key=lambda piece: (piece.part.n_pairs, int(piece.pairs[0])))
