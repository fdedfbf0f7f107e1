"""Styles of openpyxl, made once and shared: to set one property takes as long as to write ten cells."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.styles import PatternFill
    from openpyxl.worksheet.worksheet import Worksheet


def share_style(cell: Cell, pattern: Cell) -> None:
    """Give `cell` the whole style of `pattern`, a cell of the same workbook."""
    # openpyxl has no public way to copy a style as a whole.
    cell._style = copy(pattern._style)  # noqa: SLF001  # see above


class Marker:
    """Fills cells of one workbook; an empty one takes the format of its column too.

    Without it a code that is typed into a marked cell of a column of texts would lose its zeros.

    Parameters
    ----------
    fills
        Fill by severity.
    """

    def __init__(self, fills: dict[str, PatternFill]) -> None:
        self._fills = fills
        self._patterns: dict[tuple[object, ...], Cell] = {}

    def fill(self, sheet: Worksheet, cell: Cell, severity: str) -> None:
        """Fill a cell in the colour of a severity."""
        base = tuple(cell._style) if cell.has_style else (sheet.title, cell.column)  # noqa: SLF001  # as above
        pattern = self._patterns.get((severity, base))
        if pattern is not None:
            share_style(cell, pattern)
            return
        if not cell.has_style:
            _style_like_column(sheet, cell)
        cell.fill = self._fills[severity]
        self._patterns[severity, base] = cell


def _style_like_column(sheet: Worksheet, cell: Cell) -> None:
    for column in sheet.column_dimensions.values():
        if column.min is not None and column.min <= cell.column <= column.max and column.has_style:
            share_style(cell, column)
            return
