r"""A look at all eligible pairs of premises and places, some premises at a time: what explains the plan.

Pairs that cost more than leaving the place unmet are looked at too: they are eligible, only too dear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled
from solver.flow.rows import NOTHING
from solver.plan.moves import first_two

if TYPE_CHECKING:
    from solver.flow.market import Bits, Ints, Small
    from solver.patterns.estate import Estate
    from solver.plan.moves import Moves
    from solver.problem.premises import Premises

#: Pairs that may be listed in one go.
_AT_ONCE = 2_000_000
#: Sums of savings stop here: more than any price of opening.
_PLENTY = np.int64(1 << 61)


def at_once(estate: Estate) -> int:
    """Return how many hosts to list pairs of in one go."""
    return max(1, _AT_ONCE // max(1, estate.n_guests))


@dataclass(frozen=True)
class Seen:
    """What all pairs show.

    Attributes
    ----------
    some : per host class, 1 where a need is eligible; most, whole : what the best single place in it saves,
    and all that might fit one by one [VND, two columns: all needs, and those under no exhausted row]; entry,
    entry_host : per guest class, the least cost of a place with the opening where the premises are not in
    use [VND, ``NOTHING`` none]; best_cost, best_asset : of the two cheapest eligible assets, [guests, 2] (-1
    none); rank : per move, 1 + the number of cheaper eligible assets.
    """

    some: Bits
    most: Ints
    whole: Ints
    entry: Ints
    entry_host: Ints
    best_cost: Ints
    best_asset: Ints
    rank: Ints


@compiled
def _note(
    hosts: Ints,
    first: Ints,
    guests: Small,
    costs: Ints,
    loads: Ints,
    capacity: Ints,
    copies: Ints,
    extra: Ints,
    two: Ints,
    demand: Ints,
    price: Ints,
    closed: Bits,
    pair_first: Ints,
    pair_cost: Ints,
    some: Bits,
    most: Ints,
    whole: Ints,
    entry: Ints,
    entry_host: Ints,
    best_cost: Ints,
    best_asset: Ints,
    rank: Ints,
) -> None:
    for at in range(len(hosts)):
        h = hosts[at]
        for e in range(first[at], first[at + 1]):
            g, cost, load = guests[e], costs[e], loads[e]
            some[h] = 1
            saving = price[g] - cost
            if saving > 0:
                places = demand[g] if load == 0 else min(demand[g], capacity[h] // load)
                for k in range(1 if closed[g] else 2):
                    most[h, k] = max(most[h, k], saving)
                    if saving > (_PLENTY - whole[h, k]) // places:
                        whole[h, k] = _PLENTY
                    else:
                        whole[h, k] += saving * places
            if cost + extra[h] < entry[g]:
                entry[g] = cost + extra[h]
                entry_host[g] = h
            for k in range(2):
                asset = two[h, k]
                if asset < 0:
                    continue
                if cost < best_cost[g, 0] or (cost == best_cost[g, 0] and asset < best_asset[g, 0]):
                    best_cost[g, 1], best_asset[g, 1] = best_cost[g, 0], best_asset[g, 0]
                    best_cost[g, 0], best_asset[g, 0] = cost, asset
                elif cost < best_cost[g, 1] or (cost == best_cost[g, 1] and asset < best_asset[g, 1]):
                    best_cost[g, 1], best_asset[g, 1] = cost, asset
            for k in range(pair_first[g], pair_first[g + 1]):
                if cost < pair_cost[k]:
                    rank[k] += copies[h]


def look(premises: Premises, moves: Moves, cost: Ints, closed: np.ndarray) -> Seen:
    """Look at all eligible pairs.

    Parameters
    ----------
    moves, cost : the plan and the cost of one place of each move [VND]; closed : per need, whether a norm
    row above it is exhausted.
    """
    estate, guest_of = premises.estate, premises.guest_of
    n_hosts, n_guests = estate.n_hosts, estate.n_guests
    extra = estate.opening.copy()
    extra[premises.host_of[moves.asset]] = 0
    guest = guest_of[moves.need]
    order = np.argsort(guest, kind="stable")
    pair_first = np.searchsorted(guest[order], np.arange(n_guests + 1)).astype(np.int64)
    shut = np.zeros(n_guests, np.uint8)
    shut[guest_of] = closed
    rank = np.ones(len(order), np.int64)
    seen = Seen(
        some=np.zeros(n_hosts, np.uint8),
        most=np.zeros((n_hosts, 2), np.int64),
        whole=np.zeros((n_hosts, 2), np.int64),
        entry=np.full(n_guests, NOTHING, np.int64),
        entry_host=np.full(n_guests, -1, np.int64),
        best_cost=np.full((n_guests, 2), NOTHING, np.int64),
        best_asset=np.full((n_guests, 2), -1, np.int64),
        rank=np.ones(len(order), np.int64),
    )
    two, ceiling = first_two(premises.host_of, n_hosts), np.full(n_guests, NOTHING, np.int64)
    size = at_once(estate)
    for start in range(0, n_hosts, size):
        hosts = np.arange(start, min(start + size, n_hosts))
        pairs = estate.lister.pairs(hosts, ceiling)
        _note(
            hosts, pairs.first, pairs.guest, pairs.cost, pairs.load, estate.capacity, estate.copies, extra,
            two, estate.demand, estate.price, shut, pair_first, cost[order], seen.some, seen.most,
            seen.whole, seen.entry, seen.entry_host, seen.best_cost, seen.best_asset, rank,
        )  # fmt: skip
    seen.rank[order] = rank
    return seen
