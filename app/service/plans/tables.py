"""The tables of a plan folder as rows for the database. Reads files, knows no database."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class PlanTables:
    """Rows of the tables of a plan, in their order, without the plan's id.

    Attributes
    ----------
    transfers, shortfalls, releases
        Keyword arguments of `TransferRow`, `ShortfallRow` and `ReleaseRow`.
    provinces
        Codes of the provinces of all rows of the inputs; "" for rows without a commune.
    """

    transfers: Rows
    shortfalls: Rows
    releases: Rows
    provinces: frozenset[str]


@dataclass(frozen=True)
class _Place:
    """Where a row of the inputs lies, and its category."""

    category: str
    province: str | None
    commune: str | None


def read_plan_tables(folder: Path) -> PlanTables:
    """Read the tables of a plan folder.

    Raises
    ------
    OSError, KeyError, ValueError
        When it is no plan folder.
    """
    communes = {
        row["commune_code"]: row["province_code"] for row in _rows(folder / "inputs" / "communes.csv")
    }
    assets = _places(folder / "inputs" / "assets.csv", "asset_id", communes)
    needs = _places(folder / "inputs" / "needs.csv", "need_id", communes)
    every = frozenset(place.province or "" for place in [*assets.values(), *needs.values()])
    if not (folder / "transfers.csv").is_file():  # a proof that there is no plan has no tables
        return PlanTables([], [], [], every)
    return PlanTables(
        [
            _transfer(position, row, assets[row["asset_id"]], needs[row["need_id"]])
            for position, row in enumerate(_rows(folder / "transfers.csv"))
        ],
        [
            _one_sided(position, row, needs[row["need_id"]], need_id=row["need_id"], reason=row["reason"])
            for position, row in enumerate(_rows(folder / "shortfalls.csv"))
        ],
        [
            _one_sided(
                position,
                row,
                assets[row["asset_id"]],
                asset_id=row["asset_id"],
                disposition=row["disposition"],
                reason=row["reason"],
                value_vnd=int(row["value_vnd"] or 0),
            )
            for position, row in enumerate(_rows(folder / "releases.csv"))
        ],
        every,
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def _places(path: Path, key: str, communes: dict[str, str]) -> dict[str, _Place]:
    return {
        row[key]: _Place(
            row["category"], communes.get(row["commune_code"]) or None, row["commune_code"] or None
        )
        for row in _rows(path)
    }


def _transfer(position: int, row: dict[str, str], asset: _Place, need: _Place) -> dict[str, Any]:
    return {
        "position": position,
        "category": need.category,
        "units": int(row["units"]),
        "cells": row,
        "asset_id": row["asset_id"],
        "need_id": row["need_id"],
        "from_province": asset.province,
        "to_province": need.province,
        "from_commune": asset.commune,
        "to_commune": need.commune,
        "cost_vnd": int(row["cost_vnd"]),
    }


def _one_sided(position: int, row: dict[str, str], place: _Place, **more: object) -> dict[str, Any]:
    return {
        "position": position,
        "category": place.category,
        "units": int(row["units"]),
        "cells": row,
        "province_code": place.province,
        "commune_code": place.commune,
        **more,
    }
