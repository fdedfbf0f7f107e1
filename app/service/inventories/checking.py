"""An uploaded folder to rows, or to every issue of it: all that ``surplan check`` says, and what is ours."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import geodata
from app.folders import check_inputs, inputs_of
from app.formats.convert import read_tables
from app.service.inventories.problems import own_issue
from app.service.inventories.rows import SIDES, Rows, code_issues, rows_of
from solver.errors import issue
from solver.tables.columns import TABLES
from solver.tables.delimited import CONTROL, ROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import Literal

    import pandas as pd

    from app.service.inventories.rows import Row
    from solver import Issue
    from solver.tables.places import SheetPlace
    from solver.tables.read import RawTables

    Mode = Literal["auto", "2025", "pre-2025"]

MOST_ROWS = 1_000_000
#: Tables of the whole inventory.
SHARED = tuple(table for table in TABLES if table not in SIDES)
#: Members of a JSON document that are no tables: the name of a new inventory, and what a part that was read
#: says of itself, so that it can be sent back as it is (from which state it was made says If-Match alone).
OWN_MEMBERS = ("name", "inventory_id", "version", "province_code", "etag")
_MISSING = ("file_missing", "sheet_missing", "table_missing")
#: Tables without rows are fine here: a province may have no needs, or nothing that is surplus.
_HARMLESS = ("nothing_needed", "matches_empty")


@dataclass(frozen=True)
class Checked:
    """What an upload holds.

    Attributes
    ----------
    rows
        Normalised rows of assets and needs; empty where there are errors.
    shared
        Text of the other tables that it holds, as CSV.
    issues
        Everything found, sorted.
    places
        Where tables stand in workbooks and other files.
    provinces
        Province of each commune in use; empty where the tables could not be read.
    """

    rows: dict[str, Rows]
    shared: dict[str, bytes]
    issues: list[Issue]
    places: Mapping[str, SheetPlace] = field(default_factory=dict)
    provinces: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """Number of errors; nothing is stored where there is one."""
        return sum(found.severity == "error" for found in self.issues)


def check_folder(folder: Path, mode: Mode, *, one_side: bool = False) -> Checked:
    """Read and check the tables of a folder, with the default scenario.

    Parameters
    ----------
    folder
        As for `app.folders.read_inputs`. A scenario in it is left aside, with a warning.
    mode
        How commune codes are read.
    one_side
        Whether assets or needs may be missing.
    """
    raw = read_tables(folder)
    found = _set_aside(raw, mode)
    found += _unstorable(raw)
    if any(one.severity == "error" for one in found):
        return Checked({}, {}, sorted([*raw.issues, *found]), raw.places)
    inputs = inputs_of(folder, raw)
    # Of the default scenario there is nothing to say, but for a province that has no needs yet.
    told = (one for one in check_inputs(inputs) if one.table != "scenario")
    found += [one for one in told if one.code not in _HARMLESS and not is_ours(one)]
    missing = {one.table for one in found if one.code in _MISSING}
    found = [_softened(one, one_side=one_side and missing != set(SIDES)) for one in found]
    communes = inputs.arguments["communes"]
    communes = geodata.communes() if communes is None else communes
    provinces = dict(zip(communes["commune_code"], communes["province_code"], strict=True))
    rows: dict[str, Rows] = {}
    if not any(one.severity == "error" for one in found):
        frames: dict[str, pd.DataFrame] = {"assets": inputs.assets, "needs": inputs.needs}
        for side in SIDES:
            rows[side] = rows_of(side, frames[side], provinces)
            found += code_issues(side, rows[side].rows)
        found += _attached_elsewhere(rows["assets"].rows)
    shared = {table: csv_text(frame) for table, frame in _shared_of(raw)}
    return Checked(rows, shared, sorted(found), raw.places, provinces)


def _attached_elsewhere(assets: list[Row]) -> list[Issue]:
    """Return an issue for what goes with a house of another part: each part stands on its own."""
    province = {row.given: row.province for row in assets}
    return [
        own_issue("attached_elsewhere", "assets", row.row, "attached_to", row.cells["attached_to"])
        for row in assets
        if province.get(row.cells.get("attached_to", ""), row.province) != row.province
    ]


def csv_text(frame: pd.DataFrame) -> bytes:
    """Return a table as it was given, under the names of the contract, as CSV."""
    # Line ends of two signs: then a cell with one of them alone is quoted.
    text: str = frame.drop(columns=ROW).to_csv(index=False, lineterminator="\r\n")
    return text.encode()


def _shared_of(raw: RawTables) -> Iterable[tuple[str, pd.DataFrame]]:
    for table in SHARED:
        frame = getattr(raw, table)
        if frame is not None:
            yield table, frame


def _set_aside(raw: RawTables, mode: Mode) -> list[Issue]:
    """Replace the scenario by the default one; what a file says of it belongs to POST /v1/scenarios."""
    # The sheet of a template in which nothing is filled in says nothing.
    given = raw.scenario is not None or any(one.table == "scenario" for one in raw.issues)
    raw.issues = [one for one in raw.issues if one.table != "scenario"]
    raw.scenario = {"commune_codes": mode}
    return [replace(own_issue("scenario_aside", "scenario"), severity="warning")] if given else []


def _unstorable(raw: RawTables) -> list[Issue]:
    """Return issues for what no database takes, and for tables beyond all size."""
    known = {(one.table, one.row, one.column) for one in raw.issues if one.code == "control_character"}
    found = []
    for table in TABLES:
        frame = getattr(raw, table)
        if frame is None:
            continue
        if len(frame) > MOST_ROWS:
            found.append(issue("rows_too_many", table, value=len(frame), limit=MOST_ROWS))
            continue
        for name in frame.columns.drop(ROW):
            if CONTROL.search(name) or not _is_text(name):
                found.append(issue("control_character", table, 1, None, ascii(name)))
            cells = frame[name].tolist()
            if not _is_text("".join(cells)):
                found += [
                    issue("control_character", table, int(row), name, ascii(cell))
                    for row, cell in zip(frame[ROW].tolist(), cells, strict=True)
                    if not _is_text(cell) and (table, int(row), name) not in known
                ]
    return found


def _is_text(text: str) -> bool:
    """Tell whether a text can be stored: neither NUL nor half of a character."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_ours(found: Issue) -> bool:
    """Tell whether it is about a member of a document that is ours and no table."""
    return found.code == "table_unknown" and found.value in OWN_MEMBERS


def _softened(found: Issue, *, one_side: bool) -> Issue:
    soft = found.table in SIDES and (found.code == "table_empty" or (one_side and found.code in _MISSING))
    return replace(found, severity="warning") if soft else found
