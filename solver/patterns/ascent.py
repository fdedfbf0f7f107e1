r"""Good prices at once: subgradient steps, for parts whose master takes long to solve.

At prices pi, lambda the best patterns x meet m_g places of guest g and u_r of row r. d_g - m_g and u_r -
cap_r are a subgradient of L (``solver.patterns.pricing``); steps along it, each guest's scaled by what its
place costs, reach for a little more than the best L so far (Polyak 1969 with an estimated target): where
many steps bring nothing, for less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.patterns.bound import Dual
from solver.patterns.pricing import bids, dual_value, every_host, widest

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.flow.market import Ints
    from solver.patterns.part import Part

#: The first reach beyond the best, as a part of it, and after how many vain steps it is halved.
_REACH = 0.1
_VAIN = 4


def ascend(part: Part, start: tuple[Ints, Ints], steps: int, stop: Callable[[], bool]) -> Dual:
    """Take some steps from prices on; return the best prices."""
    price, row_price = start
    scale = np.maximum(price, 1).astype(np.float64)
    host = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
    best: Dual | None = None
    reach, vain = _REACH, 0
    for _ in range(max(steps, 1)):
        reduced, taken = every_host(part, bids(part, price, row_price), *widest(part))
        bound = dual_value(part, price, row_price, reduced)
        taken = np.where(reduced[host] < 0, taken, 0)
        if best is None or bound > best.bound:
            best, vain = Dual(price, row_price, bound, reduced), 0
            way = part.demand.astype(np.float64)
            np.subtract.at(way, part.guest, taken * part.copies[host])
            row_way = _in_rows(part, part.demand - way) - part.cap
        elif (vain := vain + 1) % _VAIN == 0:
            reach /= 2
        if stop():
            break
        # Vain steps start again from the best: shorter each time.
        top = float(abs(best.bound)) + 1.0
        size = float((scale**2 * way**2).sum() + _mean(scale) ** 2 * (row_way**2).sum())
        if size == 0.0:
            break
        step = reach * top / size / (1 << min(vain % _VAIN, 4))
        price = np.minimum(part.price, np.rint(best.price + step * scale**2 * way).astype(np.int64))
        row_price = np.maximum(
            0, np.rint(best.row_price + step * _mean(scale) ** 2 * row_way).astype(np.int64)
        )
    assert best is not None
    return best


def _mean(scale: np.ndarray) -> float:
    return float(scale.mean()) if len(scale) else 1.0


def _in_rows(part: Part, met: np.ndarray) -> np.ndarray:
    """Return how many places count in each norm row, given those of each guest."""
    counts = np.zeros(len(part.cap))
    row = part.row.astype(np.int64)
    while (inside := row >= 0).any():
        counts += np.bincount(row[inside], weights=met[inside], minlength=len(counts))
        row = np.where(inside, part.parent[row], -1)
    return counts
