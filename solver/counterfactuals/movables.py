r"""The best plan of a category of movables with a pair forced or banned: solved again from the plan at hand.

The flow that comes out differs from the plan's by cycles (``solver.limits.cycles``), each of which may be
gone or not. Those that save nothing and have nothing to do with the pair are not gone: what changes is what
the pair changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.flow.market import Arcs
from solver.flow.solve import Solution, solve_market
from solver.flow.state import Prices, floors_of, totals
from solver.limits.cycles import cycles
from solver.problem.classes import first_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.counterfactuals.moved import Held
    from solver.flow.market import Ints
    from solver.plan.result import Result
    from solver.problem.problem import Category


class Resolved(NamedTuple):
    """Another plan of a category.

    Attributes
    ----------
    held : units by (asset class, need class), pins with them; cost : transfers and what stays unmet [VND];
    bound : no plan costs less [VND].
    """

    held: Held
    cost: int
    bound: int


def resolve(
    category: Category,
    changed: Category,
    result: Result,
    held: Held,
    pair: tuple[int, int],
    stop: Callable[[], bool],
) -> Resolved:
    """Solve a category without limits again.

    Parameters
    ----------
    category, changed : as planned, and with the pair (of classes) forced or banned; result : of the plan;
    held : its units by classes; stop : asked after each round, True keeps the best so far.
    """
    market = changed.classes.market
    found = solve_market(market, start=_start(category, result, held), stop=stop)
    pins = pinned_by_class(changed)
    whole = dict(pins)
    for (i, j), count in held_of(found).items():
        whole[i, j] = whole.get((i, j), 0) + count
    fixed = pinned_cost(changed)
    kept = needful(category, held, whole, pair)
    saved = cost_between(category, kept, whole)
    return Resolved(kept, found.objective + fixed - saved, found.bound + fixed)


def pinned_cost(category: Category) -> int:
    """Return what the pinned transfers cost [VND]."""
    pins = category.pins
    cost = category.unit_cost(pins.asset, pins.need)
    return sum(u * c for u, c in zip(pins.units.tolist(), cost.tolist(), strict=True))


def pinned_by_class(category: Category) -> Held:
    """Return the pinned units by (asset class, need class)."""
    pins, classes = category.pins, category.classes
    out: Held = {}
    for i, j, count in zip(
        classes.offer_of[pins.asset].tolist(),
        classes.want_of[pins.need].tolist(),
        pins.units.tolist(),
        strict=True,
    ):
        out[i, j] = out.get((i, j), 0) + count
    return out


def held_of(solution: Solution) -> Held:
    """Return the units of a flow by (asset class, need class)."""
    moved = np.flatnonzero(solution.flow.units)
    pairs = zip(solution.arcs.offer[moved].tolist(), solution.arcs.want[moved].tolist(), strict=True)
    return dict(zip(pairs, solution.flow.units[moved].tolist(), strict=True))


def _start(category: Category, result: Result, held: Held) -> Solution:
    """Make the solution that a plan stands for: its pairs, and the prices of its certificate."""
    market, certificate = category.classes.market, result.certificate
    pairs = sorted(held)
    offer, want = (np.array([pair[side] for pair in pairs], np.int32) for side in (0, 1))
    none = np.zeros(len(pairs), np.int64)
    arcs = Arcs(offer, want, none, none)
    prices = prices_of(
        category, certificate["need_price"], certificate["row_price"], certificate["denominator"]
    )
    units = np.array([held[pair] for pair in pairs], np.int64)
    return Solution(arcs, totals(market, arcs, units), prices, 0, 0, 0, 0)


def prices_of(
    category: Category, need_price: dict[str, int], row_price: dict[str, int], denominator: int
) -> Prices:
    """Return the node prices that a certificate without side rows was written from [VND]."""
    rows, market = category.norms, category.classes.market
    own = np.zeros(len(market.rows.cap) + 1, np.int64)
    for row in range(len(rows.ids) - 1, -1, -1):  # parents come later
        own[row] = own[market.rows.parent[row]] - int(row_price.get(rows.ids[row], 0)) // denominator
    lead = first_rows(category.classes)[1]
    price = np.array(
        [int(need_price.get(one, 0)) // denominator for one in category.needs.ids[lead]], np.int64
    )
    want: Ints = price + own[market.wants.row]
    return Prices(want, own[:-1], np.zeros(market.n_offers, np.int64))


def needful(category: Category, held: Held, whole: Held, pair: tuple[int, int]) -> Held:
    """Go only the ways from one flow to another that save something or use the pair of classes."""
    market = category.classes.market
    out = dict(held)
    for offer, want, units, most, _ in cycles(market, floors_of(market)[0], held, whole):
        steps = list(zip(offer.tolist(), want.tolist(), units.tolist(), strict=True))
        if any((i, j) == pair for i, j, _ in steps) or _cost(category, offer, want, units) < 0:
            for i, j, count in steps:
                out[i, j] = out.get((i, j), 0) + most * count
    return {key: count for key, count in out.items() if count}


def cost_between(category: Category, one: Held, other: Held) -> int:
    """Return what the second flow costs more than the first, unmet units with it [VND]."""
    pairs = sorted({*one, *other})
    offer, want = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    units = np.array([other.get(pair, 0) - one.get(pair, 0) for pair in pairs], np.int64)
    return _cost(category, offer, want, units)


def _cost(category: Category, offer: Ints, want: Ints, units: Ints) -> int:
    offers, wants = first_rows(category.classes)
    gain = category.unit_cost(offers[offer], wants[want]) - category.needs.price[wants[want]]
    return sum(u * g for u, g in zip(units.tolist(), gain.tolist(), strict=True))
