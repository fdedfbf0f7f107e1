"""A scenario folder or workbook to raw tables. Bad input becomes issues, never a traceback."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from solver.errors import issue
from solver.messages import OR_A_PLACE
from solver.scenario.text import parse_scenario_file
from solver.tables.columns import TABLES
from solver.tables.delimited import decode, read_frame
from solver.tables.names import closest
from solver.tables.sheets import is_workbook
from solver.tables.workbook import SHEET_NAMES, read_workbook

if TYPE_CHECKING:
    from os import PathLike

    from solver.errors import Issue
    from solver.tables.places import SheetPlace
    from solver.tables.workbook import Book

REQUIRED_TABLES = ("assets", "needs")
_SCENARIOS = ("scenario.toml", "scenario.json")
# Other files of a plan's inputs folder, read by others.
_DERIVED_FILES = ("baseline.csv", "distances.json", "metres.csv", "metres_pairs.csv")
_LATER_FORMATS = (".parquet",)
_CSV_HINT = {
    "hint_en": " Today tables are read from CSV files, in UTF-8, workbooks, GeoPackage, GeoJSON and JSON.",
    "hint_vi": " Hiện nay các bảng được đọc từ tệp CSV (UTF-8), sổ tính, GeoPackage, GeoJSON và JSON.",
}


@dataclass(slots=True)
class RawTables:
    """Tables of a folder or workbook as they stand there.

    Attributes
    ----------
    assets, needs
        Frames of strings under the names of `solver.tables.columns`, with column ``row`` (the spreadsheet's
        row, int64); empty cells are "". Empty frames where the file is missing.
    communes, matches, distances, norms, authorities
        The same, or None where the folder has no such file.
    scenario
        What the scenario file says (numbers int or Decimal), or None where there is no such file.
    sources
        File name -> sha256 of its bytes, of every file that was read.
    issues
        Everything found wrong.
    places
        Table -> where it stands, for the tables (and the scenario) of a workbook.
    """

    assets: pd.DataFrame
    needs: pd.DataFrame
    communes: pd.DataFrame | None = None
    matches: pd.DataFrame | None = None
    distances: pd.DataFrame | None = None
    norms: pd.DataFrame | None = None
    authorities: pd.DataFrame | None = None
    scenario: dict[str, Any] | None = None
    sources: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    places: dict[str, SheetPlace] = field(default_factory=dict)


def read_tables(folder: str | PathLike[str]) -> RawTables:
    """Read the tables and the scenario of a folder or of a workbook.

    Parameters
    ----------
    folder
        Folder with assets.csv, needs.csv and optionally other tables of `solver.tables.columns.TABLES`,
        scenario.toml or scenario.json; one workbook may lie beside them. Or a workbook itself.

    Returns
    -------
    RawTables
        Frames of strings, with every issue found; wrong input does not raise.
    """
    raw = RawTables(assets=_empty("assets"), needs=_empty("needs"))
    path = Path(folder)
    try:
        if path.is_file() and is_workbook(path):
            files = {path.name: path}
        else:
            files = {entry.name: entry for entry in sorted(path.iterdir()) if not entry.is_dir()}
    except OSError as error:
        raw.issues.append(
            issue("folder_unreadable", "folder", value=path.name, reason=error.strerror or str(error))
        )
        return raw
    raw.issues += _unknown_files(files)
    book = _read_book(files, raw)
    has_matches = "matches.csv" in files or (book is not None and "matches" in book.tables)
    for table in TABLES:
        _read_either(table, files, book, raw, has_matches=has_matches)
    _read_scenario(files, book, raw)
    raw.issues.sort()
    return raw


def sources_of(folder: str | PathLike[str]) -> dict[str, str]:
    """Return the SHA-256 of each file that ``read_tables`` may read: as in ``sources``, the tables are equal.

    Raises
    ------
    OSError
        When one cannot be read.
    """
    path = Path(folder)
    files = [path] if path.is_file() else sorted(entry for entry in path.iterdir() if not entry.is_dir())
    return {
        entry.name: hashlib.sha256(entry.read_bytes()).hexdigest()
        for entry in files
        if entry.name in _known_files() or is_workbook(entry)
    }


def _read_book(files: dict[str, Path], raw: RawTables) -> Book | None:
    """Return what the folder's workbook says; None where there is none, or more than one."""
    workbooks = [entry for entry in files.values() if is_workbook(entry)]
    if len(workbooks) > 1:
        names = ", ".join(entry.name for entry in workbooks)
        raw.issues.append(issue("workbooks_several", "folder", value=names))
    if len(workbooks) != 1:
        return None
    content = _read_bytes("folder", workbooks[0], raw)
    if content is None:
        return None
    book = read_workbook(workbooks[0], content)
    raw.issues += book.issues
    return book


def _read_either(
    table: str, files: dict[str, Path], book: Book | None, raw: RawTables, *, has_matches: bool
) -> None:
    """Read a table from its CSV file or its sheet."""
    entry = files.get(f"{table}.csv")
    if book is not None and table in book.tables:
        if entry is not None:
            raw.issues.append(_twice(table, entry.name, book))
        raw.places[table] = book.places[table]
        frame = book.tables[table]
        setattr(raw, table, frame)
        raw.issues += _unplaced(table, frame, has_matches=has_matches)
    elif entry is not None:
        setattr(raw, table, _read_table(table, entry, raw, has_matches=has_matches))
    elif table in REQUIRED_TABLES and book is not None and table in book.places:
        raw.places[table] = book.places[table]  # headings without rows
    elif table in REQUIRED_TABLES and not any(is_workbook(other) for other in files.values()):
        near = closest(f"{table}.csv", [name for name in files if name not in _known_files()])
        raw.issues.append(issue("file_missing", table, value=f"{table}.csv", closest=near))
    elif table in REQUIRED_TABLES and book is not None and book.readable:
        raw.issues.append(issue("sheet_missing", table, value=SHEET_NAMES[table][0]))


def _twice(table: str, file: str, book: Book) -> Issue:
    place = book.places[table]
    return issue("table_twice", table, value=file, file=place.file, sheet=place.sheet)


def _empty(table: str) -> pd.DataFrame:
    frame = pd.DataFrame(
        {column.name: pd.Series(dtype="str") for column in TABLES[table] if not column.derived}
    )
    return frame.assign(row=pd.Series(dtype="int64"))


def _known_files() -> frozenset[str]:
    return frozenset({*(f"{table}.csv" for table in TABLES), *_SCENARIOS, *_DERIVED_FILES})


def _unknown_files(files: dict[str, Path]) -> list[Issue]:
    found: list[Issue] = []
    for name, entry in files.items():
        if name in _known_files() or name.startswith((".", "~")) or name == "Thumbs.db" or is_workbook(entry):
            continue
        if entry.suffix.lower() in _LATER_FORMATS:
            found.append(
                issue(
                    "not_supported_yet", "folder", value=name, feature=entry.suffix.lower(), words=_CSV_HINT
                )
            )
        else:
            near = closest(name, _known_files())
            found.append(issue("file_unknown", "folder", value=name, closest=near))
    return found


def _read_bytes(table: str, entry: Path, raw: RawTables) -> bytes | None:
    try:
        content = entry.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raw.issues.append(issue("file_unreadable", table, value=entry.name, reason=reason))
        return None
    raw.sources[entry.name] = hashlib.sha256(content).hexdigest()
    return content


def _read_table(table: str, entry: Path, raw: RawTables, *, has_matches: bool) -> pd.DataFrame:
    content = _read_bytes(table, entry, raw)
    if content is None:
        return _empty(table)
    text, found = decode(table, entry.name, content)
    if text is None:
        raw.issues += found
        return _empty(table)
    frame, found = read_frame(table, entry.name, text)
    raw.issues += found
    if frame is None:
        return _empty(table)
    raw.issues += _unplaced(table, frame, has_matches=has_matches)
    return frame


def _unplaced(table: str, frame: pd.DataFrame, *, has_matches: bool) -> list[Issue]:
    """Return an issue where a table has no column that says where its rows are."""
    place = {"commune_code", "commune_name", "lat", "lon"}
    if table not in REQUIRED_TABLES or has_matches or place & set(frame.columns):
        return []
    return [issue("column_missing", table, column="commune_code", words=OR_A_PLACE)]


def _read_scenario(files: dict[str, Path], book: Book | None, raw: RawTables) -> None:
    present = [files[name] for name in _SCENARIOS if name in files]
    if len(present) > 1:
        raw.issues.append(
            issue("scenario_twice", "scenario", value=", ".join(entry.name for entry in present))
        )
    if book is not None and "scenario" in book.places:
        raw.places["scenario"] = book.places["scenario"]
    if book is not None and book.scenario is not None:
        raw.issues += [_twice("scenario", entry.name, book) for entry in present[:1]]
        raw.scenario = book.scenario
        return
    for entry in present[:1]:
        raw.places.pop("scenario", None)
        content = _read_bytes("scenario", entry, raw)
        if content is None:
            continue
        text, found = decode("scenario", entry.name, content)
        raw.issues += found
        raw.scenario = {}
        if text is not None:
            raw.scenario, found = parse_scenario_file(entry.name, text)
            raw.issues += found
