"""Scenarios by id and in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.http.pages import decode_cursor, page_of
from app.service.refusals import ForbiddenError, MissingError
from app.service.store.models import Run, Scenario
from app.service.store.scope import actor_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def scenario_of(session: Session, scenario_id: str) -> Scenario:
    """Return a scenario that the session's actor may see.

    Raises
    ------
    MissingError
        When there is none.
    """
    # A statement, not session.get: what was loaded before is looked at again with the actor's eyes.
    found = session.scalars(sa.select(Scenario).where(Scenario.id == scenario_id)).one_or_none()
    if found is None:
        raise MissingError("scenario", scenario_id)
    return found


def require_own(session: Session, row: Scenario | Run) -> None:
    """Refuse a province to act on what is of the whole country, though it may see it.

    The query layer refuses to write such a row anyway; here is said why, before anything is done.

    Raises
    ------
    ForbiddenError
        When the row is of the country and the session's actor of a province.
    """
    province = actor_of(session).province_code
    if province is None or row.province_code is not None:
        return
    if isinstance(row, Run):
        raise ForbiddenError("national_run", id=row.id, province=province)
    raise ForbiddenError("national_scenario", id=row.id, province=province)


def page_of_scenarios(
    session: Session, inventory_id: str | None, province: str | None, limit: int, after: str | None
) -> tuple[list[Scenario], str | None]:
    """Return a page of scenarios, the oldest first, and the cursor of the next.

    Raises
    ------
    InvalidError
        When the cursor is none.
    """
    found = sa.select(Scenario).order_by(Scenario.id).limit(limit + 1)  # ids sort by time
    if inventory_id is not None:
        found = found.where(Scenario.inventory_id == inventory_id)
    if province is not None:
        found = found.where(Scenario.province_code == province)
    key = decode_cursor(after, str)
    if key is not None:
        found = found.where(Scenario.id > (key[0] or ""))
    return page_of(session.scalars(found).all(), limit, lambda one: (one.id,))
