r"""Exact prices of a flow: potentials by Bellman-Ford over need classes and norm rows only.

Unknowns: y_j = effective price of need class j, mu_r = price of the floors less that of the norm rows from r
up to the root [VND / S]; v_i follows. A flow on given pairs is optimal exactly when these difference
constraints have a solution:

    y_j  <= p_j + mu_row(j)                         equality where j is left partly unmet
    mu_r <= mu_parent(r) (0 at the root)            where the row has more than its floor
    mu_r <= mu_parent(r) + W                        where it has not
    mu_r >= mu_parent(r) (+ W below the floor)      where the row is not full
    y_k  <= c_ik               for i with a unit to spare
    y_k  <= y_j - c_ij + c_ik  for i placed at j    and y_j >= c_ij

The largest solution is computed (shortest paths from the root): it depends on the problem alone, not on
which of several optimal flows was found, so that equal inputs give an equal certificate. Where a floor is met
to the unit its price may be anything up to W: it is held down to the least power of 2^6 that proves the flow,
so that needs do not call for every asset of the country.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled
from solver.flow.state import Prices, floors_of

if TYPE_CHECKING:
    from solver.flow.market import Arcs, Ints, Market, Small
    from solver.flow.state import Flow

_UNREACHED = np.int64(1 << 61)
#: Exponents of the greatest prices tried for floors that are met to the unit.
_LEAST_PREMIUM, _PREMIUM_STEP = 24, 6


@compiled
def _relax(
    first: Ints,
    want: Small,
    cost: Ints,
    units: Ints,
    supply: Ints,
    used: Ints,
    demand: Ints,
    got: Ints,
    price: Ints,
    row: Small,
    cap: Ints,
    through: Ints,
    parent: Small,
    floor: Ints,
    premium: int,
    penalty: int,
    y: Ints,
    mu: Ints,
) -> int:
    """Relax to the largest solution in place; return the sweeps used, -1 where the flow is not optimal."""
    n_wants, n_rows, n_offers = len(demand), len(cap), len(supply)
    limit = n_wants + n_rows + 2
    for sweep in range(1, limit + 1):
        changed = False
        for r in range(n_rows - 1, -1, -1):
            above = mu[parent[r]] if parent[r] >= 0 else np.int64(0)
            gain = penalty if through[r] < floor[r] else 0
            loss = premium if 0 < floor[r] == through[r] else gain
            if above + loss < mu[r]:
                mu[r] = above + loss
                changed = True
            if through[r] < cap[r] and mu[r] < above + gain:
                if parent[r] < 0:
                    return -1
                mu[parent[r]] = mu[r] - gain
                changed = True
        for j in range(n_wants):
            above = mu[row[j]] if row[j] >= 0 else np.int64(0)
            if price[j] + above < y[j]:
                y[j] = price[j] + above
                changed = True
            if got[j] < demand[j] and y[j] - price[j] < above:
                if row[j] < 0:
                    return -1
                mu[row[j]] = y[j] - price[j]
                changed = True
        for i in range(n_offers):
            value = np.int64(0) if used[i] < supply[i] else _UNREACHED
            for e in range(first[i], first[i + 1]):
                if units[e] > 0:
                    here = y[want[e]] - cost[e]
                    if here < 0:
                        return -1
                    value = min(value, here)
            for e in range(first[i], first[i + 1]):
                if value + cost[e] < y[want[e]]:
                    y[want[e]] = value + cost[e]
                    changed = True
        if not changed:
            return sweep
    return -1


@compiled
def _values(first: Ints, want: Small, cost: Ints, y: Ints, v: Ints) -> None:
    for i in range(len(v)):
        for e in range(first[i], first[i + 1]):
            v[i] = max(v[i], y[want[e]] - cost[e])


def first_arc(market: Market, arcs: Arcs) -> Ints:
    """Return where the pairs of each asset class begin: class i has ``first[i]:first[i + 1]``."""
    return np.searchsorted(arcs.offer, np.arange(market.n_offers + 1)).astype(np.int64)


def values_of(market: Market, arcs: Arcs, want_prices: Ints) -> Ints:
    """Value of one unit of each asset class over these pairs: max(0, max_j (y_j - c_ij)) [VND]."""
    values = np.zeros(market.n_offers, np.int64)
    _values(first_arc(market, arcs), arcs.want, arcs.cost, want_prices, values)
    return values


def exact_prices(market: Market, arcs: Arcs, flow: Flow) -> Prices | None:
    """Compute the largest prices that prove the flow optimal on these pairs; None where it is not optimal."""
    first = first_arc(market, arcs)
    floors, floored = floors_of(market)
    met = bool((flow.through[floored] == floors[floored]).any())
    premium = 1 << _LEAST_PREMIUM if met else market.penalty
    while True:
        premium = min(premium, market.penalty)
        y, mu = _highest(market, floors, premium)
        sweeps = _relax(
            first,
            arcs.want,
            arcs.cost,
            flow.units,
            market.offers.supply,
            flow.used,
            market.wants.demand,
            flow.got,
            market.wants.price,
            market.wants.row,
            market.rows.cap,
            flow.through,
            market.rows.parent,
            floors,
            premium,
            market.penalty,
            y,
            mu,
        )
        if sweeps >= 0:
            values = np.zeros(market.n_offers, np.int64)
            _values(first, arcs.want, arcs.cost, y, values)
            return Prices(y, mu, values)
        if premium >= market.penalty:
            return None
        premium <<= _PREMIUM_STEP


def _highest(market: Market, floors: Ints, premium: int) -> tuple[Ints, Ints]:
    """Return prices that no solution exceeds: y_j and mu_r."""
    mu = np.zeros(len(floors), np.int64)
    most = max(premium, market.penalty)
    for row in range(len(floors) - 1, -1, -1):
        parent = market.rows.parent[row]
        mu[row] = (mu[parent] if parent >= 0 else 0) + (most if floors[row] else 0)
    above = np.append(mu, 0)[market.wants.row] if len(mu) else np.zeros(market.n_wants, np.int64)
    return market.wants.price + above, mu
