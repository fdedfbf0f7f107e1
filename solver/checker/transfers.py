"""Transfers as the plan states them: which asset, which need, how many units; and what each of them costs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from solver.checker.block import Block
from solver.checker.exact import non_negative, number, whole
from solver.checker.proof import STAGES, compare
from solver.checker.rules import Rules, rules_of

if TYPE_CHECKING:
    from solver.checker.block import Pairs
    from solver.checker.exact import Row
    from solver.checker.inputs import Asset, Inputs, Need
    from solver.checker.report import Log

SPENT: Final = ("transport", "handover", "repair", "change_of_use", "build")


@dataclass
class Transfer:
    """A row of transfers.csv; cost and load of one unit, kilometres and rank are derived."""

    row: Row
    asset: Asset
    need: Need
    units: int
    cost: int = 0
    spend: int = 0
    load: int = 0
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


def price_transfers(transfers: list[Transfer], inputs: Inputs, money: type, log: Log) -> None:
    """Derive what each transfer costs; it must be eligible, and cheaper than leaving the need unmet."""
    alike: dict[tuple[str, str, str], list[Transfer]] = defaultdict(list)
    for transfer in transfers:
        alike[transfer.asset.category, transfer.asset.kind, transfer.need.purpose].append(transfer)
    by_rules: dict[Rules, list[Transfer]] = defaultdict(list)
    for asked, own in alike.items():
        by_rules[rules_of(inputs, *asked)] += own
    for rules, all_own in by_rules.items():
        for own in (all_own[i : i + 200] for i in range(0, len(all_own), 200)):
            assets = list({t.asset.id: t.asset for t in own}.values())
            needs = list({t.need.id: t.need for t in own}.values())
            pairs = compare(Block(rules, assets, needs), inputs, money)
            rows, columns = {a.id: i for i, a in enumerate(assets)}, {n.id: j for j, n in enumerate(needs)}
            for transfer in own:
                _price(transfer, pairs, (rows[transfer.asset.id], columns[transfer.need.id]), inputs, log)


def _price(transfer: Transfer, pairs: Pairs, at: tuple[int, int], inputs: Inputs, log: Log) -> None:
    ids = transfer.asset.id, transfer.need.id
    transfer.cost, stage = int(pairs.cost[at]), STAGES[pairs.stage[at]]
    transfer.load = int(pairs.load[at])
    transfer.parts = {name: int(part[at]) for name, part in pairs.parts.items()}
    transfer.spend = sum(transfer.parts.get(name, 0) for name in SPENT)
    transfer.km = Fraction(int(pairs.metres[at]), 1000)
    if inputs.form == "matches":
        row = inputs.given.get(ids, {"spend_vnd": "", "distance_km": ""})
        transfer.spend = whole(row, "spend_vnd", transfer.cost)
        transfer.km = non_negative(row["distance_km"], "distance_km")
    if stage == "norm" and transfer.cost >= transfer.need.weighted:
        stage = "too_dear"
    if stage != "norm":
        log.add("ineligible", "transfers.csv", ",".join(ids), stage)
