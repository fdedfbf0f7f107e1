"""``limits.csv`` of a plan, for lists."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from app.service.http.pages import decode_cursor, page_of
from app.service.plans.files import file_of, require_plan
from app.service.plans.seen import row_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.service.plans.schemas import Row
    from app.service.store.models import Plan

_WHOLE = ("used", "bound", "slack", "worth_step")


def page_of_limits(
    session: Session, plan: Plan, limit: int, after: str | None
) -> tuple[list[Row], str | None]:
    """Return rows of ``limits.csv`` and the cursor of the next page; none where the plan has no limits.

    Raises
    ------
    ForbiddenError
        When the actor may not see all of the plan: limits are of the whole.
    ConflictError
        When it is a proof that there is none.
    InvalidError
        When `after` is no cursor of ours.
    """
    require_plan(plan)
    key = decode_cursor(after, int)
    content = file_of(session, plan, "limits.csv")
    if content is None:
        return [], None
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    # The file of a plan never changes: the number of a row is a key.
    rest = [(number, row) for number, row in enumerate(rows) if key is None or number > key[0]]
    found, cursor = page_of(rest[: limit + 1], limit, lambda one: (one[0],))
    return [
        row_of(row, whole=True) | {name: int(row[name]) for name in _WHOLE if row.get(name)}
        for _, row in found
    ], cursor
