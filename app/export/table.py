"""A table on a worksheet: title, headings, filter, sums, print set-up; its rows are put in afterwards."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from app.export.cells import plain
from app.export.formats import width
from app.export.package import Rows
from app.export.rows import LARGEST_NUMBER, LINE, Number, Sums, cut, lines_of, subtotal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from app.export.formats import Formats
    from app.export.sheet import Sheet

MOST_ROWS = 1_048_576 - 100  # of one sheet, without title, heading and sums
_FIRST = 3  # number of the first row below title and heading
_A4 = 9


def write_table(workbook: Workbook, sheet: Sheet, title: str, formats: Formats, total: str) -> Rows | None:
    """Add a worksheet with all of a table but its rows, and return those; None for an empty table.

    Parameters
    ----------
    workbook
        Where to.
    sheet
        What.
    title
        Words above the table.
    formats
        The workbook's formats.
    total
        Label of the sum of the whole.
    """
    worksheet = workbook.add_worksheet(sheet.title)
    columns = list(sheet.headings)
    _set_up(worksheet, sheet, title, formats)
    table = sheet.table.iloc[:MOST_ROWS]
    values = {column: _amounts(table[column], column) for column in columns if column in sheet.totals}
    numbers, sums, last = _places(sheet, len(table), values)
    worksheet.autofilter(1, 0, max(last, 2) - 1, len(columns) - 1)
    if sheet.total:
        _write_total(worksheet, last, sheet, values, formats, total)
    _write_foot(worksheet, last + 2, sheet, sums, formats)
    if not numbers:
        return None
    _write_pattern(worksheet, numbers, sums, sheet, formats)
    widths = [width(column, printed=True) for column in columns] if sheet.printed else []
    return Rows(table, columns, numbers, sums, widths)


def write_text(worksheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    """Write a text as it is, whatever it looks like; an empty one leaves the cell alone."""
    if not text:
        return
    text = cut(text)
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes such a text for its own markup and copies it unescaped; as runs it is escaped.
        worksheet.write_rich_string(row, column, text[:1], text[1:2], text[2:], style)
    else:
        worksheet.write_string(row, column, text, style)


def write_number(worksheet: Worksheet, row: int, column: int, value: Number, style: Format) -> None:
    """Write a number, as text where a spreadsheet would round it."""
    if abs(value) > LARGEST_NUMBER:
        worksheet.write_string(row, column, str(value), style)
    else:
        worksheet.write_number(row, column, value, style)


def _set_up(worksheet: Worksheet, sheet: Sheet, title: str, formats: Formats) -> None:
    worksheet.freeze_panes(2, 1)
    worksheet.set_landscape()
    worksheet.set_paper(_A4)
    worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0, 1)
    worksheet.set_footer("&L&A&R&P / &N")
    write_text(worksheet, 0, 0, title, formats.title)
    lines = 1
    for number, (column, heading) in enumerate(sheet.headings.items()):
        wide = width(column, printed=sheet.printed)
        lines = max(lines, lines_of(heading, wide))
        worksheet.set_column(number, number, wide)
        write_text(worksheet, 1, number, heading, formats.heading)
    worksheet.set_row(1, LINE * lines)


def _amounts(cells: pd.Series, column: str) -> list[Number | None]:
    """Return the numbers of a column."""
    found: list[Number | None] = [
        cell if type(cell) is int else plain(cell, column)  # type: ignore[misc]  # such columns hold numbers
        for cell in cells.tolist()
    ]
    return found


def _places(
    sheet: Sheet, rows: int, values: Mapping[str, list[Number | None]]
) -> tuple[list[int], list[Sums], int]:
    """Return the numbers of the rows on the sheet, the sums of the groups, and the last number of both."""
    if not sheet.groups:
        return list(range(_FIRST, _FIRST + rows)), [], _FIRST + rows - 1
    numbers: list[int] = []
    sums = []
    last, done = _FIRST - 1, 0
    for group in sheet.groups:
        size = min(group.rows, rows - done)
        top, last = last + 1, last + size + 1
        numbers += range(top, last)
        parts = {column: cells[done : done + size] for column, cells in values.items()}
        # Of a group without any amount nothing is said: a 0 would be a figure.
        told = {
            column: _sum(part) for column, part in parts.items() if any(cell is not None for cell in part)
        }
        sums.append(Sums(last, top, told, group.labels))
        done += size
    return numbers, sums, last


def _sum(cells: list[Number | None]) -> Number:
    known = [cell for cell in cells if cell is not None]
    return sum(known) if all(type(cell) is int for cell in known) else fsum(known)


def _write_pattern(
    worksheet: Worksheet, numbers: list[int], sums: list[Sums], sheet: Sheet, formats: Formats
) -> None:
    """Write a row of empty cells that tells the styles of the rows, and one for the sums."""
    if sums:
        worksheet.set_row(numbers[0] - 1, None, None, {"level": 1})
        worksheet.write_blank(
            sums[-1].number - 1, 0, None, formats.text
        )  # so that the sheet's extent is told
    for number, column in enumerate(sheet.headings):
        worksheet.write_blank(numbers[0] - 1, number, None, formats.cell(column, printed=sheet.printed))
        if sums:
            worksheet.write_blank(sums[0].number - 1, number, None, formats.subtotal(column))


def _write_total(
    worksheet: Worksheet,
    last: int,
    sheet: Sheet,
    values: Mapping[str, list[Number | None]],
    formats: Formats,
    label: str,
) -> None:
    for number, column in enumerate(sheet.headings):
        style = formats.total(column)
        if column in values:
            formula = f"={subtotal(xl_col_to_name(number), _FIRST, last)}" if last >= _FIRST else ""
            _write_formula(worksheet, last, number, formula, _sum(values[column]), style)
        elif number == 0:
            write_text(worksheet, last, number, label, style)
        else:
            worksheet.write_blank(last, number, None, style)


def _write_foot(
    worksheet: Worksheet,
    row: int,
    sheet: Sheet,
    sums: list[Sums],
    formats: Formats,
) -> None:
    number = list(sheet.headings).index("cost_vnd") if sheet.foot else 0
    letters = xl_col_to_name(number)
    for line in sheet.foot:
        style = formats.total("cost_vnd") if line.lines else formats.cell("cost_vnd", printed=False)
        write_text(
            worksheet,
            row,
            0,
            line.label,
            formats.total("") if line.lines else formats.cell("", printed=False),
        )
        formula = ""
        if line.sum_of:
            group, column = line.sum_of
            formula = f"={xl_col_to_name(list(sheet.headings).index(column))}{sums[group].number}"
        if line.lines:
            formula = f"=SUM({letters}{row + 1 - line.lines}:{letters}{row})"
        _write_formula(worksheet, row, number, formula, line.value, style)
        row += 1


def _write_formula(
    worksheet: Worksheet, row: int, column: int, formula: str, value: Number, style: Format
) -> None:
    """Write a formula with its value, for programs that don't calculate; or the value where neither fits."""
    if not formula or abs(value) > LARGEST_NUMBER:
        write_number(worksheet, row, column, value, style)
    else:
        worksheet.write_formula(row, column, formula, style, value)
