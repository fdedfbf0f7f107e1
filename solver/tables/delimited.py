"""Delimited text to a frame of strings: encoding, separator, ragged rows, headings."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from typing import TYPE_CHECKING

import pandas as pd

from solver.errors import issue
from solver.tables.columns import headings, required
from solver.tables.names import clean, closest, fold
from solver.tables.reasons import csv_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from solver.errors import Issue

_SEPARATORS = (",", ";", "\t")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_FIRST_DATA_ROW = 2
#: Columns of a table; each heading that is not known is compared with all that are.
_MOST_COLUMNS = 2_000
#: Cells of a table whose rows are too short, padded.
_MOST_PADDED = 20_000_000
ROW = "row"


def decode(table: str, name: str, content: bytes) -> tuple[str | None, list[Issue]]:
    """Return the text of a file in UTF-8, with or without BOM.

    Parameters
    ----------
    table, name
        Where issues are reported.
    content
        The file's bytes.

    Returns
    -------
    str or None
        None where the file is in another encoding; then an issue says how to save it.
    """
    guess = _BOMS.get(content[:2])
    if guess is None and content[:200].count(0) > len(content[:200]) // 4:
        guess = "UTF-16"
    if guess is None:
        try:
            return content.decode("utf-8-sig"), []
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            return None, [issue("encoding_not_utf8", table, value=name, line=line)]
    return None, [issue("encoding_not_utf8", table, value=f"{name}: {guess}", line=1)]


def read_frame(table: str, name: str, text: str) -> tuple[pd.DataFrame | None, list[Issue]]:
    """Read delimited text into a frame of strings under English names, with the spreadsheet's ``row``.

    Parameters
    ----------
    table
        Table whose headings are understood.
    name
        File name, for issues.
    text
        The file's text.

    Returns
    -------
    frame
        None where the text cannot be read as a table at all.
    issues
        Everything found wrong.
    """
    records, found = _records(table, name, text)
    if records is None:
        return None, found
    if not records:
        return None, [*found, issue("file_empty", table, value=name)]
    width = max((place for place, cell in enumerate(records[0], start=1) if cell.strip()), default=0)
    filled = sum(map(bool, records))
    # Whole rows have a sign for each cell: only rows far too short, padded, can hold so many more cells.
    if width > _MOST_COLUMNS or width * filled > max(len(text) + width, _MOST_PADDED):
        return None, [*found, issue("cells_too_many", table, value=width, rows=filled)]
    names, heading_issues = _columns(table, records)
    found += heading_issues
    width = len(names)
    rows: list[int] = []
    kept: list[list[str]] = []
    for number, record in enumerate(records[1:], start=_FIRST_DATA_ROW):
        cells = record
        if len(cells) != width:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) < width or any(cell.strip() for cell in cells[width:]):
                found.append(
                    issue("row_ragged", table, number, value=len(cells), given=len(cells), wanted=width)
                )
            cells = (cells + [""] * width)[:width]
        rows.append(number)
        kept.append(cells)
    columns = [cleaned(cells) for cells in zip(*kept, strict=True)] if kept else [[] for _ in names]
    if CONTROL.search(text):
        found += control_characters(table, names, columns, rows)
    return to_frame(names, columns, rows), found


def to_frame(names: Sequence[str], columns: Sequence[Sequence[str]], rows: Sequence[int]) -> pd.DataFrame:
    """Return texts by column as a frame with ``row``; nameless columns and empty rows are left out."""
    frame = pd.DataFrame(
        {
            column: pd.Series(cells, dtype="str")
            for column, cells in zip(names, columns, strict=True)
            if column
        }
    )
    frame[ROW] = pd.Series(rows, dtype="int64")
    blank = (frame.drop(columns=ROW) == "").all(axis=1) if len(frame.columns) > 1 else frame[ROW] > 0
    return frame[~blank].reset_index(drop=True)


def _records(table: str, name: str, text: str) -> tuple[list[list[str]] | None, list[Issue]]:
    if not text.strip():
        return [], []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(table, text), strict=True)
    try:
        return list(reader), []
    except csv.Error as error:
        # strict: a quotation mark that is never closed would else swallow the rest of the file in one cell.
        reason = "field limit" if "field larger" in str(error) else str(error)
        words = {"line": str(reader.line_num), "reason": reason, "reason_vi": csv_reason(reason)}
        return None, [issue("csv_broken", table, value=name, words=words)]


def _separator(table: str, text: str) -> str:
    known = headings(table)
    best = (-1, -1)
    chosen = ","
    for separator in _SEPARATORS:
        try:
            first = next(csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=separator), [])
        except csv.Error:
            continue
        score = (sum(fold(cell) in known for cell in first), len(first))
        if score > best:
            best, chosen = score, separator
    return chosen


def _columns(table: str, records: Sequence[Sequence[str]]) -> tuple[list[str], list[Issue]]:
    known = headings(table)
    given = [clean(heading) for heading in records[0]]
    while given and not given[-1]:
        given.pop()
    columns = [known.get(fold(heading), "") for heading in given]
    return name_columns(
        table,
        given,
        columns,
        lambda place: any(place < len(record) and record[place].strip() for record in records[1:]),
    )


def name_columns(
    table: str, given: Sequence[str], columns: Sequence[str], has_cells: Callable[[int], bool], first: int = 1
) -> tuple[list[str], list[Issue]]:
    """Return the column of every place of a record ("" = leave out) and what is wrong with the headings.

    Parameters
    ----------
    table
        Table that the headings belong to.
    given
        Headings as they stand.
    columns
        For each of them the column that it means; "" where it is not known.
    has_cells
        Whether there are cells below a heading, by its place in `given`.
    first
        Number of the first column, for headings that are empty.
    """
    names: list[str] = []
    found: list[Issue] = []
    for place, (heading, column) in enumerate(zip(given, columns, strict=True)):
        name = column
        if not name and not heading:
            name = f"column_{place + first}" if has_cells(place) else ""
            if name:
                found.append(issue("column_unnamed", table, column=name, place=place + first))
        elif not name:
            name = "given_row" if heading == ROW else heading
            unused = [known for known in headings(table).values() if known not in names]
            near = closest(heading, unused)
            found.append(issue("column_unknown", table, column=heading, closest=near))
        if name and name in names:
            found.append(
                issue("column_duplicate", table, column=name, value=heading, first=given[names.index(name)])
            )
            name = ""
        names.append(name)
    unknown = [
        heading for heading, name, column in zip(given, names, columns, strict=True) if name and not column
    ]
    found += [
        issue("column_missing", table, column=column, closest=closest(column, unknown))
        for column in required(table)
        if column not in names
    ]
    return names, found


def cleaned(cells: Sequence[str]) -> list[str]:
    """Return every cell in NFC, without spaces at its ends."""
    joined = "\x00".join(cells)
    if unicodedata.is_normalized("NFC", joined):
        return [cell.strip() for cell in cells]
    return [clean(cell) for cell in cells]


def control_characters(
    table: str, names: Sequence[str], columns: Sequence[Sequence[str]], rows: Sequence[int]
) -> list[Issue]:
    """Return an issue for every cell with a control character."""
    return [
        issue("control_character", table, row, name, value=ascii(cell))
        for name, cells in zip(names, columns, strict=True)
        for row, cell in zip(rows, cells, strict=True)
        if name and CONTROL.search(cell)
    ]
