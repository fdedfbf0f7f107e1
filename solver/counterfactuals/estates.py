"""Premises with a pin more, or without a pair: the estate changes in one building and one need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from solver.counterfactuals.altered import Blocked, more_pins, norms_beside
from solver.flow.market import Rows
from solver.patterns.estate import Pairs
from solver.problem.ground import Hosts
from solver.problem.lister import DenseLister, ListedLister
from solver.problem.premises import load_of

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.patterns.estate import Estate, Lister
    from solver.problem.premises import Premises


@dataclass(frozen=True)
class Some:
    """Lists the pairs between some hosts and guests of another lister (ascending), by new numbers."""

    lister: Lister
    hosts: Ints
    guests: Ints
    n_guests: int

    def pairs(self, hosts: Ints, ceiling: Ints) -> Pairs:
        """List the eligible pairs of ``hosts`` with a cost below ``ceiling[guest]`` [VND]."""
        bars = np.zeros(self.n_guests, np.int64)
        bars[self.guests] = ceiling
        found = self.lister.pairs(self.hosts[hosts], bars)
        return found._replace(guest=np.searchsorted(self.guests, found.guest).astype(np.int32))


def some_of(estate: Estate, hosts: Ints, guests: Ints) -> Estate:
    """Cut hosts and guests out of an estate; all pairs and rows between them and others go."""
    local = np.full(estate.n_hosts + 1, -1, np.int64)  # the last: no host
    local[hosts] = np.arange(len(hosts))
    return replace(
        estate,
        capacity=estate.capacity[hosts],
        opening=estate.opening[hosts],
        copies=estate.copies[hosts],
        demand=estate.demand[guests],
        price=estate.price[guests],
        row=estate.row[guests],
        lister=Some(estate.lister, hosts, guests, estate.n_guests),
        twin=None if estate.twin is None else estate.twin[guests],
        home=None if estate.home is None else local[estate.home[guests]],
    )


def with_place(premises: Premises, i: int, j: int, places: int) -> Premises | Blocked:
    """Return the premises with so many places pinned more, or what they exceed."""
    asset, need, units = (np.array([one]) for one in (i, j, places))
    h, g = int(premises.host_of[i]), int(premises.guest_of[j])
    load = int(load_of(premises, asset, need)[0]) * places
    if h < 0 or load > premises.estate.capacity[h]:
        return Blocked("room", 0)
    norms = norms_beside(premises, j, places)
    if isinstance(norms, Blocked):
        return norms
    estate, host_of = _split(premises, i, int(premises.estate.capacity[h]) - load, opening=0)
    demand, price = estate.demand.copy(), estate.price.copy()
    demand[g] -= places
    price[g] = price[g] if demand[g] else 0
    estate = replace(estate, demand=demand, price=price, rows=Rows(norms.cap, norms.parent.astype(np.int32)))
    pins = more_pins(premises.pins, asset, need, units)
    return replace(premises, norms=norms, pins=pins, estate=estate, host_of=host_of)


def without_guest(premises: Premises, i: int, j: int) -> Premises:
    """Return the premises in which a building takes no place of a need's class."""
    h, g = int(premises.host_of[i]), int(premises.guest_of[j])
    opening = int(premises.estate.opening[h])
    estate, host_of = _split(premises, i, int(premises.estate.capacity[h]), opening=opening)
    lister = _without_pair(estate.lister, int(host_of[i]), g)
    return replace(premises, estate=replace(estate, lister=lister), host_of=host_of)


def _split(premises: Premises, i: int, capacity: int, *, opening: int) -> tuple[Estate, Ints]:
    """Make a building a class of its own; return the estate and the host of each asset."""
    estate, host_of = premises.estate, premises.host_of.copy()
    h = int(host_of[i])
    alone = int(estate.copies[h]) == 1
    at = h if alone else estate.n_hosts

    def put(column: Ints, value: int) -> Ints:
        out = column.copy() if alone else np.append(column, value)
        out[at] = value
        return out

    copies = put(estate.copies, 1)
    if not alone:
        copies[h] -= 1
    host_of[i] = at
    return replace(
        estate,
        capacity=put(estate.capacity, capacity),
        opening=put(estate.opening, opening),
        copies=copies,
        lister=_with_room(estate.lister, h, capacity, alone=alone),
    ), host_of


def _with_room(lister: Lister, h: int, capacity: int, *, alone: bool) -> Lister:
    if isinstance(lister, ListedLister):  # every building is a class of its own
        held = lister.held
        host = np.repeat(np.arange(len(held.first) - 1), np.diff(held.first))
        return _listed(held, host, (host != h) | (held.load <= capacity))
    if not isinstance(lister, DenseLister):
        raise TypeError(type(lister).__name__)
    if alone:
        room = lister.hosts.capacity.copy()
        room[h] = capacity
        return replace(lister, hosts=lister.hosts._replace(capacity=room))
    hosts = Hosts(*(np.append(column, column[h]) for column in lister.hosts))
    hosts.capacity[-1] = capacity
    ground, bans = lister.ground, lister.bans
    own = bans.want[bans.first[h] : bans.first[h + 1]]
    mine = bans.only[bans.only_first[h] : bans.only_first[h + 1]]
    first = np.append(bans.first, bans.first[-1] + len(own))
    return replace(
        lister,
        hosts=hosts,
        ground=ground._replace(offset=np.append(ground.offset, ground.offset[h])),
        bans=bans._replace(
            first=first,
            want=np.append(bans.want, own),
            bound=np.append(bans.bound, bans.bound[h]),
            only_first=np.append(bans.only_first, bans.only_first[-1] + len(mine)),
            only=np.append(bans.only, mine),
        ),
    )


def _without_pair(lister: Lister, h: int, g: int) -> Lister:
    if isinstance(lister, ListedLister):
        held = lister.held
        host = np.repeat(np.arange(len(held.first) - 1), np.diff(held.first))
        return _listed(held, host, (host != h) | (held.guest != g))
    if not isinstance(lister, DenseLister):
        raise TypeError(type(lister).__name__)
    bans = lister.bans
    head, tail = int(bans.first[h]), int(bans.first[h + 1])
    at = head + int(np.searchsorted(bans.want[head:tail], g))
    first = bans.first.copy()
    first[h + 1 :] += 1
    return replace(lister, bans=bans._replace(first=first, want=np.insert(bans.want, at, g)))


def _listed(held: Pairs, host: Ints, keep: np.ndarray) -> ListedLister:
    first = np.searchsorted(host[keep], np.arange(len(held.first))).astype(np.int64)
    return ListedLister(Pairs(first, held.guest[keep], held.cost[keep], held.load[keep]))
