"""Cells of a workbook to the texts that a person would type."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from solver.tables.delimited import cleaned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solver.tables.sheets import Cell

#: From here on a spreadsheet has replaced a number's last digits: it keeps 15 of them.
MOST_EXACT = 10**15


def column_texts(cells: Sequence[Cell]) -> list[str]:
    """Return cells as texts: NFC, without spaces at their ends."""
    return cleaned([cell if type(cell) is str else _text(cell) for cell in cells])


@lru_cache(maxsize=65536, typed=True)  # typed: True, 1 and 1.0 are equal and read differently
def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return number_text(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time.min else cell.isoformat(sep=" ")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def number_text(number: float) -> str:
    """Return a number in plain digits; 15 of them, as spreadsheets show: 0.1 + 0.2 is 0.3.

    Examples
    --------
    >>> number_text(2015.0), number_text(0.1), number_text(1e-07)
    ('2015', '0.1', '0.0000001')
    """
    if float(number).is_integer():
        return str(int(number))
    return format(Decimal(f"{number:.15g}"), "f")
