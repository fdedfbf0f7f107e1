"""What python-calamine passes over in the XML of a workbook: how far a sheet reaches, cells in error.

Patterns over the bytes take a tenth of a parser's time. They know XML as Excel, LibreOffice and the usual
libraries write it; a sheet that is written otherwise goes through the parser (`solver.tables.sheet_xml`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from solver.tables.sheet_xml import MOST_CELLS, Seen, far_corner, parsed, place_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from solver.tables.sheet_xml import Place

#: What the patterns below do not know: comments and such, values with attributes.
_UNUSUAL = (b"<!", b"<v ", b":v ", b"</v ")
#: Every tag that a reader may take for a cell or a row, whatever it has before the colon ...
_CELLS = re.compile(rb"<(?:[^<>\s]*:)?c[\s/>]")
_ROWS = re.compile(rb"<(?:[^<>\s]*:)?row[\s/>]")
#: ... and those whose name is what it seems to be: `r` is the first attribute of this name.
_MORE = rb'(?: [\w:]+="[^"<>]*")*\s*/?>'
_FIRST = rb'(?: (?!r=)[\w:]+="[^"<>]*")*? r="'
_SOUND_CELLS = re.compile(rb"<(?:\w+:)?c" + _FIRST + rb'([A-Z]{1,3})([1-9][0-9]{0,6})"' + _MORE)
_SOUND_ROWS = re.compile(rb"<(?:\w+:)?row" + _FIRST + rb'([1-9][0-9]{0,6})"' + _MORE)
_FILLED = re.compile(rb'<(?:\w+:)?c(?=\s)[^<>]*?\sr="([A-Z]{1,3})(\d{1,9})"[^<>]*(?<!/)>(?!</(?:\w+:)?c>)')
_WRONG = re.compile(
    rb'<(?:\w+:)?c(?=\s)(?=[^<>]*\bt="e")[^<>]*?\sr="([A-Z]{1,3})(\d{1,9})"[^<>]*(?<!/)>\s*'
    rb"(?:<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*)?<(?:\w+:)?v>([^<]*)<"
)
_FORMULA = re.compile(
    rb'<(?:\w+:)?c(?=\s)(?![^<>]*\bt="str")[^<>]*?\sr="([A-Z]{1,3})(\d{1,9})"[^<>]*(?<!/)>\s*'
    rb"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"')
SPANNED = re.compile(rb'number-rows-spanned="(?!1")')
_CELL_OR_ROW = re.compile(
    rb"<table:table-row\b([^<>]*)>|<table:table-cell\b([^<>]*?)(/?)>|<table:table\b", re.DOTALL
)


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


def look(xml: bytes, percent_styles: Collection[int] = (), most: int = MOST_CELLS) -> Seen:
    """Look through the XML of a sheet.

    Parameters
    ----------
    xml
        A part such as ``xl/worksheets/sheet1.xml``.
    percent_styles
        Styles of cells (numbers of ``cellXfs``) that show a number as a percentage.
    most
        Cells that the sheet may reach over.

    Raises
    ------
    xml.etree.ElementTree.ParseError
        When it is no XML.
    ValueError
        When it is written so that readers differ over where a cell stands.
    """
    if b"\x00" in xml or b"<!DOCTYPE" in xml:
        # No workbook has them, calamine knows neither, and both show a parser another sheet than it sees.
        raise ValueError("a sheet in another encoding than UTF-8, or with a document type")
    reach = _reach(xml)
    if reach is None:
        return parsed(xml, percent_styles, most)
    return Seen(
        _far(xml, most) if reach > most else "",
        dict(wrong_cells(xml)),
        tuple(unreckoned_cells(xml)),
        frozenset(percent_cells(xml, percent_styles)) if percent_styles else frozenset(),
    )


def _reach(xml: bytes) -> int | None:
    """Return how many cells a sheet reaches over at most, from A1; None where it is written unusually."""
    if not xml.lstrip(b"\xef\xbb\xbf").startswith(b"<") or any(mark in xml for mark in _UNUSUAL):
        return None
    columns: set[bytes] = set()
    rows = cells = height = 0
    row, start = b"", 0
    for match in _SOUND_ROWS.finditer(xml):
        found = _SOUND_CELLS.findall(xml, start, match.start())
        if any(number != row for _, number in found):
            return None  # calamine goes by the name of the cell; what is said of it is for the parser
        columns.update([name for name, _ in found])
        height = max(height, int(row)) if found else height
        cells += len(found)
        rows += 1
        row, start = match[1], match.end()
    found = _SOUND_CELLS.findall(xml, start)
    if any(number != row for _, number in found):
        return None
    columns.update([name for name, _ in found])
    height = max(height, int(row)) if found else height
    # All of them were seen: what is not sound, or stands elsewhere, is for the parser.
    if rows != _times_found(_ROWS, xml) or cells + len(found) != _times_found(_CELLS, xml):
        return None
    return height * (max((place_of(name, b"1")[1] for name in columns), default=-1) + 1)


def _times_found(pattern: re.Pattern[bytes], xml: bytes) -> int:
    return sum(1 for _ in pattern.finditer(xml))


def _far(xml: bytes, most: int) -> str:
    """Return the far corner of a sheet that is too large to be held, or ""."""
    # Formats alone fill no cell: only now is every cell looked at.
    return far_corner([place_of(*match.groups()) for match in _FILLED.finditer(xml)], most)


def wrong_cells(xml: bytes) -> Iterator[tuple[Place, str]]:
    """Yield cells that show an error, with its text."""
    if b't="e"' in xml:
        for match in _WRONG.finditer(xml):
            name, row, text = match.groups()
            yield place_of(name, row), text.decode("utf-8", "replace")


def unreckoned_cells(xml: bytes) -> Iterator[Place]:
    """Yield cells with a formula whose result is not in the file."""
    if b"</f>" in xml or b":f>" in xml or b"<f " in xml:
        for match in _FORMULA.finditer(xml):
            yield place_of(*match.groups())


def percent_cells(xml: bytes, styles: Collection[int]) -> Iterator[Place]:
    """Yield cells that hold a number and have one of the styles."""
    among = "|".join(map(str, sorted(styles))).encode()
    pattern = re.compile(
        rb'<(?:\w+:)?c(?=\s)(?=[^<>]*\bs="(?:'
        + among
        + rb')")(?![^<>]*\bt="(?!n"))[^<>]*?\sr="([A-Z]{1,3})(\d{1,9})"[^<>]*(?<!/)>'
    )
    for match in pattern.finditer(xml):
        yield place_of(*match.groups())
