"""Raw tables to typed tables, with an issue for every wrong cell.

Each distinct text of a column is parsed once, so tables of tens of thousands of rows take a fraction of a
second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from solver.errors import issue
from solver.messages import CATALOGUE
from solver.tables.cells import PARSERS, Fault, cell_text, parse_kind, parse_kinds
from solver.tables.columns import TABLES, by_name
from solver.tables.read import REQUIRED_TABLES
from solver.tables.rows import row_issues

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from solver.errors import Issue
    from solver.tables.columns import Column
    from solver.tables.places import SheetPlace
    from solver.tables.read import RawTables

Array: TypeAlias = Any  # a column: an extension array or a series
Integers: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"

ROW = "row"
#: Columns that decide what is eligible and how much moves: a table without one says so.
_TELLING = {"assets": ("kind", "units", "condition_pct", "year"), "needs": ("kinds", "units")}
_POINT = ("lat", "lon")
#: Issues of cells that an absent column leaves empty in row after row.
_OF_ABSENT_COLUMNS = ("area_missing", "point_incomplete")
#: Codes of reading that leave a cell empty: of workbooks, and of JSON and its like.
_EMPTIED = frozenset(
    {"cell_error", "cell_nested", "cell_too_long", "control_character", "not_finite", "number_too_long"}
)
_FIRST_DATA_ROW = 2
_INTEGERS = frozenset({"count", "money", "year"})
_OBJECTS = frozenset({"decimal", "date"})
_KIND_PARSERS: dict[str, Callable[[str, str], str | Fault]] = {"kind": parse_kind, "kinds": parse_kinds}


@dataclass(slots=True)
class TypedTables:
    """Typed tables of a folder (types: see "Typed tables" in docs/architecture.md).

    Attributes
    ----------
    assets, needs, communes, matches, distances, norms, authorities
        Typed frames; None where the folder has no such table.
    scenario_raw
        The scenario as it stands in its file, or None.
    issues
        All issues so far: of reading, of cells, of rows and of one table's rows together.
    places
        Where the tables of a workbook stand, as of `RawTables`.
    """

    assets: pd.DataFrame
    needs: pd.DataFrame
    communes: pd.DataFrame | None
    matches: pd.DataFrame | None
    distances: pd.DataFrame | None
    norms: pd.DataFrame | None
    authorities: pd.DataFrame | None
    scenario_raw: dict[str, Any] | None
    issues: list[Issue] = field(default_factory=list)
    places: dict[str, SheetPlace] = field(default_factory=dict)


def parse_tables(raw: RawTables) -> TypedTables:
    """Give every column its type.

    Parameters
    ----------
    raw
        What `solver.read_tables` returned.

    Returns
    -------
    TypedTables
        Typed frames with all columns of the contract and every issue, those of reading included.
        Cells that are wrong are empty or hold the default. Rules over several tables: `solver.tables.rules`.
    """
    found = list(raw.issues)
    unread = {problem.table for problem in found if problem.severity == "error" and problem.row is None}
    # A cell that reading refused is empty here; that it is must not be reported a second time.
    unreadable = {(one.table, one.row, one.column) for one in found if one.code in _EMPTIED}
    explicit = raw.matches is not None
    typed: dict[str, pd.DataFrame | None] = {}
    for table in TABLES:
        frame: pd.DataFrame | None = getattr(raw, table)
        if frame is None:
            typed[table] = None
            continue
        typed[table], issues = parse_frame(table, frame, explicit_matches=explicit)
        known = {problem.sort_key() for problem in raw.issues}  # reading has a hint for its missing columns
        found += [
            problem
            for problem in issues
            if problem.sort_key() not in known and (table, problem.row, problem.column) not in unreadable
        ]
        if not explicit and not frame.empty and table not in unread:
            found += [
                issue("column_absent", table, None, name, name)
                for name in _TELLING.get(table, ())
                if name not in frame.columns
            ]
        if table in (*REQUIRED_TABLES, "communes") and frame.empty and unread.isdisjoint({table, "folder"}):
            found.append(issue("table_empty", table))
    assets, needs = typed.pop("assets"), typed.pop("needs")
    if assets is None or needs is None:
        msg = "RawTables without assets or needs."
        raise TypeError(msg)
    return TypedTables(
        assets, needs, **typed, scenario_raw=raw.scenario, issues=sorted(found), places=raw.places
    )


def parse_frame(
    table: str, frame: pd.DataFrame, *, explicit_matches: bool = False
) -> tuple[pd.DataFrame, list[Issue]]:
    """Give every column of one frame its type.

    Parameters
    ----------
    table
        assets, needs, communes, matches or distances.
    frame
        Strings as read from a file, or already typed cells (int, float, Decimal, date, NaN): then they are
        checked likewise, and a typed frame comes back equal. Needs English column names; ``row`` is added
        when absent.
    explicit_matches
        Whether a matches table says which pairs are eligible; then premises need no area.

    Returns
    -------
    frame
        A new typed frame.
    issues
        One for every wrong cell, and for warnings one for every distinct value.

    Raises
    ------
    KeyError
        When ``table`` is no table of the contract.
    """
    columns = TABLES[table]
    given = frame.reset_index(drop=True)
    rows = (
        np.asarray(given[ROW], dtype=np.int64)
        if ROW in given
        else np.arange(_FIRST_DATA_ROW, len(given) + _FIRST_DATA_ROW, dtype=np.int64)
    )
    found: list[Issue] = []
    typed: dict[str, Any] = {}
    for column in columns:
        if column.name not in given:
            if column.derived:
                continue
            if column.required:
                found.append(issue("column_missing", table, column=column.name))
        cells = _texts(given, column.name)
        if column.type in _KIND_PARSERS:
            category = typed.get("category")
            typed[column.name] = _parse_kinds(table, column, cells, category, rows, found)
        else:
            typed[column.name] = _parse_column(table, column, cells, rows, found, given=column.name in given)
    known = by_name(table)
    for name in given.columns:
        if name not in known and name != ROW:
            typed[str(name)] = _strings(_texts(given, name))
    typed[ROW] = rows
    result = pd.DataFrame(typed, index=pd.RangeIndex(len(given)))
    wrong = {(problem.row, problem.column) for problem in found if problem.severity == "error"}
    by_row = row_issues(table, result, explicit_matches=explicit_matches)
    # Where every row lacks what a column would hold, the column is at fault and not its cells.
    absent = dict.fromkeys(
        str(problem.column)
        for problem in by_row
        if problem.code in _OF_ABSENT_COLUMNS and problem.column not in given
    )
    found += [issue("column_missing", table, column=name) for name in absent]
    found += [
        problem
        for problem in by_row
        if (problem.row, problem.column) not in wrong
        and not (problem.code in _OF_ABSENT_COLUMNS and problem.column in absent)
    ]
    _clear_wrong_points(result, found)
    return result, found


def _clear_wrong_points(frame: pd.DataFrame, found: Sequence[Issue]) -> None:
    """Clear both coordinates where one is wrong, so that no later stage calls the other one half a point."""
    errors = [problem for problem in found if problem.severity == "error" and problem.column in _POINT]
    if errors:
        rows = {problem.row for problem in errors}
        frame.loc[frame[ROW].isin(rows) | (None in rows), list(_POINT)] = pd.NA


@dataclass(frozen=True, slots=True)
class _Texts:
    """The distinct texts of a column and which of them each row holds; ``uniques[code]``."""

    codes: Integers
    uniques: list[str]


def _texts(frame: pd.DataFrame, name: object) -> _Texts:
    if name not in frame:
        return _Texts(np.zeros(len(frame), dtype=np.int64), [""])
    series = frame[name]
    # As objects: True, 1 and 1.0 are equal, but the column's own type has already made them one.
    codes, uniques = pd.factorize(series.astype(object), use_na_sentinel=False)
    distinct = [cell_text(value) for value in uniques]
    return _Texts(codes.astype(np.int64), distinct)


def _parse_column(
    table: str,
    column: Column,
    cells: _Texts,
    rows: Integers,
    found: list[Issue],
    *,
    given: bool,
) -> Array:
    parser = PARSERS[column.type]
    values: list[Any] = []
    faults: dict[int, Fault] = {}
    for place, text in enumerate(cells.uniques):
        word = text or column.default
        if not word:
            values.append(None)
            if column.required and given:
                faults[place] = Fault("value_missing")
            continue
        value = parser(word, column)
        if isinstance(value, Fault):
            faults[place] = value
            # The default in place of a wrong cell keeps rules over the row from reporting it a second time.
            value = parser(column.default, column) if column.default else value.value
        values.append(value)
    _report(table, column, cells, faults, rows, found)
    return _take(column, values, cells.codes)


def _parse_kinds(
    table: str,
    column: Column,
    cells: _Texts,
    category: Array | None,
    rows: Integers,
    found: list[Issue],
) -> Array:
    """Parse kinds: the same text may mean different kinds in different categories."""
    parser = _KIND_PARSERS[column.type]
    category_codes, categories = pd.factorize(pd.Series(category, dtype=object), use_na_sentinel=False)
    pairs, uniques = pd.factorize(category_codes.astype(np.int64) * len(cells.uniques) + cells.codes)
    texts: list[str] = []
    values: list[str | None] = []
    faults: dict[int, Fault] = {}
    for place, pair in enumerate(uniques):
        which, text_code = divmod(int(pair), len(cells.uniques))
        text = cells.uniques[text_code]
        texts.append(text)
        value = parser(text, cell_text(categories[which])) if text else None
        if isinstance(value, Fault):
            faults[place] = value
            value = value.value
        values.append(value or None)
    joint = _Texts(pairs.astype(np.int64), texts)
    _report(table, column, joint, faults, rows, found)
    return _take(column, values, joint.codes)


def _report(
    table: str,
    column: Column,
    cells: _Texts,
    faults: dict[int, Fault],
    rows: Integers,
    found: list[Issue],
) -> None:
    for place, fault in faults.items():
        at = rows[cells.codes == place]
        # A warning once for each distinct value: thousands of equal lines would hide the errors.
        shown = at[:1] if CATALOGUE[fault.code].severity == "warning" else at
        found.extend(
            issue(
                fault.code,
                table,
                int(row),
                column.name,
                cells.uniques[place],
                words=fault.params,
                rows=len(at),
            )
            for row in shown
        )


def _take(column: Column, values: Sequence[Any], codes: Integers) -> Array:
    if column.type in _INTEGERS:
        missing = np.array([value is None for value in values], dtype=bool)
        plain = np.array([0 if value is None else value for value in values], dtype=np.int64)
        return pd.arrays.IntegerArray(plain[codes], missing[codes])
    if column.type == "degree":
        missing = np.array([value is None for value in values], dtype=bool)
        degrees = np.array([0.0 if value is None else value for value in values], dtype=np.float64)
        return pd.arrays.FloatingArray(degrees[codes], missing[codes])
    taken = np.empty(len(values), dtype=object)
    taken[:] = list(values)
    if column.type in _OBJECTS:
        return pd.Series(taken[codes], dtype=object)
    return pd.Series(taken[codes], dtype="str")


def _strings(cells: _Texts) -> Array:
    taken = np.empty(len(cells.uniques), dtype=object)
    taken[:] = [text or None for text in cells.uniques]
    return pd.Series(taken[cells.codes], dtype="str")
