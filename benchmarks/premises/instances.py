"""An instance for all methods: an estate, what its optimum is known to be, and how a plan of it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.flow.market import Rows
from solver.patterns.estate import Estate, Pairs
from solver.problem.lister import ListedLister

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.patterns.estate import Use


class PlanError(Exception):
    """A method handed back what is no plan: a bug here or there."""


@dataclass(frozen=True)
class Instance:
    """What is to be planned.

    Attributes
    ----------
    estate : hosts, guests and pairs (``solver.patterns.estate``), without norm rows; every : each place must
    be filled, as the published sets want it (the price of an unmet place is then far above any cost); low,
    high : what is known of the optimum, None nothing; host_province, guest_province : codes, None where there
    are no provinces.
    """

    estate: Estate
    every: bool = False
    low: int | None = None
    high: int | None = None
    host_province: np.ndarray | None = None
    guest_province: np.ndarray | None = None

    @property
    def empty(self) -> int:
        """Cost of the plan that houses nobody."""
        return dot(self.estate.price, self.estate.demand)


@dataclass(frozen=True)
class Judged:
    """Cost of a plan, exact: of each pattern (all its copies), and unmet places per guest."""

    patterns: Ints
    unmet: Ints
    objective: int


def dot(one: Ints, other: Ints) -> int:
    """Return the scalar product in Python integers."""
    return sum(a * b for a, b in zip(one.tolist(), other.tolist(), strict=True))


def listed(capacity: Ints, opening: Ints, copies: Ints, demand: Ints, price: Ints, pairs: Pairs) -> Estate:
    """Make an estate without norm rows whose pairs are given."""
    none = np.empty(0, np.int32)
    return Estate(
        capacity, opening, copies, demand, price, np.full(len(demand), -1, np.int32),
        Rows(none.astype(np.int64), none), ListedLister(pairs),
    )  # fmt: skip


def all_pairs(estate: Estate) -> Pairs:
    """Return every pair worth its cost: cheaper than leaving the place unmet."""
    return estate.lister.pairs(np.arange(estate.n_hosts), estate.price)


def judge(estate: Estate, use: Use) -> Judged:
    """Check a plan against the estate and add up its cost, whatever the method says of it.

    Raises
    ------
    PlanError
        When a pattern takes a pair that is not eligible or more than the host holds, when more copies are
        used than there are, or when a guest receives more places than it wants.
    """
    hosts, at = np.unique(use.host, return_inverse=True)
    pairs = estate.lister.pairs(hosts, estate.price + 1)
    width = np.diff(use.first)
    owner = np.repeat(at, width)
    key = np.repeat(np.arange(len(hosts)), np.diff(pairs.first)) * estate.n_guests + pairs.guest
    wanted = owner * estate.n_guests + use.guest
    place = np.minimum(np.searchsorted(key, wanted), max(len(key) - 1, 0))
    if len(wanted) and (len(key) == 0 or (key[place] != wanted).any()):
        raise PlanError("a pattern takes a pair that is not eligible")
    if (use.places < 1).any() or (use.times < 1).any():
        raise PlanError("a pattern has no places or is used no times")
    number = np.repeat(np.arange(len(use.host)), width)
    load, cost = np.zeros((2, len(use.host)), np.int64)
    np.add.at(load, number, pairs.load[place] * use.places)
    np.add.at(cost, number, pairs.cost[place] * use.places)
    if (load > estate.capacity[use.host]).any():
        raise PlanError("a pattern is larger than its host")
    taken = np.zeros(estate.n_hosts, np.int64)
    np.add.at(taken, use.host, use.times)
    if (taken > estate.copies).any():
        raise PlanError("more copies are used than there are")
    unmet = estate.demand.copy()
    np.subtract.at(unmet, use.guest, use.places * use.times[number])
    if (unmet < 0).any():
        raise PlanError("a guest receives more than it wants")
    patterns = use.times * (cost + estate.opening[use.host])
    return Judged(patterns, unmet, sum(patterns.tolist()) + dot(unmet, estate.price))
