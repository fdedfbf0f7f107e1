"""Pins: units that the scenario wants in the plan, whatever they cost."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from solver.checker.inputs import HOUSED
from solver.checker.pairs import ELIGIBLE, STAGES
from solver.checker.transfers import Transfer

if TYPE_CHECKING:
    from solver.checker.inputs import Inputs
    from solver.checker.report import Log

FILE = "inputs/scenario.json"


def read_pins(inputs: Inputs, log: Log) -> list[Transfer]:
    """Read the pins as transfers that are to be priced; units that are not stated are 0."""
    pins = []
    for asset_id, need_id, *rest in inputs.scenario["stability"]["pins"]:
        asset, need = inputs.assets.get(asset_id), inputs.needs.get(need_id)
        if asset is None or need is None or asset.category != need.category:
            log.add("pin", FILE, f"{asset_id},{need_id}", "no asset that takes part and need of its category")
        elif len(rest) > 1 or any(type(units) is not int or units < 1 for units in rest):
            log.add("pin", FILE, f"{asset_id},{need_id}", f"{rest!r:.60} are no units")
        else:
            pins.append(Transfer({}, asset, need, *(rest or [0])))
    return pins


def settle_pins(pins: list[Transfer], inputs: Inputs, log: Log) -> list[Transfer]:
    """Keep those that are eligible, each pair once; fill in the units that are not stated."""
    kept: dict[tuple[str, str], Transfer] = {}
    for pin in pins:
        name = pin.asset.id, pin.need.id
        if STAGES.index(pin.stage) < ELIGIBLE:
            log.add("pin", FILE, ",".join(name), pin.stage)
            continue
        if pin.units == 0:
            fits = pin.asset.units
            if pin.asset.category == HOUSED:
                fits = inputs.area_of(pin.asset) // pin.load if pin.load else pin.need.units
            pin.units = min(fits, pin.need.units)
        kept.setdefault(name, pin)
        kept[name].units += 0 if kept[name] is pin else pin.units
    return list(kept.values())


def check_pins(pins: list[Transfer], transfers: list[Transfer], log: Log) -> None:
    """Everything that is pinned is in the plan."""
    moved: Counter[tuple[str, str]] = Counter()
    for move in transfers:
        moved[move.asset.id, move.need.id] += move.units
    for pin in pins:
        units = moved[pin.asset.id, pin.need.id]
        if units < pin.units:
            text = f"{units} units are moved, {pin.units} are pinned"
            log.add("pin", "transfers.csv", f"{pin.asset.id},{pin.need.id}", text, str(units), str(pin.units))
