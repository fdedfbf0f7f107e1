"""Inventories: versions, parts of provinces, rows with the versions in which they stood.

A national version is a number that rises by one with each accepted change of any part. A row stands in the
versions ``since <= n < until``; its cells never change. So a version is the vector of its parts, nothing is
copied for a new one, and 34 provinces that update on one evening never wait for each other's approval: only
the number is common. A part is immutable too: a change of it makes the next part, with its own ETag.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.service.store.models.columns import Code, GivenId, Id, Instant, Json, Name, RowId, Sha256, Word
from app.service.store.scope import Scoped
from app.service.store.types import STANDING, Base

#: Part of what belongs to no province: rows without a commune, which only explicit matches allow.
NATIONAL = "national"
#: Text in the order of its signs' numbers, as Python and SQLite sort it: ids that begin alike are neighbours.
_BY_SIGN = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


class _OfProvince(Scoped):
    """A row of one province, and of one commune where it has one."""

    province_code: Mapped[Code]
    commune_code: Mapped[Code | None]

    @classmethod
    def within(cls, province_code: str, commune_code: str | None) -> sa.ColumnElement[bool]:
        """Return the rows of the province; for a commune those of its own."""
        mine = cls.province_code == province_code
        return mine if commune_code is None else sa.and_(mine, cls.commune_code == commune_code)

    def belongs_to(self, province_code: str, commune_code: str | None) -> bool:
        """Tell whether it is a row of the province; communes write no rows of inventories."""
        return self.province_code == province_code and commune_code is None


class Inventory(Base):
    """What is surplus and what is wanted, in all its versions.

    Attributes
    ----------
    head
        Number of the newest version.
    """

    __tablename__ = "inventories"

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[Name]
    head: Mapped[int]
    created_at: Mapped[Instant]
    created_by: Mapped[Name]


class InventoryVersion(Base):
    """One accepted change.

    Attributes
    ----------
    cause
        ``created``, ``part_replaced``, ``rows_patched`` or ``tables_replaced``.
    province_code
        The part that changed; None where it was several, or the shared tables.
    changed
        Counts: ``{"assets": {"added": 1, "changed": 0, "removed": 2}, "needs": {...}}``.
    """

    __tablename__ = "inventory_versions"

    inventory_id: Mapped[Id] = mapped_column(sa.ForeignKey("inventories.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[Word]
    province_code: Mapped[Code | None]
    changed: Mapped[Json]
    created_at: Mapped[Instant]
    created_by: Mapped[Name]


class Part(Base, Scoped):
    """A province's part of an inventory, as it stood in the versions ``since <= n < until``.

    Attributes
    ----------
    number
        Counts the parts of this province in this inventory from 1.
    etag
        SHA-256 of its rows (`app.service.inventories.parts.digest_of`): equal rows give equal tags.
    assets, needs
        Counts of rows.
    unknown
        Columns that the contract does not know, in their order: ``{"assets": [...], "needs": [...]}``.
    """

    __tablename__ = "parts"
    __table_args__ = (
        sa.UniqueConstraint("inventory_id", "province_code", "number"),
        sa.UniqueConstraint("inventory_id", "province_code", "since"),
        sa.Index("ix_parts_standing", "inventory_id", "until"),
    )

    row_id: Mapped[RowId]
    inventory_id: Mapped[Id] = mapped_column(sa.ForeignKey("inventories.id"))
    province_code: Mapped[Code]
    number: Mapped[int]
    since: Mapped[int]
    until: Mapped[int] = mapped_column(default=STANDING)
    etag: Mapped[Sha256]
    assets: Mapped[int]
    needs: Mapped[int]
    unknown: Mapped[Json]
    created_at: Mapped[Instant]
    created_by: Mapped[Name]

    @classmethod
    def within(cls, province_code: str, commune_code: str | None) -> sa.ColumnElement[bool]:  # noqa: ARG003  # a commune may see how many rows its province has
        """Return the part of the province."""
        return cls.province_code == province_code

    def belongs_to(self, province_code: str, commune_code: str | None) -> bool:
        """Tell whether it is the province's part."""
        return self.province_code == province_code and commune_code is None


class _Row(_OfProvince):
    """What rows of assets and of needs have in common.

    Attributes
    ----------
    plan_id
        The id under which plans know the row: the one given, or ``<given>@<province>`` where another part
        had that one first. It stays with the row for ever: plans before and after an update mean the same.
    cells
        Column -> text of the filled cells, as ``inputs/assets.csv`` of a plan holds them.
    digest
        SHA-256 of `cells`.
    tile
        Cell of a grid of tenths of a degree, for boxes of a map; None without a point.
    """

    row_id: Mapped[RowId]
    inventory_id: Mapped[Id] = mapped_column(sa.ForeignKey("inventories.id"))
    plan_id: Mapped[str] = mapped_column(_BY_SIGN)
    since: Mapped[int]
    until: Mapped[int] = mapped_column(default=STANDING)
    digest: Mapped[Sha256]
    category: Mapped[Word]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    tile: Mapped[int | None]
    cells: Mapped[Json]


class AssetRow(_Row, Base):
    """One asset as it stood in some versions.

    Attributes
    ----------
    kind, official_id
        For filters: the first 200 signs.
    place
        Given point and area of premises, alike for houses that may be one and the same; None without them.
    """

    __tablename__ = "asset_rows"
    __table_args__ = (
        sa.UniqueConstraint("inventory_id", "province_code", "asset_id", "since"),
        # A page reads one of these in the order of plan_id: nothing is sorted, nothing else is read.
        sa.Index("ix_asset_rows_page", "inventory_id", "plan_id", "since"),
        sa.Index("ix_asset_rows_province", "inventory_id", "province_code", "plan_id"),
        sa.Index("ix_asset_rows_commune", "inventory_id", "commune_code", "plan_id"),
        sa.Index("ix_asset_rows_category", "inventory_id", "category", "plan_id"),
        sa.Index("ix_asset_rows_kind", "inventory_id", "kind", "plan_id"),
        sa.Index("ix_asset_rows_status", "inventory_id", "status", "plan_id"),
        sa.Index("ix_asset_rows_official", "inventory_id", "official_id", "province_code", "plan_id"),
        sa.Index("ix_asset_rows_place", "inventory_id", "place", "plan_id"),
        # Boxes of a map read this one alone: it has every column that a page may ask for.
        sa.Index(
            "ix_asset_rows_tile",
            *("inventory_id", "tile", "plan_id", "lon", "lat", "since", "until"),
            *("province_code", "commune_code", "category", "kind", "status"),
        ),
    )

    asset_id: Mapped[GivenId]
    kind: Mapped[Name]
    status: Mapped[Word]
    official_id: Mapped[Name | None]
    place: Mapped[Name | None]


class NeedRow(_Row, Base):
    """One need as it stood in some versions."""

    __tablename__ = "need_rows"
    __table_args__ = (
        sa.UniqueConstraint("inventory_id", "province_code", "need_id", "since"),
        sa.Index("ix_need_rows_page", "inventory_id", "plan_id", "since"),
        sa.Index("ix_need_rows_province", "inventory_id", "province_code", "plan_id"),
        sa.Index("ix_need_rows_commune", "inventory_id", "commune_code", "plan_id"),
        sa.Index("ix_need_rows_category", "inventory_id", "category", "plan_id"),
        sa.Index(
            "ix_need_rows_tile",
            *("inventory_id", "tile", "plan_id", "lon", "lat", "since", "until"),
            *("province_code", "commune_code", "category", "purpose"),
        ),
    )

    need_id: Mapped[GivenId]
    purpose: Mapped[Word | None]


class SharedTable(Base):
    """A table of the whole inventory (communes, norms, authorities, distances, matches), as CSV.

    Only the ministry writes them.
    """

    __tablename__ = "shared_tables"
    __table_args__ = (
        sa.UniqueConstraint("inventory_id", "name", "since"),
        sa.Index("ix_shared_tables_sha256", "sha256"),
    )

    row_id: Mapped[RowId]
    inventory_id: Mapped[Id] = mapped_column(sa.ForeignKey("inventories.id"))
    name: Mapped[Word]
    since: Mapped[int]
    until: Mapped[int] = mapped_column(default=STANDING)
    sha256: Mapped[Sha256] = mapped_column(sa.ForeignKey("blobs.sha256"))


def stands(
    row: type[Part] | type[AssetRow] | type[NeedRow] | type[SharedTable], number: int
) -> sa.ColumnElement[bool]:
    """Return the criterion of what stands in version `number`."""
    return sa.and_(row.since <= number, row.until > number)
