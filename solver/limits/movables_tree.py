"""The tree of rows of a category of movables as a block sees it: its floors, and who they may pay for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from solver.flow.state import floors_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from solver.flow.market import Market
    from solver.limits.rows import SideRows
    from solver.problem.problem import Category


def floored(category: Category, rows: SideRows, penalty: int, loose: Collection[str]) -> Market:
    """Give the tree of a category's market its floors.

    Parameters
    ----------
    penalty : of a missed unit [VND / S]; loose : keys of norms that do not hold.
    """
    market = category.classes.market
    left = dict(zip((row.id for row in rows.rows), rows.left, strict=True))
    floors = np.zeros(len(market.rows.cap), np.int64)
    for name, row in zip(category.groups.ids, category.tree.group.tolist(), strict=True):
        if row >= 0:
            floors[row] = max(0, left[name])
    cap = market.rows.cap.copy()
    for row, name in enumerate(category.norms.ids):
        if name.split("|", 2)[2] in loose:
            cap[row] = market.wants.demand.sum()
    return replace(market, rows=market.rows._replace(cap=cap), floors=floors, penalty=penalty)


def paid(market: Market) -> np.ndarray:
    """Tell for which needs a floor of the tree may pay any price."""
    floors, _ = floors_of(market)
    under = np.append(floors > 0, False)
    for row in range(len(floors) - 1, -1, -1):
        under[row] |= under[market.rows.parent[row]]
    found: np.ndarray = under[market.wants.row]
    return found
