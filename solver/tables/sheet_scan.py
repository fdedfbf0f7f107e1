"""What python-calamine passes over in the XML of a workbook: how far a sheet reaches, cells in error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A sheet is held whole in memory: so many cells, empty ones between filled ones included.
MOST_CELLS = 6_000_000

Place: TypeAlias = tuple[int, int]  # row and column of a sheet, from 0

_NAMED = re.compile(rb'\br="([A-Z]{1,3})\d')
_ROWS = re.compile(rb'<(?:\w+:)?row\s[^<>]*?\br="(\d{1,9})"')
_FILLED = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]{1,3})(\d{1,9})"[^<>]*(?<!/)>(?!</(?:\w+:)?c>)')
_WRONG = re.compile(
    rb'<(?:\w+:)?c\s(?=[^<>]*\bt="e")[^<>]*?\br="([A-Z]{1,3})(\d{1,9})"[^<>]*(?<!/)>\s*'
    rb"(?:<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*)?<(?:\w+:)?v>([^<]*)<"
)
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\s(?![^<>]*\bt="str")[^<>]*?\br="([A-Z]{1,3})(\d{1,9})"[^<>]*(?<!/)>\s*'
    rb"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"')
SPANNED = re.compile(rb'number-rows-spanned="(?!1")')
_CELL_OR_ROW = re.compile(
    rb"<table:table-row\b([^<>]*)>|<table:table-cell\b([^<>]*?)(/?)>|<table:table\b", re.DOTALL
)


def letters(column: int) -> str:
    """Return the letters of a column, counted from 0: ``A``, ``Z``, ``AA``."""
    name = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(ord("A") + place) + name
    return name


def ods_cells(xml: bytes) -> int:
    """Return an upper bound of the cells that the largest sheet of an .ods file stands for."""
    most = height = width = times = 0
    last_row = last_column = 0
    for match in _CELL_OR_ROW.finditer(xml):
        row, cell, _ = match.groups()
        if row is None and cell is None:  # a new sheet
            most = max(most, last_row * last_column)
            height = last_row = last_column = 0
        elif row is not None:
            height += times
            times, width = _times(row), 0
        else:
            width += _times(cell)
            if b"value" in cell:
                last_row, last_column = max(last_row, height + times), max(last_column, width)
    return max(most, last_row * last_column)


def _times(attributes: bytes) -> int:
    match = _REPEATED.search(attributes)
    return 1 if match is None else int(match[1][:9])


def _place(name: bytes, row: bytes) -> Place:
    column = 0
    for letter in name:
        column = column * 26 + letter - ord("A") + 1
    return int(row) - 1, column - 1


def too_far(xml: bytes) -> str:
    """Return the far corner of a sheet that is too large to be held, or ""."""
    names = set(_NAMED.findall(xml))
    width = max((_place(name, b"1")[1] for name in names), default=0) + 1
    height = max(map(int, _ROWS.findall(xml)), default=0)
    if width * height <= MOST_CELLS:
        return ""
    # Formats alone fill no cell: only now is every cell looked at.
    places = [_place(*match.groups()) for match in _FILLED.finditer(xml)]
    if not places:
        return ""
    rows, columns = zip(*places, strict=True)
    if (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) <= MOST_CELLS:
        return ""
    return f"{letters(max(columns))}{max(rows) + 1}"


def wrong_cells(xml: bytes) -> Iterator[tuple[Place, str]]:
    """Yield cells that show an error, with its text."""
    if b't="e"' in xml:
        for match in _WRONG.finditer(xml):
            name, row, text = match.groups()
            yield _place(name, row), text.decode("utf-8", "replace")


def unreckoned_cells(xml: bytes) -> Iterator[Place]:
    """Yield cells with a formula whose result is not in the file."""
    if b"</f>" in xml or b":f>" in xml or b"<f " in xml:
        for match in _FORMULA.finditer(xml):
            yield _place(*match.groups())
