"""What differs between two versions: province by province, within each in the order of plan ids."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from app.service.inventories.rows import MODEL, SIDES
from app.service.store.models import Part
from app.service.store.models.inventories import stands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.service.inventories.rows import Side

#: Where a page of differences ended: side, province, plan id.
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Difference:
    """A row that was added, removed or changed.

    Attributes
    ----------
    cells
        Column -> text before and after ("" = empty); of a changed row those that differ.
    """

    table: Side
    province: str
    plan_id: str
    change: Literal["added", "removed", "changed"]
    cells: dict[str, tuple[str, str]]

    @property
    def place(self) -> Place:
        """Key of the page's end."""
        return (self.table, self.province, self.plan_id)


def differences(
    session: Session, inventory_id: str, first: int, last: int, after: Place | None, limit: int
) -> list[Difference]:
    """Return up to ``limit + 1`` differences from version `first` to `last`, behind a place."""
    found: list[Difference] = []
    provinces = _changed_provinces(session, inventory_id, first, last)
    for side in SIDES:
        for province in provinces:
            if after is not None and (side, province) < after[:2]:
                continue
            behind = after[2] if after is not None and (side, province) == after[:2] else None
            for one in _of_part(session, inventory_id, side, province, first, last, behind):
                found.append(one)
                if len(found) > limit:
                    return found
    return found


def _changed_provinces(session: Session, inventory_id: str, first: int, last: int) -> list[str]:
    """Return the provinces whose part is another one: the rows of the others need no look."""

    def numbers(number: int) -> dict[str, int]:
        query = sa.select(Part.province_code, Part.number).where(
            Part.inventory_id == inventory_id, stands(Part, number)
        )
        return {row.province_code: row.number for row in session.execute(query)}

    before, after = numbers(first), numbers(last)
    return sorted(one for one in before.keys() | after.keys() if before.get(one) != after.get(one))


def _of_part(
    session: Session, inventory_id: str, side: Side, province: str, first: int, last: int, behind: str | None
) -> Iterator[Difference]:
    model: Any = MODEL[side]
    then, now = stands(model, first), stands(model, last)
    query = sa.select(model.plan_id, model.since, model.until, model.digest, model.cells).where(
        model.inventory_id == inventory_id,
        model.province_code == province,
        sa.or_(sa.and_(then, sa.not_(now)), sa.and_(now, sa.not_(then))),
    )
    if behind is not None:
        query = query.where(model.plan_id > behind)
    query = query.order_by(model.plan_id).execution_options(yield_per=500)
    # Closed where the page is full before the rows are: PostgreSQL keeps a cursor open for them.
    with session.execute(query) as rows:
        for plan_id, versions in groupby(rows, lambda row: row.plan_id):
            states: dict[str, Any] = {"before": None, "after": None}
            for row in versions:
                states["before" if row.since <= first < row.until else "after"] = row
            one = _compared(side, province, plan_id, states["before"], states["after"])
            if one is not None:
                yield one


def _compared(side: Side, province: str, plan_id: str, before: Any, after: Any) -> Difference | None:  # noqa: ANN401  # rows of a result
    if before is None or after is None:
        change: Literal["added", "removed"] = "added" if before is None else "removed"
        row = after if before is None else before
        pairs = {
            name: (("", text) if before is None else (text, "")) for name, text in sorted(row.cells.items())
        }
        return Difference(side, province, plan_id, change, pairs)
    if before.digest == after.digest:  # removed and put back as it was
        return None
    names = sorted(before.cells.keys() | after.cells.keys())
    texts = {name: (before.cells.get(name, ""), after.cells.get(name, "")) for name in names}
    return Difference(
        side, province, plan_id, "changed", {name: two for name, two in texts.items() if two[0] != two[1]}
    )
