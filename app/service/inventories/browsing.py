"""Pages of assets and of needs: each reads one index in the order of plan ids, and no row beyond the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.service.inventories.boxes import in_box, keys_in_box
from app.service.inventories.rows import MODEL
from app.service.store.models.inventories import stands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.service.inventories.boxes import Box
    from app.service.inventories.rows import Side
    from app.service.store.models import AssetRow, NeedRow

#: Rows of a register code that are sorted; of more, rows are read in order until the page is full.
MOST_SORTED = 4_000
#: No text has a greater sign.
_LAST_SIGN = chr(0x10FFFF)


@dataclass(frozen=True)
class Filter:
    """Which rows are wanted.

    Attributes
    ----------
    equal
        Column of the table -> value.
    prefix
        Beginning of the plan id.
    box
        Least longitude, least latitude, greatest longitude, greatest latitude [degrees].
    """

    equal: dict[str, str]
    prefix: str | None = None
    box: Box | None = None


def page(
    session: Session,
    side: Side,
    inventory_id: str,
    number: int,
    wanted: Filter,
    after: str | None,
    limit: int,
) -> Sequence[AssetRow | NeedRow]:
    """Return up to ``limit + 1`` rows of a version behind a plan id, in the order of plan ids."""
    model: Any = MODEL[side]
    where = _criteria(model, number, wanted, after)
    of_inventory = model.inventory_id == inventory_id
    keys: Sequence[int] | None = None
    if "official_id" in wanted.equal:
        keys = _keys_of_code(session, model, inventory_id, wanted.equal["official_id"])
    elif wanted.box is not None:
        keys = keys_in_box(session, model, [of_inventory, *where], wanted.box, limit + 1)
    if keys is not None:
        if not keys:
            return []
        # Found by their keys alone: were the inventory named too, SQLite would walk all of it in order.
        of_inventory = model.row_id.in_(keys)
    if wanted.box is not None:
        where.append(in_box(model, wanted.box))
    found = sa.select(model).where(of_inventory, *where).order_by(model.plan_id).limit(limit + 1)
    return session.scalars(found).all()


def _criteria(model: Any, number: int, wanted: Filter, after: str | None) -> list[sa.ColumnElement[bool]]:  # noqa: ANN401  # either table
    """Return what rows of a page must be, but for their inventory and their box."""
    where = [stands(model, number), *(getattr(model, name) == value for name, value in wanted.equal.items())]
    if after is not None:
        where.append(model.plan_id > after)
    if wanted.prefix:
        # A range, and no LIKE: that would use no index where letters are compared without case.
        where += [model.plan_id >= wanted.prefix, model.plan_id < wanted.prefix + _LAST_SIGN]
    return where


def _keys_of_code(session: Session, model: Any, inventory_id: str, code: str) -> Sequence[int] | None:  # noqa: ANN401  # either table
    """Return the keys of the rows, of any version, with a register code; None where they are many."""
    same = sa.select(model.row_id).where(model.inventory_id == inventory_id, model.official_id == code)
    found = session.scalars(same.limit(MOST_SORTED + 1)).all()
    return found if len(found) <= MOST_SORTED else None
