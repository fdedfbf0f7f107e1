"""Typed tables to the rows that are stored: normalised texts, as ``inputs`` of a plan holds them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from app.service.inventories.problems import own_issue
from app.service.store.models import AssetRow, NeedRow
from app.service.store.models.inventories import NATIONAL
from app.service.store.types import canonical_json
from solver.problem.files import cells_of, input_columns
from solver.tables.columns import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from solver import Issue

Side = Literal["assets", "needs"]
SIDES: tuple[Side, Side] = ("assets", "needs")
KEY: dict[Side, str] = {"assets": "asset_id", "needs": "need_id"}
MODEL: dict[Side, type[AssetRow] | type[NeedRow]] = {"assets": AssetRow, "needs": NeedRow}
#: Signs of a code that the store takes.
_LONGEST_CODE = 40
_LONGEST_NAME = 200
_TILES_PER_DEGREE = 10
_TILES_AROUND = 3600


@dataclass(frozen=True, slots=True)
class Row:
    """A normalised row.

    Attributes
    ----------
    given
        Its id as given, unique in its part.
    cells
        Column -> text of the filled cells.
    digest
        SHA-256 of the cells.
    province, commune
        Where it belongs; `NATIONAL` without a commune that is known.
    row
        Row of the file that it was read from.
    """

    given: str
    cells: dict[str, str]
    digest: str
    province: str
    commune: str | None
    row: int


@dataclass(frozen=True)
class Rows:
    """The rows of one side, and the columns that the contract does not know."""

    rows: list[Row]
    unknown: list[str]


def digest_of(cells: Mapping[str, str]) -> str:
    """Return the digest of a row's cells."""
    return hashlib.sha256(canonical_json(cells).encode()).hexdigest()


def part_digest(assets: Iterable[tuple[str, str]], needs: Iterable[tuple[str, str]]) -> str:
    """Return the tag of a part, from id and digest of each row, in any order: equal rows give equal tags."""
    found = hashlib.sha256()
    for side in (assets, needs):
        for given, digest in sorted(side):
            found.update(canonical_json([given, digest]).encode())
        found.update(b"\n")
    return found.hexdigest()


def rows_of(side: Side, frame: pd.DataFrame, province_of: Mapping[str, str]) -> Rows:
    """Return the rows of a typed and located table.

    Parameters
    ----------
    province_of
        Province of each commune.
    """
    columns = input_columns(side, frame)
    present = [name for name in columns if name in frame]
    texts = [cells_of(frame[name]) for name in present]
    communes = texts[present.index("commune_code")]
    numbers = frame["row"].tolist()
    rows = []
    cells_by_row = zip(*texts, strict=True)
    for given, commune, number, cells in zip(
        texts[present.index(KEY[side])], communes, numbers, cells_by_row, strict=True
    ):
        filled = {name: cell for name, cell in zip(present, cells, strict=True) if cell}
        province = province_of.get(commune, NATIONAL)
        rows.append(Row(given, filled, digest_of(filled), province, commune or None, int(number)))
    return Rows(rows, unknown_of(side, present))


def unknown_of(side: Side, columns: Iterable[str]) -> list[str]:
    """Return which columns the contract does not know and we do not add ourselves."""
    known = {column.name for column in TABLES[side]}
    return [name for name in columns if name not in known]


def code_issues(side: Side, rows: Iterable[Row]) -> list[Issue]:
    """Return an issue for every code longer than the store takes."""
    return [
        own_issue("code_too_long", side, row.row, "commune_code", code, limit=str(_LONGEST_CODE))
        for row in rows
        for code in (row.commune or "", row.province)
        if len(code) > _LONGEST_CODE
    ]


def record_of(side: Side, row: Row, inventory_id: str, plan_id: str, since: int) -> dict[str, Any]:
    """Return the columns of a new row of the store."""
    cells = row.cells
    lat, lon = _degree(cells.get("lat")), _degree(cells.get("lon"))
    record: dict[str, Any] = {
        "inventory_id": inventory_id,
        "province_code": row.province,
        "commune_code": row.commune,
        KEY[side]: row.given,
        "plan_id": plan_id,
        "since": since,
        "digest": row.digest,
        "category": cells["category"],
        "lat": lat,
        "lon": lon,
        "tile": None if lat is None or lon is None else tile_of(lat, lon),
        "cells": cells,
    }
    if side == "needs":
        return record | {"purpose": cells.get("purpose")}
    return record | {
        "kind": cells.get("kind", "")[:_LONGEST_NAME],
        "status": cells["status"],
        "official_id": cells["official_id"][:_LONGEST_NAME] if "official_id" in cells else None,
        "place": _place(cells, lat, lon),
    }


def tile_of(lat: float, lon: float) -> int:
    """Return the number of a tile of a tenth of a degree; those of one latitude follow each other."""
    north = int((lat + 90) * _TILES_PER_DEGREE)
    east = int((lon + 180) * _TILES_PER_DEGREE)
    return north * _TILES_AROUND + min(east, _TILES_AROUND - 1)


def bands_of(west: float, south: float, east: float, north: float) -> list[tuple[int, int]]:
    """Return first and last tile of a box, for each tenth of a degree of latitude."""
    first, last = tile_of(south, west), tile_of(north, west)
    width = tile_of(south, east) - first
    return [(at, at + width) for at in range(first, last + 1, _TILES_AROUND)]


def _degree(text: str | None) -> float | None:
    return None if text is None else float(text)


def _place(cells: Mapping[str, str], lat: float | None, lon: float | None) -> str | None:
    """Return what two entries of one house have in common; metres of rounding do not matter."""
    given = cells["category"] == "premises" and cells.get("location_source") == "given"
    if not given or lat is None or lon is None or "area_m2" not in cells:
        return None
    return f"{lat:.5f},{lon:.5f},{cells['area_m2']}"


def by_province(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return rows by province, in the order of codes."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.province, []).append(row)
    return dict(sorted(found.items()))
