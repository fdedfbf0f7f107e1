"""One sheet with its headings found to a raw table, with the row that each record has in the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.errors import issue
from solver.tables.cell_texts import MOST_EXACT, column_texts
from solver.tables.columns import by_name, required
from solver.tables.delimited import CONTROL, control_characters, name_columns, to_frame
from solver.tables.header import other_unit, stated_money_unit
from solver.tables.left_out import is_section, is_signature, is_total
from solver.tables.places import SheetPlace
from solver.tables.sheet_scan import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from solver.errors import Issue
    from solver.tables.header import Header
    from solver.tables.sheet_scan import Place
    from solver.tables.sheets import Cell, Sheet

_SHOWN = 20
#: What Excel shows in a cell that it cannot reckon; in a text cell it was pasted as a value.
_ERRORS = frozenset({"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})


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
    found += _unit_issues(table, sheet, header, names)
    start = sheet.top + header.first_data
    found += _fill_merges(table, sheet, names, texts, start)
    numbers = range(start + 1, start + 1 + len(rows))
    keep = _kept(table, sheet, header, names, texts, numbers, found)
    found += _percent_issues(table, names, texts, keep)
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


def _unit_issues(table: str, sheet: Sheet, header: Header, names: Sequence[str]) -> list[Issue]:
    known = by_name(table)
    found: list[Issue] = []
    above = stated_money_unit(sheet, header)
    for name, heading in zip(names, header.given, strict=True):
        if name not in known:
            continue
        unit = other_unit(table, name, heading)
        if not unit and known[name].unit == "VND":
            unit = above
        if unit:
            found.append(
                issue("unit_other", table, column=name, value=heading, unit=unit, wanted=known[name].unit)
            )
    return found


def _fill_merges(
    table: str, sheet: Sheet, names: Sequence[str], texts: Sequence[list[str]], start: int
) -> list[Issue]:
    """Give every row of a merged cell its value: the file has it in the first row only."""
    filled: list[str] = []
    height = len(texts[0]) if texts else 0
    for (top, left), (bottom, _) in sorted(sheet.merges, key=lambda cells: (cells[0][1], cells[0][0])):
        at, first = left - sheet.left, top - start
        if bottom == top or first < 0 or first >= height or not 0 <= at < len(names) or not names[at]:
            continue
        value = texts[at][first]
        if not value:
            continue
        below = [
            row
            for row in range(first + 1, min(bottom - start + 1, height))
            if any(cells[row] for other, cells in enumerate(texts) if other != at and names[other])
        ]
        for row in below:
            texts[at][row] = value
        if below:
            name = letters(left)
            filled.append(f"{name}{top + 1}:{name}{bottom + 1}")
    if not filled:
        return []
    return [issue("cells_merged", table, value=sheet.name, cells=_listed(filled), count=len(filled))]


def _kept(
    table: str,
    sheet: Sheet,
    header: Header,
    names: Sequence[str],
    texts: Sequence[Sequence[str]],
    numbers: Sequence[int],
    found: list[Issue],
) -> list[int]:
    """Return the places of rows that are the table's; totals, sections and signatures are reported."""
    told = [names.index(name) for name in required(table) if name in names]
    identifier = next((names.index(name) for name in required(table)[:1] if name in names), None)
    named = [at for at, name in enumerate(names) if name]
    keep: list[int] = []
    left: list[int] = []
    whole = [at for at in range(len(numbers)) if told and all(texts[place][at] for place in told)]
    is_whole = set(whole)
    last_whole = whole[-1] if whole else -1
    for at in range(len(numbers)):
        if at in is_whole:
            keep.append(at)
            continue
        row = [cells[at] for cells in texts]
        below = at > last_whole and bool(whole)
        if is_total(row) or is_section(row, header.ordinals, identifier):
            left.append(numbers[at])
        elif below and is_signature(row):
            left += [numbers[rest] for rest in range(at, len(numbers)) if any(cells[rest] for cells in texts)]
            break
        elif any(row[place] for place in named) or _has_error(sheet, at + numbers[0] - 1):
            keep.append(at)
    if left:
        shown = _listed([str(number) for number in left])
        found.append(issue("rows_left_out", table, value=sheet.name, rows=shown, count=len(left)))
    return keep


def _has_error(sheet: Sheet, row: int) -> bool:
    return bool(sheet.wrong) and any(place[0] == row for place in sheet.wrong)


def _percent_issues(
    table: str, names: Sequence[str], texts: Sequence[Sequence[str]], keep: Sequence[int]
) -> list[Issue]:
    known = by_name(table)
    found: list[Issue] = []
    for name, cells in zip(names, texts, strict=True):
        if name not in known or known[name].unit != "%":
            continue
        distinct = {cells[at] for at in keep} - {""}
        try:
            shares = [float(text.replace(",", ".")) for text in distinct]
        except ValueError:
            continue
        if shares and max(shares) <= 1 and any(0 < share < 1 for share in shares):
            found.append(issue("percent_as_share", table, column=name, value=min(distinct)))
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
        if not _ERRORS.isdisjoint(cells)
        for at, text in enumerate(cells)
        if text in _ERRORS
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


def _listed(words: Sequence[str]) -> str:
    more = f", … (+{len(words) - _SHOWN})" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more
