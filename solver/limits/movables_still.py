"""Components of movables that an update does not touch: the plan before, proven once more by its own prices.

In a component none of whose rows is touched, what is left of the plan before and the prices that proved it
give a cost and a bound, to the unit; where these meet, nothing of it is solved. The rest is a market of its
own: no pair leads out of a component.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.flow.components import components
from solver.flow.market import Arcs, Bans, Offers, pick
from solver.flow.pricing import best_wants, measure
from solver.flow.rows import NOTHING
from solver.flow.solve import Solution, bound_of, objective_of, solve_market
from solver.flow.state import Prices, totals

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.flow.components import Labels
    from solver.flow.market import Ints, Market, Small
    from solver.flow.solve import Round
    from solver.problem.baseline import Baseline
    from solver.problem.problem import Category


class Still(NamedTuple):
    """What stays as it is: masks of asset classes, need classes and rows; pairs with units; prices of all."""

    offers: np.ndarray
    wants: np.ndarray
    rows: np.ndarray
    arcs: Arcs
    units: Ints
    prices: Prices


def still_part(category: Category, market: Market, lead: Ints, before: Baseline) -> Still | None:
    """Find the components that an update does not touch and whose plan is the best there still.

    Parameters
    ----------
    market : without prices of side rows and without floors; lead : first need of each need class.

    Returns
    -------
    None where there is none, or the prices of the plan before are not known.
    """
    found = before.prices(category.needs.ids, category.norms.ids)
    if found is None or category.still is None or market.listed is not None:
        return None
    labels = components(market)
    asked = _untouched(category, labels)
    if not asked.any():
        return None
    need, row, scale = found
    own = np.zeros(len(market.rows.cap) + 1, np.int64)  # the last: the root
    for at in range(len(market.rows.cap) - 1, -1, -1):
        own[at] = own[market.rows.parent[at]] - int(row[at]) // scale
    price = (need // scale).astype(np.int64)[lead] + own[market.wants.row] + market.change
    offer = np.flatnonzero(market.offers.kept >= 0).astype(np.int32)
    want = market.offers.kept[offer]
    arcs = Arcs(offer, want, *measure(market, offer, want))
    keys, _ = best_wants(market, price, np.full(market.n_offers, NOTHING - 1, np.int64), 1)
    prices = Prices(price, own[:-1], np.maximum(0, -keys[:, 0]))
    units = market.offers.supply[offer]
    asked &= _gaps(market, labels, arcs, units, prices) == 0
    inside = asked[labels.offer[offer]]
    if not asked.any():
        return None
    masks = asked[labels.offer], asked[labels.want], asked[labels.row]
    return Still(*masks, pick(arcs, inside), units[inside], prices)


def solve_beside(
    market: Market,
    still: Still,
    on_round: Callable[[Round], None] | None,
    stop: Callable[[], bool],
) -> Solution:
    """Solve what does not stay as it is, and put both together."""
    left = np.flatnonzero(~still.offers)
    rounds, priced = 0, market.n_offers * market.n_wants  # all pairs were looked at once
    arcs, units, prices = still.arcs, still.units, still.prices
    if (market.wants.demand[~still.wants] > 0).any() or (market.offers.supply[left] > 0).any():
        rest = solve_market(_without(market, still, left), on_round=on_round, stop=stop)
        rounds, priced = rest.rounds, priced + rest.pairs_priced
        more = rest.arcs
        more = more._replace(offer=left[more.offer].astype(np.int32))
        both = Arcs._make(np.concatenate([arcs[side], more[side]]) for side in range(len(arcs)))
        order = np.lexsort((both.want, both.offer))
        arcs = Arcs._make(column[order] for column in both)
        units = np.concatenate([units, rest.flow.units])[order]
        values = prices.offer.copy()
        values[left] = rest.prices.offer
        prices = Prices(
            np.where(still.wants, prices.want, rest.prices.want),
            np.where(still.rows, prices.row, rest.prices.row),
            values,
        )
    flow = totals(market, arcs, units)
    cost, bound = objective_of(market, arcs, flow), bound_of(market, prices, prices.offer)
    return Solution(arcs, flow, prices, cost, bound, rounds, priced, still.wants)


def _untouched(category: Category, labels: Labels) -> np.ndarray:
    """Tell which components consist of untouched rows alone."""
    still = np.ones(labels.size, bool)
    if category.still is None:
        return ~still
    classes = category.classes
    for class_of, rows, label in (
        (classes.offer_of, category.still.assets, labels.offer),
        (classes.want_of, category.still.needs, labels.want),
    ):
        still[label[class_of[(class_of >= 0) & ~rows]]] = False
    return still


def _gaps(market: Market, labels: Labels, arcs: Arcs, units: Ints, prices: Prices) -> np.ndarray:
    """Return by component what the plan costs more than the prices prove: integers of any size."""
    flow, wants, rows = totals(market, arcs, units), market.wants, market.rows
    own = np.append(prices.row, 0)  # index -1: the root
    above = own[rows.parent] - prices.row if len(rows.cap) else prices.row
    total = np.zeros(labels.size, object)
    for label, amounts, each in (
        (labels.offer[arcs.offer], units, arcs.cost),
        (labels.want, wants.demand - flow.got, wants.price),
        (labels.want, -wants.demand, prices.want - own[wants.row]),
        (labels.row, rows.cap, np.maximum(above, 0)),
        (labels.offer, market.offers.supply, prices.offer),
    ):
        np.add.at(total, label, amounts.astype(object) * each.astype(object))
    return total


def _without(market: Market, still: Still, left: Ints) -> Market:
    """Return the market of the asset classes left; needs that stay as they are want nothing in it."""
    offers, bans, wants = market.offers, market.bans, market.wants
    held = {name: np.where(still.wants, 0, getattr(wants, name)) for name in ("demand", "price", "ceiling")}
    first, want = _taken(bans.first, bans.want, left)
    only_first, only = _taken(bans.only_first, bans.only, left)
    return replace(
        market,
        offers=Offers._make(column[left] for column in offers),
        wants=wants._replace(**held),
        places=market.places._replace(offset=market.places.offset[left]),
        bans=Bans(first, want, bans.bound[left], only_first, only),
    )


def _taken(first: Ints, values: Small, rows: Ints) -> tuple[Ints, Small]:
    """Return some rows of a list of lists."""
    width = first[rows + 1] - first[rows]
    start = np.concatenate([[0], np.cumsum(width)]).astype(np.int64)
    at = np.arange(start[-1]) - np.repeat(start[:-1], width) + np.repeat(first[rows], width)
    return start, values[at]
