r"""A category of movables with more pins, or without a pair: the market changes, the classes do not.

Units that a pin takes leave supply, demand, and every row above the need. Rows of one class are equal, so
the classes stay as they are.

A ban of one asset a and one need n, of classes i and j, is a cap on what goes from i to j: with S' units in
the other assets of i and D' wanted by the other needs of j a flow F between the classes can do without the
pair exactly when F <= S' + D'. Where the best plan sends more, the best under the cap sends just as much
(costs are convex along the way between the two): S' + D' units are pinned, and the classes banned.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.flow.market import Rows, pick
from solver.problem.pins import Pins
from solver.problem.tree import tree_of

if TYPE_CHECKING:
    from solver.flow.market import Ints, Market
    from solver.problem.norms import NormRows
    from solver.problem.premises import Premises
    from solver.problem.problem import Category


class Blocked(NamedTuple):
    """Why no plan can hold a transfer: ``what`` has no more than ``left`` beside the pins.

    Attributes
    ----------
    what : "asset", "need", or the id of a norm row or side row; left : units, or VND of a budget; of the row
    of changes how many there may be; needs : of that row, how many any plan makes at least, None where that
    is not proven.
    """

    what: str
    left: int
    needs: int | None = None


def more_pins(pins: Pins, asset: Ints, need: Ints, units: Ints) -> Pins:
    """Add units to the pins; a pair stands once."""
    wanted: dict[tuple[int, int], int] = {}
    for side in (pins, Pins(asset, need, units)):
        for a, n, count in zip(side.asset.tolist(), side.need.tolist(), side.units.tolist(), strict=True):
            wanted[a, n] = wanted.get((a, n), 0) + count
    rows = [(a, n, count) for (a, n), count in sorted(wanted.items()) if count]
    table = np.array(rows, np.int64).reshape(-1, 3)
    return Pins(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())


def lowered(norms: NormRows, needs: Ints, units: Ints) -> NormRows:
    """Take units out of the norm rows above needs."""
    cap = norms.cap.copy()
    for n, count in zip(needs.tolist(), units.tolist(), strict=True):
        row = int(norms.row_of[n])
        while row >= 0:
            cap[row] -= count
            row = int(norms.parent[row])
    return replace(norms, cap=cap)


def overdrawn(norms: NormRows) -> Blocked | None:
    """Return the first norm row that has less than nothing left."""
    short = np.flatnonzero(norms.cap < 0)
    return Blocked(norms.ids[short[0]], 0) if len(short) else None


def norms_beside(premises: Premises, need: int, places: int) -> NormRows | Blocked:
    """Return what so many places more of a need leave of the norms, or which of both they exceed."""
    wanted = int(premises.needs.units[need] - premises.pins.got(len(premises.needs.ids))[need])
    if places > wanted:
        return Blocked("need", wanted)
    norms = lowered(premises.norms, np.array([need]), np.array([places]))
    return overdrawn(norms) or norms


def with_pins(category: Category, asset: Ints, need: Ints, units: Ints) -> Category | Blocked:
    """Return the category with these pins more, or what they exceed."""
    supply = category.assets.units - category.pins.sent(len(category.assets.ids))
    demand = category.needs.units - category.pins.got(len(category.needs.ids))
    np.subtract.at(supply, asset, units)
    np.subtract.at(demand, need, units)
    for what, left, rows in (("asset", supply, asset), ("need", demand, need)):
        if (left[rows] < 0).any():
            at = int(rows[np.flatnonzero(left[rows] < 0)[0]])
            return Blocked(what, int(left[at] + units[rows == at].sum()))
    norms = lowered(category.norms, need, units)
    blocked = overdrawn(norms)
    if blocked is not None:
        return blocked
    tree = tree_of(norms, category.groups, demand)
    classes, market = category.classes, category.classes.market
    offered, wanted = market.offers.supply.copy(), market.wants.demand.copy()
    np.subtract.at(offered, classes.offer_of[asset], units)
    np.subtract.at(wanted, classes.want_of[need], units)
    market = replace(
        market,
        offers=market.offers._replace(supply=offered),
        wants=market.wants._replace(demand=wanted),
        rows=Rows(tree.cap, tree.parent.astype(np.int32)),
    )
    pins = more_pins(category.pins, asset, need, units)
    return replace(category, norms=norms, tree=tree, pins=pins, classes=replace(classes, market=market))


def others(category: Category, i: int, j: int) -> tuple[Ints, Ints]:
    """Return the other assets of an asset's class, and the other needs of a need's class."""
    classes = category.classes
    assets = np.flatnonzero(classes.offer_of == classes.offer_of[i])
    needs = np.flatnonzero(classes.want_of == classes.want_of[j])
    return assets[assets != i], needs[needs != j]


def room_without(category: Category, i: int, j: int) -> int:
    """Return how many units may go from the asset's class to the need's with this pair banned."""
    assets, needs = others(category, i, j)
    supply = category.assets.units - category.pins.sent(len(category.assets.ids))
    demand = category.needs.units - category.pins.got(len(category.needs.ids))
    return int(supply[assets].sum() + demand[needs].sum())


def without_pair(category: Category, i: int, j: int) -> Category:
    """Return the category under a ban of a pair whose classes exchange more than ``room_without``."""
    assets, needs = others(category, i, j)
    supply = category.assets.units - category.pins.sent(len(category.assets.ids))
    demand = category.needs.units - category.pins.got(len(category.needs.ids))
    held = with_pins(
        category,
        np.concatenate([assets, np.full(len(needs), i)]),
        np.concatenate([np.full(len(assets), j), needs]),
        np.concatenate([supply[assets], demand[needs]]),
    )
    if isinstance(held, Blocked):  # the plan at hand sends more than this
        raise TypeError(f"the rest of two classes cannot be pinned: {held}")
    classes = held.classes
    market = _banned(classes.market, int(classes.offer_of[i]), int(classes.want_of[j]))
    return replace(held, classes=replace(classes, market=market))


def _banned(market: Market, offer: int, want: int) -> Market:
    if market.listed is not None:
        keep = (market.listed.offer != offer) | (market.listed.want != want)
        return replace(market, listed=pick(market.listed, keep))
    bans = market.bans
    head, tail = int(bans.first[offer]), int(bans.first[offer + 1])
    at = head + int(np.searchsorted(bans.want[head:tail], want))
    first = bans.first.copy()
    first[offer + 1 :] += 1
    return replace(market, bans=bans._replace(first=first, want=np.insert(bans.want, at, want)))
