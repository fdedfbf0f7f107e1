"""``limits.csv`` of a plan, for lists."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from app.service.plans.files import file_of
from app.service.plans.seen import row_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.service.plans.schemas import Row
    from app.service.store.models import Plan

_WHOLE = ("used", "bound", "slack", "worth_step")


def limits_of(session: Session, plan: Plan) -> list[Row]:
    """Return the rows of ``limits.csv``; none where the plan has no limits.

    Raises
    ------
    ForbiddenError
        When the actor may not see all of the plan: limits are of the whole.
    """
    content = file_of(session, plan, "limits.csv")
    if content is None:
        return []
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [
        row_of(row, whole=True) | {name: int(row[name]) for name in _WHOLE if row.get(name)} for row in rows
    ]
