"""What a building is worth to sets of places: whether any set pays for it, and by how much one is outbid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from solver.patterns.estate import MONEY_RANGE
from solver.patterns.pricing import gains, price_hosts, row_prices
from solver.plan.lodgings import at_once

if TYPE_CHECKING:
    from solver.flow.market import Ints, Small
    from solver.patterns.estate import Estate, Housing, Lister, Pairs
    from solver.plan.lodgings import Seen


@dataclass(frozen=True)
class _Chosen:
    """Lists the pairs of some hosts of another lister."""

    lister: Lister
    hosts: Ints

    def pairs(self, hosts: Ints, ceiling: Ints) -> Pairs:
        """List the eligible pairs of the chosen hosts."""
        return self.lister.pairs(self.hosts[hosts], ceiling)


def pays(estate: Estate, seen: Seen, shut: np.ndarray, hosts: Ints) -> np.ndarray:
    """Whether some set of places saves more than each host costs to open: ``[hosts, 2]``, all needs and open.

    One place that does settles it, and so does that all together do not; the rest are exact knapsacks.

    Parameters
    ----------
    shut : per guest class, whether an exhausted norm row is above it; hosts : ascending.
    """
    opening = estate.opening[hosts]
    found = seen.most[hosts] > opening[:, None]
    for column, price in enumerate((estate.price, np.where(shut, 0, estate.price))):
        unclear = np.flatnonzero(~found[:, column] & (seen.whole[hosts, column] > opening))
        chosen = hosts[unclear]
        part = replace(
            estate,
            capacity=estate.capacity[chosen],
            opening=estate.opening[chosen],
            copies=estate.copies[chosen],
            lister=_Chosen(estate.lister, chosen),
        )
        found[unclear, column] = gains(part, price) < 0
    return found


def outbid_by(estate: Estate, housing: Housing, guests: Ints, hosts: Ints) -> Ints:
    """Return by how much a place of each guest is outbid in its host at the prices of the certificate [VND].

    That is what the host's best set of places is worth (or its being left alone), less the best set that
    takes a place of the guest in at its full price; the others bid their certificate prices, rounded
    down to VND.
    """
    rows = row_prices(housing.row_price, estate.rows.parent, estate.row)
    bids = (np.maximum(housing.guest_price, -MONEY_RANGE) - rows) // housing.denominator
    full = estate.price - rows // housing.denominator
    out = np.zeros(len(guests), np.int64)
    every = np.unique(hosts)
    size = at_once(estate)
    for start in range(0, len(every), size):
        some = every[start : start + size]
        pairs = estate.lister.pairs(some, estate.price)
        for k in np.flatnonzero(np.isin(hosts, some)).tolist():
            at = int(np.searchsorted(some, hosts[k]))
            own = slice(pairs.first[at], pairs.first[at + 1])
            host = _Host(estate, int(hosts[k]), pairs.guest[own], pairs.cost[own], pairs.load[own])
            usual = bids[guests[k]]
            bids[guests[k]] = full[guests[k]]
            out[k] = host.least(bids, int(guests[k])) - min(0, host.least(bids))
            bids[guests[k]] = usual
    return out


@dataclass(frozen=True)
class _Host:
    """One host and its pairs."""

    estate: Estate
    host: int
    guest: Small
    cost: Ints
    load: Ints

    def least(self, bids: Ints, with_guest: int = -1) -> int:
        """Return the opening less the worth of the best set, or of the best that holds a place of a guest."""
        low = (self.guest == with_guest).astype(np.int64)
        reduced, taken = np.zeros(1, np.int64), np.zeros(len(low), np.int64)
        price_hosts(
            np.zeros(1, np.int64),
            self.estate.capacity[self.host : self.host + 1],
            self.estate.opening[self.host : self.host + 1],
            np.array([0, len(low)]),
            self.guest,
            self.cost,
            self.load,
            bids,
            low,
            self.estate.demand[self.guest],
            reduced,
            taken,
        )
        return int(reduced[0])
