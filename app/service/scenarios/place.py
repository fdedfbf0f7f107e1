"""What a scenario is checked against: the inventory's provinces, its date, whether it has its own pairs."""

from __future__ import annotations

import csv
import datetime as dt
import io
from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import geodata
from app.service.store.blobs import load_blob
from app.service.store.models import AssetRow, NeedRow, Part, SharedTable
from app.service.store.models.inventories import NATIONAL, stands
from solver.scenario.load import REGISTER_DATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.service.store.models import Inventory


def provinces_of(session: Session, inventory: Inventory) -> Mapping[str, str]:
    """Return the names of the provinces of the newest version by code: its own table's, or the register's."""
    table = _table(session, inventory, "communes")
    if table is None:
        return _register()
    rows = csv.DictReader(io.StringIO(load_blob(session, table.sha256).decode("utf-8-sig"), newline=""))
    return {
        row["province_code"]: row.get("province_name") or row["province_code"]
        for row in rows
        if row.get("province_code")
    }


def has_matches(session: Session, inventory: Inventory) -> bool:
    """Tell whether the newest version says itself which asset may go to which need."""
    return _table(session, inventory, "matches") is not None


def provinces_with_rows(session: Session, inventory: Inventory) -> list[str]:
    """Return the codes of the provinces with rows in the newest version, as far as one may see, sorted."""
    found = session.scalars(
        sa.select(Part.province_code).where(
            Part.inventory_id == inventory.id,
            stands(Part, inventory.head),
            Part.assets + Part.needs > 0,
            Part.province_code != NATIONAL,
        )
    )
    return sorted(found)


def date_of(session: Session, inventory: Inventory) -> dt.date:
    """Return the day that stands in for a scenario's missing date; as `solver.scenario.load.inventory_date`.

    Of the newest version's rows that one may see: the latest that they state, 2025-07-01 at the earliest.
    """
    found = [REGISTER_DATE]
    for table in (AssetRow, NeedRow):
        standing = (table.inventory_id == inventory.id, stands(table, inventory.head))
        # Cells hold a year as four digits and a day as ISO 8601: texts in order are days in order.
        year, day = (sa.func.max(_cell(session, table, name)) for name in ("year", "available_from"))
        years, days = session.execute(sa.select(year, day).where(*standing)).one()
        if years:
            found.append(dt.date(int(years), 12, 31))
        if days:
            found.append(dt.date.fromisoformat(days))
    return max(found)


def _cell(session: Session, table: type[AssetRow] | type[NeedRow], name: str) -> sa.ColumnElement[str | None]:
    if session.get_bind().dialect.name == "postgresql":
        cells = sa.cast(table.cells, postgresql.JSON)
        return sa.cast(cells[name].astext, sa.Text)
    found: sa.ColumnElement[str | None] = sa.func.json_extract(table.cells, f"$.{name}", type_=sa.Text)
    return found


def _table(session: Session, inventory: Inventory, name: str) -> SharedTable | None:
    return session.scalars(
        sa.select(SharedTable).where(
            SharedTable.inventory_id == inventory.id,
            SharedTable.name == name,
            stands(SharedTable, inventory.head),
        )
    ).one_or_none()


@cache
def _register() -> dict[str, str]:
    communes = geodata.read_communes(None).communes
    return dict(zip(communes["province_code"], communes["province_name"], strict=True))
