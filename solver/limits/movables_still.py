"""Movables that an update does not touch: the plan before, proven once more by its own prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.market import Arcs
from solver.flow.pricing import best_wants, measure
from solver.flow.rows import NOTHING
from solver.flow.solve import Solution, bound_of, objective_of
from solver.flow.state import Prices, totals

if TYPE_CHECKING:
    from solver.flow.market import Market
    from solver.problem.baseline import Baseline
    from solver.problem.problem import Category


def still_best(category: Category, market: Market, lead: np.ndarray, before: Baseline) -> Solution | None:
    """Return what is left of the plan before, where the prices of its certificate prove it the best.

    Nothing is solved: all pairs are looked at once. None where the prices are not known or prove less.

    Parameters
    ----------
    market : without prices of side rows; lead : first need of each need class.
    """
    found = before.prices(category.needs.ids, category.norms.ids)
    if found is None or market.listed is not None:
        return None
    need, row, scale = found
    own = np.zeros(len(market.rows.cap) + 1, np.int64)  # the last: the root
    for at in range(len(market.rows.cap) - 1, -1, -1):
        own[at] = own[market.rows.parent[at]] - int(row[at]) // scale
    price = (need // scale).astype(np.int64)[lead] + own[market.wants.row] + market.change
    offer = np.flatnonzero(market.offers.kept >= 0).astype(np.int32)
    want = market.offers.kept[offer]
    arcs = Arcs(offer, want, *measure(market, offer, want))
    flow = totals(market, arcs, market.offers.supply[offer])
    keys, _ = best_wants(market, price, np.full(market.n_offers, NOTHING - 1, np.int64), 1)
    values = np.maximum(0, -keys[:, 0])
    prices = Prices(price, own[:-1], values)
    cost, bound = objective_of(market, arcs, flow), bound_of(market, prices, values)
    everything = market.n_offers * market.n_wants
    return Solution(arcs, flow, prices, cost, bound, 0, everything) if cost == bound else None
