"""One sheet with its headings found to a raw table, with the row that each record has in the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.errors import issue
from solver.tables.cell_texts import MOST_EXACT, column_texts
from solver.tables.columns import by_name
from solver.tables.delimited import CONTROL, control_characters, name_columns, to_frame
from solver.tables.header import foreign_unit
from solver.tables.left_out import kept_rows, repeated_headings, rows_of_totals
from solver.tables.merges import fill_merges, listed
from solver.tables.percent import read_percentages
from solver.tables.places import SheetPlace
from solver.tables.sheet_xml import letters
from solver.tables.units import other_unit, stated_above

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from solver.errors import Issue
    from solver.tables.header import Header
    from solver.tables.sheet_xml import Place
    from solver.tables.sheets import Cell, Sheet

#: What Excel shows in a cell that it cannot reckon; in a text cell it was pasted as a value.
ERROR_TEXTS = frozenset(
    {"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)


def read_sheet_table(
    table: str, file: str, sheet: Sheet, header: Header
) -> tuple[pd.DataFrame, SheetPlace, list[Issue]]:
    """Read the rows below the headings.

    Parameters
    ----------
    table
        Table that the sheet holds.
    file
        Name of the workbook.
    sheet, header
        The sheet and what `find_header` found in it.

    Returns
    -------
    frame
        Strings under English names with ``row``; empty where there are no rows (then the issues speak of
        headings only).
    place
        Where the table stands.
    issues
        Everything found wrong.
    """
    rows = sheet.rows[header.first_data :]
    columns: list[Sequence[Cell]] = list(zip(*rows, strict=True)) if rows else [()] * len(header.given)
    texts = [column_texts(column) for column in columns]
    names, found = name_columns(
        table,
        header.given,
        header.columns,
        lambda place: place not in header.ordinals and any(texts[place]),
        sheet.left + 1,
    )
    place = SheetPlace(file, sheet.name, sheet.top + header.last + 1, _letters(sheet, header, names))
    start = sheet.top + header.first_data
    no_rows = rows_of_totals(table, header, names, texts) | repeated_headings(sheet, header, texts)
    found += fill_merges(table, sheet, names, texts, start, no_rows)
    numbers = range(start + 1, start + 1 + len(rows))
    in_error = frozenset(row - start for row, _ in sheet.wrong)
    keep, left = kept_rows(table, header, names, texts, no_rows, in_error)
    if left:
        shown = listed([str(numbers[at]) for at in left])
        found.append(issue("rows_left_out", table, value=sheet.name, rows=shown, count=len(left)))
    lines = [[text for text in column_texts(row) if text] for row in sheet.rows[: header.first]]
    lines += [[cells[at] for cells in texts if cells[at]] for at in left]
    found += _unit_issues(table, header, names, lines)
    found += read_percentages(table, sheet, names, texts, columns, keep, start)
    found += _cell_issues(table, sheet, names, texts, columns, keep, start)
    kept = [texts_of if len(keep) == len(rows) else [texts_of[at] for at in keep] for texts_of in texts]
    kept_numbers = [numbers[at] for at in keep]
    if any(CONTROL.search("\n".join(cells)) for cells in kept):
        found += control_characters(table, names, kept, kept_numbers)
    return to_frame(names, kept, kept_numbers), place, found


def _letters(sheet: Sheet, header: Header, names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for at, name in enumerate(names):
        for key in (name, header.given[at]):
            if key:
                found.setdefault(key, letters(sheet.left + at))
    return found


def _unit_issues(
    table: str, header: Header, names: Sequence[str], lines: Sequence[Sequence[str]]
) -> list[Issue]:
    """Report units other than ours, in headings, their groups and lines above (or among) the rows."""
    known = by_name(table)
    found: list[Issue] = []
    stated: dict[str, str] = {}
    for name, heading, around in zip(names, header.given, header.around, strict=True):
        wanted = known[name].unit if name in known else ""
        if not wanted:
            continue
        if wanted not in stated:
            stated[wanted] = next(filter(None, (stated_above(wanted, line) for line in lines)), "")
        said = (other_unit(wanted, text, heading=False) for text in around)
        unit = foreign_unit(table, name, heading) or next(filter(None, said), "") or stated[wanted]
        if unit:
            found.append(issue("unit_other", table, column=name, value=heading, unit=unit, wanted=wanted))
    return found


def _cell_issues(
    table: str,
    sheet: Sheet,
    names: Sequence[str],
    texts: Sequence[list[str]],
    columns: Sequence[Sequence[Cell]],
    keep: Sequence[int],
    start: int,
) -> list[Issue]:
    """Report error cells, which become empty, formulas without a result and numbers that lost digits."""
    kept = set(keep)

    def named(cells: Iterable[Place]) -> Iterable[tuple[int, int]]:
        for row, column in cells:
            at, place = row - start, column - sheet.left
            if at in kept and 0 <= place < len(names) and names[place]:
                yield at, place

    pasted = [
        (at + start, place + sheet.left)
        for place, cells in enumerate(texts)
        if not ERROR_TEXTS.isdisjoint(cells)
        for at, text in enumerate(cells)
        if text in ERROR_TEXTS
    ]
    found: list[Issue] = []
    for at, place in named(dict.fromkeys((*sheet.wrong, *pasted))):
        value = sheet.wrong.get((at + start, place + sheet.left), texts[place][at])
        found.append(issue("cell_error", table, at + start + 1, names[place], value))
        texts[place][at] = ""
    found += [
        issue("formula_unreckoned", table, at + start + 1, names[place])
        for at, place in named(sheet.unreckoned)
    ]
    long = [
        (at + start, place + sheet.left)
        for place, cells in enumerate(columns)
        for at, cell in enumerate(cells)
        if type(cell) is float and not -MOST_EXACT < cell < MOST_EXACT
    ]
    found += [
        issue("digits_lost", table, at + start + 1, names[place], texts[place][at])
        for at, place in named(long)
    ]
    return found
