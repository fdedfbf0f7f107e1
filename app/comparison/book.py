"""The workbook of ``surplan compare --out FILE.xlsx``: figures, inputs, changed lines, provinces, limits."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import xlsxwriter

from app.comparison.basis import value_text
from app.comparison.figures import names_of
from app.comparison.provinces import WHEN
from app.comparison.table_file import LINE_COLUMNS, PROVINCE_COLUMNS
from app.comparison.words import change_label, figure_label, limit_label, reason
from app.export.formats import Formats
from app.export.table import MOST_ROWS, write_number, write_text
from app.texts import say

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

    from app.comparison.figures import Value
    from app.comparison.result import Comparison, Difference
    from app.settings import Lang

_SUBJECTS = {"transfers": "transfer", "needs": "need", "assets": "asset"}
# Columns that the lines of a subject never fill.
_UNUSED = {
    "transfer": ("unmet_", "assets_"),
    "need": ("asset_id", "from_", "columns"),
    "asset": ("need_id", "to_", "unmet_", "assets_", "columns"),
}
_LIMITS = (
    "limit",
    "unit",
    *(f"{name}_{when}" for name in ("bound", "used", "slack") for when in ("before", "after")),
)
_WIDE, _NARROW = 26, 16
Cell = str | int | Decimal | Fraction | None


@dataclass(frozen=True)
class Table:
    """A sheet: its name, its headings, its rows; of the wide columns how many stand first."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    wide: int = 1


def write_book(comparison: Comparison, path: Path, lang: Lang) -> None:
    """Write the workbook; equal plans give equal bytes, dated by the first plan's scenario.

    Raises
    ------
    OSError
        When it can't be written.
    """
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), {**options, "strings_to_numbers": False}) as workbook:
        workbook.set_properties({"created": _created(comparison)})
        formats = Formats(workbook, lang)
        for table in tables(comparison, lang):
            _write(workbook.add_worksheet(table.title), table, formats)


def tables(comparison: Comparison, lang: Lang) -> Iterator[Table]:
    """Yield the sheets: figures, inputs, transfers, needs, assets, provinces; limits where there are any."""
    yield _figures(comparison, lang)
    yield _inputs(comparison, lang)
    for name, subject in _SUBJECTS.items():
        columns = [one for one in LINE_COLUMNS if one != "subject" and not one.startswith(_UNUSED[subject])]
        rows = [
            [_line_cell(one, line, column, lang) for column in columns]
            for one in comparison.differences
            for line in getattr(one, name)
        ]
        yield Table(_title(name, lang), _heads(columns, lang), rows, 2)
    rows = [
        [_province_cell(one, row, column, lang) for column in PROVINCE_COLUMNS]
        for one in comparison.differences
        for row in one.provinces
    ]
    yield Table(_title("provinces", lang), _heads(PROVINCE_COLUMNS, lang), rows)
    if any(one.limits for one in comparison.differences):
        limits = [
            [one.other.name, *_limit_cells(one, row, lang)]
            for one in comparison.differences
            for row in one.limits
        ]
        yield Table(_title("limits", lang), _heads(("plan", *_LIMITS), lang), limits, 2)


def _figures(comparison: Comparison, lang: Lang) -> Table:
    heads = [say(lang, "compare.figure")]
    statuses: list[Cell] = [say(lang, "compare.status")]
    for position, plan in enumerate(comparison.plans):
        heads += [plan.name, *[say(lang, "compare.difference")] * bool(position)]
        statuses += [str(plan.view.summary.get("status")), *[None] * bool(position)]
    rows = [[*statuses, None]]
    for name in names_of(comparison.figures):
        row: list[Cell] = [figure_label(name, lang)]
        for position, own in enumerate(comparison.figures):
            row.append(_figure_cell(name, own.get(name)))
            if position:
                row.append(_figure_cell(name, comparison.differences[position - 1].figures[name]))
        best = comparison.better.get(name, [])
        rows.append([*row, ", ".join(comparison.plans[place].name for place in best)])
    return Table(_title("figures", lang), [*heads, say(lang, "compare.better_plan")], rows)


def _figure_cell(name: str, value: Value) -> Cell:
    return Fraction(value) if name == "gap" and value is not None else value


def _inputs(comparison: Comparison, lang: Lang) -> Table:
    """Return verdicts, files that differ and keys of the scenario, with both values."""
    rows: list[list[Cell]] = []
    for one in comparison.differences:
        rows.append([one.other.name, say(lang, "compare.head.verdict"), _verdict(one, lang), ""])
        hashes = [plan.view.summary.get("inputs") or {} for plan in (comparison.plans[0], one.other)]
        rows += [
            [one.other.name, name, *(str(digests.get(name, "-")) for digests in hashes)]
            for name in one.basis.files
        ]
        rows += [
            [one.other.name, key.key, value_text(key.before), value_text(key.after)] for key in one.basis.keys
        ]
    heads = [say(lang, f"compare.head.{name}") for name in ("plan", "input", "before", "after")]
    return Table(_title("inputs", lang), heads, rows, 4)


def _verdict(one: Difference, lang: Lang) -> str:
    return say(lang, f"compare.verdict_short.{one.verdict}")


def _line_cell(one: Difference, line: dict[str, Any], column: str, lang: Lang) -> Cell:
    if column == "plan":
        return one.other.name
    if column == "change":
        return change_label({**line, "columns": []}, lang).rstrip(": ")
    if column == "category":
        return say(lang, f"category.{line['category']}", default=line["category"])
    if column.startswith("reason_"):
        return reason(line, column.removeprefix("reason_"), lang)
    if column == "columns":
        return ", ".join(say(lang, f"column.{name}", default=name) for name in line["columns"])
    value = line.get(column)
    return ", ".join(value) if isinstance(value, list) else value


def _province_cell(one: Difference, row: dict[str, Any], column: str, lang: Lang) -> Cell:
    if column == "plan":
        return one.other.name
    if column == "outcome":
        return say(lang, f"compare.outcome.{row['outcome']}")
    value: Cell = row[column]
    return value


def _limit_cells(one: Difference, row: dict[str, Any], lang: Lang) -> list[Cell]:
    label = limit_label(row["limit"], dict(one.other.provinces.values()), lang)
    unit = say(lang, f"compare.unit.{row['unit']}", default=row["unit"])
    return [label, unit, *(row[name] for name in _LIMITS[2:])]


def _title(name: str, lang: Lang) -> str:
    return say(lang, f"compare.sheet.{name}")


def _heads(columns: Sequence[str], lang: Lang) -> list[str]:
    """Return headings: of a figure before, after or of its change its name and which of them."""
    return [_head(column, lang) for column in columns]


def _head(column: str, lang: Lang) -> str:
    unit = "_vnd" if column.endswith("_vnd") else ""
    stem, _, when = column.removesuffix("_vnd").rpartition("_")
    if stem and when in WHEN:
        return say(lang, f"compare.when.{when}", figure=say(lang, f"compare.of.{stem}{unit}"))
    return say(lang, f"compare.head.{column}")


def _created(comparison: Comparison) -> datetime.datetime:
    date = datetime.date.fromisoformat(str(comparison.plans[0].view.scenario["date"]))
    return datetime.datetime.combine(date, datetime.time(), datetime.UTC)


def _write(worksheet: Worksheet, table: Table, formats: Formats) -> None:
    rows = table.rows[:MOST_ROWS]
    worksheet.freeze_panes(1, table.wide)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)
    worksheet.autofilter(0, 0, max(len(rows), 1), len(table.heads) - 1)
    for place, head in enumerate(table.heads):
        worksheet.set_column(place, place, _WIDE if place < table.wide else _NARROW)
        write_text(worksheet, 0, place, head, formats.heading)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                write_text(worksheet, number, place, cell, formats.text)
            elif isinstance(cell, Fraction):
                worksheet.write_number(number, place, float(cell), formats.share)
            elif isinstance(cell, Decimal):
                worksheet.write_number(number, place, float(cell), formats.kilometres)
            elif cell is not None:
                write_number(worksheet, number, place, cell, formats.integer)
