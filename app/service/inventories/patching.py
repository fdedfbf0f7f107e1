"""Single rows of a part changed: the columns given replace a row's cells, the whole part is checked again."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.formats.cells import MOST_CELLS, column_of, read_row
from app.formats.json_tables import FOLDER
from app.service.inventories.changing import TRIES, Answered, lay_tables, require_own, store_part
from app.service.inventories.checking import check_folder
from app.service.inventories.parts import standing_part
from app.service.inventories.problems import listed, own_issue, refusal, warned
from app.service.inventories.rows import KEY, MODEL, SIDES, unknown_of
from app.service.inventories.tables import shared_tables
from app.service.inventories.versions import inventory_of, locked_inventory
from app.service.refusals import ConflictError, MissingError
from app.service.store.types import STANDING
from solver.errors import issue
from solver.tables.columns import TABLES
from solver.tables.delimited import ROW
from solver.tables.names import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.service.inventories.changing import Outcome
    from app.service.inventories.checking import Checked, Mode
    from app.service.inventories.preconditions import Preconditions
    from app.service.inventories.problems import Warned
    from app.service.inventories.rows import Side
    from app.service.store.actor import Actor
    from app.service.store.database import Database
    from app.settings import Lang
    from solver import Issue

_COMMUNE = ("commune_code", "commune_name", "province_name")
_POINT = ("lat", "lon")
_FIRST_ROW = 2
_GIVEN_ROW = "given_row"  # what the reader of tables makes of a heading that is our own
Cells = dict[str, str]


@dataclass
class Patch:
    """Changes of one side's rows.

    Attributes
    ----------
    upsert
        Rows to change or to add: columns (English or Vietnamese headings) to values.
    remove
        Ids of rows to remove.
    """

    upsert: Sequence[Mapping[str, Any]] = ()
    remove: Sequence[str] = ()


@dataclass
class _Merged:
    """The rows of a side after the change, those named in it first.

    Attributes
    ----------
    rows, labels
        The rows, and their names for issues.
    columns
        Columns that the change names.
    issues
        What is wrong with the change itself.
    """

    rows: list[Cells] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    issues: list[Issue] = field(default_factory=list)


def merge(side: Side, stored: Mapping[str, Cells], patch: Patch) -> _Merged:
    """Return the rows of a side after a change; see docs/inventories.md for what happens to places."""
    key, made, named = KEY[side], _Merged(), set()
    for place, given in enumerate(patch.upsert):
        label = f"{side}.upsert[{place}]"
        found: list[Issue] = []
        texts = read_row(side, _FIRST_ROW, given.items(), found)
        cells: Cells = {}
        for heading, text in texts.items():
            column = _GIVEN_ROW if heading == ROW else column_of(side, heading)
            if column in cells:
                found.append(issue("key_duplicate", side, _FIRST_ROW, heading))
            cells[column] = text
        made.issues += [replace(one, table=label, row=None) for one in found]
        made.columns |= cells.keys()
        name = cells.get(key, "")
        if not name and any(one.column == key for one in found):
            continue
        if not name:
            made.issues.append(own_issue("id_missing", label, None, key, heading=key))
        elif name in named:
            made.issues.append(own_issue("id_twice", label, None, key, name))
        else:
            named.add(name)
            made.rows.append(_changed(stored.get(name, {}), cells))
            made.labels.append(label)
    for place, given_name in enumerate(patch.remove):
        name = clean(given_name)  # as the ids above are read
        label = f"{side}.remove[{place}]"
        if name in named:
            made.issues.append(own_issue("id_twice", label, None, key, name))
        elif name not in stored:
            made.issues.append(own_issue("id_unknown", label, None, key, name))
        named.add(name)
    for name in sorted(set(stored) - named):
        made.rows.append(stored[name])
        made.labels.append(f"{side}[{name}]")
    columns = len({name for row in made.rows for name in row})
    if columns * len(made.rows) > MOST_CELLS:
        made.issues.append(issue("cells_too_many", side, value=columns, rows=len(made.rows)))
        made.rows, made.labels = [], []
    return made


def _changed(before: Cells, given: Cells) -> Cells:
    """Return a row with other cells; what was worked out from a commune goes when the commune does."""
    cells = dict(before)
    moves, points = any(name in given for name in _COMMUNE), any(name in given for name in _POINT)
    if moves:
        for name in (*_COMMUNE, *_POINT, "old_commune_code", "location_source"):
            cells.pop(name, None)
    elif points:
        # It stays in its commune, whose code is today's: what is only old among new rows is no word on it.
        if cells.get("location_source") != "given":
            for name in _POINT:
                cells.pop(name, None)
        cells["location_source"] = "given"
    return {name: text for name, text in (cells | given).items() if text}


def patch_part(
    database: Database,
    actor: Actor,
    lang: Lang,
    folder: Path,
    patches: Mapping[str, Patch],
    inventory_id: str,
    province: str,
    mode: Mode,
    conditions: Preconditions,
    answer: Callable[[Outcome], Answered],
    *,
    dry_run: bool,
) -> Answered:
    """Change single rows of a part; return its `Answered`.

    Parameters
    ----------
    folder
        An empty folder for the tables that are checked.

    Raises
    ------
    ForbiddenError, MissingError, StaleError, UnconditionalError, InvalidError
        Then nothing is stored.
    ConflictError
        When the part or the shared tables changed again and again meanwhile.
    """
    require_own(actor, province)
    what = f"{inventory_id}/provinces/{province}"
    for _ in range(TRIES):
        with database.reading(actor) as session:
            inventory = inventory_of(session, inventory_id)
            part = standing_part(session, inventory_id, province, inventory.head)
            if part is None:
                raise MissingError("part", province)
            conditions.check(what, part.etag)
            tables = shared_tables(session, inventory_id, inventory.head)
            lay_tables(session, tables, folder, set())
            merged: dict[str, _Merged] = {
                side: merge(side, _standing(session, inventory_id, province, side), patches[side])
                for side in SIDES
            }
        for side in SIDES:
            _write(folder / f"{side}.csv", side, merged[side].rows)
        checked = check_folder(folder, mode)
        warnings = _accepted(lang, folder, checked, merged, province)
        with database.writing(actor) as session:
            inventory = locked_inventory(session, inventory_id)
            now = standing_part(session, inventory_id, province, inventory.head)
            conditions.check(what, None if now is None else now.etag)
            same = now is not None and now.number == part.number
            if not same or shared_tables(session, inventory_id, inventory.head) != tables:
                continue
            outcome = store_part(
                session, inventory, province, checked.rows, "rows_patched", warnings, dry_run=dry_run
            )
            return answer(outcome)
    raise ConflictError("busy")


def _standing(session: Session, inventory_id: str, province: str, side: Side) -> dict[str, Cells]:
    model = MODEL[side]
    query = sa.select(model.cells).where(
        model.inventory_id == inventory_id, model.province_code == province, model.until == STANDING
    )
    return {cells[KEY[side]]: cells for cells in session.scalars(query)}


def _write(path: Path, side: Side, rows: Iterable[Cells]) -> None:
    rows = list(rows)
    known = [column.name for column in TABLES[side]]
    given = list(dict.fromkeys(name for row in rows for name in row))
    columns = [*(name for name in known if name in given), *unknown_of(side, given)]
    columns += [name for name in (KEY[side], "category", "commune_code") if name not in columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(columns)
        writer.writerows([row.get(name, "") for name in columns] for row in rows)


def _accepted(
    lang: Lang, folder: Path, checked: Checked, merged: Mapping[str, _Merged], province: str
) -> Warned:
    """Return the warnings about the rows that were named; raise `InvalidError` for errors anywhere."""
    issues = [one for side in merged.values() for one in side.issues]
    for side, rows in checked.rows.items():
        issues += [
            own_issue(
                "row_elsewhere", side, row.row, "commune_code", row.commune or "",
                there=row.province, here=province,
            )
            for row in rows.rows
            if row.province != province
        ]  # fmt: skip
    issues = [_placed(one, merged) for one in issues]
    issues += list(_not_following([_placed(one, merged) for one in checked.issues], issues))
    errors = sum(one.severity == "error" for one in issues)
    shown = [one for one in issues if one.severity == "error" or _is_of_change(one, merged)]
    if errors:
        raise refusal(lang, listed(shown, lang, folder, {}, {}), errors, len(shown) - errors)
    return warned(shown, lang, folder, {}, {})


def _not_following(found: Iterable[Issue], change: Iterable[Issue]) -> Iterator[Issue]:
    """Yield issues without those that only follow from a value of the change that no cell can hold.

    Such a cell is empty where the part is checked: what is missing there, or then, is told once.
    """
    cells = {(one.table, one.column) for one in change if one.column is not None}
    rows = {table for table, _ in cells}
    for one in found:
        if (one.table, one.column) not in cells and (one.value or one.table not in rows):
            yield one


def _is_of_change(found: Issue, merged: Mapping[str, _Merged]) -> bool:
    """Tell whether an issue is about rows or columns that were sent; all stored rows have their places."""
    if found.table in merged:
        return found.row is None and found.column in merged[found.table].columns
    return ".upsert[" in found.table or found.table == FOLDER


def _placed(found: Issue, merged: Mapping[str, _Merged]) -> Issue:
    """Return an issue of the part's tables as one of a row that was sent, or of a stored row by its id."""
    if found.table not in merged or found.row is None:
        return found
    if found.row < _FIRST_ROW:  # of the headings: those of all rows
        return replace(found, row=None)
    labels = merged[found.table].labels
    params = dict(found.params)
    if "first" in params:
        params["first"] = labels[int(params["first"]) - _FIRST_ROW]
    return replace(found, table=labels[found.row - _FIRST_ROW], row=None, params=params)
