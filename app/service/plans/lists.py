"""Plans, and the rows of their tables, in pages; the query layer limits them to what the actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.service.http.pages import decode_cursor, page_of
from app.service.plans.files import plan_of, require_plan, sees_whole
from app.service.plans.seen import row_of
from app.service.store.models import Plan, ReleaseRow, ShortfallRow, TransferRow
from app.service.store.scope import actor_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.service.plans.schemas import Row


@dataclass(frozen=True)
class Slice:
    """Which rows are wanted: those of a page, with these values; None leaves a column free."""

    limit: int
    after: str | None
    province: str | None = None
    commune: str | None = None
    equal: Mapping[str, str | None] | None = None


def page_of_plans(
    session: Session, equal: Mapping[str, str | None], limit: int, after: str | None
) -> tuple[list[Plan], str | None]:
    """Return a page of plans, the oldest first, and the cursor of the next.

    Parameters
    ----------
    equal
        Column -> value that it must have; None leaves it free.
    """
    found = sa.select(Plan).order_by(Plan.id).limit(limit + 1)  # ids sort by time
    found = found.where(*_equal(Plan, equal))
    key = decode_cursor(after, str)
    if key is not None:
        found = found.where(Plan.id > (key[0] or ""))
    return page_of(session.scalars(found).all(), limit, lambda one: (one.id,))


def page_of_rows(
    session: Session,
    plan_id: str,
    table: type[TransferRow] | type[ShortfallRow] | type[ReleaseRow],
    wanted: Slice,
) -> tuple[list[Row], str | None]:
    """Return a page of rows of a plan's table, in its order, and the cursor of the next.

    Raises
    ------
    MissingError
        When there is no such plan for the actor.
    ConflictError
        When it is a proof that there is none.
    """
    plan = plan_of(session, plan_id)
    require_plan(plan)  # an empty list would say that nothing moves
    key = decode_cursor(wanted.after, int)
    where = [table.plan_id == plan_id, *_equal(table, wanted.equal or {})]
    if key is not None:
        where.append(table.position > (-1 if key[0] is None else key[0]))
    if table is TransferRow:
        ends = {"province": wanted.province, "commune": wanted.commune}
        where += [
            sa.or_(getattr(table, f"from_{end}") == code, getattr(table, f"to_{end}") == code)
            for end, code in ends.items()
            if code is not None
        ]
    else:
        where += _equal(table, {"province_code": wanted.province, "commune_code": wanted.commune})
    found = session.execute(
        sa.select(table.position, table.cells).where(*where).order_by(table.position).limit(wanted.limit + 1)
    ).all()
    rows, cursor = page_of(found, wanted.limit, lambda one: (one.position,))
    whole = sees_whole(actor_of(session), plan)
    return [row_of(one.cells, whole=whole) for one in rows], cursor


def _equal(table: type[Any], equal: Mapping[str, str | None]) -> list[sa.ColumnElement[bool]]:
    return [getattr(table, name) == value for name, value in equal.items() if value is not None]
