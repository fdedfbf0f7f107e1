"""A province's part as it is downloaded: CSV of one table, or a workbook of both, which can be sent back."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from app.service.inventories.folder import columns_of
from app.service.inventories.rows import SIDES
from solver.tables.columns import by_name
from solver.tables.workbook import SHEET_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.service.inventories.rows import Side
    from app.settings import Lang

Table = list[dict[str, str]]


def csv_of(side: Side, rows: Table, unknown: Sequence[str]) -> bytes:
    """Return rows as CSV in UTF-8 with BOM, with English headings."""
    out = io.StringIO(newline="")
    columns = columns_of(side, list(unknown))
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(tables: Mapping[str, Table], unknown: Mapping[str, Sequence[str]], lang: Lang) -> bytes:
    """Return rows as a workbook, all cells text, with names of sheets and headings in a language."""
    import xlsxwriter  # takes a while to import

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        for side in SIDES:
            sheet = book.add_worksheet(SHEET_NAMES[side][0] if lang == "vi" else side)
            columns = columns_of(side, list(unknown[side]))
            known = by_name(side)
            titles = [known[one].vi if lang == "vi" and one in known else one for one in columns]
            sheet.write_row(0, 0, titles)
            for at, row in enumerate(tables[side], start=1):
                for place, name in enumerate(columns):
                    if text := row.get(name, ""):
                        sheet.write_string(at, place, text)
            sheet.freeze_panes(1, 1)
    return out.getvalue()
