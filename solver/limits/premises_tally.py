"""What plans of premises come to: exact sums over patterns, by whatever they are put together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from solver.limits.block import PRIORITIES
from solver.patterns.estate import Use
from solver.problem.premises import parts_of_premises

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.flow.market import Ints
    from solver.limits.rows import Counting
    from solver.patterns.estate import Estate
    from solver.problem.premises import Premises

#: A host and what is in it: guests (ascending) with their places.
Pattern: TypeAlias = tuple[int, tuple[tuple[int, int], ...]]
#: Sums whose terms are smaller than this in all stay within 64 bits, however floats are rounded.
_SURE = float(1 << 62)


def patterns_in(use: Use) -> Counter[Pattern]:
    """Count the patterns in use."""
    pairs = list(zip(use.guest.tolist(), use.places.tolist(), strict=True))
    first = use.first.tolist()
    found: Counter[Pattern] = Counter()
    for host, times, a, z in zip(use.host.tolist(), use.times.tolist(), first[:-1], first[1:], strict=True):
        found[host, tuple(pairs[a:z])] += times
    return found


def use_of(patterns: Mapping[Pattern, int]) -> Use:
    """Gather patterns, sorted by host and guests; those that are there 0 times are left out."""
    ordered = sorted((pattern, times) for pattern, times in patterns.items() if times)
    width = [len(inside) for (_, inside), _ in ordered]
    flat = [entry for (_, inside), _ in ordered for entry in inside]
    return Use(
        np.array([host for (host, _), _ in ordered], np.int64),
        np.array([times for _, times in ordered], np.int64),
        np.concatenate([[0], np.cumsum(width, dtype=np.int64)]).astype(np.int64),
        np.array([guest for guest, _ in flat], np.int32),
        np.array([places for _, places in flat], np.int64),
    )


def sums_by(label: Ints, units: Ints, amount: Ints, n: int) -> np.ndarray:
    """Return the sums of ``units x amount`` by label 0 to n - 1, integers of any size."""
    size = float(np.abs(units.astype(np.float64) * amount.astype(np.float64)).sum())
    total = np.zeros(n, np.int64 if size < _SURE else object)
    np.add.at(total, label, units.astype(total.dtype) * amount.astype(total.dtype))
    return total.astype(object)


@dataclass(frozen=True)
class Tally:
    """The sums of an estate.

    Attributes
    ----------
    counting : how assets and needs count in the rows; n_rows : of them; change : price of a change [VND];
    changes : row that limits changes, -1 none.
    """

    premises: Premises
    counting: Counting
    n_rows: int
    change: int = 0
    changes: int = -1

    @property
    def estate(self) -> Estate:
        """What pins leave."""
        return self.premises.estate

    @cached_property
    def asset(self) -> Ints:
        """First asset of each host."""
        return _first(self.premises.host_of, self.estate.n_hosts)

    @cached_property
    def need(self) -> Ints:
        """First need of each guest."""
        return _first(self.premises.guest_of, self.estate.n_guests)

    @cached_property
    def spend_rows(self) -> Ints:
        """Budgets of each guest, -1 none, [guests, 3]."""
        return self.counting.spend[self.need]

    @cached_property
    def cross_rows(self) -> Ints:
        """Caps on the crossing places of each host, -1 none, [hosts, 2]."""
        return self.counting.cross[self.asset]

    @cached_property
    def floor_rows(self) -> Ints:
        """Floors of each guest, -1 none, [guests, 2]."""
        return self.counting.floor[self.need]

    @cached_property
    def price(self) -> Ints:
        """Price of a place of each guest left unmet [VND]."""
        return self.premises.needs.price[self.need]

    @cached_property
    def keeps(self) -> Ints:
        """Host that the places of each guest are in before, -1 none."""
        keeps = self.premises.keeps
        none = np.full(self.estate.n_guests, -1, np.int64)
        return none if keeps is None else np.append(self.premises.host_of, -1)[keeps[self.need]]

    @cached_property
    def before(self) -> int:
        """Places that the plan before has in what is planned anew."""
        return int(self.estate.demand[self.keeps >= 0].sum())

    @cached_property
    def units(self) -> Ints:
        """Places of each need that pins leave."""
        needs = self.premises.needs
        return needs.units - self.premises.pins.got(len(needs.ids))

    def turns(self, host: Ints, guest: Ints) -> Ints:
        """Return 1 for places that are a change, -1 for those that stay; 0 where there is no plan before."""
        if self.premises.keeps is None:
            return np.zeros(len(host), np.int64)
        return np.where(self.keeps[guest] == host, -1, 1)

    def of_pairs(self, host: Ints, guest: Ints) -> tuple[Ints, Ints, Ints]:
        """Return cost and spend of a place of eligible pairs [VND], and 1 where it is in another province."""
        i, j = self.asset[host], self.need[guest]
        parts = parts_of_premises(self.premises, i, j)
        crosses = self.premises.assets.province[i] != self.premises.needs.province[j]
        return parts.cost, parts.spend, crosses.astype(np.int64)

    def totals(self, use: Use, label: Ints, n: int) -> np.ndarray:
        """Sum up patterns by label: integers of any size, [n, 1 + rows + priorities].

        What they add to the cost of a plan with nothing in it [VND], to each row, and to the places unmet of
        each priority (by that of the first need of a class).

        Parameters
        ----------
        label : of each pattern, 0 to n - 1.
        """
        width = np.diff(use.first)
        host, guest = np.repeat(use.host, width), use.guest.astype(np.int64)
        of, units = np.repeat(label, width), np.repeat(use.times, width) * use.places
        cost, spend, crosses = self.of_pairs(host, guest)
        turns = self.turns(host, guest)
        cost = cost + self.change * turns
        total = np.zeros((n, 1 + self.n_rows + PRIORITIES), object)
        total[:, 0] += sums_by(of, units, cost - self.price[guest], n)
        total[:, 0] += sums_by(label, use.times, self.estate.opening[use.host], n)
        unmet = self.n_rows + self.premises.needs.priority[self.need[guest]]
        one = np.ones(len(guest), np.int64)
        for column, amount in (
            *((rows, spend) for rows in _columns(self.spend_rows[guest])),
            *((rows, crosses) for rows in _columns(self.cross_rows[host])),
            *((rows, one) for rows in _columns(self.floor_rows[guest])),
            (unmet, -one),
        ):
            at = np.flatnonzero(column >= 0)
            keys, place = np.unique(of[at] * total.shape[1] + column[at], return_inverse=True)
            total.reshape(-1)[keys] += sums_by(place, units[at], amount[at], len(keys))
        if self.changes >= 0:
            total[:, 1 + self.changes] += sums_by(of, units, turns, n)
        return total

    def measured(self, use: Use) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
        """Return what a plan costs [VND], uses of each row, and leaves unmet of each priority [places]."""
        total = self.totals(use, np.zeros(len(use.host), np.int64), 1)[0].tolist()
        return (
            self._empty + self.change * self.before + total[0],
            tuple(total[1 : 1 + self.n_rows]),
            self.unmet(use),
        )

    @cached_property
    def _empty(self) -> int:
        """What all places unmet cost [VND]."""
        demand = self.estate.demand
        return int(sums_by(np.zeros(len(demand), np.int64), demand, self.price, 1)[0])

    def met(self, use: Use) -> Ints:
        """Return the places of each guest in a plan."""
        met = np.zeros(self.estate.n_guests, np.int64)
        np.add.at(met, use.guest, np.repeat(use.times, np.diff(use.first)) * use.places)
        return met

    def unmet(self, use: Use) -> tuple[int, ...]:
        """Return the places left unmet by priority; those of a class go to its needs as their ids come."""
        class_of = self.premises.guest_of
        order = np.argsort(class_of, kind="stable")
        units, of = self.units[order], class_of[order]
        before = np.cumsum(units) - units
        first = np.searchsorted(of, np.arange(self.estate.n_guests))
        left = units - np.clip(self.met(use)[of] - (before - before[first][of]), 0, units)
        priority = self.premises.needs.priority[order]
        return tuple(int(left[priority == k].sum()) for k in range(1, PRIORITIES + 1))


def _columns(rows: Ints) -> list[Ints]:
    """Columns of rows that pairs count in, as columns of totals: behind the cost; -1 none."""
    return [np.where(column >= 0, column + 1, -1) for column in rows.T]


def _first(class_of: Ints, size: int) -> Ints:
    """Position of the first row of each class."""
    first = np.full(size, len(class_of), np.int64)
    known = np.flatnonzero(class_of >= 0)
    np.minimum.at(first, class_of[known], known)
    return first
