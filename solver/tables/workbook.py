"""Sheets of a workbook to the raw tables of a scenario. Bad input becomes issues, never a traceback."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from solver.errors import issue
from solver.scenario.sheet import known_keys, read_scenario_sheet
from solver.tables.columns import TABLES, required
from solver.tables.header import find_header
from solver.tables.names import fold
from solver.tables.places import SheetPlace
from solver.tables.sheet_table import read_sheet_table
from solver.tables.sheets import read_sheets

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from solver.errors import Issue
    from solver.tables.header import Header
    from solver.tables.sheets import Sheet

#: Names of sheets beside the table's own.
SHEET_NAMES = {
    "assets": ("Tài sản", "Danh mục tài sản"),
    "needs": ("Nhu cầu",),
    "communes": ("Xã", "Xã phường", "Danh sách xã"),
    "scenario": ("Kịch bản",),
    "matches": ("Ghép cặp",),
    "distances": ("Khoảng cách",),
    "norms": ("Định mức",),
    "authorities": ("Thẩm quyền",),
}
#: Sheets of the template that explain it.
HELP_SHEETS = ("Hướng dẫn", "Guide", "Danh mục giá trị", "Lists", "Ví dụ", "Examples")
#: Ending of the names of sheets that Surplan adds, such as the list of issues of a marked copy.
ADDED_SHEET = "(Surplan)"
#: A sheet of another name counts as a table by so many headings, two of them among the telling ones.
_FEWEST_HEADINGS, _FEWEST_TELLING, _LEAD = 3, 2, 2
#: Tables of a key and a value in each row; so large a share of a scenario's keys is known.
_OF_KEYS, _MOST_KEYS = ("scenario", "norms"), 0.5
_WORD_ENDS = re.compile(r"[\W_]+|(?<=\D)(?=\d)")
_TELLING = {
    "assets": (
        "asset_id",
        "category",
        "kind",
        "condition_pct",
        "status",
        "book_value_vnd",
        "official_id",
        "year",
    ),
    "needs": ("need_id", "category", "kinds", "purpose", "recipient", "min_condition_pct", "deadline"),
    "communes": ("commune_code", "province_code", "population", "staff_leaders", "staff_heads"),
    "matches": ("asset_id", "need_id", "cost_vnd"),
    "distances": ("from_commune_code", "to_commune_code", "distance_km"),
    "norms": ("key", "value", "unit"),
    "authorities": ("holder_level", "authority_vi", "authority_en", "cross_province"),
}


@dataclass(slots=True)
class Book:
    """What a workbook says.

    Attributes
    ----------
    tables
        Table -> frame as of `RawTables`; only tables with rows.
    scenario
        As of `RawTables`; None where no key has a value.
    places
        Where each table stands, those without rows included.
    issues
        Everything found wrong.
    readable
        Whether the file could be read as a workbook at all.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    scenario: dict[str, Any] | None = None
    places: dict[str, SheetPlace] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    readable: bool = True


def read_workbook(path: Path, content: bytes) -> Book:
    """Read a workbook.

    Parameters
    ----------
    path
        Where it lies; places and issues name the file.
    content
        The file's bytes.
    """
    sheets, found = read_sheets(path, content)
    book = Book(issues=found)
    book.readable = not any(one.severity == "error" for one in found)
    chosen: dict[str, list[tuple[Sheet, Header | None]]] = {}
    for sheet in sheets:
        if not any(cell != "" for row in sheet.rows for cell in row) or _is_help(sheet.name):
            continue
        table = _tables_by_name().get(fold(sheet.name))
        if table is not None:
            header = None if table == "scenario" else find_header(table, sheet)
            chosen.setdefault(table, []).append((sheet, header))
        elif not sheet.hidden:
            guessed = _named_roughly(sheet) or _guess(sheet)
            if guessed is None:
                book.issues.append(issue("sheet_unknown", "folder", value=sheet.name))
                continue
            meant, header = guessed
            chosen.setdefault(meant, []).append((sheet, header))
            book.issues.append(issue("sheet_guessed", meant, value=sheet.name, meant=_vietnamese(meant)))
    if not chosen and book.readable:
        book.issues.append(issue("workbook_no_tables", "folder", value=path.name))
        book.readable = False
    for table, candidates in chosen.items():
        _read_table(table, path.name, candidates, book)
    return book


@dataclass(frozen=True, slots=True)
class _Read:
    """One sheet as its table."""

    sheet: str
    content: pd.DataFrame | dict[str, Any] | None
    place: SheetPlace
    issues: list[Issue]
    holds: bool  # more than headings


def _read_one(table: str, file: str, sheet: Sheet, header: Header | None) -> _Read:
    if table == "scenario":
        scenario, place, found = read_scenario_sheet(file, sheet)
        return _Read(sheet.name, scenario, place, found, holds=scenario is not None or bool(found))
    if header is None:
        wrong = [issue("headings_unknown", table, value=sheet.name)]
        return _Read(sheet.name, None, SheetPlace(file, sheet.name, sheet.top + 1), wrong, holds=True)
    frame, place, found = read_sheet_table(table, file, sheet, header)
    return _Read(sheet.name, frame, place, found, holds=not frame.empty)


def _read_table(table: str, file: str, candidates: list[tuple[Sheet, Header | None]], book: Book) -> None:
    read = [_read_one(table, file, sheet, header) for sheet, header in candidates]
    filled = [one for one in read if one.holds] or read[:1]
    first = filled[0]
    book.places[table] = first.place
    if len(filled) > 1:
        names = ", ".join(f"“{one.sheet}”" for one in filled)
        book.issues.append(issue("sheets_several", table, value=names))
    if not first.holds:  # headings without rows: as if the sheet were not there
        return
    book.issues += first.issues
    if isinstance(first.content, dict):
        book.scenario = first.content
    elif first.content is not None:
        book.tables[table] = first.content


def _named_roughly(sheet: Sheet) -> tuple[str, Header | None] | None:
    """Return the table whose name a sheet's name begins with: "Kịch bản 2025", "Tài sản dôi dư"."""
    words = [word for word in _WORD_ENDS.split(unicodedata.normalize("NFC", sheet.name)) if word]
    for count in range(len(words) - 1, 0, -1):
        table = _tables_by_name().get(fold("".join(words[:count])))
        # "Xã Hạc Thành" is rather the sheet of one commune's assets.
        if table is None or (count == 1 and not words[1][:1].isdigit() and fold(words[0]) == "xa"):
            continue
        if table in _OF_KEYS:
            return _by_keys(sheet)
        header = find_header(table, sheet)
        first = required(table)[:1]
        if header is not None and header.recognised.issuperset(first or _TELLING[table][:1]):
            return table, header
    return None


def _by_keys(sheet: Sheet) -> tuple[str, Header | None] | None:
    """Tell a scenario and norms apart, which have the same headings."""
    known = known_keys(sheet)
    if known is not None and known >= _MOST_KEYS:
        return "scenario", None
    header = find_header("norms", sheet)
    if header is not None and {"key", "value"} <= header.recognised:
        return "norms", header
    return None


def _guess(sheet: Sheet) -> tuple[str, Header | None] | None:
    """Return the one table whose headings a sheet clearly has."""
    known = known_keys(sheet)
    if known is not None and known >= _MOST_KEYS:
        return "scenario", None
    fits: list[tuple[int, int, str, Header]] = []
    for table, telling in _TELLING.items():
        header = find_header(table, sheet)
        if header is None:
            continue
        told = len(header.recognised.intersection(telling))
        if len(header.recognised) >= _FEWEST_HEADINGS and told >= _FEWEST_TELLING:
            fits.append((told, len(header.recognised), table, header))
    fits.sort(key=lambda fit: fit[:2], reverse=True)
    if not fits or (len(fits) > 1 and fits[0][0] == fits[1][0] and fits[0][1] - fits[1][1] < _LEAD):
        return None
    return fits[0][2:]


def _vietnamese(table: str) -> str:
    return SHEET_NAMES[table][0]


@cache
def _tables_by_name() -> dict[str, str]:
    own = {fold(table): table for table in (*TABLES, "scenario")}
    return own | {fold(name): table for table, names in SHEET_NAMES.items() for name in names}


@cache
def _helps() -> frozenset[str]:
    return frozenset(map(fold, HELP_SHEETS))


def _is_help(name: str) -> bool:
    return fold(name) in _helps() or name.rstrip().casefold().endswith(ADDED_SHEET.casefold())
