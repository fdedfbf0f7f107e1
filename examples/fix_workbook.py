"""Corrects the mistakes of the example workbook in place, cell by cell, as a clerk would in Excel.

``python -m examples.fix_workbook FILE``
"""

from __future__ import annotations

import sys
from pathlib import Path

from examples.make_workbook import ASSETS_SHEET, COLUMNS
from examples.mistakes import MISTAKES


def fix_workbook(path: Path) -> list[str]:
    """Put the right values into the wrong cells.

    Parameters
    ----------
    path
        The example workbook, or a copy of it; it is overwritten.

    Returns
    -------
    list of str
        The cells that were corrected, such as ``F15``, in the order of the mistakes.
    """
    from openpyxl import load_workbook

    book = load_workbook(path)
    sheet = book[ASSETS_SHEET]
    names = list(COLUMNS)
    column_of_ids = 2 + names.index("asset_id")
    rows = {sheet.cell(row, column_of_ids).value: row for row in range(1, sheet.max_row + 1)}
    cells: list[str] = []
    for mistake in MISTAKES:
        cell = sheet.cell(rows[mistake.asset_id], 2 + names.index(mistake.column))
        cell.value = mistake.right
        cells.append(str(cell.coordinate))
    book.save(path)
    return cells


def main() -> None:
    """Correct the file that is named and say which cells were wrong."""
    path = Path(sys.argv[1])
    print(f"{path}: {', '.join(fix_workbook(path))}")


if __name__ == "__main__":
    main()
