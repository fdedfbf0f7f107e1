"""National versions: the lock of an inventory, and the next number when a change was accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.service.inventories.parts import Changed
from app.service.refusals import MissingError
from app.service.store.audit import record
from app.service.store.models import Inventory, InventoryVersion
from app.service.store.scope import actor_of
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def inventory_of(session: Session, inventory_id: str) -> Inventory:
    """Return an inventory.

    Raises
    ------
    MissingError
        When there is none of this id.
    """
    found = session.get(Inventory, inventory_id)
    if found is None:
        raise MissingError("inventory", inventory_id)
    return found


def locked_inventory(session: Session, inventory_id: str) -> Inventory:
    """Return an inventory of which nobody else makes a version until this transaction ends.

    Of two updates of one part the second reads what the first wrote, so that its If-Match is stale. Updates
    of two parts wait for each other a moment and both succeed. SQLite has one writer at a time anyway.
    Whoever only refers to the inventory, such as a new run, waits for nothing (FOR NO KEY UPDATE).

    Raises
    ------
    MissingError
        When there is none of this id.
    """
    query = sa.select(Inventory).where(Inventory.id == inventory_id).with_for_update(key_share=True)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise MissingError("inventory", inventory_id)
    return found


def add_version(
    session: Session,
    inventory: Inventory,
    cause: str,
    province_code: str | None,
    changed: Changed | None,
    **details: Any,  # noqa: ANN401  # any JSON
) -> int:
    """Make the next version of a locked inventory, note the act, and let scenarios be planned again.

    Parameters
    ----------
    cause
        ``created``, ``part_replaced``, ``rows_patched`` or ``tables_replaced``.
    province_code
        The part that changed; None where it was several, or the shared tables.
    changed
        Counts; None for shared tables.
    details
        For the audit.
    """
    from app.service.replans.triggers import on_new_version  # which needs inventories itself

    actor = actor_of(session)
    inventory.head += 1
    counts = (changed or Changed()).as_json()
    session.add(
        InventoryVersion(
            inventory_id=inventory.id,
            number=inventory.head,
            cause=cause,
            province_code=province_code,
            changed=counts,
            created_at=utc_now(),
            created_by=actor.name,
        )
    )
    session.flush()
    record(
        session,
        action=f"inventory.{cause}",
        subject=inventory.id,
        province_code=province_code,
        details={"version": inventory.head, "changed": counts, **details},
    )
    on_new_version(session, inventory.id, inventory.head, actor)
    return inventory.head
