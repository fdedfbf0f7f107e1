"""``plan.xlsx``: the plan as a workbook for people, in English or Vietnamese.

Every table sheet has a title row, a frozen heading with a filter, and sums that follow the filter: of the
whole, and of groups where the rows stand in groups. Ids and codes are text; a text is never a formula, a link
or markup, whatever it begins with. The workbook is dated by the scenario and not by the clock, so equal plans
give equal bytes.
"""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import xlsxwriter

from app.export.formats import Formats
from app.export.lookup import Lookup
from app.export.overview import Share, overview
from app.export.package import write_package
from app.export.provinces import province_sheets
from app.export.rows import LINE, lines_of
from app.export.sheets import note_lines, tables
from app.export.table import write_number, write_table, write_text
from app.export.views import views
from app.texts import day, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

    from app.export.overview import Row
    from app.plans import PlanView
    from app.settings import Lang

NAME = "plan.xlsx"
_NOTES_WIDTH = 100  # what a page holds across; one column is never shrunk to fit


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
    write_workbook(plan, path, lang)
    return path


def write_workbook(plan: PlanView, path: Path, lang: Lang) -> None:
    """Write the workbook of a plan to `path`, in one rename; an existing file is replaced.

    Parameters
    ----------
    plan
        Stored plan.
    path
        File in an existing folder.
    lang
        Language, as in `write_xlsx`.

    Raises
    ------
    OSError
        When the file can't be written; what was there stays.
    """
    frame = io.BytesIO()
    rows = {}
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(frame, {**options, "strings_to_numbers": False}) as workbook:
        date = datetime.date.fromisoformat(str(plan.scenario["date"]))
        workbook.set_properties({"created": datetime.datetime.combine(date, datetime.time(), datetime.UTC)})
        formats = Formats(workbook, lang)
        _write_overview(workbook, say(lang, "sheet.summary"), overview(plan, lang), formats)
        title = f"{plan.summary.get('scenario') or '-'} · {day(lang, date)}"
        if plan.summary["synthetic"]:
            title += f" · {say(lang, 'sheet.synthetic')}"
        lookup = Lookup(plan, lang)
        sheets = [*tables(lookup), *views(lookup)]
        notes = say(lang, "sheet.notes")
        taken = [say(lang, "sheet.summary"), notes, *(sheet.title for sheet in sheets)]
        for sheet in [*sheets, *province_sheets(lookup, taken)]:
            missing = write_table(
                workbook, sheet, f"{sheet.title} · {title}", formats, say(lang, "sheet.total")
            )
            if missing is not None:
                rows[f"xl/worksheets/sheet{len(workbook.worksheets())}.xml"] = missing
        _write_lines(workbook, notes, note_lines(plan, lang), formats.wrapped)
    write_package(frame, rows, path)


def _write_overview(workbook: Workbook, name: str, rows: Iterable[Row], formats: Formats) -> None:
    worksheet = workbook.add_worksheet(name)
    worksheet.set_column(0, 0, 52)
    worksheet.set_column(1, 4, 20)
    worksheet.hide_gridlines(2)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    styles = {"title": formats.title, "heading": formats.heading}
    for number, row in enumerate(rows):
        write_text(worksheet, number, 0, row.label, styles.get(row.role, formats.indented[row.indent]))
        for column, value in enumerate(row.values, start=1):
            if isinstance(value, Share):
                worksheet.write_number(number, column, value.value, formats.share)
            elif isinstance(value, Decimal):
                worksheet.write_number(number, column, float(value), formats.kilometres)
            elif isinstance(value, str):
                write_text(worksheet, number, column, value, styles.get(row.role, formats.text))
            elif value is not None:
                write_number(worksheet, number, column, value, formats.integer)


def _write_lines(workbook: Workbook, name: str, lines: list[str], style: Format) -> None:
    worksheet = workbook.add_worksheet(name)
    worksheet.set_column(0, 0, _NOTES_WIDTH)
    worksheet.hide_gridlines(2)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    for row, line in enumerate(lines):
        worksheet.set_row(row, LINE * lines_of(line, _NOTES_WIDTH))
        write_text(worksheet, row, 0, line, style)
