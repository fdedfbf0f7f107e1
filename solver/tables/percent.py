"""Percentages of a workbook: a cell that shows 80 % holds 0.8."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, TypeGuard

from solver.errors import issue
from solver.tables.cell_texts import number_text
from solver.tables.columns import by_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solver.errors import Issue
    from solver.tables.columns import Column
    from solver.tables.sheets import Cell, Sheet

_NUMBERS = frozenset({"count", "money", "decimal", "degree", "year"})
#: Such a text could be 1125, which a cell with a number never means.
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
_UNITS_OF_NORMS = frozenset({"%", "phần trăm", "percent"})


def is_number(cell: Cell) -> TypeGuard[float]:
    """Tell whether a cell holds a number, and not a date or a flag."""
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def shown_percent(number: float) -> str:
    """Return what a cell formatted as a percentage shows, without the sign, exactly.

    Examples
    --------
    >>> shown_percent(0.8), shown_percent(0.285), shown_percent(1)
    ('80', '28.5', '100')
    """
    value = Decimal(number_text(number)) * 100
    return format(value.normalize() if value % 1 else value.to_integral_value(), "f")


def is_share(text: str) -> bool:
    """Tell whether a text is a number above 0 and at most 1, without a percent sign."""
    return _PLAIN.fullmatch(text) is not None and 0 < float(text.replace(",", ".")) <= 1


def read_percentages(
    table: str,
    sheet: Sheet,
    names: Sequence[str],
    texts: Sequence[list[str]],
    columns: Sequence[Sequence[Cell]],
    keep: Sequence[int],
    start: int,
) -> list[Issue]:
    """Put what cells show in place of what they hold, in `texts`; what may be a share is an error.

    Parameters
    ----------
    table, sheet
        The table and its sheet.
    names
        Column of every place ("" = none).
    texts, columns
        Cells by column, as texts and as they stand.
    keep
        Rows of both that are the table's.
    start
        Row of the sheet of their first, from 0.
    """
    known = by_name(table)
    found: list[Issue] = []
    formatted: dict[int, set[int]] = {}
    for row, across in sheet.percent:
        formatted.setdefault(across - sheet.left, set()).add(row - start)
    for place, name in enumerate(names):
        column = known.get(name)
        is_norm = (table, name) == ("norms", "value")
        if column is None or not (column.type in _NUMBERS or is_norm):
            continue
        numbers = [at for at in keep if is_number(columns[place][at])]
        shown = [at for at in numbers if at in formatted.get(place, ())]
        if is_norm:
            found += _norms(names, texts, columns, place, numbers, shown, start)
        elif column.unit == "%":
            for at in shown:
                texts[place][at] = shown_percent(columns[place][at])
            found += _shares(table, column, texts[place], keep, set(shown), start)
        else:
            found += [_misplaced(table, at + start + 1, name, columns[place][at]) for at in shown]
        _keep_points(texts[place], numbers, columns[place])
    return found


def _shares(
    table: str, column: Column, cells: Sequence[str], keep: Sequence[int], shown: set[int], start: int
) -> list[Issue]:
    share = {text for text in set(cells) if is_share(text)}
    doubtful = [at for at in keep if cells[at] in share and at not in shown]
    if not doubtful:
        return []
    if all(cells[at] in share or not cells[at].strip("0.,") for at in keep if cells[at]):
        return [issue("percent_as_share", table, column=column.name, value=min(share))]
    return [issue("percent_as_share", table, at + start + 1, column.name, cells[at]) for at in doubtful]


def _norms(
    names: Sequence[str],
    texts: Sequence[list[str]],
    columns: Sequence[Sequence[Cell]],
    place: int,
    numbers: Sequence[int],
    shown: Sequence[int],
    start: int,
) -> list[Issue]:
    """Read the values of norms, of which only some are percentages: what a cell shows keeps its sign."""
    units = texts[names.index("unit")] if "unit" in names else [""] * len(texts[place])
    for at in shown:
        texts[place][at] = f"{shown_percent(columns[place][at])}%"
    return [
        issue("percent_as_share", "norms", at + start + 1, "value", texts[place][at])
        for at in numbers
        if units[at].casefold() in _UNITS_OF_NORMS and is_share(texts[place][at])
    ]


def _misplaced(table: str, row: int, name: str, number: float) -> Issue:
    return issue("percent_misplaced", table, row, name, f"{shown_percent(number)} %")


def _keep_points(texts: list[str], numbers: Sequence[int], cells: Sequence[Cell]) -> None:
    """Write 80.125 so that it is not taken for 80125."""
    for at in numbers:
        if type(cells[at]) is float and _GROUPED.fullmatch(texts[at]):
            texts[at] += "0"
