"""``plan.xlsx``: the plan as a workbook for people, in English or Vietnamese.

Every table sheet has a title row, a frozen heading with a filter, and a totals row that follows the filter.
Ids and codes are text; a text is never a formula, a link or markup, whatever it begins with. The workbook is
dated by the scenario and not by the clock, so equal plans give equal bytes.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from app.export.cells import DECIMALS, is_number, plain
from app.export.overview import Share, overview
from app.export.sheets import Sheet, note_lines, tables
from app.texts import day, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from app.export.cells import Cell
    from app.export.overview import Row
    from app.plans import PlanView
    from app.settings import Lang

NAME = "plan.xlsx"
MOST_CHARACTERS = 32_767  # of one cell
MOST_ROWS = 1_048_576 - 3  # of one sheet, without title, heading and totals
# A spreadsheet's number has 15 digits; a longer amount is written as text rather than rounded.
LARGEST_NUMBER = 10**15 - 1
_WIDTHS = {"detail": 60, "recipient": 28, "name": 36}


def write_xlsx(plan: PlanView, folder: Path, lang: Lang) -> Path:
    """Write ``plan.xlsx`` into `folder` and return its path.

    Parameters
    ----------
    plan
        Stored plan.
    folder
        Existing folder.
    lang
        Language of sheet names, headings, notes and words for codes; ids and names stay as they are.
    """
    path = folder / NAME
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        date = datetime.date.fromisoformat(str(plan.scenario["date"]))
        workbook.set_properties({"created": datetime.datetime.combine(date, datetime.time(), datetime.UTC)})
        formats = _Formats(workbook)
        _write_overview(workbook, say(lang, "sheet.summary"), overview(plan, lang), formats)
        title = f"{plan.summary.get('scenario') or '-'} · {day(lang, date)}"
        if plan.summary["synthetic"]:
            title += f" · {say(lang, 'sheet.synthetic')}"
        for sheet in tables(plan, lang):
            _write_table(workbook, sheet, f"{sheet.title} · {title}", formats, say(lang, "sheet.total"))
        _write_lines(workbook, say(lang, "sheet.notes"), note_lines(plan, lang), formats.wrapped)
    return path


class _Formats:
    """The cell formats of one workbook (they belong to it and can't be shared)."""

    def __init__(self, workbook: Workbook) -> None:
        self.title = workbook.add_format({"bold": True, "font_size": 12})
        self.heading = workbook.add_format(
            {"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True}
        )
        self.text = workbook.add_format({"num_format": "@"})
        self.integer = workbook.add_format({"num_format": "#,##0"})
        self.decimal = workbook.add_format({"num_format": "#,##0.000"})
        self.total = workbook.add_format({"bold": True, "top": 1, "num_format": "#,##0"})
        self.total_decimal = workbook.add_format({"bold": True, "top": 1, "num_format": "#,##0.000"})
        self.kilometres = workbook.add_format({"num_format": "#,##0.0"})
        self.indented = [workbook.add_format({"indent": depth}) for depth in range(3)]
        self.share = workbook.add_format({"num_format": "0.0###%"})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})

    def of(self, column: str) -> Format:
        if column in DECIMALS:
            return self.decimal
        return self.integer if is_number(column) else self.text


def _write_overview(workbook: Workbook, name: str, rows: Iterable[Row], formats: _Formats) -> None:
    worksheet = workbook.add_worksheet(name)
    worksheet.set_column(0, 0, 52)
    worksheet.set_column(1, 4, 20)
    worksheet.hide_gridlines(2)
    styles = {"title": formats.title, "heading": formats.heading}
    for number, row in enumerate(rows):
        _write_text(worksheet, number, 0, row.label, styles.get(row.role, formats.indented[row.indent]))
        for column, value in enumerate(row.values, start=1):
            if isinstance(value, Share):
                worksheet.write_number(number, column, value.value, formats.share)
            elif isinstance(value, Decimal):
                worksheet.write_number(number, column, float(value), formats.kilometres)
            else:
                style = styles.get(row.role, formats.text) if isinstance(value, str) else formats.integer
                _write_cell(worksheet, number, column, value, style)


def _write_lines(workbook: Workbook, name: str, lines: list[str], style: Format) -> None:
    worksheet = workbook.add_worksheet(name)
    worksheet.set_column(0, 0, 140)
    worksheet.hide_gridlines(2)
    for row, line in enumerate(lines):
        _write_text(worksheet, row, 0, line, style)


def _write_table(workbook: Workbook, sheet: Sheet, title: str, formats: _Formats, total: str) -> None:
    worksheet = workbook.add_worksheet(sheet.title)
    worksheet.freeze_panes(2, 1)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0, 1)
    _write_text(worksheet, 0, 0, title, formats.title)
    for column, (key, heading) in enumerate(sheet.headings.items()):
        worksheet.set_column(column, column, _WIDTHS.get(key, 16))
        _write_text(worksheet, 1, column, heading, formats.heading)
    styles = [formats.of(key) for key in sheet.headings]
    sums: dict[int, int | float] = {
        column: 0 for column, key in enumerate(sheet.headings) if key in sheet.totals
    }
    row = 1
    for row, record in enumerate(sheet.rows, start=2):
        if row - 1 > MOST_ROWS:
            row -= 1
            break
        for column, (key, value) in enumerate(zip(sheet.headings, record, strict=True)):
            cell = plain(value, key)
            _write_cell(worksheet, row, column, cell, styles[column])
            if column in sums and cell is not None:
                sums[column] += cell  # type: ignore[operator]  # columns of totals hold numbers
    worksheet.autofilter(1, 0, max(row, 1), len(sheet.headings) - 1)
    _write_totals(worksheet, row, list(sheet.headings), sums, formats, total)


def _write_totals(
    worksheet: Worksheet,
    last: int,
    keys: list[str],
    sums: dict[int, int | float],
    formats: _Formats,
    label: str,
) -> None:
    _write_text(worksheet, last + 1, 0, label, formats.total)
    for column, value in sums.items():
        style = formats.total_decimal if keys[column] in DECIMALS else formats.total
        if last < 2 or abs(value) > LARGEST_NUMBER:
            _write_cell(worksheet, last + 1, column, value, style)
            continue
        letter = xl_col_to_name(column)
        # SUBTOTAL counts what the filter shows; the value beside it is for programs that don't calculate.
        worksheet.write_formula(
            last + 1, column, f"=SUBTOTAL(109,{letter}3:{letter}{last + 1})", style, value
        )


def _write_cell(worksheet: Worksheet, row: int, column: int, cell: Cell, style: Format) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        worksheet.write_boolean(row, column, cell, style)
    elif isinstance(cell, str):
        _write_text(worksheet, row, column, cell, style)
    elif abs(cell) > LARGEST_NUMBER:
        _write_text(worksheet, row, column, str(cell), style)
    else:
        worksheet.write_number(row, column, cell, style)


def _write_text(worksheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    if not text:
        return
    # XlsxWriter writes the Unicode it is given; half a surrogate pair is none.
    text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
        text = text.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - 1)].decode("utf-16-le", "ignore") + "…"
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes such a text for its own markup and copies it unescaped; as runs it is escaped.
        worksheet.write_rich_string(row, column, text[:1], text[1:2], text[2:], style)
    else:
        worksheet.write_string(row, column, text, style)
