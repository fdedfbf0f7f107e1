r"""One plan among equals.

Of all optimal flows the one with the least total metres, then the smallest list of transfers.

The optimal flows are those on the *optimal face*: pairs of reduced cost 0, assets with a value used to the
last unit, needs priced below leaving them unmet served to the last, rows with a price full (with the price
of a floor, at it). On the
face (1) a second minimum-cost flow with metres as costs; (2) among its optima the flow of the first pair
(classes in the order of their first ids) is raised as far as it goes, then that of the second, and so on.
Only the parts of the face that leave a choice are touched: most plans have none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python import min_cost_flow

from solver.errors import BackendError
from solver.flow.graph import Graph, free_edges, prefer, take, tight_edges
from solver.flow.market import Arcs, pick
from solver.flow.pricing import measure, pairs_at_most
from solver.flow.state import floors_of, totals

if TYPE_CHECKING:
    from solver.flow.market import Ints, Market
    from solver.flow.solve import Solution

#: Residual edges looked at in step (2); beyond it the flow of step (1) stays. Counted, not timed: equal
#: inputs give equal plans.
_BUDGET = 200_000_000


def _face_pairs(market: Market, solution: Solution) -> Arcs:
    """List all eligible pairs of reduced cost 0."""
    prices = solution.prices
    if market.listed is None:
        offer, want = pairs_at_most(market, prices.want, -prices.offer)
        return Arcs(offer, want, *measure(market, offer, want))
    listed = market.listed
    keep = (listed.cost - prices.want[listed.want] == -prices.offer[listed.offer]) & (
        listed.cost < market.wants.ceiling[listed.want]
    )
    return pick(listed, keep)


def _units_on(face: Arcs, solution: Solution, width: int) -> Ints:
    """Units of the present flow on each pair of the face."""
    keys = face.offer.astype(np.int64) * width + face.want
    units = np.zeros(len(keys), np.int64)
    moved = np.flatnonzero(solution.flow.units)
    have = solution.arcs.offer[moved].astype(np.int64) * width + solution.arcs.want[moved]
    units[np.searchsorted(keys, have)] = solution.flow.units[moved]
    return units


def _face_graph(market: Market, solution: Solution, face: Arcs, units: Ints) -> tuple[Graph, int]:
    """Make the graph of the face: the pairs first, then what is unused, met and let through."""
    prices, flow, rows = solution.prices, solution.flow, market.rows
    n_offers, n_wants, n_rows = market.n_offers, market.n_wants, len(rows.cap)
    root = n_offers + n_wants + n_rows
    spare = np.flatnonzero(prices.offer == 0)
    row = market.wants.row.astype(np.int64)
    above = np.append(prices.row, 0)
    open_wants = np.flatnonzero(prices.want - above[row] == market.wants.price)
    gained = prices.row - above[rows.parent] if n_rows else np.zeros(0, np.int64)
    floors, _ = floors_of(market)
    unpriced = np.flatnonzero(gained == 0)
    missed = np.flatnonzero((gained == market.penalty) & (floors > 0))
    below = np.minimum(flow.through, floors)
    node = np.append(n_offers + n_wants + np.arange(n_rows), root)  # index -1: the root
    zeros = np.zeros(len(spare) + len(open_wants) + len(unpriced) + len(missed), np.int64)
    supply, demand = market.offers.supply, market.wants.demand
    return Graph(
        np.concatenate(
            [
                face.offer,
                spare,
                n_offers + open_wants,
                *(n_offers + n_wants + rim for rim in (unpriced, missed)),
            ]
        ).astype(np.int64),
        np.concatenate(
            [
                n_offers + face.want,
                np.full(len(spare), root),
                node[row[open_wants]],
                node[rows.parent[unpriced]],
                node[rows.parent[missed]],
            ]
        ).astype(np.int64),
        np.concatenate(
            [
                np.minimum(supply[face.offer], demand[face.want]),
                supply[spare],
                demand[open_wants],
                (rows.cap - floors)[unpriced],
                floors[missed],
            ]
        ),
        np.concatenate(
            [
                units,
                (supply - flow.used)[spare],
                flow.got[open_wants],
                (flow.through - below)[unpriced],
                below[missed],
            ]
        ),
        np.concatenate([face.metres, zeros]),
    ), root + 1


def _least_metres(graph: Graph, nodes: int) -> Ints:
    """Solve the flow with metres as costs and the node balances of the present flow; return its units."""
    balance = np.zeros(nodes, np.int64)
    np.add.at(balance, graph.tail, graph.flow)
    np.subtract.at(balance, graph.head, graph.flow)
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        graph.tail.astype(np.int32), graph.head.astype(np.int32), graph.capacity, graph.cost
    )
    solver.set_nodes_supplies(np.arange(nodes, dtype=np.int32), balance)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise BackendError("SimpleMinCostFlow", f"{status} on the optimal face")
    flows: Ints = solver.flows(np.arange(len(graph.tail), dtype=np.int32)).astype(np.int64)
    return flows


def break_ties(market: Market, solution: Solution, ranks: tuple[Ints, Ints] | None = None) -> Solution:
    """Return the one solution among all optimal ones that the module describes.

    Parameters
    ----------
    solution : must be optimal; ranks : order of the asset classes and of the need classes, by default their
    numbers.
    """
    offer_rank, want_rank = ranks or (np.arange(market.n_offers), np.arange(market.n_wants))
    face = _face_pairs(market, solution)
    units = _units_on(face, solution, market.n_wants)
    graph, nodes = _face_graph(market, solution, face, units)
    free = np.flatnonzero(free_edges(graph, nodes))
    if len(free):
        part = take(graph, free)
        flow = graph.flow.copy()
        flow[free] = _least_metres(part, nodes)
        part = part._replace(flow=flow[free])
        still = np.flatnonzero(tight_edges(part, nodes))
        loose = take(part, still)
        open_edges = np.flatnonzero(free_edges(loose, nodes))
        if len(open_edges):
            loose = take(loose, open_edges)
            place = free[still[open_edges]]
            pairs = np.flatnonzero(place < len(units))
            offer, want = face.offer[place[pairs]], face.want[place[pairs]]
            order = np.lexsort((want_rank[want], offer_rank[offer]))
            flow[place] = prefer(loose, nodes, pairs[order], _BUDGET)
        units = flow[: len(units)]
    return replace(solution, arcs=face, flow=totals(market, face, units))
