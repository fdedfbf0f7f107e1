"""What a round of solving knows: the units of each pair, and the prices of each node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from solver.flow.market import Arcs, Ints, Market


@dataclass(frozen=True)
class Flow:
    """Units on each pair and through each node.

    Attributes
    ----------
    units : per pair; used : per asset class; got : per need class; through : per norm row [units].
    """

    units: Ints
    used: Ints
    got: Ints
    through: Ints


@dataclass(frozen=True)
class Prices:
    """Node prices [VND / S]: ``want`` y_j, ``row`` mu_r (above 0 by floors), ``offer`` v_i (0 or more)."""

    want: Ints
    row: Ints
    offer: Ints


def totals(market: Market, arcs: Arcs, units: Ints) -> Flow:
    """Sum the units of the pairs by asset class, need class and norm row."""
    used = np.zeros(market.n_offers, np.int64)
    got = np.zeros(market.n_wants, np.int64)
    np.add.at(used, arcs.offer, units)
    np.add.at(got, arcs.want, units)
    through = np.zeros(len(market.rows.cap), np.int64)
    under = market.wants.row >= 0
    np.add.at(through, market.wants.row[under], got[under])
    for row, parent in enumerate(market.rows.parent):  # parents come after their children
        if parent >= 0:
            through[parent] += through[row]
    return Flow(units, used, got, through)


def floors_of(market: Market) -> tuple[Ints, Ints]:
    """Return the floor of every row [units], and the rows that have one."""
    none = np.zeros(len(market.rows.cap), np.int64)
    floors = none if market.floors is None else market.floors
    return floors, np.flatnonzero(floors)


def missed(market: Market, flow: Flow) -> Ints:
    """Units by which each row misses its floor."""
    short: Ints = np.maximum(0, floors_of(market)[0] - flow.through)
    return short
