"""Units that are in the plan whatever they cost: pins of the scenario, fixed lines of the plan before."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from solver.checker import baseline
from solver.checker.inputs import HOUSED
from solver.checker.pairs import ELIGIBLE, STAGES
from solver.checker.rest import Rest, check_limits
from solver.checker.transfers import Transfer, price_transfers

if TYPE_CHECKING:
    from solver.checker.block import Columns
    from solver.checker.inputs import Inputs
    from solver.checker.limits import Limits
    from solver.checker.report import Log

FILE = "inputs/scenario.json"


def settle(columns: Columns, limits: Limits, log: Log) -> Rest:
    """Find out what is pinned, and what that leaves, of the plan before too."""
    inputs = columns.inputs
    pins, fixed, lines = (
        read_pins(inputs, log),
        lines_of(baseline.FIXED, inputs),
        lines_of(baseline.OPEN, inputs),
    )
    price_transfers([*pins, *fixed, *lines], columns)
    rest = Rest(settle_pins(pins, fixed, inputs, log), lines, inputs, limits)
    check_limits(rest.pinned, inputs, limits, log, pins="pin")
    columns.keep(rest.kept)
    return rest


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


def lines_of(role: str, inputs: Inputs) -> list[Transfer]:
    """Make transfers, that are to be priced, of lines of the baseline whose asset and need take part."""
    assets, needs = inputs.assets, inputs.needs
    return [
        Transfer({}, assets[line.asset], needs[line.need], line.units) for line in inputs.baseline.of(role)
    ]


def settle_pins(pins: list[Transfer], fixed: list[Transfer], inputs: Inputs, log: Log) -> list[Transfer]:
    """Keep those that are eligible, each pair once; fill in the units that are not stated.

    Pins of one pair add up; of them and a fixed line the larger number counts.
    """
    kept: dict[tuple[str, str], Transfer] = {}
    for pin in pins:
        if not _eligible(pin, FILE, log):
            continue
        if pin.units == 0:
            fits = pin.asset.units
            if pin.asset.category == HOUSED:
                fits = inputs.area_of(pin.asset) // pin.load if pin.load else pin.need.units
            pin.units = min(fits, pin.need.units)
        kept.setdefault(pin.pair, pin)
        kept[pin.pair].units += 0 if kept[pin.pair] is pin else pin.units
    for line in fixed:
        if line.units and _eligible(line, baseline.FILE, log):
            kept.setdefault(line.pair, line)
            kept[line.pair].units = max(kept[line.pair].units, line.units)
    return list(kept.values())


def _eligible(pin: Transfer, file: str, log: Log) -> bool:
    if STAGES.index(pin.stage) < ELIGIBLE:
        log.add("pin", file, ",".join(pin.pair), pin.stage)
        return False
    return True


def check_pins(pins: list[Transfer], transfers: list[Transfer], log: Log) -> None:
    """Everything that is pinned is in the plan."""
    moved: Counter[tuple[str, str]] = Counter()
    for move in transfers:
        moved[move.pair] += move.units
    for pin in pins:
        units = moved[pin.pair]
        if units < pin.units:
            text = f"{units} units are moved, {pin.units} are pinned"
            log.add("pin", "transfers.csv", ",".join(pin.pair), text, str(units), str(pin.units))
