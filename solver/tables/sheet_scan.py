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
_UNUSUAL = (b"<!", b"<v ", b":v ", b"</v ", b"\x00")
_TAG = rb'(?:\s+[\w:.-]+="[^"<>]*")*'
_CELLS = re.compile(rb"<(?:\w+:)?c[\s/>]")
_SOUND_CELLS = re.compile(
    rb'<(?:\w+:)?c(?: [\w:]+="[^"<>]*")*? r="([A-Z]{1,3})\d{1,7}"(?: [\w:]+="[^"<>]*")*/?>'
)
_ROWS = re.compile(rb"<(?:\w+:)?row[\s/>]")
_SOUND_ROWS = re.compile(rb'<(?:\w+:)?row(?=[^<>]*? r="(\d{1,7})")' + _TAG + rb"\s*/?>")
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


def look(xml: bytes, percent_styles: Collection[int] = ()) -> Seen:
    """Look through the XML of a sheet.

    Parameters
    ----------
    xml
        A part such as ``xl/worksheets/sheet1.xml``.
    percent_styles
        Styles of cells (numbers of ``cellXfs``) that show a number as a percentage.
    """
    names = _SOUND_CELLS.findall(xml)
    rows = _SOUND_ROWS.findall(xml)
    usual = (
        len(names) == len(_CELLS.findall(xml))
        and len(rows) == len(_ROWS.findall(xml))
        and xml.lstrip(b"\xef\xbb\xbf").startswith(b"<")
        and not any(mark in xml for mark in _UNUSUAL)
    )
    if not usual:
        return parsed(xml, percent_styles)
    width = max((place_of(name, b"1")[1] for name in set(names)), default=0) + 1
    height = max(map(int, rows), default=0)
    return Seen(
        _far(xml) if width * height > MOST_CELLS else "",
        dict(wrong_cells(xml)),
        tuple(unreckoned_cells(xml)),
        frozenset(percent_cells(xml, percent_styles)) if percent_styles else frozenset(),
    )


def _far(xml: bytes) -> str:
    """Return the far corner of a sheet that is too large to be held, or ""."""
    # Formats alone fill no cell: only now is every cell looked at.
    return far_corner([place_of(*match.groups()) for match in _FILLED.finditer(xml)])


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
        rb'<(?:\w+:)?c\s(?=[^<>]*\bs="(?:'
        + among
        + rb')")(?![^<>]*\bt="(?!n"))[^<>]*?\br="([A-Z]{1,3})(\d{1,9})"[^<>]*(?<!/)>'
    )
    for match in pattern.finditer(xml):
        yield place_of(*match.groups())
