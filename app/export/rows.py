"""Rows of a table as the XML of a worksheet: the many cells, which must cost little each.

XlsxWriter takes some 6 microseconds a cell, and a national plan has two million. Here each different value is
put into words once, and the rows are joined from ready pieces.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from app.export.cells import is_number, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

MOST_CHARACTERS = 32_767  # of one cell, in UTF-16 units
# A spreadsheet's number has 15 digits; a longer amount is written as text rather than rounded.
LARGEST_NUMBER = 10**15 - 1
_DAY_ZERO = datetime.date(1899, 12, 30)
# What XML can't hold is written _xHHHH_, and so a text that looks like that is escaped as well.
_ESCAPED = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

LINE = 15  # height of a line of text [points]
_MOST_LINES = 20  # a row can be 409 points high

Memo = dict[str, dict[object, str]]
Number = int | float


@dataclass(frozen=True)
class Pattern:
    """How a row looks: what every row of its sort has.

    Attributes
    ----------
    row
        Attributes of the row, with a space in front of each.
    cells
        Letters and style number of each column.
    widths
        Of each column [characters], where texts are wrapped; then rows have a height and empty cells a style.
        None: neither.
    """

    row: str
    cells: Sequence[tuple[str, str]]
    widths: Sequence[int] = ()

    def start(self, number: int, lines: int) -> str:
        """Return the start of a row with so many lines of text."""
        height = f' ht="{lines * LINE}" customHeight="1"' if lines > 1 else ""
        return f'<row r="{number}"{self.row}{height}>'


@dataclass(frozen=True)
class Sums:
    """A row that sums the rows above it.

    Attributes
    ----------
    number
        Number of the row on the sheet, from 1.
    top
        Number of the first row that it sums; the last is the one above.
    amounts
        The sums, by column.
    labels
        Words, by column.
    """

    number: int
    top: int
    amounts: Mapping[str, Number]
    labels: Mapping[str, str]


def rows_as_xml(
    table: pd.DataFrame, columns: Sequence[str], numbers: Sequence[int], pattern: Pattern, memo: Memo
) -> Iterator[tuple[int, str]]:
    """Yield (row number, XML) for each row of a table.

    Parameters
    ----------
    table
        The rows.
    columns
        Which of its columns, in order.
    numbers
        Number of each row on the sheet, from 1.
    pattern
        How they look.
    memo
        Cells already written, to be shared between the tables of a workbook.
    """
    pieces = []
    for column, (letters, style) in zip(columns, pattern.cells, strict=True):
        ends = _ends(column, style, table[column], memo)
        empty = f' s="{style}"/>' if pattern.widths else ""
        placed = zip(numbers, ends, strict=True)
        pieces.append(
            [f'<c r="{letters}{number}"{end or empty}' if end or empty else "" for number, end in placed]
        )
    lines = _heights(table, columns, pattern.widths)
    for number, height, *parts in zip(numbers, lines, *pieces, strict=True):
        yield number, f"{pattern.start(number, height)}{''.join(parts)}</row>"


def sums_as_xml(sums: Sequence[Sums], columns: Sequence[str], pattern: Pattern) -> Iterator[tuple[int, str]]:
    """Yield (row number, XML) for each row of sums; `columns` are those of the table."""
    for row in sums:
        cells = []
        for column, (letters, style) in zip(columns, pattern.cells, strict=True):
            end = f' s="{style}"/>'
            if column in row.labels:
                end = _text(style, row.labels[column]) or end
            elif column in row.amounts:
                formula = subtotal(letters, row.top, row.number - 1)
                value = row.amounts[column]
                end = f' s="{style}"><f>{formula}</f><v>{value!r}</v></c>'
                if abs(value) > LARGEST_NUMBER:
                    end = _text(style, str(value))
            cells.append(f'<c r="{letters}{row.number}"{end}')
        widths = dict(zip(columns, pattern.widths, strict=True)) if pattern.widths else {}
        height = max(lines_of(text, widths[column]) for column, text in row.labels.items()) if widths else 1
        yield row.number, f"{pattern.start(row.number, height)}{''.join(cells)}</row>"


def subtotal(letters: str, top: int, last: int) -> str:
    """Return the formula that sums what a filter shows of a column, and no other such sum."""
    return f"SUBTOTAL(109,{letters}{top}:{letters}{last})"


def lines_of(text: str, wide: int) -> int:
    """Return about how many lines a text takes in a column of a width [characters]."""
    # Words do not fill a line, so a line holds less than the width.
    lines = sum(max(1, ceil(len(part) / max(1, wide - 1))) for part in text.split("\n"))
    return min(lines, _MOST_LINES)


def _heights(table: pd.DataFrame, columns: Sequence[str], widths: Sequence[int]) -> list[int]:
    """Return the lines of text of each row."""
    lines = [1] * len(table)
    for column, wide in zip(columns, widths, strict=False):  # no widths: nothing is wrapped
        if is_number(column) or column.endswith("_date"):
            continue
        known: dict[object, int] = {}
        for row, value in enumerate(table[column].tolist()):
            if value not in known:
                known[value] = lines_of(value, wide) if isinstance(value, str) else 1
            if known[value] > lines[row]:
                lines[row] = known[value]
    return lines


def cut(text: str) -> str:
    """Return a text as a cell can hold it: whole Unicode, cut with an ellipsis where it is too long."""
    text = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no character
    if 2 * len(text) > MOST_CHARACTERS and len(text.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
        text = text.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - 1)].decode("utf-16-le", "ignore") + "…"
    return text


def _ends(column: str, style: str, values: pd.Series, memo: Memo) -> list[str]:
    """Return each cell behind its reference; a cell without a value is nothing."""
    known = memo.setdefault(style, {})
    number = is_number(column)
    ends = []
    for value in values.tolist():
        end = known.get(value)
        if end is None:
            end = known[value] = _end(column, style, value, number=number)
        ends.append(end)
    return ends


def _end(column: str, style: str, value: object, *, number: bool) -> str:
    if not number and isinstance(value, datetime.date):
        return f' s="{style}"><v>{(value - _DAY_ZERO).days}</v></c>'
    cell = value if type(value) is int and number else plain(value, column)
    if isinstance(cell, (int, float)) and abs(cell) <= LARGEST_NUMBER:
        return f' s="{style}"><v>{cell!r}</v></c>'
    return "" if cell is None else _text(style, str(cell))


def _text(style: str, text: str) -> str:
    text = cut(text)
    if not text:
        return ""
    shown = escape(_ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text))
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f' s="{style}" t="inlineStr"><is><t{space}>{shown}</t></is></c>'
