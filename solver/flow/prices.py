r"""Exact prices of a flow: potentials by Bellman-Ford over need classes and norm rows only.

Unknowns: y_j = effective price of need class j, mu_r = -(price of all norm rows from r up to the root)
[VND]; v_i follows. A flow on given pairs is optimal exactly when these difference constraints have a
solution:

    y_j  <= p_j + mu_row(j)                         equality where j is left partly unmet
    mu_r <= mu_parent(r) (0 at the root)            equality where the row is not full
    y_k  <= c_ik               for i with a unit to spare
    y_k  <= y_j - c_ij + c_ik  for i placed at j    and y_j >= c_ij

The largest solution is computed (shortest paths from the root): it depends on the problem alone, not on
which of several optimal flows was found, so that equal inputs give an equal certificate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled
from solver.flow.state import Prices

if TYPE_CHECKING:
    from solver.flow.market import Arcs, Ints, Market, Small
    from solver.flow.state import Flow

_UNREACHED = np.int64(1 << 61)


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
            if above < mu[r]:
                mu[r] = above
                changed = True
            if through[r] < cap[r] and mu[r] < above:
                if parent[r] < 0:
                    return -1
                mu[parent[r]] = mu[r]
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
    wants, rows = market.wants, market.rows
    y = wants.price.copy()
    mu = np.zeros(len(rows.cap), np.int64)
    first = first_arc(market, arcs)
    sweeps = _relax(
        first,
        arcs.want,
        arcs.cost,
        flow.units,
        market.offers.supply,
        flow.used,
        wants.demand,
        flow.got,
        wants.price,
        wants.row,
        rows.cap,
        flow.through,
        rows.parent,
        y,
        mu,
    )
    if sweeps < 0:
        return None
    values = np.zeros(market.n_offers, np.int64)
    _values(first, arcs.want, arcs.cost, y, values)
    return Prices(y, mu, values)
