"""Merged cells of a sheet: the file has their value in the first row only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.errors import issue
from solver.tables.columns import by_name
from solver.tables.sheet_xml import letters

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from solver.errors import Issue
    from solver.tables.columns import Column
    from solver.tables.sheets import Sheet

_AMOUNTS = frozenset({"units", "VND", "m2", "km2", "persons"})
_SHOWN = 20


def fill_merges(
    table: str,
    sheet: Sheet,
    names: Sequence[str],
    texts: Sequence[list[str]],
    start: int,
    no_rows: Collection[int],
) -> list[Issue]:
    """Give every row of a merged cell its value, in place; an amount merged over several rows is an error.

    Parameters
    ----------
    table, sheet
        The table and its sheet.
    names, texts
        Column of every place ("" = none), and cells by column.
    start
        Row of the sheet of the first of `texts`, from 0.
    no_rows
        Rows of `texts` that are no records, such as totals.
    """
    known = by_name(table)
    filled: list[str] = []
    found: list[Issue] = []
    height = len(texts[0]) if texts else 0
    for (top, left), (bottom, _) in sorted(sheet.merges, key=lambda cells: (cells[0][1], cells[0][0])):
        at, first = left - sheet.left, top - start
        if bottom == top or first < 0 or first >= height or not 0 <= at < len(names) or not names[at]:
            continue
        value = texts[at][first]
        if not value or first in no_rows:
            continue
        below = [
            row
            for row in range(first + 1, min(bottom - start + 1, height))
            if row not in no_rows
            and any(cells[row] for other, cells in enumerate(texts) if other != at and names[other])
        ]
        for row in below:
            texts[at][row] = value
        cells = f"{letters(left)}{top + 1}:{letters(left)}{bottom + 1}"
        if below and is_amount(known.get(names[at])):
            words = {"cells": cells}
            found.append(
                issue("amount_merged", table, top + 1, names[at], value, words, count=len(below) + 1)
            )
        elif below:
            filled.append(cells)
    if filled:
        shown = listed(filled)
        found.append(issue("cells_merged", table, value=sheet.name, cells=shown, count=len(filled)))
    return found


def is_amount(column: Column | None) -> bool:
    """Tell whether a merged cell of a column may be meant once for all its rows: counts, money, areas."""
    return column is not None and column.unit in _AMOUNTS


def listed(words: Sequence[str]) -> str:
    """Return the first words joined, and how many more there are."""
    more = f", … (+{len(words) - _SHOWN})" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more
