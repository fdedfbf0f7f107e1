"""Premises in an integer programme: rooms of single buildings, their openings, demands and norm rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.limits.premises_left import Left
from solver.limits.premises_tally import patterns_in
from solver.limits.programme import chain

if TYPE_CHECKING:
    from solver.limits.block import Answer
    from solver.limits.premises import PremisesBlock
    from solver.limits.premises_left import Places
    from solver.limits.premises_tally import Pattern
    from solver.limits.programme import Programme


class _Building(NamedTuple):
    """A building: host, its places that stay and the numbers of the others, by guest."""

    host: int
    stay: dict[int, int]
    places: dict[int, int]


class PremisesPart:
    """What premises add to a programme; ``found`` reads what that made of it."""

    def __init__(
        self,
        programme: Programme,
        block: PremisesBlock,
        left: Left,
        plan: Answer,
        free: np.ndarray | None = None,
    ) -> None:
        """Add the premises.

        Parameters
        ----------
        left : pairs that may be used beside those of ``plan``, the plan at hand; free : by guest, whether its
        places may change; None : all.
        """
        self._programme, self._block, self._plan = programme, block, plan
        self._estate = block.premises.estate
        self._free = np.ones(self._estate.n_guests, bool) if free is None else free
        rooms = [
            (host, dict(inside))
            for (host, inside), times in sorted(patterns_in(plan.plan).items())
            for _ in range(times)
        ]
        known = {(host, guest) for host, inside in rooms for guest in inside}
        more = zip(left.host.tolist(), left.guest.tolist(), strict=True)
        pairs = sorted(known | {pair for pair in more if self._free[pair[1]]})
        host, guest = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
        self._at = {pair: e for e, pair in enumerate(pairs)}
        self._places: Places = block.measured(Left(host, guest))
        self._guests: dict[int, list[int]] = defaultdict(list)
        for one, other in pairs:
            if self._free[other]:
                self._guests[one].append(other)
        self._buildings = [self._building(one, inside) for one, inside in self._with_empty(rooms)]
        self._share()

    def _with_empty(self, rooms: list[tuple[int, dict[int, int]]]) -> list[tuple[int, dict[int, int]]]:
        """Add the copies of each host that are not in use, as many as may be of use."""
        estate, in_use = self._estate, Counter(host for host, _ in rooms)
        out = list(rooms)
        for host, guests in sorted(self._guests.items()):
            spare = int(estate.copies[host]) - in_use[host]
            out += [(host, {})] * min(spare, sum(int(estate.demand[guest]) for guest in guests))
        return out

    def _building(self, host: int, inside: dict[int, int]) -> _Building:
        """Add a building: it has room if it is open, and is open if places stay in it."""
        programme, estate, each = self._programme, self._estate, self._places
        stay = {guest: count for guest, count in inside.items() if not self._free[guest]}
        room = int(estate.capacity[host])
        for guest, count in stay.items():
            e = self._at[host, guest]
            room -= count * int(each.load[e])
            programme.stays((row, count * amount) for row, amount in each.used[e])
        places: dict[int, int] = {}
        most_of: dict[int, int] = {}
        for guest in self._guests.get(host, []):
            e = self._at[host, guest]
            size, most = int(each.load[e]), int(estate.demand[guest])
            most = min(most, room // size) if size else most
            if most > 0:
                worth = int(each.cost[e]) - int(each.gain[e])
                places[guest] = programme.whole(most, worth, inside.get(guest, 0), each.used[e])
                most_of[guest] = most
        loads = {number: int(each.load[self._at[host, guest]]) for guest, number in places.items()}
        if stay:
            programme.row(room, loads)
        elif places:
            opening = programme.frame.weights.cost * int(estate.opening[host])
            is_open = programme.whole(1, opening, int(bool(inside)))
            programme.row(0, {**loads, is_open: -room})
            for guest, number in places.items():
                programme.row(0, {number: 1, is_open: -most_of[guest]})
        return _Building(host, stay, places)

    def _share(self) -> None:
        """Add what buildings share: demands and norm rows."""
        estate, caps = self._estate, self._estate.rows.cap.tolist()
        by_guest: dict[int, list[int]] = defaultdict(list)
        by_row: dict[int, list[int]] = defaultdict(list)
        for building in self._buildings:
            for guest, count in building.stay.items():
                for row in chain(int(estate.row[guest]), estate.rows.parent):
                    caps[row] -= count
            for guest, number in building.places.items():
                by_guest[guest].append(number)
                for row in chain(int(estate.row[guest]), estate.rows.parent):
                    by_row[row].append(number)
        for guest, numbers in by_guest.items():
            self._programme.row(int(estate.demand[guest]), dict.fromkeys(numbers, 1))
        for row, numbers in by_row.items():
            self._programme.row(caps[row], dict.fromkeys(numbers, 1))

    def found(self) -> Answer | None:
        """Return the plan that the programme found, None where it breaks a rule in integers.

        Bound and proof are those of the plan at hand.
        """
        patterns: Counter[Pattern] = Counter()
        for building in self._buildings:
            inside = dict(building.stay)
            inside |= {guest: self._programme.value(number) for guest, number in building.places.items()}
            key = tuple((guest, count) for guest, count in sorted(inside.items()) if count)
            if key:
                patterns[building.host, key] += 1
        return self._block.holding(self._plan, patterns)
