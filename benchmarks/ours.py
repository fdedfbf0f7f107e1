"""Ours: the exact sparse flow of ``solver.flow``, from the same coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.costs import distances
from benchmarks.instances import HANDOVER, PER_METRE
from benchmarks.outcome import Outcome, Stopwatch
from solver.flow.market import Kinds, Market, Offers, Places, Rows, Wants, no_bans
from solver.flow.solve import solve_market

if TYPE_CHECKING:
    from benchmarks.costs import Distances
    from benchmarks.instances import Instance

_NO_REACH = 10**12
_NO_DAY = 10**9


def market_of(instance: Instance, metres: Distances) -> Market:
    """Merge cars that are equal in every priced column, and lay the instance out as the core wants it."""
    spread = int(metres.leg.max()) + 1 if len(metres.leg) else 1
    key = (metres.origin * spread + metres.leg) * 10_001 + instance.loss
    _, lead, group = np.unique(key, return_index=True, return_inverse=True)
    supply = np.bincount(group, weights=instance.units).astype(np.int64)
    origin, leg, loss = metres.origin[lead], metres.leg[lead], instance.loss[lead]
    offers, needs, dests = len(lead), len(instance.seat), len(metres.to_place)

    first = np.searchsorted(metres.dest, np.arange(dests + 1)).astype(np.int64)
    at = np.minimum(np.searchsorted(metres.to_place, metres.from_place), dests - 1)
    home = np.where(metres.to_place[at] == metres.from_place, at, -1)
    mine = home[origin]
    near = np.where(mine >= 0, first[mine + 1] - first[mine], 0)

    none = np.zeros(needs, np.int64)
    return Market(
        offers=Offers(
            supply=supply,
            origin=origin.astype(np.int32),
            leg=leg,
            kind=np.zeros(offers, np.int32),
            fixed=np.full(offers, HANDOVER, np.int64),
            loss=loss,
            condition=(10_000 - loss).astype(np.int32),
            opens=np.zeros(offers, np.int32),
            closes=np.full(offers, _NO_DAY, np.int32),
            province=instance.province[metres.from_place][origin],
            kept=np.full(offers, -1, np.int32),
        ),
        kinds=Kinds(
            num=np.array([PER_METRE], np.int64),
            den=np.array([1], np.int64),
            surcharge=np.array([instance.surcharge], np.int64),
            reach=np.array([_NO_REACH], np.int64),
            allow=np.ones((1, 1), np.uint8),
        ),
        wants=Wants(
            demand=instance.demand,
            dest=metres.dest.astype(np.int32),
            leg=none,
            wanted=none.astype(np.int32),
            base=instance.base,
            price=instance.price,
            condition=none.astype(np.int32),
            reach=none - 1,
            deadline=none.astype(np.int32),
            province=instance.province[instance.seat],
            row=instance.row.astype(np.int32),
            rate=np.ones(len(instance.demand), np.int64),
            ceiling=instance.price,
        ),
        rows=Rows(instance.cap, np.full(len(instance.cap), -1, np.int32)),
        places=Places(
            metres=np.ascontiguousarray(metres.between),
            home=home.astype(np.int32),
            first=first,
            offset=np.cumsum(near) - near,
            within=np.repeat(leg, near),
        ),
        bans=no_bans(offers),
    )


def sparse_flow(instance: Instance, seconds: float) -> Outcome:
    """Solve to the end, or keep the best plan when the time is over."""
    watch = Stopwatch()
    metres = distances(instance)
    watch.lap("distances")
    market = market_of(instance, metres)
    watch.lap("build")
    found = solve_market(market, stop=lambda: watch.total() > seconds)
    watch.lap("solve")
    return Outcome(
        objective=found.objective,
        bound=found.bound,
        laps=watch.laps,
        facts={
            "offer_classes": market.n_offers,
            "needs": market.n_wants,
            "rounds": found.rounds,
            "pairs_held": len(found.arcs.offer),
            "pairs_priced": found.pairs_priced,
        },
    )
