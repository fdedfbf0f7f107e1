"""Assets that may be one and the same: equal register code, or premises of equal place and area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from app.service.store.models import AssetRow
from app.service.store.models.inventories import stands

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Reason = Literal["official_id", "place"]
_REASONS: tuple[Reason, Reason] = ("official_id", "place")


@dataclass(frozen=True)
class Twins:
    """Rows that have something in common which only one asset can have."""

    reason: Reason
    value: str
    rows: list[AssetRow]


def twins(
    session: Session, inventory_id: str, number: int, after: tuple[str, str] | None, limit: int
) -> list[Twins]:
    """Return up to ``limit + 1`` groups of a version behind one; within what the session's actor sees."""
    found: list[Twins] = []
    for reason in _REASONS:
        behind = None
        if after is not None:
            if reason < after[0]:
                continue
            behind = after[1] if reason == after[0] else None
        found += _of(session, inventory_id, number, reason, behind, limit + 1 - len(found))
        if len(found) > limit:
            break
    return found


def _of(
    session: Session, inventory_id: str, number: int, reason: Reason, behind: str | None, most: int
) -> list[Twins]:
    column: Any = getattr(AssetRow, reason)
    there = (AssetRow.inventory_id == inventory_id, stands(AssetRow, number), column.is_not(None))
    query = sa.select(column).where(*there).group_by(column).having(sa.func.count() > 1)
    if behind is not None:
        query = query.where(column > behind)
    values = list(session.scalars(query.order_by(column).limit(most)))
    rows = session.scalars(
        sa.select(AssetRow).where(*there, column.in_(values)).order_by(column, AssetRow.plan_id)
    ).all()
    by_value: dict[str, list[AssetRow]] = {value: [] for value in values}
    for row in rows:
        by_value[getattr(row, reason)].append(row)
    return [Twins(reason, value, some) for value, some in by_value.items()]
