"""Scenarios: rules, prices and limits beside an inventory; frozen once they are there."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.service.store.models.columns import Code, Id, Instant, Json, Name, Sha256
from app.service.store.scope import Scoped
from app.service.store.types import Base


class OfPlace(Scoped):
    """A row about one province, or about the whole country, which all provinces may see (not write)."""

    province_code: Mapped[Code | None]

    @classmethod
    def within(cls, province_code: str, commune_code: str | None) -> sa.ColumnElement[bool]:  # noqa: ARG003  # communes see what is decided for their province
        """Return what is about the province or about all."""
        return sa.or_(cls.province_code == province_code, cls.province_code.is_(None))

    def belongs_to(self, province_code: str, commune_code: str | None) -> bool:
        """Tell whether it is about this province alone."""
        return self.province_code == province_code and commune_code is None


class Scenario(OfPlace, Base):
    """A scenario.

    Attributes
    ----------
    province_code
        Its ``scope_province``; None plans the whole country.
    given
        What the user sent.
    resolved
        The same with every default filled in, as ``inputs/scenario.json`` of a plan holds it.
    sha256
        Of the canonical JSON of `resolved`.
    parent_id
        The scenario that it is a variant of.
    replan_on_version
        Whether each new version of the inventory plans it again.
    replan_schedule
        When it is planned again: a cron expression in SURPLAN_TIMEZONE; None never.
    replan_due_at
        Next time of the schedule.
    """

    __tablename__ = "scenarios"
    __table_args__ = (sa.Index("ix_scenarios_due", "replan_due_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[Name]
    inventory_id: Mapped[Id] = mapped_column(sa.ForeignKey("inventories.id"), index=True)
    parent_id: Mapped[Id | None] = mapped_column(sa.ForeignKey("scenarios.id"))
    given: Mapped[Json]
    resolved: Mapped[Json]
    sha256: Mapped[Sha256]
    replan_on_version: Mapped[bool]
    replan_schedule: Mapped[Name | None]
    replan_due_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    created_by: Mapped[Name]
