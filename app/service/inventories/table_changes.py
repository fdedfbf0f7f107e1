"""A shared table replaced or taken away: the whole inventory is checked with the new one first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.formats.convert import read_tables
from app.formats.json_tables import FOLDER
from app.service.inventories.changing import TRIES, Answered, Outcome
from app.service.inventories.checking import MOST_ROWS, SHARED, check_folder, csv_text, is_ours
from app.service.inventories.folder import write_folder
from app.service.inventories.parts import Changed
from app.service.inventories.problems import Warned, listed, own_issue, refusal, warned
from app.service.inventories.rows import MODEL, SIDES
from app.service.inventories.tables import replace_table, shared_tables
from app.service.inventories.versions import add_version, inventory_of, locked_inventory
from app.service.refusals import ConflictError, InvalidError, MissingError
from app.service.store.models.inventories import stands
from solver.errors import issue
from solver.tables.delimited import ROW

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd
    from sqlalchemy.orm import Session

    from app.service.inventories.checking import Checked
    from app.service.inventories.preconditions import Preconditions
    from app.service.inventories.receiving import Received
    from app.service.inventories.rows import Side
    from app.service.store.actor import Actor
    from app.service.store.database import Database
    from app.service.store.models import Inventory
    from app.settings import Lang
    from solver import Issue
    from solver.tables.read import RawTables

    #: Plan id and province of every row, by side, in the order of `write_folder`.
    Homes = Mapping[str, list[tuple[str, str]]]

_FIRST_ROW = 2


def put_table(
    database: Database,
    actor: Actor,
    lang: Lang,
    upload: Received,
    inventory_id: str,
    name: str,
    conditions: Preconditions,
    answer: Callable[[Outcome], Answered],
    *,
    dry_run: bool,
) -> Answered:
    """Replace a shared table by that of an upload; return its `Answered`.

    Raises
    ------
    MissingError, StaleError, UnconditionalError, InvalidError
        Then nothing is stored.
    ConflictError
        When somebody changed the inventory again and again meanwhile.
    """
    if upload.is_empty:
        raise InvalidError("upload_nothing")
    raw = read_tables(upload.folder)
    frame: pd.DataFrame | None = getattr(raw, name)
    others = [table for table in (*SIDES, *SHARED) if table != name and _has_rows(getattr(raw, table))]
    if others:
        raise InvalidError("upload_file", name=", ".join(others), known=name)
    found = [one for one in raw.issues if one.table in (name, FOLDER) and not is_ours(one)]
    if frame is None and not found:
        raise InvalidError("upload_nothing")
    broken = any(one.severity == "error" for one in found)
    if not broken and (frame is None or frame.empty):  # of a file that can't be read nobody knows its rows
        found.append(own_issue("table_empty", name, value=name))
    elif frame is not None and len(frame) > MOST_ROWS:
        found.append(issue("rows_too_many", name, value=len(frame), limit=MOST_ROWS))
    if frame is None or any(one.severity == "error" for one in found):
        raise _refused(lang, upload, raw, found)
    content = csv_text(frame)

    def judge(issues: list[Issue]) -> Warned:
        numbers = frame[ROW].tolist()
        own = [_of_table(one, name, numbers) for one in issues]
        told = sorted({one.sort_key(): one for one in [*found, *own]}.values())
        if any(one.severity == "error" for one in told):
            raise _refused(lang, upload, raw, told)
        shown = [one for one in told if one.table in (name, FOLDER)]
        return warned(shown, lang, upload.folder, raw.places, upload.names)

    return _exchange(
        database,
        actor,
        upload.folder,
        inventory_id,
        name,
        content,
        conditions,
        judge,
        answer,
        dry_run=dry_run,
    )


def delete_table(
    database: Database,
    actor: Actor,
    lang: Lang,
    folder: Path,
    inventory_id: str,
    name: str,
    conditions: Preconditions,
    answer: Callable[[Outcome], Answered],
    *,
    dry_run: bool,
) -> Answered:
    """Take a shared table away; as of `put_table`."""

    def judge(issues: list[Issue]) -> Warned:
        errors = [one for one in issues if one.severity == "error"]
        if errors:
            raise refusal(lang, listed(errors, lang, folder, {}, {}), len(errors), 0)
        return Warned()

    return _exchange(
        database, actor, folder, inventory_id, name, None, conditions, judge, answer, dry_run=dry_run
    )


def _exchange(
    database: Database,
    actor: Actor,
    folder: Path,
    inventory_id: str,
    name: str,
    content: bytes | None,
    conditions: Preconditions,
    judge: Callable[[list[Issue]], Warned],
    answer: Callable[[Outcome], Answered],
    *,
    dry_run: bool,
) -> Answered:
    """Check the inventory with another table, or without it, and store that."""
    for attempt in range(TRIES):
        whole = folder / f"whole-{attempt}"
        whole.mkdir()
        with database.reading(actor) as session:
            inventory = inventory_of(session, inventory_id)
            head = inventory.head
            before = _tag(session, inventory, name, conditions)
            if content is None and before is None:
                raise MissingError("table", name)
            write_folder(session, inventory_id, head, whole)
            homes: Homes = {side: _homes(session, inventory_id, head, side) for side in SIDES}
        file = whole / f"{name}.csv"
        file.unlink(missing_ok=True)
        if content is not None:
            file.write_bytes(content)
        warnings = judge(_named(check_folder(whole, "2025"), homes))
        with database.writing(actor) as session:
            inventory = locked_inventory(session, inventory_id)
            if inventory.head != head:
                continue
            _tag(session, inventory, name, conditions)
            stored = not dry_run and replace_table(session, inventory_id, name, content, head + 1)
            if stored:
                add_version(session, inventory, "tables_replaced", None, None, table=name)
            after = shared_tables(session, inventory_id, inventory.head).get(name)
            outcome = Outcome(
                inventory_id,
                inventory.head,
                after,
                stored=stored,
                fresh=before is None,
                changed=Changed(),
                assets=len(homes["assets"]),
                needs=len(homes["needs"]),
                warnings=warnings,
            )
            return answer(outcome)
    raise ConflictError("busy")


def _tag(session: Session, inventory: Inventory, name: str, conditions: Preconditions) -> str | None:
    etag = shared_tables(session, inventory.id, inventory.head).get(name)
    conditions.check(f"{inventory.id}/tables/{name}", etag)
    return etag


def _homes(session: Session, inventory_id: str, number: int, side: Side) -> list[tuple[str, str]]:
    """Return plan id and province of every row, in the order of `write_folder`."""
    model = MODEL[side]
    query = sa.select(model.plan_id, model.province_code).where(
        model.inventory_id == inventory_id, stands(model, number)
    )
    return [(name, province) for name, province in session.execute(query.order_by(model.plan_id))]


def _named(checked: Checked, homes: Homes) -> list[Issue]:
    """Return what is wrong, rows of the inventory by their plan ids; rows that would leave their part too."""
    found = list(checked.issues)
    for side, rows in checked.rows.items():
        province = dict(homes[side])
        found += [
            own_issue(
                "row_elsewhere",
                side,
                row.row,
                "commune_code",
                row.commune or "",
                there=row.province,
                here=province[row.given],
            )
            for row in rows.rows
            if row.province != province[row.given]
        ]
    return [_labelled(one, homes) for one in found]


def _labelled(found: Issue, homes: Homes) -> Issue:
    if found.table not in homes or found.row is None:
        return found
    if found.row < _FIRST_ROW:  # of the headings
        return replace(found, row=None)
    return replace(found, table=f"{found.table}[{homes[found.table][found.row - _FIRST_ROW][0]}]", row=None)


def _of_table(found: Issue, name: str, numbers: list[int]) -> Issue:
    """Return an issue with the row of the file that was sent; we left out its empty rows."""
    if found.table != name or found.row is None or found.row < _FIRST_ROW:
        return found
    return replace(found, row=int(numbers[found.row - _FIRST_ROW]))


def _refused(lang: Lang, upload: Received, raw: RawTables, found: list[Issue]) -> InvalidError:
    errors = sum(one.severity == "error" for one in found)
    told = listed(found, lang, upload.folder, raw.places, upload.names)
    return refusal(lang, told, errors, len(found) - errors)


def _has_rows(frame: pd.DataFrame | None) -> bool:
    return frame is not None and not frame.empty
