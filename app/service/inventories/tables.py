"""Tables of the whole inventory: communes, norms, authorities, distances, matches; only the ministry's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.store.blobs import load_blob, store_blob
from app.service.store.models import SharedTable
from app.service.store.models.inventories import stands

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

#: Tables that name rows of all provinces.
OF_ALL_ROWS = frozenset({"matches", "distances"})


def shared_tables(session: Session, inventory_id: str, number: int) -> dict[str, str]:
    """Return name and SHA-256 of the shared tables of a version."""
    query = sa.select(SharedTable.name, SharedTable.sha256).where(
        SharedTable.inventory_id == inventory_id, stands(SharedTable, number)
    )
    return {row.name: row.sha256 for row in session.execute(query.order_by(SharedTable.name))}


def replace_table(session: Session, inventory_id: str, name: str, content: bytes | None, number: int) -> bool:
    """Let a shared table have this content from version `number` on; return whether that is a change.

    Parameters
    ----------
    content
        CSV; None to be without the table.
    number
        The version that is being made; the caller holds the inventory's lock.
    """
    query = sa.select(SharedTable).where(
        SharedTable.inventory_id == inventory_id, SharedTable.name == name, stands(SharedTable, number)
    )
    before = session.scalars(query).one_or_none()
    sha256 = None if content is None else store_blob(session, content)
    if sha256 == (None if before is None else before.sha256):
        return False
    if before is not None:
        before.until = number
    if sha256 is not None:
        session.add(SharedTable(inventory_id=inventory_id, name=name, since=number, sha256=sha256))
    session.flush()
    return True


def write_for_part(session: Session, tables: dict[str, str], folder: Path) -> None:
    """Write the shared tables with which one part is checked: all that says nothing of other parts' rows.

    Of matches the headings: that there are any decides what rows must hold; the pairs are the ministry's.
    """
    write_tables(session, {name: sha for name, sha in tables.items() if name not in OF_ALL_ROWS}, folder)
    if "matches" in tables:
        (folder / "matches.csv").write_text("asset_id,need_id,cost_vnd\r\n", encoding="utf-8", newline="")


def write_tables(session: Session, tables: dict[str, str], folder: Path) -> None:
    """Write shared tables, named with their SHA-256, into a scenario folder."""
    for name, sha256 in tables.items():
        (folder / f"{name}.csv").write_bytes(load_blob(session, sha256))
