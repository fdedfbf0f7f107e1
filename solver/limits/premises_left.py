r"""Pairs of premises that prices leave to a better plan, with what a place of each adds.

With L the bound at prices and r_h the terms of the hosts, a plan with a place of pair e in a copy of h costs
at least

    L - min(0, r_h) + (f_h - (b - c)_e - best of the rest of the room)

(``solver.patterns.reduce``). Pairs for which that reaches the value of the plan at hand are in no better one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.limits.premises_rates import unmet_prices
from solver.limits.programme import chain
from solver.patterns.estate import MONEY_RANGE
from solver.patterns.part import slices
from solver.patterns.pricing import price_hosts, row_prices
from solver.patterns.reduce import penalties
from solver.problem.premises import load_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.flow.market import Ints
    from solver.limits.block import Weights
    from solver.limits.premises_tally import Pattern, Tally
    from solver.patterns.estate import Estate


class Left(NamedTuple):
    """Pairs of hosts and guests.

    Attributes
    ----------
    whole : whether no pair was passed over because 64 bits do not hold its cost.
    """

    host: Ints
    guest: Ints
    whole: bool = True


class Places(NamedTuple):
    """What a place of pairs adds.

    Attributes
    ----------
    cost : with the change that it is [VND]; gain : what it spares [VND, of any size]; load : units of area;
    used : by pair, (row, amount).
    """

    cost: Ints
    gain: np.ndarray
    load: Ints
    used: list[list[tuple[int, int]]]


def left_by_prices(
    estate: Estate, guest_price: np.ndarray, row_price: Ints, denominator: int, slack: int, most: int
) -> Left | None:
    """List the pairs that add less than ``slack`` [VND / S]; None where they are more than ``most``.

    Parameters
    ----------
    estate : at the prices of the side rows [VND / S]; guest_price, row_price : over the denominator.
    """
    limit = MONEY_RANGE // denominator
    bid = np.clip(guest_price, -MONEY_RANGE, MONEY_RANGE).astype(np.int64)
    bid = bid - row_prices(row_price, estate.rows.parent, estate.row)
    dearest = (-(-bid // denominator)).astype(object) + slack
    ceiling = np.where(estate.demand > 0, np.clip(dearest, 0, limit), 0).astype(np.int64)
    allowed = min(slack * denominator, 4 * MONEY_RANGE)
    hosts, guests, count = [], [], 0
    for some, pairs in slices(estate, ceiling):
        n, nothing = len(some), np.zeros(len(pairs.guest), np.int64)
        capacity, opening = estate.capacity[some], estate.opening[some] * denominator
        cost, high = pairs.cost * denominator, estate.demand[pairs.guest]
        reduced, taken = np.zeros(n, np.int64), nothing.copy()
        price_hosts(
            np.arange(n), capacity, opening, pairs.first, pairs.guest, cost, pairs.load, bid, nothing, high,
            reduced, taken,
        )  # fmt: skip
        within, without = nothing.copy(), nothing.copy()
        penalties(
            capacity, opening, pairs.first, pairs.guest, cost, pairs.load, bid, estate.demand, reduced, taken,
            within, without,
        )  # fmt: skip
        kept = np.flatnonzero(within < allowed)
        hosts.append(np.repeat(some, np.diff(pairs.first))[kept])
        guests.append(pairs.guest[kept].astype(np.int64))
        count += len(kept)
        if count > most:
            return None
    none = [np.zeros(0, np.int64)]
    whole = bool((dearest <= limit).all())
    return Left(np.concatenate(hosts or none), np.concatenate(guests or none), whole)


def places_of(tally: Tally, weights: Weights, left: Left) -> Places:
    """Return what a place of each pair adds."""
    host, guest = left.host, left.guest
    cost, spend, crosses = tally.of_pairs(host, guest)
    turns = tally.turns(host, guest)
    one = np.ones(len(host), np.int64)
    rows = [(column, spend) for column in tally.spend_rows[guest].T]
    rows += [(column, crosses) for column in tally.cross_rows[host].T]
    rows += [(column, one) for column in tally.floor_rows[guest].T]
    if tally.changes >= 0:
        rows.append((np.full(len(host), tally.changes), turns))
    used: list[list[tuple[int, int]]] = [[] for _ in range(len(host))]
    for column, amount in rows:
        for k in np.flatnonzero((column >= 0) & (amount != 0)).tolist():
            used[k].append((int(column[k]), int(amount[k])))
    return Places(
        weights.cost * (cost + weights.change * turns),
        unmet_prices(tally, weights)[guest],
        load_of(tally.premises, tally.asset[host], tally.need[guest]),
        used,
    )


def fits(tally: Tally, patterns: Mapping[Pattern, int]) -> bool:
    """Tell whether patterns keep to rooms, copies, demands and norms, in integers."""
    estate = tally.estate
    copies: Counter[int] = Counter()
    met: Counter[int] = Counter()
    for (host, inside), times in patterns.items():
        copies[host] += times
        guest = np.array([one for one, _ in inside], np.int64)
        at = np.full(len(guest), host)
        load = load_of(tally.premises, tally.asset[at], tally.need[guest]).tolist()
        taken = sum(size * places for size, (_, places) in zip(load, inside, strict=True))
        if taken > int(estate.capacity[host]) and times:
            return False
        for one, places in inside:
            met[one] += times * places
    used: dict[int, int] = defaultdict(int)
    for guest_, places in met.items():
        for row in chain(int(estate.row[guest_]), estate.rows.parent):
            used[row] += places
    return (
        all(count <= int(estate.copies[host]) for host, count in copies.items())
        and all(places <= int(estate.demand[one]) for one, places in met.items())
        and all(places <= int(estate.rows.cap[row]) for row, places in used.items())
    )
