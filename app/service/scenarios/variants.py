"""Variants: scenarios that differ from another in some keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.service.inventories.versions import inventory_of
from app.service.refusals import ConflictError
from app.service.scenarios.create import Wish, create_scenario
from app.service.scenarios.exact import laid_over
from app.service.scenarios.place import provinces_of, provinces_with_rows
from app.service.scenarios.shown import without_hidden
from app.service.store.scope import actor_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.service.scenarios.create import Made
    from app.service.scenarios.schemas import NewVariant
    from app.service.store.models import Scenario
    from app.settings import Settings

_LONGEST = 200


def create_variant(session: Session, parent: Scenario, asked: NewVariant, settings: Settings) -> Made:
    """Make one variant; raises as `create_scenario`."""
    inventory = inventory_of(session, parent.inventory_id)
    return create_scenario(
        session, inventory, _wish(session, parent, asked, asked.name, {}), settings, parent
    )


def create_variants(
    session: Session, parent: Scenario, asked: NewVariant, settings: Settings
) -> list[Scenario]:
    """Make one variant for each province that has rows in the newest version, by code.

    Raises
    ------
    ConflictError
        When no province has rows.
    InvalidError
        As of `create_scenario`.
    """
    inventory = inventory_of(session, parent.inventory_id)
    names = provinces_of(session, inventory)
    codes = [code for code in provinces_with_rows(session, inventory) if code in names]
    if not codes:
        raise ConflictError("no_provinces")
    return [
        create_scenario(
            session,
            inventory,
            _wish(session, parent, asked, f"{asked.name}: {names[code]}", {"scope_province": code}),
            settings,
            parent,
        ).scenario
        for code in codes
    ]


def _wish(session: Session, parent: Scenario, asked: NewVariant, name: str, more: Mapping[str, Any]) -> Wish:
    given, _ = without_hidden(parent, parent.given, actor_of(session))
    # The plan of a variant is not to bear the name of its parent's.
    keys = laid_over(laid_over(given, {"name": None, **asked.changes}), more)
    replan = asked.replan
    return Wish(
        name[:_LONGEST],
        keys,
        parent.replan_on_version if replan is None else replan.on_new_version,
        parent.replan_schedule if replan is None else replan.schedule,
    )
