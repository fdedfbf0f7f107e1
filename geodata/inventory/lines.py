"""Rows before and after scaling, and the frames that they become."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from geodata.inventory.shares import multiplied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

Cell: TypeAlias = "str | int | float | None"
Cells: TypeAlias = dict[str, Cell]

ASSET_COLUMNS = (
    "asset_id",
    "category",
    "kind",
    "commune_code",
    "lat",
    "lon",
    "status",
    "units",
    "area_m2",
    "land_area_m2",
    "condition_pct",
    "year",
    "legal_status",
    "available_from",
    "available_until",
    "repair_vnd",
    "release_value_vnd",
    "book_value_vnd",
    "residual_value_vnd",
    "name",
    "address",
    "official_id",
    "attached_to",
    "mileage_km",
    "holder",
    "holder_level",
    "source",
    "note",
)
NEED_COLUMNS = (
    "need_id",
    "category",
    "kinds",
    "purpose",
    "recipient",
    "commune_code",
    "lat",
    "lon",
    "units",
    "area_m2",
    "min_condition_pct",
    "priority",
    "price_vnd",
    "reach_km",
    "deadline",
    "until",
    "source",
    "note",
)
_WHOLE = frozenset(
    {
        "units",
        "area_m2",
        "land_area_m2",
        "condition_pct",
        "year",
        "repair_vnd",
        "release_value_vnd",
        "book_value_vnd",
        "residual_value_vnd",
        "mileage_km",
        "min_condition_pct",
        "priority",
        "price_vnd",
        "reach_km",
    }
)
_DEGREES = frozenset({"lat", "lon"})


@dataclass(frozen=True, slots=True)
class Line:
    """One row.

    Parameters
    ----------
    cells
        Column -> value; absent = empty.
    stays
        Whether it keeps at least one unit at every scale, because a count of communes rests on it.
    """

    cells: Cells
    stays: bool = False


def in_units(lines: Iterable[Line], scale: Fraction) -> Iterator[Line]:
    """Multiply the units of lots and needs; a row that is left without units drops out."""
    rows = list(lines)
    for line, units in zip(rows, multiplied([_units(row) for row in rows], scale), strict=True):
        kept = max(units, 1) if line.stays else units
        if kept:
            yield replace(line, cells={**line.cells, "units": kept})


def in_copies(lines: Iterable[Line], scale: Fraction, before: int = 0) -> Iterator[Line]:
    """Multiply rows that stand for one thing each; the second copy of V-1 is V-1-2.

    `before` is the number of rows that come before these in the whole country.
    """
    rows = list(lines)
    for line, copies in zip(rows, multiplied([1] * len(rows), scale, before), strict=True):
        for copy in range(1, (max(copies, 1) if line.stays else copies) + 1):
            if copy == 1:
                yield line
            else:
                yield replace(line, cells={**line.cells, "asset_id": f"{line.cells['asset_id']}-{copy}"})


def frame(lines: Iterable[Line], columns: tuple[str, ...]) -> pd.DataFrame:
    """Return rows sorted by identifier: texts as `str`, numbers nullable, NFC throughout."""
    rows = sorted((line.cells for line in lines), key=lambda cells: str(cells[columns[0]]))
    return pd.DataFrame({name: _column(name, [row.get(name) for row in rows]) for name in columns})


def _column(name: str, values: list[Cell]) -> pd.Series[int] | pd.Series[float] | pd.Series[str]:
    if name in _WHOLE:
        return pd.Series(values, dtype="Int64")
    if name in _DEGREES:
        return pd.Series(values, dtype="Float64")
    texts = [None if value is None else unicodedata.normalize("NFC", str(value)) for value in values]
    return pd.Series(texts, dtype="str")


def _units(line: Line) -> int:
    units = line.cells.get("units", 1)
    assert isinstance(units, int)
    return units
