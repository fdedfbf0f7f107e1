r"""The flow on a given set of pairs, by OR-Tools' cost scaling, started from prices that are already good.

Nodes: asset classes, need classes, rows, one sink. Arcs
    i -> j       capacity min(s_i, d_j), cost c_ij           (a pair)
    i -> sink    capacity s_i, cost 0                        (not used)
    j -> row(j)  capacity d_j, cost -p_j                     (met; the sink where there is no row)
    r -> parent  capacity k_r - l_r, cost 0
    r -> parent  capacity l_r, cost -W                       (towards the floor)

The cheaper of two parallel arcs fills first, so that no lower bound is needed.

Cost scaling knows no warm start: its number of phases grows with the logarithm of the largest cost.
Shifting every cost by node prices (v_i, y_j, mu_r) changes the objective by a constant, so near the optimum
the numbers become small. Reduced costs beyond +-``clamp`` are cut to it, which is exact wherever no such
arc matters; the caller proves the answer with exact prices and, where that fails, asks again with a larger
clamp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python import min_cost_flow

from solver.errors import BackendError
from solver.flow.state import floors_of, totals

if TYPE_CHECKING:
    from solver.flow.market import Arcs, Ints, Market, Small
    from solver.flow.state import Flow, Prices

#: Cost scaling multiplies costs by the number of nodes; 2**62 is what its arithmetic holds.
_RANGE = 1 << 61


def widest_clamp(market: Market) -> int:
    """Return the largest cost that the backend accepts for this market [VND]."""
    return _RANGE // (market.n_offers + market.n_wants + len(market.rows.cap) + 2)


def solve_network(market: Market, arcs: Arcs, prices: Prices, clamp: int) -> Flow:
    """Solve the flow on these pairs with reduced costs cut to +-clamp.

    Raises
    ------
    BackendError
        When the backend answers anything but OPTIMAL: leaving needs unmet is always allowed, so it is a bug.
    """
    offers, wants, rows = market.offers, market.wants, market.rows
    n_offers, n_wants, n_rows = market.n_offers, market.n_wants, len(rows.cap)
    sink = n_offers + n_wants + n_rows
    row_node = np.where(wants.row >= 0, n_offers + n_wants + wants.row, sink)
    row_price = np.where(wants.row >= 0, prices.row[wants.row], 0) if n_rows else np.zeros(n_wants, np.int64)
    parent_node = np.where(rows.parent >= 0, n_offers + n_wants + rows.parent, sink)
    parent_price = np.where(rows.parent >= 0, prices.row[rows.parent], 0) if n_rows else rows.cap
    floors, floored = floors_of(market)
    tails: list[Ints | Small] = [
        arcs.offer,
        np.arange(n_offers),
        n_offers + np.arange(n_wants),
        n_offers + n_wants + np.arange(n_rows),
        n_offers + n_wants + floored,
    ]
    heads: list[Ints | Small] = [
        n_offers + arcs.want,
        np.full(n_offers, sink),
        row_node,
        parent_node,
        parent_node[floored],
    ]
    room = [
        np.minimum(offers.supply[arcs.offer], wants.demand[arcs.want]),
        offers.supply,
        wants.demand,
        rows.cap - floors,
        floors[floored],
    ]
    costs = [
        arcs.cost - prices.want[arcs.want] + prices.offer[arcs.offer],
        prices.offer,
        prices.want - wants.price - row_price,
        prices.row - parent_price,
        (prices.row - parent_price)[floored] - market.penalty,
    ]
    graph = min_cost_flow.SimpleMinCostFlow()
    for tail, head, capacity, cost in zip(tails, heads, room, costs, strict=True):
        graph.add_arcs_with_capacity_and_unit_cost(
            tail.astype(np.int32),
            head.astype(np.int32),
            capacity.astype(np.int64),
            np.clip(cost, -clamp, clamp),
        )
    graph.set_nodes_supplies(np.arange(n_offers, dtype=np.int32), offers.supply)
    graph.set_node_supply(int(sink), -int(offers.supply.sum()))
    status = graph.solve()
    if status != graph.OPTIMAL:
        raise BackendError("SimpleMinCostFlow", str(status))
    flows = graph.flows(np.arange(len(arcs.offer), dtype=np.int32)).astype(np.int64)
    return totals(market, arcs, flows)
