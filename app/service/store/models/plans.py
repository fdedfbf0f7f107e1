"""Plans: the files of the plan folder byte for byte, and their rows for lists.

The files are the truth (they are what `surplan verify` checks); the rows are made from them when the plan is
published, so that lists, filters and the provinces' scope need no file.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.service.store.models.columns import Code, GivenId, Id, Instant, Json, Money, Name, Sha256, Word
from app.service.store.models.scenarios import OfPlace
from app.service.store.scope import Scoped
from app.service.store.types import Base


class Plan(OfPlace, Base):
    """A published plan.

    Attributes
    ----------
    status
        `solver.Status`: what was proved.
    summary
        ``plan.json``.
    solver_version
        Version of Surplan that made it.
    """

    __tablename__ = "plans"

    id: Mapped[Id] = mapped_column(primary_key=True)
    run_id: Mapped[Id] = mapped_column(sa.ForeignKey("runs.id"), unique=True)  # a run publishes once
    scenario_id: Mapped[Id] = mapped_column(sa.ForeignKey("scenarios.id"), index=True)
    inventory_id: Mapped[Id] = mapped_column(sa.ForeignKey("inventories.id"))
    inventory_version: Mapped[int]
    baseline_plan_id: Mapped[Id | None]
    status: Mapped[Word]
    objective_vnd: Mapped[Money | None]
    bound_vnd: Mapped[Money | None]
    summary: Mapped[Json]
    solver_version: Mapped[Name]
    created_at: Mapped[Instant]


class PlanFile(Base):
    """One file of the plan folder, ``inputs/`` included."""

    __tablename__ = "plan_files"
    __table_args__ = (sa.Index("ix_plan_files_sha256", "sha256"),)

    plan_id: Mapped[Id] = mapped_column(sa.ForeignKey("plans.id"), primary_key=True)
    path: Mapped[Name] = mapped_column(primary_key=True)
    sha256: Mapped[Sha256] = mapped_column(sa.ForeignKey("blobs.sha256"))


class _Line(Scoped):
    """A row of a table of the plan, in its order."""

    plan_id: Mapped[Id] = mapped_column(sa.ForeignKey("plans.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[Word]
    units: Mapped[int]
    cells: Mapped[Json]

    def belongs_to(self, province_code: str, commune_code: str | None) -> bool:  # noqa: ARG002  # nobody of a province writes them
        """Tell that provinces write no rows of plans."""
        return False


class TransferRow(_Line, Base):
    """A transfer; both provinces see it."""

    __tablename__ = "plan_transfers"
    __table_args__ = (
        sa.Index("ix_plan_transfers_asset", "plan_id", "asset_id"),
        sa.Index("ix_plan_transfers_need", "plan_id", "need_id"),
        sa.Index("ix_plan_transfers_from", "plan_id", "from_province", "position"),
        sa.Index("ix_plan_transfers_to", "plan_id", "to_province", "position"),
    )

    asset_id: Mapped[GivenId]
    need_id: Mapped[GivenId]
    from_province: Mapped[Code | None]
    to_province: Mapped[Code | None]
    from_commune: Mapped[Code | None]
    to_commune: Mapped[Code | None]
    cost_vnd: Mapped[Money]

    @classmethod
    def within(cls, province_code: str, commune_code: str | None) -> sa.ColumnElement[bool]:
        """Return what the province (the commune) gives or gets."""
        if commune_code is not None:
            return sa.or_(cls.from_commune == commune_code, cls.to_commune == commune_code)
        return sa.or_(cls.from_province == province_code, cls.to_province == province_code)


class _OneSided(_Line):
    """A row of one place."""

    province_code: Mapped[Code | None]
    commune_code: Mapped[Code | None]

    @classmethod
    def within(cls, province_code: str, commune_code: str | None) -> sa.ColumnElement[bool]:
        """Return the rows of the province (the commune)."""
        mine = cls.province_code == province_code
        return mine if commune_code is None else sa.and_(mine, cls.commune_code == commune_code)


class ShortfallRow(_OneSided, Base):
    """What a need does not get."""

    __tablename__ = "plan_shortfalls"
    __table_args__ = (sa.Index("ix_plan_shortfalls_province", "plan_id", "province_code", "position"),)

    need_id: Mapped[GivenId]
    reason: Mapped[Word]


class ReleaseRow(_OneSided, Base):
    """What stays unused of an asset, and what becomes of it."""

    __tablename__ = "plan_releases"
    __table_args__ = (sa.Index("ix_plan_releases_province", "plan_id", "province_code", "position"),)

    asset_id: Mapped[GivenId]
    disposition: Mapped[Word]
    reason: Mapped[Word]
    value_vnd: Mapped[Money]
