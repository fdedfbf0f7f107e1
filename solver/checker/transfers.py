"""Transfers as the plan states them: which asset, which need, how many units; and what each of them costs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.checker.exact import non_negative, number, whole
from solver.checker.pairs import SPENT, STAGES, compare, cost_of
from solver.checker.rules import Rules, rules_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solver.checker.baseline import Pair
    from solver.checker.block import Columns
    from solver.checker.exact import Row
    from solver.checker.inputs import Asset, Inputs, Need
    from solver.checker.report import Log
    from solver.checker.rest import Rest


@dataclass
class Transfer:
    """A row of transfers.csv, a pin or a line of the baseline.

    Stage, cost and load of one unit, kilometres and rank are derived.
    """

    row: Row
    asset: Asset
    need: Need
    units: int
    cost: int = 0
    spend: int = 0
    load: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    km: Fraction | None = None
    stage: str = ""
    rank: int = 1

    @property
    def pair(self) -> Pair:
        """Ids of asset and need."""
        return self.asset.id, self.need.id


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


def price_transfers(transfers: list[Transfer], columns: Columns) -> None:
    """Derive the stage of each transfer, pin or line, and what it costs."""
    by_rules: dict[Rules, list[Transfer]] = defaultdict(list)
    alike: dict[tuple[str, str, str], list[Transfer]] = defaultdict(list)
    for transfer in transfers:
        alike[transfer.asset.category, transfer.asset.kind, transfer.need.purpose].append(transfer)
    for asked, own in alike.items():
        by_rules[rules_of(columns.inputs, *asked)] += own
    for rules, own in by_rules.items():
        a = np.array([columns.asset_of[transfer.asset.id] for transfer in own], np.int64)
        n = np.array([columns.need_of[transfer.need.id] for transfer in own], np.int64)
        stages, metres, loads, costs = compare(rules, a, n, columns)
        parts: dict[str, NDArray[Any]] = {}
        if columns.inputs.form != "matches":
            costs, parts = cost_of(rules, a, n, metres, columns)
        cells = [column.tolist() for column in (stages, metres, loads, np.maximum(costs, 0), *parts.values())]
        for transfer, stage, far, load, cost, *of_parts in zip(own, *cells, strict=True):
            transfer.cost, transfer.load, transfer.km = cost, load, Fraction(far, 1000)
            transfer.stage, transfer.parts = STAGES[stage], dict(zip(parts, of_parts, strict=True))
            transfer.spend = sum(transfer.parts.get(name, 0) for name in SPENT)
            if columns.inputs.form == "matches":  # what they say of it is taken over
                ids = transfer.asset.id, transfer.need.id
                row = columns.inputs.given.get(ids, {"spend_vnd": "", "distance_km": ""})
                transfer.spend = whole(row, "spend_vnd", cost)
                transfer.km = non_negative(row["distance_km"], "distance_km")


def judge_transfers(transfers: list[Transfer], rest: Rest, log: Log) -> None:
    """Report those that are not eligible, or as dear as leaving the need unmet with nothing to ask for it."""
    for transfer in transfers:
        asked = rest.limits.coverage or transfer.need.id in rest.limits.floors_of
        wanted = asked or transfer.pair in rest.units or transfer.pair in rest.kept
        stage = transfer.stage
        if stage == "norm" and transfer.cost >= transfer.need.weighted and not wanted:
            stage = "too_dear"
        if stage != "norm":
            log.add("ineligible", "transfers.csv", ",".join(transfer.pair), stage)
