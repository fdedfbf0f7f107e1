"""Transfers as the plan states them: which asset, which need, how many units."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from solver.checker.exact import number

if TYPE_CHECKING:
    from fractions import Fraction

    from solver.checker.exact import Row
    from solver.checker.inputs import Asset, Inputs, Need
    from solver.checker.report import Log


@dataclass
class Transfer:
    """A row of transfers.csv; what one unit costs, its kilometres and its rank are derived (`proof.py`)."""

    row: Row
    asset: Asset
    need: Need
    units: int
    cost: int = 0
    spend: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    km: Fraction | None = None
    rank: int = 1


def read_transfers(rows: list[Row], inputs: Inputs, log: Log) -> list[Transfer]:
    """Keep the rows that can be a transfer, report the others."""
    transfers = []
    for row in rows:
        asset, need = inputs.assets.get(row["asset_id"]), inputs.needs.get(row["need_id"])
        units, name = number(row["units"]), f"{row['asset_id']},{row['need_id']}"
        if asset is None or need is None or asset.category != need.category:
            text = "no asset that takes part and need of its category"
            log.add("unknown_pair", "transfers.csv", name, text)
        elif units is None or units.denominator != 1 or units < 1:
            log.add("units", "transfers.csv", name, f"units are {row['units']!r:.40}")
        else:
            transfers.append(Transfer(row, asset, need, int(units)))
    return transfers
