"""A workbook as a province would keep it, from the reference inventory."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Rows of assets and of needs: as many in all as there are surplus premises, shared as in the inventory; and
#: as many assets, with every need of the country.
SMALL, LARGE = {"assets": 11_886, "needs": 4_238}, {"assets": 16_124, "needs": 12_608}
_TITLES = ("UBND TỈNH", "DANH MỤC TÀI SẢN (DỮ LIỆU MÔ PHỎNG)", "")


def write_workbook(inputs: Path, path: Path, rows_of: Mapping[str, int]) -> None:
    """Write the first assets and needs of a scenario folder and its scenario's date as one workbook.

    Parameters
    ----------
    inputs
        Scenario folder with assets.csv and needs.csv.
    path
        Workbook to make: Vietnamese headings below three rows of titles, numbers as numbers.
    rows_of
        Rows of the sheets of assets and of needs.
    """
    import xlsxwriter

    from solver.tables.columns import by_name

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    for table, sheet_name in (("assets", "Tài sản"), ("needs", "Nhu cầu")):
        with (inputs / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            names, *rows = csv.reader(file)
        sheet = book.add_worksheet(sheet_name)
        for row, title in enumerate(_TITLES):
            sheet.write_string(row, 0, title)
        columns = by_name(table)
        sheet.write_row(len(_TITLES), 0, [columns[name].vi if name in columns else name for name in names])
        numbers = [
            name in columns and columns[name].type in ("count", "money", "decimal", "year") for name in names
        ]
        for number, cells in enumerate(rows[: rows_of[table]], start=len(_TITLES) + 1):
            for column, (cell, is_number) in enumerate(zip(cells, numbers, strict=True)):
                if cell and is_number:
                    sheet.write_number(number, column, float(cell))
                elif cell:
                    sheet.write_string(number, column, cell)
    scenario = book.add_worksheet("Kịch bản")
    scenario.write_row(0, 0, ["Khóa", "Giá trị"])
    scenario.write_row(1, 0, ["date", "2025-08-15"])
    scenario.write_row(2, 0, ["prices.unmet.equipment/printer", 8_000_000])
    book.close()
