"""The sheet of all issues in front of a marked copy: plain text, with links to the cells.

A value that begins like a formula stays what it is. Reading ignores sheets whose name ends in ``(Surplan)``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.texts import number, say
from app.workbook.styles import share_style
from solver.tables.workbook import ADDED_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from app.settings import Lang
    from solver import Issue
    from solver.tables.places import SheetPlace

Spot = tuple[str, str]  # sheet, cell

MOST_LINKS = 60_000  # Excel repairs a sheet with more than 65,530
MOST_ROWS = 1_000_000
_MOST_CHARACTERS = 32_767  # of one cell
_WIDTHS = {"number": 6, "place": 20, "cell": 10, "severity": 12, "message": 70, "remedy": 70, "value": 30}
_CELL_COLUMN = 3
_FONT, _LINE_HEIGHT = "Calibri", 15
_TITLE_ROWS = 4  # title, hint, an empty row, headings
# What XML cannot hold, and what a spreadsheet decodes: _x0041_ reads as A unless its underscore is escaped.
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def plain(text: str) -> str:
    """Return a text that a cell or a comment can hold."""
    return _ILLEGAL.sub("\ufffd", text)[:_MOST_CHARACTERS]


def escaped(text: str) -> str:
    """Return a text as it is stored, so that ``_x0041_`` is read as it stands and not as ``A``."""
    return _DECODED.sub("_x005F_", text)


def add_list(
    workbook: Workbook,
    issues: Sequence[Issue],
    spots: Sequence[Spot | None],
    places: Mapping[str, SheetPlace],
    lang: Lang,
) -> None:
    """Put the list of all issues in front; each line links to its cell.

    Parameters
    ----------
    workbook
        The workbook as openpyxl holds it.
    issues, spots
        All issues, and for each its sheet and cell; None where it is not in this workbook.
    places
        Where tables stand, also those of other files.
    lang
        Language of headings and messages.
    """
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = workbook.create_sheet(_free_name(workbook.sheetnames, say(lang, "mark.sheet")), 0)
    errors = sum(issue.severity == "error" for issue in issues)
    counts = {"errors": number(lang, errors), "warnings": number(lang, len(issues) - errors)}
    _write(sheet.cell(1, 1), say(lang, "mark.title", **counts))
    sheet.cell(1, 1).font = Font(name=_FONT, bold=True, size=14)
    _write(sheet.cell(2, 1), say(lang, "mark.hint"))
    head = PatternFill("solid", start_color="FFDDEBF7", end_color="FFDDEBF7")
    for column, (key, width) in enumerate(_WIDTHS.items(), start=1):
        cell = sheet.cell(_TITLE_ROWS, column)
        _write(cell, say(lang, f"mark.{key}"))
        cell.font, cell.fill = Font(name=_FONT, bold=True), head
        sheet.column_dimensions[get_column_letter(column)].width = width
    patterns = _patterns(sheet)
    for count, (issue, spot) in enumerate(zip(issues, spots, strict=True), start=1):
        if count > MOST_ROWS:
            break
        row = _TITLE_ROWS + count
        words = _line(issue, spot, places, lang)
        lines = 1 + max(map(len, words)) // _WIDTHS["message"]
        if lines > 1:  # programs other than Excel do not fit the heights by themselves
            sheet.row_dimensions[row].height = _LINE_HEIGHT * lines
        linked = spot is not None and count <= MOST_LINKS
        share_style(sheet.cell(row, 1, count), patterns["number"])
        for column, text in enumerate(words, start=2):
            cell = sheet.cell(row, column)
            _set_text(cell, text)
            share_style(cell, patterns["link" if linked and column == _CELL_COLUMN else "text"])
        if spot is not None and linked:
            _link(sheet.cell(row, _CELL_COLUMN), spot)
    sheet.freeze_panes = f"A{_TITLE_ROWS + 1}"
    sheet.auto_filter.ref = f"A{_TITLE_ROWS}:G{_TITLE_ROWS + min(len(issues), MOST_ROWS)}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = f"{_TITLE_ROWS}:{_TITLE_ROWS}"
    # Two selected sheets would be edited together.
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is sheet
    workbook.active = 0


def _line(issue: Issue, spot: Spot | None, places: Mapping[str, SheetPlace], lang: Lang) -> list[str]:
    if spot is not None:
        where, cell = spot
    else:
        place = places.get(issue.table)
        where = issue.table if place is None else f"{place.file}: {place.sheet}"
        parts = ["" if issue.row is None else str(issue.row), issue.column or ""]
        cell = ", ".join(part for part in parts if part)
    severity = say(lang, f"mark.{issue.severity}")
    return [where, cell, severity, issue.message(lang), issue.remedy(lang), issue.value]


def _write(cell: Cell, text: str) -> None:
    """Write a text that stays one, even when it is edited in the cell."""
    _set_text(cell, text)
    cell.number_format = "@"
    cell.quotePrefix = True


def _set_text(cell: Cell, text: str) -> None:
    cell.value = escaped(plain(text))
    cell.data_type = "s"


def _patterns(sheet: Worksheet) -> dict[str, Cell]:
    """Return cells, not of the sheet, with the styles of the list's lines."""
    from openpyxl.cell import Cell
    from openpyxl.styles import Alignment, Font

    cells = {name: Cell(sheet, row=1, column=1) for name in ("number", "text", "link")}
    for name, cell in cells.items():
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if name != "number":
            cell.number_format = "@"
            cell.quotePrefix = True
    cells["link"].font = Font(name=_FONT, color="FF0563C1", underline="single")
    return cells


def _link(cell: Cell, spot: Spot) -> None:
    from openpyxl.utils import quote_sheetname
    from openpyxl.worksheet.hyperlink import Hyperlink

    sheet, place = spot
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(sheet)}!{place}")


def _free_name(taken: Iterable[str], word: str) -> str:
    known = {name.casefold() for name in taken}
    name, count = f"{word} {ADDED_SHEET}", 1
    while name.casefold() in known:
        count += 1
        name = f"{word} {count} {ADDED_SHEET}"
    return name
