"""The certificate of the movable core: need prices and row prices (docs/certificate.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from solver.flow.state import Prices
    from solver.problem.problem import Category


def certificate_of(solved: list[tuple[Category, Prices]]) -> dict[str, Any]:
    """Write the prices of all categories by need and by norm row.

    With the effective prices y and row sums mu of ``solver.flow.prices``: pi_n = y - mu(row of n) and
    lambda_r = mu(parent of r) - mu(r).
    """
    need_price: dict[str, int] = {}
    row_price: dict[str, int] = {}
    for category, prices in solved:
        rows = category.norms
        above = np.append(prices.row, 0)  # index -1: the root
        price = (prices.want - above[category.classes.market.wants.row])[category.classes.want_of]
        need_price.update(zip(category.needs.ids.tolist(), price.tolist(), strict=True))
        own = above[rows.parent] - prices.row if len(prices.row) else prices.row
        row_price.update({name: int(value) for name, value in zip(rows.ids, own, strict=True) if value})
    return {
        "denominator": 1,
        "need_price": dict(sorted(need_price.items())),
        "row_price": dict(sorted(row_price.items())),
        "tree": None,
    }
