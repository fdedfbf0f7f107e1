"""Places left unmet into rooms left free: what saves most for what it takes of the rows comes first."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.limits.premises_rates import unmet_prices
from solver.patterns.part import slices
from solver.problem.lister import FAR
from solver.problem.premises import load_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from solver.flow.market import Ints
    from solver.limits.block import Weights
    from solver.limits.premises_tally import Pattern, Tally
    from solver.patterns.estate import Use

#: All pairs are looked at again after something was added, so often at most.
_PASSES = 6


class _Room:
    """A building in use: what is free in it [units of area], and its places by guest."""

    def __init__(self, free: int, inside: dict[int, int]) -> None:
        self.free, self.inside = free, inside


class _Offer(NamedTuple):
    """A pair that may be added: cost and load of a place, and (row, what a place takes of it)."""

    host: int
    guest: int
    cost: int
    load: int
    takes: list[tuple[int, int]]


def filled(
    tally: Tally, weights: Weights, floors: Sequence[bool], use: Use, left: Sequence[int]
) -> Counter[Pattern]:
    """Return the patterns of a plan with the places that may be added and pay.

    Parameters
    ----------
    floors : whether each row is a floor; left : of each row; of a floor, what it still lacks.
    """
    filling = _Filling(tally, weights, floors, use, left)
    for _ in range(_PASSES):
        if not sum(filling.add(offer) for offer in filling.offers()):
            break
    return filling.patterns()


def _fitting(offer: _Offer, free: int, most: int) -> int:
    """Return how many places fit into a room."""
    return min(most, free // offer.load) if offer.load else most


class _Filling:
    """A plan under way: rooms by host, copies not in use, and what is left of demands, norms and rows."""

    def __init__(
        self, tally: Tally, weights: Weights, floors: Sequence[bool], use: Use, left: Sequence[int]
    ) -> None:
        estate = tally.estate
        self.tally, self.weights, self.floors, self.left = tally, weights, floors, list(left)
        met = tally.met(use)
        self.wanted = estate.demand - met
        self.worth = unmet_prices(tally, weights)
        self.caps = estate.rows.cap.copy()
        for guest in np.flatnonzero(met).tolist():
            for row in self._norms(guest):
                self.caps[row] -= met[guest]
        self.spare = estate.copies.copy()
        np.subtract.at(self.spare, use.host, use.times)
        width = np.diff(use.first)
        host, of = np.repeat(use.host, width), np.repeat(np.arange(len(width)), width)
        taken = np.zeros(len(width), np.int64)
        np.add.at(taken, of, use.places * load_of(tally.premises, tally.asset[host], tally.need[use.guest]))
        free = (estate.capacity[use.host] - taken).tolist()
        pairs, first = list(zip(use.guest.tolist(), use.places.tolist(), strict=True)), use.first.tolist()
        self.rooms: dict[int, list[_Room]] = defaultdict(list)
        for k, (one, times) in enumerate(zip(use.host.tolist(), use.times.tolist(), strict=True)):
            inside = dict(pairs[first[k] : first[k + 1]])
            self.rooms[one] += [_Room(free[k], dict(inside)) for _ in range(times)]

    def _norms(self, guest: int) -> Iterator[int]:
        row = int(self.tally.estate.row[guest])
        while row >= 0:
            yield row
            row = int(self.tally.estate.rows.parent[row])

    def _open(self) -> np.ndarray:
        """Tell which guests still want places and may have some."""
        open_ = self.wanted > 0
        for guest in np.flatnonzero(open_).tolist():
            open_[guest] = all(self.caps[row] > 0 for row in self._norms(guest))
        return open_

    def _floors_of(self, guests: Ints) -> np.ndarray:
        """Return what floors that lack places pay for one of each guest [VND, of any size]."""
        pays = np.array([one > 0 for one in self.left] + [False], bool)
        lacking: np.ndarray = pays[self.tally.floor_rows[guests]].sum(axis=1).astype(object)
        return lacking * self.weights.missed

    def offers(self) -> list[_Offer]:
        """List the pairs that may be added one by one, the best first."""
        estate, tally = self.tally.estate, self.tally
        guests = np.arange(estate.n_guests)
        value = np.where(self._open(), self.worth + self._floors_of(guests), 0)
        ceiling = np.minimum(value, int(FAR)) if self.weights.cost else np.where(value > 0, int(FAR), 0)
        room = np.where(self.spare > 0, estate.capacity, -1)
        used = np.zeros(estate.n_hosts, bool)
        for at, rooms in self.rooms.items():
            room[at] = max([int(room[at]), *(one.free for one in rooms)])
            used[at] |= bool(rooms)
        limits = np.array([*self.left, 0], object)
        caps = np.array([not one for one in self.floors] + [False], bool)
        found: list[tuple[float, float, _Offer]] = []
        for some, pairs in slices(estate, ceiling.astype(np.int64)):
            host, guest = np.repeat(some, np.diff(pairs.first)), pairs.guest.astype(np.int64)
            fits = np.flatnonzero(pairs.load <= room[host])
            host, guest, cost, load = host[fits], guest[fits], pairs.cost[fits], pairs.load[fits]
            _, spend, crosses = tally.of_pairs(host, guest)
            rows = np.hstack([tally.spend_rows[guest], tally.cross_rows[host], tally.floor_rows[guest]])
            one = np.ones(len(guest), np.int64)
            takes = np.stack([*[spend] * 3, *[crosses] * 2, *[one] * tally.floor_rows.shape[1]], axis=1)
            counts = (rows >= 0) & (takes > 0)
            cost = cost + self.weights.change * tally.turns(host, guest)
            gain = value[guest] - self.weights.cost * (cost + np.where(used[host], 0, estate.opening[host]))
            kept = (gain > 0) & ~((takes > limits[rows]) & caps[rows] & counts).any(axis=1)
            for k in np.flatnonzero(kept).tolist():
                mine = [(int(rows[k, c]), int(takes[k, c])) for c in np.flatnonzero(counts[k]).tolist()]
                share = sum(q / max(1, self.left[row]) for row, q in mine if caps[row])
                offer = _Offer(int(host[k]), int(guest[k]), int(cost[k]), int(load[k]), mine)
                found.append((float(gain[k]) / max(share, 1e-30), float(gain[k]) / (1 + offer.load), offer))
        found.sort(key=lambda one: (-one[0], -one[1], one[2]))
        return [offer for _, _, offer in found]

    def add(self, offer: _Offer) -> int:
        """Add places of a pair, as many as fit and pay; return how many."""
        count, gain = self._most(offer)
        added = 0
        while added < count:
            room = self._room(offer, gain, count - added)
            if room is None:
                break
            places = _fitting(offer, room.free, count - added)
            room.free -= places * offer.load
            room.inside[offer.guest] = room.inside.get(offer.guest, 0) + places
            added += places
        self.wanted[offer.guest] -= added
        for row in self._norms(offer.guest):
            self.caps[row] -= added
        for row, takes in offer.takes:
            self.left[row] -= added * takes
        return added

    def _most(self, offer: _Offer) -> tuple[int, int]:
        """Return how many places of a pair may be added, and what one saves at least [VND]."""
        bounds = [int(self.wanted[offer.guest]), *(int(self.caps[row]) for row in self._norms(offer.guest))]
        bounds += [self.left[row] // takes for row, takes in offer.takes if not self.floors[row]]
        gain = int(self.worth[offer.guest]) - self.weights.cost * offer.cost
        lacking = [self.left[row] for row, _ in offer.takes if self.floors[row] and self.left[row] > 0]
        if gain <= 0:  # only as long as floors pay for it
            bounds.append(min(lacking, default=0))
            gain += self.weights.missed * len(lacking)
        return (max(0, min(bounds)), gain) if gain > 0 else (0, gain)

    def _room(self, offer: _Offer, gain: int, most: int) -> _Room | None:
        """Find the tightest room for a place; open a building where that pays for ``most`` places at most."""
        host = offer.host
        rooms = [room for room in self.rooms[host] if room.free >= offer.load]
        if rooms:
            return min(rooms, key=lambda room: room.free)
        estate = self.tally.estate
        capacity, opening = int(estate.capacity[host]), self.weights.cost * int(estate.opening[host])
        if self.spare[host] <= 0 or gain * _fitting(offer, capacity, most) <= opening:
            return None
        self.spare[host] -= 1
        self.rooms[host].append(_Room(capacity, {}))
        return self.rooms[host][-1]

    def patterns(self) -> Counter[Pattern]:
        """Return the plan as patterns."""
        return Counter(
            (host, tuple(sorted(room.inside.items()))) for host, rooms in self.rooms.items() for room in rooms
        )
