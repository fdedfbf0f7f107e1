"""Prices of a coordination as the certificate states them (docs/limits.md)."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.limits.block import Block
    from solver.limits.coordinate import Coordinated
    from solver.limits.rows import SideRows
    from solver.limits.setting import Setting

SHORTFALL = "floor_shortfall"


@dataclass(frozen=True)
class Proven:
    """Prices over one denominator: of needs by id, of rows (norm rows, side rows, levels) by id."""

    denominator: int
    need_price: dict[str, int]
    row_price: dict[str, int]

    def record(self) -> dict[str, Any]:
        """Write prices other than 0, sorted."""
        return {
            "denominator": self.denominator,
            "need_price": {name: price for name, price in sorted(self.need_price.items()) if price},
            "row_price": {name: price for name, price in sorted(self.row_price.items()) if price},
        }


def proven(
    blocks: Mapping[str, Block],
    found: Coordinated,
    rows: SideRows,
    setting: Setting,
    level: str = "",
) -> Proven:
    """Return the prices that prove a coordination's bound.

    Parameters
    ----------
    level : name of the level that is proven: what it counts has no price.
    """
    parts = [(block.prices(found.proofs[name]), block) for name, block in blocks.items()]
    unit = setting.scale * setting.unit
    denominator = lcm(unit, *(part.denominator * setting.unit for part, _ in parts))
    need_price: dict[str, int] = {}
    row_price: dict[str, int] = {}
    for part, _ in parts:
        step = denominator // (part.denominator * setting.unit)
        need_price |= {name: price * step for name, price in part.need_price.items()}
        row_price |= {name: price * step for name, price in part.row_price.items()}
    own = set.union(set(), *(block.own for _, block in parts))
    step = denominator // unit
    for at, (row, price) in enumerate(zip(rows.rows, found.prices, strict=True)):
        if at not in own:
            row_price[row.id] = price * step
    weights, level_step = found.weights, denominator // setting.unit
    if level != SHORTFALL and any(row.soft for row in rows.rows):
        row_price[f"level|{SHORTFALL}"] = weights.missed * level_step
    for k, weight in enumerate(weights.unmet, start=1):
        if weight and level != f"unmet|{k}":
            row_price[f"level|unmet|{k}"] = weight * level_step
    return Proven(denominator, need_price, row_price)
