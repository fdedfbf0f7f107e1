"""A version of an inventory as the tables of a scenario folder."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.inventories.parts import vector
from app.service.inventories.rows import KEY, MODEL, SIDES
from app.service.inventories.tables import shared_tables, write_tables
from app.service.store.models import AssetRow
from app.service.store.models.inventories import stands
from solver.tables.columns import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.service.inventories.rows import Side

_READ_AT_ONCE = 2_000


def write_folder(session: Session, inventory_id: str, version: int, folder: Path) -> None:
    """Write assets.csv, needs.csv and the shared tables of a version, without a scenario.

    Codes of communes are today's, and every row has its point, so they mean the same whatever the scenario
    says of codes. ``asset_id`` and ``need_id`` are the plan ids; ``attached_to`` names a house by its plan id
    too. The session's actor sees its rows alone: a run of the whole country reads as `SYSTEM`.

    Parameters
    ----------
    folder
        An existing folder; files of these names are replaced.
    """
    renamed = _renamed(session, inventory_id, version)
    parts = vector(session, inventory_id, version)
    for side in SIDES:
        unknown = list(dict.fromkeys(name for part in parts for name in part.unknown[side]))
        _write_side(session, inventory_id, version, side, unknown, renamed, folder)
    write_tables(session, shared_tables(session, inventory_id, version), folder)


def columns_of(side: Side, unknown: list[str]) -> list[str]:
    """Return the columns of a table that is written: the contract's, ours, then those unknown."""
    return [*(column.name for column in TABLES[side]), *unknown]


def _renamed(session: Session, inventory_id: str, version: int) -> dict[tuple[str, str], str]:
    """Return the plan ids of the assets that have another than their own, by province and own id."""
    query = sa.select(AssetRow.province_code, AssetRow.asset_id, AssetRow.plan_id).where(
        AssetRow.inventory_id == inventory_id,
        stands(AssetRow, version),
        AssetRow.plan_id != AssetRow.asset_id,
    )
    return {(province, given): name for province, given, name in session.execute(query)}


def _write_side(
    session: Session,
    inventory_id: str,
    version: int,
    side: Side,
    unknown: list[str],
    renamed: dict[tuple[str, str], str],
    folder: Path,
) -> None:
    model, key = MODEL[side], KEY[side]
    columns = columns_of(side, unknown)
    query = (
        sa.select(model.province_code, model.plan_id, model.cells)
        .where(model.inventory_id == inventory_id, stands(model, version))
        .order_by(model.plan_id)
        .execution_options(yield_per=_READ_AT_ONCE)
    )
    with (folder / f"{side}.csv").open("w", encoding="utf-8", newline="") as file:
        # Line ends of two signs: then a cell with one of them alone is quoted.
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        blank = [""] * len(columns)
        for province, plan_id, cells in session.execute(query):
            cells[key] = plan_id
            house = cells.get("attached_to") if renamed else None
            if house is not None:
                cells["attached_to"] = renamed.get((province, house), house)
            writer.writerow([*map(cells.get, columns, blank)])
