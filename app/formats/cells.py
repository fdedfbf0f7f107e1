"""Values of JSON and GeoPackage to the texts that cells of a CSV file would hold, or to what is wrong."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from solver.errors import issue
from solver.tables.columns import TABLES, headings
from solver.tables.names import clean, fold
from solver.tables.workbook import SHEET_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.errors import Issue

Row = dict[str, str]

SCENARIO = "scenario"
#: Rows that a table may have; one more and nothing of it is read.
MOST_ROWS = 1_000_000
#: Characters that a cell may have: what the reader of CSV takes.
MOST_CHARACTERS = csv.field_size_limit()
#: Digits of a number when written out: ``1e999999999`` must not become a gigabyte of zeros.
MOST_DIGITS = 40
#: Cells of a table, its empty ones too: rows of which each has headings of its own are no table.
MOST_CELLS = 100_000_000
_SHOWN = 60
_MOST_BITS = 133  # of an integer with so many digits
_KINDS = {"list": "array", "dict": "object", "Doubled": "object", "bytes": "BLOB"}
_BROKEN = re.compile("[\x00\ud800-\udfff]")  # half a character, and what no file of text holds


@dataclass(frozen=True, slots=True)
class Refused:
    """A value that no cell can hold: an issue's code, the value as text, and words for the issue."""

    code: str
    value: str = ""
    words: dict[str, str] = field(default_factory=dict)


def text_of(value: object) -> str | Refused:
    """Return a value as the text of a cell: NFC, numbers in plain exact digits, None as "".

    Examples
    --------
    >>> text_of(Decimal("1e3")), text_of(True), text_of(0.1), text_of(None)
    ('1000', 'true', '0.1', '')
    """
    if isinstance(value, str):
        return _of_text(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value.bit_length() <= _MOST_BITS else _too_long()
    if isinstance(value, float):
        return (
            _of_decimal(Decimal(repr(value))) if math.isfinite(value) else Refused("not_finite", str(value))
        )
    if isinstance(value, Decimal):
        return _of_decimal(value)
    return (
        value if isinstance(value, Refused) else Refused("cell_nested", _KINDS.get(type(value).__name__, "?"))
    )


def _of_text(value: str) -> str | Refused:
    text = value.strip() if value.isascii() else clean(value)
    if _BROKEN.search(text):  # first: such a text can't even be shown
        return Refused("control_character", ascii(text[:_SHOWN]))
    if len(text) > MOST_CHARACTERS:
        return Refused("cell_too_long", text[:_SHOWN], {"limit": str(MOST_CHARACTERS)})
    return text


def _of_decimal(value: Decimal) -> str | Refused:
    if not value.is_finite():
        return Refused("not_finite", str(value))
    exponent = value.as_tuple().exponent
    after = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    digits = max(value.adjusted() + 1, 1) + after
    return format(value, "f") if digits <= MOST_DIGITS else _too_long(str(value)[:80])


def _too_long(value: str = "") -> Refused:
    return Refused("number_too_long", value, {"limit": str(MOST_DIGITS)})


def read_row(table: str, row: int, members: Iterable[tuple[Any, Any]], found: list[Issue]) -> Row:
    """Return a record as texts by heading; what is refused is an issue and an empty cell.

    Parameters
    ----------
    table, row
        Where issues are reported; `row` counts as in CSV, where the headings are row 1.
    members
        Headings and values.
    found
        Takes the issues.
    """
    cells: Row = {}
    for key, value in members:
        heading = text_of(key) if isinstance(key, str) else Refused("cell_nested", type(key).__name__)
        if isinstance(heading, Refused):
            found.append(issue(heading.code, table, row, None, heading.value, heading.words))
            continue
        text = text_of(value)
        if not heading:
            if text:
                found.append(issue("key_empty", table, row, value=text if isinstance(text, str) else ""))
            continue
        if heading in cells:
            found.append(issue("key_duplicate", table, row, heading))
        if isinstance(text, Refused):
            found.append(issue(text.code, table, row, column_of(table, heading), text.value, text.words))
            text = ""
        cells[heading] = text
    return cells


def column_of(table: str, heading: str) -> str:
    """Return the column that a heading means, as issues name it; a heading that is not known is its own."""
    return headings(table).get(fold(heading), heading)


def table_named(name: str) -> str | None:
    """Return the table (or ``scenario``) of a file, layer or key: any case, Vietnamese names of sheets too.

    Examples
    --------
    >>> table_named("Assets"), table_named("Nhu cầu"), table_named("roads")
    ('assets', 'needs', None)
    """
    return _NAMES.get(fold(name))


_NAMES = {fold(table): table for table in (*TABLES, SCENARIO)} | {
    fold(name): table for table, names in SHEET_NAMES.items() for name in names
}
