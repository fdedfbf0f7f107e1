"""Accepted changes: a part replaced or patched, a shared table replaced; `creating` makes new inventories.

Reading and checking takes seconds, so it is done before the transaction that writes: that one holds the
inventory's lock only while it stores. What was checked against (the shared tables, for a patch the part's
rows) is compared again under the lock; where somebody changed it meanwhile, everything is checked once more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from app.service.inventories.checking import SHARED, check_folder
from app.service.inventories.parts import changes, replace_part, standing_part
from app.service.inventories.problems import listed, own_issue, refusal, warned
from app.service.inventories.rows import SIDES
from app.service.inventories.tables import shared_tables, write_for_part
from app.service.inventories.versions import add_version, inventory_of, locked_inventory
from app.service.refusals import ConflictError, ForbiddenError, InvalidError, MissingError
from app.service.store.models.inventories import NATIONAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.service.inventories.checking import Checked, Mode
    from app.service.inventories.parts import Changed
    from app.service.inventories.preconditions import Preconditions
    from app.service.inventories.problems import Warned
    from app.service.inventories.receiving import Received
    from app.service.inventories.rows import Rows
    from app.service.store.actor import Actor
    from app.service.store.database import Database
    from app.service.store.models import Inventory
    from app.settings import Lang
    from solver import Issue

#: What a request is answered. It is made from the outcome within the transaction: what cannot be answered is
#: not stored.
Answered = TypeVar("Answered")
#: How often a change is checked again because what it was checked against had changed meanwhile.
TRIES = 5


@dataclass(frozen=True)
class Outcome:
    """What became of a change.

    Attributes
    ----------
    inventory_id
        None for a dry run of a new inventory.
    version
        The newest version; the one that the change made, where it made one.
    etag
        Tag of the part or table after the change.
    stored
        Whether a version was made.
    fresh
        Whether the part (or table) was not there before.
    changed, assets, needs
        Counts of what changed and of what there is now.
    warnings
        Issues that stop nothing.
    """

    inventory_id: str | None
    version: int
    etag: str | None
    stored: bool
    fresh: bool
    changed: Changed
    assets: int
    needs: int
    warnings: Warned


def accepted(lang: Lang, upload: Received, checked: Checked, more: Iterable[Issue] = ()) -> Warned:
    """Return the warnings of an upload.

    Raises
    ------
    InvalidError
        With all its issues, when any is an error.
    """
    issues = [*checked.issues, *more]
    errors = sum(found.severity == "error" for found in issues)
    told = (lang, upload.folder, checked.places, upload.names)
    if errors:
        raise refusal(lang, listed(issues, *told), errors, len(issues) - errors)
    return warned(issues, *told)


def require_own(actor: Actor, province: str) -> None:
    """Refuse to write rows of another province.

    Raises
    ------
    ForbiddenError
        For a province's key and another province.
    """
    if actor.province_code not in (None, province):
        raise ForbiddenError("province")


def put_part(
    database: Database,
    actor: Actor,
    lang: Lang,
    upload: Received,
    inventory_id: str,
    province: str,
    mode: Mode,
    conditions: Preconditions,
    answer: Callable[[Outcome], Answered],
    *,
    dry_run: bool,
) -> Answered:
    """Replace a province's part by the rows of an upload; return its `Answered`.

    Raises
    ------
    ForbiddenError, MissingError, StaleError, UnconditionalError, InvalidError
        Then nothing is stored.
    ConflictError
        When the shared tables changed again and again meanwhile.
    """
    require_own(actor, province)
    if upload.is_empty:
        raise InvalidError("upload_nothing")
    sent = set(upload.names)
    for _ in range(TRIES):
        with database.reading(actor) as session:
            inventory = inventory_of(session, inventory_id)
            _check_part(session, inventory, province, conditions)
            tables = shared_tables(session, inventory_id, inventory.head)
            lay_tables(session, tables, upload.folder, sent)
        checked = check_folder(upload.folder, mode)
        checked = replace(checked, issues=[_not_twice(one, sent) for one in checked.issues])
        warnings = accepted(lang, upload, checked, _of_others(checked, province, sent, tables))
        with database.writing(actor) as session:
            inventory = locked_inventory(session, inventory_id)
            _check_part(session, inventory, province, conditions)
            if shared_tables(session, inventory_id, inventory.head) != tables:
                continue
            outcome = store_part(
                session, inventory, province, checked.rows, "part_replaced", warnings, dry_run=dry_run
            )
            return answer(outcome)
    raise ConflictError("busy")


def _check_part(session: Session, inventory: Inventory, province: str, conditions: Preconditions) -> None:
    part = standing_part(session, inventory.id, province, inventory.head)
    conditions.check(f"{inventory.id}/provinces/{province}", None if part is None else part.etag)


def lay_tables(session: Session, tables: dict[str, str], folder: Path, sent: set[str]) -> None:
    """Lay the shared tables beside the part's own, in place of those of an earlier try."""
    for name in SHARED:
        if f"{name}.csv" not in sent:
            (folder / f"{name}.csv").unlink(missing_ok=True)
    own = {name: sha256 for name, sha256 in tables.items() if f"{name}.csv" not in sent}
    write_for_part(session, own, folder)


def _not_twice(found: Issue, sent: set[str]) -> Issue:
    """Return an issue of a shared table that was sent, and stands twice for we laid ours beside it."""
    if found.code != "table_twice" or found.table not in SHARED or f"{found.table}.csv" in sent:
        return found
    return own_issue("table_not_here", found.table, value=found.table)


def _of_others(checked: Checked, province: str, sent: set[str], tables: dict[str, str]) -> list[Issue]:
    """Return what does not belong into a part: rows of other provinces, and tables of the inventory.

    Raises
    ------
    MissingError
        When there is no such province.
    """
    if checked.provinces and province != NATIONAL and province not in checked.provinces.values():
        raise MissingError("province", province)
    foreign = [name for name in checked.shared if f"{name}.csv" in sent or name not in tables]
    found = [own_issue("table_not_here", name, value=name) for name in foreign]
    for side, rows in checked.rows.items():
        found += [
            own_issue(
                "row_elsewhere",
                side,
                row.row,
                "commune_code",
                row.commune or "",
                there=row.province,
                here=province,
            )
            for row in rows.rows
            if row.province != province
        ]
    return found


def store_part(
    session: Session,
    inventory: Inventory,
    province: str,
    rows: dict[str, Rows],
    cause: str,
    warnings: Warned,
    *,
    dry_run: bool,
) -> Outcome:
    """Store checked rows as a part's new state; equal rows make no version."""
    before = standing_part(session, inventory.id, province, inventory.head)
    number = inventory.head + 1
    if dry_run:
        changed = changes(session, inventory.id, province, rows)
    else:
        changed = replace_part(session, inventory.id, province, rows, number)
    stored = not dry_run and (bool(changed) or before is None)
    if stored:
        add_version(session, inventory, cause, province, changed)
        part = standing_part(session, inventory.id, province, number)
    else:
        part = before
    counts = {side: len(rows[side].rows) for side in SIDES}
    return Outcome(
        inventory.id,
        inventory.head,
        None if part is None else part.etag,
        stored=stored,
        fresh=before is None,
        changed=changed,
        **counts,
        warnings=warnings,
    )
