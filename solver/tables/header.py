"""Where the headings of a sheet stand, below titles, in one row or two, and which columns they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from solver.tables.cell_texts import column_texts
from solver.tables.columns import by_name, headings
from solver.tables.names import clean, fold
from solver.tables.units import foreign_part, is_row_of_units, other_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solver.tables.sheets import Sheet

#: Headings are looked for in so many rows from the first filled one.
DEPTH = 40
_ORDINALS = frozenset({"stt", "tt", "sott", "sothutu", "no"})
_BRACKETS = re.compile(r"[(\[（][^()\[\]（）]*[)\]）]")
_COLUMN_NUMBER = re.compile(r"\(?\s*-?(\d{1,3}|[A-Za-z])\s*\)?(?:\s*=.*)?")
_FEWEST_NUMBERS = 3
#: So many rows above the (lower) headings may hold groups of them.
_GROUP_ROWS = 2


@dataclass(frozen=True, slots=True)
class Header:
    """Headings of a sheet, read as those of one table.

    Attributes
    ----------
    first, last
        Places of the upper and the lower row of headings in `Sheet.rows`; the same where one row has all.
    first_data
        Place of the first row below, past a row of column numbers and one of units.
    given
        Headings as they stand, on one line; "" also for a column of ordinal numbers.
    columns
        For each heading the column it means, or "".
    ordinals
        Places of columns that only number the rows.
    around
        For each heading what stands above it in its group, and below it in a row of units.
    """

    first: int
    last: int
    first_data: int
    given: tuple[str, ...]
    columns: tuple[str, ...]
    ordinals: frozenset[int]
    around: tuple[tuple[str, ...], ...]

    @property
    def recognised(self) -> frozenset[str]:
        """Columns of the table that the headings name."""
        return frozenset(self.columns) - {""}


@lru_cache(maxsize=8192)
def column_of(table: str, heading: str) -> str:
    """Return the column that a heading means, with a unit in brackets or without; "" for none."""
    known = headings(table)
    plain = _BRACKETS.sub(" ", heading)
    for text in (heading, plain):
        if name := known.get(fold(text), ""):
            return name
    parts = [known.get(fold(part), "") for part in plain.split("/") if fold(part)]
    meant = {part for part in parts if part}
    return parts[0] if len(meant) == 1 and parts[0] else ""


def foreign_unit(table: str, column: str, heading: str) -> str:
    """Return the unit that a heading states where it is not the column's own, else ""."""
    unit = by_name(table)[column].unit
    known = headings(table)
    if not unit or fold(heading) in known:
        return ""
    parts = [part.strip() for part in _BRACKETS.sub(" ", heading).split("/") if fold(part)]
    rest = [part for part in parts[1:] if known.get(fold(part)) != column]
    return other_unit(unit, heading) or foreign_part(unit, rest)


def find_header(table: str, sheet: Sheet) -> Header | None:
    """Find the row, or two, with the most headings of a table.

    Parameters
    ----------
    table
        Table whose headings are looked for.
    sheet
        The sheet; titles above the headings do no harm.

    Returns
    -------
    Header or None
        None where no row has any heading of the table. Of equally good rows the first counts.
    """
    lines = [_line(row) for row in sheet.rows[: DEPTH + 1]]
    single = [tuple(column_of(table, text) for text in line) for line in lines]
    counts = [len({name for name in names if name}) for names in single]
    best = max(range(min(DEPTH, len(lines))), key=lambda row: (counts[row], -row), default=None)
    if best is None or not counts[best]:
        return None
    given, columns, first, last, most = lines[best], single[best], best, best, counts[best]
    for upper in (best, best - 1):  # the better half of two rows of headings may be the lower one
        if upper < 0 or upper + 1 >= len(lines):
            continue
        groups = _groups(sheet, upper, lines[upper], lines[upper + 1])
        if groups is None:
            continue
        texts, names = _joined(table, lines[upper], lines[upper + 1], groups)
        count = len({name for name in names if name})
        if count > most or (count == most and upper == best):
            given, columns, first, last, most = texts, names, upper, upper + 1, count
    ordinals = frozenset(place for place, text in enumerate(given) if fold(text) in _ORDINALS)
    given = tuple("" if place in ordinals else text for place, text in enumerate(given))
    first_data, below = _below(table, sheet, last + 1, columns)
    above = _above(sheet, lines, last)
    around = tuple((*over, *under) for over, under in zip(above, below, strict=True))
    return Header(first, last, first_data, given, columns, ordinals, around)


def _below(
    table: str, sheet: Sheet, at: int, columns: Sequence[str]
) -> tuple[int, tuple[tuple[str, ...], ...]]:
    """Return where the data begin, past column numbers and a row of units, and the units of each column."""
    known = by_name(table)
    own = tuple(known[name].unit if name else "" for name in columns)
    units: tuple[tuple[str, ...], ...] = ((),) * len(columns)
    for _ in range(2):  # in either order
        if at >= len(sheet.rows):
            break
        line = _line(sheet.rows[at])
        if is_row_of_units(line, own):
            units = tuple((text,) if text else () for text in line)
        elif not _numbers_columns(line):
            break
        at += 1
    return at, units


def _above(sheet: Sheet, lines: Sequence[Sequence[str]], last: int) -> tuple[tuple[str, ...], ...]:
    """Return for each heading the texts of the groups that it stands below.

    A text reaches as far as its merged cell, or to the next text; one that reaches over all is a title.
    """
    width = len(lines[last])
    found: list[list[str]] = [[] for _ in range(width)]
    for row in range(max(0, last - _GROUP_ROWS), last):
        line = lines[row]
        reach = {
            left - sheet.left: right - sheet.left
            for (top, left), (bottom, right) in sheet.merges
            if top <= sheet.top + row <= bottom
        }
        starts = [place for place in range(width) if line[place]]
        for start, following in pairwise([*starts, width]):
            end = min(reach.get(start, following - 1) + 1, width)
            told = [place for place in range(width) if lines[last][place]]
            if told and start <= told[0] and end > told[-1]:
                continue
            for place in range(start, end):
                found[place].append(line[start])
    return tuple(map(tuple, found))


def _line(row: Sequence[object]) -> tuple[str, ...]:
    return tuple(" ".join(text.split()).rstrip("* ") if text else "" for text in column_texts(row))


def _groups(sheet: Sheet, row: int, upper: Sequence[str], lower: Sequence[str]) -> dict[int, str] | None:
    """Return place -> heading of its group, where two rows of headings stand; else None.

    Below headings without a group the lower row is empty: they reach over both rows.
    """
    groups: dict[int, str] = {}
    at = sheet.top + row
    for (top, left), (bottom, right) in sheet.merges:
        if top <= at <= bottom and right > left and bottom == at:
            start = left - sheet.left
            if 0 <= start < len(upper) and upper[start]:
                groups |= dict.fromkeys(range(start, min(right - sheet.left + 1, len(upper))), upper[start])
    for place, text in enumerate(lower):
        if not text or place in groups:
            continue
        if place and not upper[place] and place - 1 in groups:
            groups[place] = groups[place - 1]
        elif upper[place] and place + 1 < len(upper) and not upper[place + 1] and lower[place + 1]:
            groups[place] = upper[place]
        else:
            return None
    filled = [place for place in groups if lower[place]]
    return groups if len(filled) > 1 else None


def _joined(
    table: str, upper: Sequence[str], lower: Sequence[str], groups: dict[int, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    texts: list[str] = []
    names: list[str] = []
    for place, (over, under) in enumerate(zip(upper, lower, strict=True)):
        text = clean(f"{groups[place]} {under}") if under else over
        texts.append(text)
        names.append(column_of(table, text))
    for place, under in enumerate(lower):
        # The lower heading alone: but a "Tên" below "Đơn vị" is no second name of the asset.
        alone = column_of(table, under) if under and not names[place] else ""
        if alone and alone not in names:
            names[place] = alone
    return tuple(texts), tuple(names)


def _numbers_columns(line: Sequence[str]) -> bool:
    """Tell whether a row only numbers the columns: (1) (2) (3), or A B 1 2."""
    marks: list[str] = []
    for text in line:
        if not text:
            continue
        match = _COLUMN_NUMBER.fullmatch(text)
        if match is None:
            return False
        marks.append(match[1].upper())
    # Excel takes a typed (1) for -1.
    bracketed = any(text.startswith(("(", "-")) or text.isalpha() for text in line)
    if len(marks) < (_FEWEST_NUMBERS if bracketed else _FEWEST_NUMBERS + 2):
        return False
    numbers = [int(mark) for mark in marks if mark.isdigit()]
    words = [ord(mark) for mark in marks if not mark.isdigit()]
    return all(list(row) == list(range(row[0], row[0] + len(row))) for row in (numbers, words) if row)
