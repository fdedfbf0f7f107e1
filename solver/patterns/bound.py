r"""The bound: column generation with smoothed prices.

Each round prices every host at bids between the best so far and the duals of the master (Wentges 1997: far
from the optimum duals leap about, and best patterns at leaping prices are of no use), takes in the patterns
found and solves the master again. Every round gives a bound L by itself; the best is kept. The rounds end
when the master's value is no more than ``close`` above it, or it has no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled
from solver.patterns.pricing import bids, dual_value, every_host, widest

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.flow.market import Ints, Small
    from solver.patterns.columns import Columns
    from solver.patterns.master import Master
    from solver.patterns.part import Part

#: Weight of the best prices so far against the master's duals.
_SMOOTH = 0.6
_MOST_ROUNDS = 1_000


@dataclass(frozen=True)
class Dual:
    """Prices and what they prove, in the money of the part.

    Attributes
    ----------
    price : pi per guest; row_price : lambda per norm row; bound : L; reduced : r_h at the bids.
    """

    price: Ints
    row_price: Ints
    bound: int
    reduced: Ints


def first_prices(part: Part) -> tuple[Ints, Ints]:
    """Return prices at which no host gains: the least cost of each guest, with its share of the opening.

    pi_g = min(p_g, min over h of c_hg + f_h w_hg / k_h), rounded down: r_h >= f_h - sum f_h w_hg / k_h >= 0,
    so that L = sum d_g pi_g. Nothing needs to be solved for it.
    """
    price = part.price.copy()
    _share(part.capacity, part.opening, part.first, part.guest, part.cost, part.load, price)
    return price, np.zeros(len(part.cap), np.int64)


@compiled
def _share(
    capacity: Ints, opening: Ints, first: Ints, guest: Small, cost: Ints, load: Ints, price: Ints
) -> None:
    """Lower prices to what each pair costs with its share of the opening (a wrong digit is no matter)."""
    for h in range(len(capacity)):
        rate = float(opening[h]) / float(max(capacity[h], 1))
        for e in range(first[h], first[h + 1]):
            share = np.int64(min(rate * float(load[e]), float(opening[h])))
            price[guest[e]] = min(price[guest[e]], cost[e] + share)


def priced(part: Part, prices: tuple[Ints, Ints]) -> Dual:
    """Return what prices prove."""
    reduced, _ = every_host(part, bids(part, *prices), *widest(part))
    return Dual(*prices, dual_value(part, *prices, reduced), reduced)


def tighten(
    part: Part,
    columns: Columns,
    master: Master,
    start: tuple[Ints, Ints],
    *,
    close: Callable[[int], int],
    stop: Callable[[], bool],
    on_round: Callable[[], None] = lambda: None,
    target: int | None = None,
) -> Dual:
    """Find the best prices.

    Parameters
    ----------
    start : prices of guests and norm rows to begin with. close : for a bound, how far the master
    may lie above it at the end [money of the part]. stop : asked after each round; on_round : told before.
    target : a bound that is good enough at once.
    """
    low, high = widest(part)
    price, row_price = start
    best: tuple[int, Ints, Ints, Ints] | None = None
    for _ in range(_MOST_ROUNDS):
        reduced, taken = every_host(part, bids(part, price, row_price), low, high)
        bound = dual_value(part, price, row_price, reduced)
        if best is None or bound > best[0]:
            best = (bound, price, row_price, reduced)
        fresh = columns.add_taken(taken) > 0
        on_round()
        if target is not None and best[0] >= target:
            break
        value = master.solve()
        if value is None:
            break
        dual, row_dual = master.prices()
        # The duals themselves were priced and nothing was found: what is left is rounding.
        at_duals = not fresh and np.array_equal(price, dual) and np.array_equal(row_price, row_dual)
        closed = at_duals or value - best[0] <= close(best[0])
        if closed and master.raise_ceilings():
            closed = False
        elif closed or stop():
            break
        keep = _SMOOTH if fresh else 0.0
        price = np.rint(keep * best[1] + (1 - keep) * dual).astype(np.int64)
        price = np.minimum(price, part.price)  # past 2^53 the mixture may round upwards
        row_price = np.rint(keep * best[2] + (1 - keep) * row_dual).astype(np.int64)
    assert best is not None
    return Dual(best[1], best[2], best[0], best[3])
