"""The plan before a re-plan, from a plan folder or a file of transfers: read with every issue in its place.

Provinces keep the lines: they write by hand, in ``transfers.csv`` or in a sheet, which are signed, carried
out or refused. Headings and states are understood in English and Vietnamese, as ``plan.xlsx`` writes them.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING

import pandas as pd

import solver
from app.errors import InputError
from app.settings import LANGS
from app.texts import say
from solver.errors import issue
from solver.problem.baseline import COLUMNS, PLANNED, STATES
from solver.tables.cell_texts import column_texts
from solver.tables.cells import Fault, parse_integer
from solver.tables.columns import by_name, headings
from solver.tables.delimited import cleaned, decode
from solver.tables.names import fold
from solver.tables.places import SheetPlace
from solver.tables.reasons import csv_reason
from solver.tables.sheet_xml import letters
from solver.tables.sheets import is_workbook, read_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.folders import Inputs

TABLE = "baseline"
_NEEDED = ("asset_id", "need_id", "units")
_TRANSFERS = "transfers.csv"
_TEXTS = (".csv", ".tsv", ".txt")
#: Headings stand among the first rows: below a title, say.
_HEAD = 20
_BEGIN = 20_000
_SEPARATORS = (",", ";", "\t")
_FIXED_CODES = ("pin_ineligible", "pin_exceeds")
_REFUSED_CODE = "pin_refused"
_PINS = "stability.pins"


@dataclass(frozen=True)
class Given:
    """A plan before, as it was read.

    Attributes
    ----------
    lines
        The columns that a baseline has, as text, units as numbers; None where it can't be read.
    issues
        What is wrong with it.
    place
        Where it stands: file, and sheet and cells of a workbook.
    rows
        Row of each line, by asset and need.
    plan
        The whole plan with these lines, where a plan folder was given: what it was made from and proven with
        saves planning again what nothing touches.
    """

    lines: pd.DataFrame | None
    issues: tuple[solver.Issue, ...]
    place: SheetPlace
    rows: dict[tuple[str, str], int]
    plan: solver.StoredPlan | None = None

    def added_to(self, inputs: Inputs) -> Inputs:
        """Return the tables of a scenario with this plan before them."""
        return replace(
            inputs,
            issues=sorted([*inputs.issues, *self.issues]),
            arguments={**inputs.arguments, TABLE: self.lines if self.plan is None else self.plan},
            places={**inputs.places, TABLE: self.place},
        )

    def placed(self, issues: Iterable[solver.Issue]) -> list[solver.Issue]:
        """Return issues with those of fixed lines, which are pinned, in their place here; files are named."""
        return sorted(self._placed(one) for one in issues)

    def _placed(self, one: solver.Issue) -> solver.Issue:
        if one.code == _REFUSED_CODE:
            file = self.place.file + (f", {self.place.sheet}" if self.place.sheet else "")
            of_file = {f"of_{lang}": say(lang, "replan.refused_of", file=file) for lang in LANGS}
            return replace(one, params={**one.params, **of_file})
        if one.code not in _FIXED_CODES or one.column != _PINS:
            return one
        named = one.value.split(", ")
        pair = (one.params.get("asset", named[0]), one.params.get("need", named[-1]))
        texts = {
            f"{part}_{lang}": say(lang, f"replan.fixed_{part}", why=one.message(lang))
            for part in ("message", "remedy")
            for lang in LANGS
        }
        return replace(one, table=TABLE, row=self.rows.get(pair), column="state", texts=texts)


def read_baseline(path: Path) -> Given:
    """Read a plan folder, or a CSV file or workbook of transfers.

    Raises
    ------
    InputError
        When it is none of these, or a folder without a plan; everything else is an issue.
    """
    if path.is_dir():
        return _with_plan(_of_text(_transfers_of(path)), path)
    if not path.is_file():
        raise InputError("baseline_missing", folder=str(path))
    if is_workbook(path):
        return _of_workbook(path)
    if path.suffix.lower() in _TEXTS:
        return _of_text(path)
    raise InputError("baseline_kind", folder=str(path))


def _with_plan(given: Given, folder: Path) -> Given:
    """Add the plan that the lines are of; without it where the rest of it can't be read."""
    if given.lines is None:
        return given
    try:
        stored = solver.read_plan(folder)
    except solver.PlanFolderError:
        return given
    return replace(given, plan=replace(stored, transfers=given.lines))


def _transfers_of(folder: Path) -> Path:
    """Return the transfers of a plan folder."""
    try:
        status = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["status"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError("no_plan_folder", folder=str(folder)) from error
    if status not in (str(solver.Status.OPTIMAL), str(solver.Status.FEASIBLE)):
        raise InputError("baseline_no_plan", folder=str(folder))
    if not (folder / _TRANSFERS).is_file():
        raise InputError("baseline_no_transfers", folder=str(folder))
    return folder / _TRANSFERS


@dataclass(frozen=True)
class _Grid:
    """Rows of cells as texts; the first cell stands in row `top` and column `left`, from 1 and 0."""

    rows: list[list[str]]
    file: str
    sheet: str = ""
    top: int = 1
    left: int = 0

    @cached_property
    def head(self) -> tuple[int, dict[str, int]]:
        """Which row has the most headings that are known, and the place of each of these columns."""
        best: tuple[int, dict[str, int]] = (0, {})
        for number, row in enumerate(self.rows[:_HEAD]):
            columns: dict[str, int] = {}
            for at, cell in enumerate(row):
                name = _known().get(fold(cell))
                if name is not None:
                    columns.setdefault(name, at)
            if len(columns) > len(best[1]):
                best = number, columns
        return best

    @property
    def score(self) -> int:
        """How many of the columns that are needed it has."""
        return len(set(_NEEDED) & set(self.head[1]))


def _of_text(path: Path) -> Given:
    text, found = decode(TABLE, path.name, path.read_bytes())
    if text is None:
        return Given(None, tuple(found), SheetPlace(path.name, "", 1), {})
    # The separator under which most headings are known; a line that breaks off in the middle hides none.
    grids = [_Grid(_records(text[:_BEGIN], separator, strict=False), path.name) for separator in _SEPARATORS]
    separator = _SEPARATORS[max(range(len(grids)), key=lambda at: grids[at].score)]
    try:
        grid = _Grid(_records(text, separator, strict=True), path.name)
    except csv.Error as error:
        reasons = {"reason": str(error), "reason_vi": csv_reason(str(error))}
        broken = issue("csv_broken", TABLE, value=path.name, words=reasons, line="")
        return Given(None, (broken,), SheetPlace(path.name, "", 1), {})
    return _of_grid(grid)


def _records(text: str, separator: str, *, strict: bool) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    return [cleaned(record) for record in reader]


def _of_workbook(path: Path) -> Given:
    sheets, found = read_sheets(path, path.read_bytes())
    errors = tuple(replace(one, table=TABLE) for one in found if one.severity == "error")
    if errors or not sheets:
        errors = errors or (issue("file_empty", TABLE, value=path.name),)
        return Given(None, errors, SheetPlace(path.name, "", 1), {})
    grids = [
        _Grid([column_texts(row) for row in sheet.rows], path.name, sheet.name, sheet.top + 1, sheet.left)
        for sheet in sheets
    ]
    return _of_grid(max(grids, key=lambda grid: grid.score))  # the first of the best


def _of_grid(grid: _Grid) -> Given:
    head, columns = grid.head
    names = {name: letters(grid.left + column) for name, column in columns.items()}
    place = SheetPlace(grid.file, grid.sheet, grid.top + head, names)
    missing = [issue("column_missing", TABLE, column=name) for name in _NEEDED if name not in columns]
    if missing:
        return Given(None, tuple(missing), place, {})
    return _read(grid.rows[head + 1 :], columns, grid.top + head + 1, place)


def _read(rows: list[list[str]], columns: dict[str, int], first: int, place: SheetPlace) -> Given:
    lines: list[dict[str, object]] = []
    found: list[solver.Issue] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows, start=first):
        cells = {name: row[at] if at < len(row) else "" for name, at in columns.items()}
        pair = cells["asset_id"], cells["need_id"]
        if not any(cells.values()) or _is_total(*pair):
            continue
        found += [
            issue("value_missing", TABLE, number, name) for name in ("asset_id", "need_id") if not cells[name]
        ]
        if all(pair) and pair in seen:
            found.append(
                issue("duplicate_match", TABLE, number, "need_id", ", ".join(pair), first=seen[pair])
            )
        seen.setdefault(pair, number)
        units, state = _units(cells["units"], number), _state(cells.get("state", ""), number)
        found += [one for one in (units, state) if isinstance(one, solver.Issue)]
        lines.append({**cells, "units": units, "state": state, "row": number})
    if found:
        return Given(None, tuple(found), place, seen)
    # Columns that are not there stay away, so that the needs say where their lines led.
    there = [name for name in COLUMNS if name in columns or name == "state"]
    return Given(pd.DataFrame(lines, columns=[*there, "row"]).astype(object), (), place, seen)


def _units(text: str, row: int) -> int | solver.Issue:
    if not text:
        return issue("value_missing", TABLE, row, "units")
    column = by_name("needs")["units"]
    value = parse_integer(text, column)
    return issue(value.code, TABLE, row, "units", text, value.params) if isinstance(value, Fault) else value


def _state(text: str, row: int) -> str | solver.Issue:
    code = _states().get(fold(text)) if text else PLANNED
    if code is not None:
        return code
    allowed = {
        "allowed_en": ", ".join(STATES),
        "allowed_vi": "; ".join(f"{say('vi', f'state.{one}')} ({one})" for one in STATES),
    }
    return issue("choice_unknown", TABLE, row, "state", text, allowed)


def _is_total(asset: str, need: str) -> bool:
    """Tell the row of sums below the transfers in ``plan.xlsx``."""
    return not need and fold(asset) in {fold(say(lang, "sheet.total")) for lang in LANGS}


@cache
def _known() -> dict[str, str]:
    """Column by folded heading: codes, those of ``plan.xlsx``, and those of the tables."""
    names = {fold(say(lang, f"column.{name}")): name for name in COLUMNS for lang in LANGS}
    pairs = {heading: name for heading, name in headings("matches").items() if name in _NEEDED}
    units = {heading: name for heading, name in headings("needs").items() if name == "units"}
    return {**units, **pairs, **names, **{fold(name): name for name in COLUMNS}}


@cache
def _states() -> dict[str, str]:
    return {fold(word): one for one in STATES for word in (one, *(say(x, f"state.{one}") for x in LANGS))}
