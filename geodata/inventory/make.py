"""The reference inventory and the folder that it is written to."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geodata.inventory import equipment, premises, special, vehicle_needs, vehicles
from geodata.inventory.dice import Dice
from geodata.inventory.ground import ground
from geodata.inventory.lines import ASSET_COLUMNS, NEED_COLUMNS, Line, frame, in_copies, in_units
from geodata.inventory.plan import plan
from geodata.inventory.scenario import scenario, toml
from geodata.inventory.shares import exact_scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal
    from fractions import Fraction

_PLATES = 100_000
# Odd and no multiple of 5: numbers run through all plates of a province before one comes again.
_PLATE_STEP = 38_917


@dataclass(frozen=True, slots=True)
class Inventory:
    """A synthetic inventory with its scenario.

    Attributes
    ----------
    assets, needs
        The tables of the contract, sorted by identifier: texts as `str` (empty = missing; dates as
        2025-08-15), whole numbers as Int64, `lat`, `lon` as Float64 [degrees]. Every row has `source`
        synthetic.
    scenario
        The scenario as `tomllib` would read it.
    """

    assets: pd.DataFrame
    needs: pd.DataFrame
    scenario: dict[str, Any]


def reference(seed: int = 1, scale: str | int | Decimal = 1, province: str | None = None) -> Inventory:
    """Make the reference inventory of 15 August 2025.

    What it holds, and every assumption: docs/reference-inventory.md.

    Parameters
    ----------
    seed
        Another seed gives another inventory with the same totals.
    scale
        Multiplies assets and wanted units or places, an exact decimal above 0; never communes.
    province
        Code of one of the 34 provinces: only its rows, equal to those of the whole country.

    Returns
    -------
    Inventory
        Equal for equal arguments, to the byte, on every platform.

    Raises
    ------
    ValueError
        For a scale that is no decimal above 0, or a code that is no province's.
    """
    factor = exact_scale(scale)
    codes = sorted({commune.province for commune in ground().communes.values()})
    if province is not None and province not in codes:
        known = ", ".join(codes)
        raise ValueError(f"province is one of {known}, not {province!r}")
    chosen = codes if province is None else [province]
    dice = Dice(seed)
    assets = frame((line for code in chosen for line in _assets(code, dice, factor)), ASSET_COLUMNS)
    needs = frame((line for code in chosen for line in _needs(code, dice, factor)), NEED_COLUMNS)
    return Inventory(assets, needs, scenario(special.bans(assets, needs), factor))


def write_reference(inventory: Inventory, folder: str | Path) -> None:
    """Write `assets.csv`, `needs.csv` and `scenario.toml`: UTF-8 (tables with BOM), `,` and LF.

    Parameters
    ----------
    inventory
        What :func:`reference` returned.
    folder
        Where to; made where absent, files of these names are replaced.

    Raises
    ------
    OSError
        Where the folder cannot be written.
    """
    target = Path(folder)
    texts = {
        "assets.csv": "\ufeff" + _csv(inventory.assets),
        "needs.csv": "\ufeff" + _csv(inventory.needs),
        "scenario.toml": toml(inventory.scenario),
    }
    target.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (target / name).write_bytes(text.encode())


def _assets(province: str, dice: Dice, scale: Fraction) -> Iterator[Line]:
    land, choices = ground(), plan(dice.seed)
    vehicle_lines = [
        *in_copies(vehicles.cars_in_use(land, choices, province, dice), scale),
        *in_copies(vehicles.surplus(land, province, dice), scale),
        *in_copies(special.surplus(land, province, dice), scale),
    ]
    yield from _with_plates(vehicle_lines, province)
    yield from in_units(equipment.in_use(land, choices, province, dice), scale)
    yield from in_units(equipment.surplus(land, choices, province, dice), scale)
    buildings = premises.surplus(land, choices, province, dice)
    yield from in_copies(buildings, scale, premises.before(land, choices, province))


def _needs(province: str, dice: Dice, scale: Fraction) -> Iterator[Line]:
    land, choices = ground(), plan(dice.seed)
    yield from in_units(vehicle_needs.vehicle_needs(land, choices, province, dice), scale)
    yield from in_units(special.vehicle_needs(land, province), scale)
    yield from in_units(equipment.needs(land, choices, province, dice), scale)
    yield from in_units(special.equipment_needs(land, province), scale)
    yield from in_units(premises.needs(land, choices, province, dice), scale)


def _with_plates(lines: Iterable[Line], province: str) -> Iterator[Line]:
    """Give the vehicles of a province plates: 38Q-123.45, and 38Q2-123.45 when the numbers run out."""
    for i, line in enumerate(lines):
        series, place = divmod(i, _PLATES)
        number = f"{place * _PLATE_STEP % _PLATES:05}"
        plate = f"{province}Q{series + 1 if series else ''}-{number[:3]}.{number[3:]}"
        plated = line.cells["kind"] != "boat"
        yield replace(line, cells={**line.cells, "official_id": plate}) if plated else line


def _csv(table: pd.DataFrame) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    columns = [["" if pd.isna(cell) else cell for cell in table[name].tolist()] for name in table.columns]
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue()
