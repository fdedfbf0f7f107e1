"""New inventories: their tables are checked, which takes seconds, and then stored in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.service.inventories.changing import Outcome, accepted
from app.service.inventories.checking import check_folder
from app.service.inventories.parts import Changed, Counts, replace_part
from app.service.inventories.problems import Warned
from app.service.inventories.rows import SIDES, Rows, by_province
from app.service.inventories.tables import replace_table
from app.service.inventories.versions import add_version
from app.service.store.models import Inventory
from app.service.store.scope import actor_of
from app.service.store.types import new_id, utc_now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.service.inventories.checking import Mode
    from app.service.inventories.receiving import Received
    from app.settings import Lang


def _no_rows() -> dict[str, Rows]:
    return {side: Rows([], []) for side in SIDES}


@dataclass(frozen=True)
class NewInventory:
    """Tables of a new inventory that are in order; without any it is filled by the provinces.

    Attributes
    ----------
    rows
        By side.
    shared
        Contents of the tables of the whole inventory.
    warnings
        Issues that stop nothing.
    """

    rows: dict[str, Rows] = field(default_factory=_no_rows)
    shared: dict[str, bytes] = field(default_factory=dict)
    warnings: Warned = field(default_factory=Warned)

    def outcome(self, inventory_id: str | None) -> Outcome:
        """Return what became of it: None for an inventory that was only checked."""
        counts = {side: len(self.rows[side].rows) for side in SIDES}
        return Outcome(
            inventory_id,
            1,
            None,
            stored=inventory_id is not None,
            fresh=True,
            changed=Changed(Counts(counts["assets"]), Counts(counts["needs"])),
            **counts,
            warnings=self.warnings,
        )


def check_new(lang: Lang, upload: Received, mode: Mode) -> NewInventory:
    """Check the tables of a new inventory.

    Raises
    ------
    InvalidError
        With all issues.
    """
    if upload.is_empty:
        return NewInventory()
    checked = check_folder(upload.folder, mode, one_side=True)
    return NewInventory(checked.rows, checked.shared, accepted(lang, upload, checked))


def store_new(session: Session, new: NewInventory, name: str) -> Outcome:
    """Store a new inventory as version 1."""
    inventory = Inventory(
        id=new_id("inv"), name=name, head=0, created_at=utc_now(), created_by=actor_of(session).name
    )
    session.add(inventory)
    session.flush()
    for province, part in _parts(new.rows).items():
        replace_part(session, inventory.id, province, part, 1)
    for table, content in new.shared.items():
        replace_table(session, inventory.id, table, content, 1)
    outcome = new.outcome(inventory.id)
    add_version(session, inventory, "created", None, outcome.changed, name=name)
    return outcome


def _parts(rows: dict[str, Rows]) -> dict[str, dict[str, Rows]]:
    found: dict[str, dict[str, Rows]] = {}
    for side in SIDES:
        for province, some in by_province(rows[side].rows).items():
            part = found.setdefault(province, {one: Rows([], rows[one].unknown) for one in SIDES})
            part[side] = Rows(some, rows[side].unknown)
    return dict(sorted(found.items()))
