"""The sheets of the template, one function each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.texts import catalogue, say
from app.workbook.examples import examples
from app.workbook.layout import SHEETS, heading, note, number_format, shown, validation, width
from app.workbook.lists import value_lists
from app.workbook.scenario_rows import ScenarioRow, scenario_rows

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from app.settings import Lang
    from solver.tables.columns import Column

HEADING_ROW = 4  # counted from 0: title, hint, the form's line, an empty one
MOST_ROWS = 20_000
_HEADING_HEIGHT, _EXAMPLE_HEIGHT = 48, 32
_A4, _A3 = 9, 8
_NOTE_WIDTH, _LINE_HEIGHT, _LINE_CHARACTERS = 300, 17, 44
_SCENARIO_WIDTHS = {"key": 34, "value": 24, "default": 54, "unit": 18, "meaning": 80}


class Formats:
    """The cell formats of one workbook (they belong to it and can't be shared)."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[str, Format] = {}
        head = {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True}
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.subtitle = workbook.add_format({"bold": True, "font_size": 12})
        self.warned = workbook.add_format({"bold": True, "font_color": "#C00000", "font_size": 14})
        self.hint = workbook.add_format({"italic": True, "font_color": "#595959"})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.heading = workbook.add_format(head | {"bg_color": "#DDEBF7"})
        self.must = workbook.add_format(head | {"bg_color": "#FFE699"})

    def cell(self, number: str) -> Format:
        """Return the format of data cells with a number format."""
        return self._of(number)

    def framed(self, number: str) -> Format:
        """Return the format of a cell to be filled in."""
        return self._of(number, border=1, valign="top")

    def shaded(self, number: str) -> Format:
        """Return the format of a cell that only explains."""
        return self._of(number, border=1, valign="top", text_wrap=True, align="left", bg_color="#F2F2F2")

    def example(self, number: str) -> Format:
        """Return the format of an example."""
        return self._of(number, border=1, valign="top", text_wrap=True, italic=True, font_color="#7F7F7F")

    def _of(self, number: str, **style: str | int) -> Format:
        key = repr((number, style))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({"num_format": number, **style})
        return self._made[key]


def _add_sheet(workbook: Workbook, key: str, lang: Lang) -> Worksheet:
    sheet = workbook.add_worksheet(say(lang, f"template_sheet.{key}"))
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    return sheet


def _sheet_names(lang: Lang) -> dict[str, str]:
    prefix = "template_sheet."
    return {key.removeprefix(prefix): name for key, name in catalogue(lang).items() if key.startswith(prefix)}


def write_guide(workbook: Workbook, formats: Formats, lang: Lang) -> None:
    """Write how the workbook is filled in."""
    sheet = _add_sheet(workbook, "guide", lang)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 1)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 84)
    sheet.write_string(0, 0, say(lang, "template_title.guide"), formats.title)
    names = _sheet_names(lang)
    keys = [key for key in catalogue(lang) if key.startswith("template_guide.")]
    for row, key in enumerate(keys, start=2):
        sheet.set_row(row, 33)
        sheet.write_string(row, 0, say(lang, key, **names), formats.wrapped)


def write_data_sheet(workbook: Workbook, table: str, formats: Formats, lang: Lang) -> None:
    """Write an empty sheet of data: title, headings with notes, formats and checks of the cells below."""
    sheet = _add_sheet(workbook, table, lang)
    sheet.write_string(0, 0, say(lang, f"template_title.{table}"), formats.title)
    sheet.write_string(1, 0, say(lang, "template.hint"), formats.hint)
    sheet.write_string(2, 0, say(lang, "template.form"), formats.hint)
    first, rest = shown(table)
    for place, column in enumerate([*first, *rest]):
        folded = {"level": 1, "hidden": 1} if place >= len(first) else {}
        sheet.set_column(place, place, width(column), formats.cell(number_format(column)), folded)
        _write_heading(sheet, HEADING_ROW, place, column, formats, lang)
        text = note(column, lang)
        lines = sum(1 + len(line) // _LINE_CHARACTERS for line in text.split("\n"))
        size = {"width": _NOTE_WIDTH, "height": 12 + _LINE_HEIGHT * lines}
        sheet.write_comment(HEADING_ROW, place, text, {"author": "Surplan", **size})
        check = validation(column, lang)
        if check is not None:
            sheet.data_validation(HEADING_ROW + 1, place, HEADING_ROW + MOST_ROWS, place, check)
    after = len(first) + len(rest)
    if rest:  # the column of the button that opens the group
        sheet.set_column(after, after, None, None, {"collapsed": True})
    sheet.set_row(HEADING_ROW, _HEADING_HEIGHT)
    sheet.set_paper(_A3)
    sheet.freeze_panes(HEADING_ROW + 1, 1)
    sheet.repeat_rows(HEADING_ROW)
    sheet.autofilter(HEADING_ROW, 0, HEADING_ROW + MOST_ROWS, after - 1)


def _write_heading(
    sheet: Worksheet, row: int, place: int, column: Column, formats: Formats, lang: Lang
) -> None:
    sheet.write_string(
        row, place, heading(column, lang), formats.must if column.required else formats.heading
    )


def write_scenario(workbook: Workbook, formats: Formats, lang: Lang) -> None:
    """Write the keys of the scenario, with an empty value and the default beside it."""
    sheet = _add_sheet(workbook, "scenario", lang)
    sheet.write_string(0, 0, say(lang, "template_title.scenario"), formats.title)
    sheet.write_string(1, 0, say(lang, "template_scenario.hint"), formats.hint)
    sheet.write_string(2, 0, say(lang, "template_scenario.transfers"), formats.hint)
    for place, (key, wide) in enumerate(_SCENARIO_WIDTHS.items()):
        # Keys are text below the rows too, where a person adds some.
        sheet.set_column(place, place, wide, formats.cell("@") if key == "key" else None)
        style = formats.must if key == "value" else formats.heading
        sheet.write_string(HEADING_ROW, place, say(lang, f"template_scenario.{key}"), style)
    for number, row in enumerate(scenario_rows(lang), start=HEADING_ROW + 1):
        _write_scenario_row(sheet, number, row, formats)
    sheet.freeze_panes(HEADING_ROW + 1, 1)
    sheet.repeat_rows(HEADING_ROW)


def _write_scenario_row(sheet: Worksheet, number: int, row: ScenarioRow, formats: Formats) -> None:
    is_number = row.type in ("number", "integer", "floor")
    style = "#,##0" if row.key.startswith(("prices.", "limits.", "solver.gap")) and is_number else "General"
    style = style if is_number else {"date": "dd/mm/yyyy"}.get(row.type, "@")
    sheet.write_string(number, 0, row.key, formats.shaded("@"))
    sheet.write_blank(number, 1, None, formats.framed(style))
    if isinstance(row.default, str):
        sheet.write_string(number, 2, row.default, formats.shaded("@"))
    else:
        sheet.write_number(number, 2, row.default, formats.shaded(style))
    sheet.write_string(number, 3, row.unit, formats.shaded("@"))
    sheet.write_string(number, 4, row.meaning, formats.shaded("@"))
    if row.choices:
        sheet.data_validation(number, 1, number, 1, {"validate": "list", "source": list(row.choices)})


def write_lists(workbook: Workbook, formats: Formats, lang: Lang) -> None:
    """Write every closed list as a column, under the name that the drop-downs refer to."""
    from xlsxwriter.utility import xl_range_abs

    sheet = _add_sheet(workbook, "lists", lang)
    name = sheet.get_name()
    sheet.write_string(0, 0, say(lang, "template_title.lists"), formats.title)
    for place, values in enumerate(value_lists(lang)):
        sheet.set_column(place, place, 34)
        sheet.write_string(2, place, values.title, formats.heading)
        for row, value in enumerate(values.values, start=3):
            sheet.write_string(row, place, value, formats.cell("@"))
        if values.name:
            cells = xl_range_abs(3, place, 2 + len(values.values), place)
            workbook.define_name(values.name, f"='{name}'!{cells}")
    sheet.freeze_panes(3, 0)


def write_examples(workbook: Workbook, formats: Formats, lang: Lang) -> None:
    """Write the example rows of every table under headings like those of its sheet."""
    sheet = _add_sheet(workbook, "examples", lang)
    sheet.write_string(0, 0, say(lang, "template_title.examples"), formats.warned)
    sheet.set_paper(_A3)
    row, wide = 2, 0
    for table in SHEETS:
        name = say(lang, f"template_sheet.{table}")
        sheet.write_string(row, 0, say(lang, "template_title.example_of", sheet=name), formats.subtitle)
        rows = examples(table, lang)
        columns = example_columns(table, rows)
        sheet.set_row(row + 1, _HEADING_HEIGHT)
        wide = max(wide, len(columns))
        for place, column in enumerate(columns):
            _write_heading(sheet, row + 1, place, column, formats, lang)
        for number, values in enumerate(rows, start=row + 2):
            sheet.set_row(number, _EXAMPLE_HEIGHT)
            for place, column in enumerate(columns):
                style = formats.example(number_format(column))
                sheet.write(number, place, values.get(column.name), style)
        row += len(rows) + 4
    sheet.set_column(0, wide - 1, 19)


def example_columns(table: str, rows: list[dict[str, Any]]) -> list[Column]:
    """Return the columns that the examples of a table show: those in sight, and others that they fill."""
    first, rest = shown(table)
    return first + [column for column in rest if any(column.name in row for row in rows)]
