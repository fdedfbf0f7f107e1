"""Where the headings of a sheet stand, below titles, in one row or two, and which columns they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from solver.tables.cell_texts import column_texts
from solver.tables.columns import by_name, headings
from solver.tables.names import clean, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solver.tables.sheets import Sheet

#: Headings are looked for in so many rows from the first filled one.
DEPTH = 40
_ORDINALS = frozenset({"stt", "tt", "sott", "sothutu", "no"})
_BRACKETS = re.compile(r"[(\[（][^()\[\]（）]*[)\]）]")
_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,3}|[A-Za-z])\s*\)?(?:\s*=.*)?")
_FEWEST_NUMBERS = 3
#: Units that multiply what a column of ours holds, folded.
_OTHER_UNITS = {
    "VND": re.compile(
        r"(?:dvt|donvitinh|donvi)?(?:1000+|trieu|tr|nghin|ngan|ng|t[yi]|thousand|million|billion)s?(?:dong|vnd|d)?|usd"
    ),
    "m2": re.compile(r"ha|hec?tar?e?s?|km2"),
    "km": re.compile(r"m|met|metres?|meters?"),
}


@dataclass(frozen=True, slots=True)
class Header:
    """Headings of a sheet, read as those of one table.

    Attributes
    ----------
    last
        Place of the (lower) row of headings in `Sheet.rows`.
    first_data
        Place of the first row below, past a row of column numbers.
    given
        Headings as they stand, on one line; "" also for a column of ordinal numbers.
    columns
        For each heading the column it means, or "".
    ordinals
        Places of columns that only number the rows.
    """

    last: int
    first_data: int
    given: tuple[str, ...]
    columns: tuple[str, ...]
    ordinals: frozenset[int]

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


def other_unit(table: str, column: str, heading: str) -> str:
    """Return the unit that a heading states where it is a multiple of the column's own, else ""."""
    pattern = _OTHER_UNITS.get(by_name(table)[column].unit)
    if pattern is None or fold(heading) in headings(table):
        return ""
    stated = (text[1:-1].strip() for text in _BRACKETS.findall(heading))
    return next((text for text in stated if pattern.fullmatch(fold(text))), "")


def stated_money_unit(sheet: Sheet, header: Header) -> str:
    """Return the unit of money of a line such as "Đơn vị tính: triệu đồng" above the headings, or ""."""
    for row in sheet.rows[: header.last]:
        texts = [text for text in column_texts(row) if text]
        for place, text in enumerate(texts):
            label, colon, unit = text.partition(":")
            if not any(word in fold(label) for word in ("donvitinh", "dvt", "donvi")):
                continue
            unit = (unit if colon else "") or " ".join(texts[place + 1 : place + 2])
            stated = re.split(r"[;,(/]", unit)[0].strip()
            if _OTHER_UNITS["VND"].fullmatch(fold(stated)):
                return stated
    return ""


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
    given, columns, last, most = lines[best], single[best], best, counts[best]
    for upper in (best, best - 1):  # the better half of two rows of headings may be the lower one
        if upper < 0 or upper + 1 >= len(lines):
            continue
        groups = _groups(sheet, upper, lines[upper], lines[upper + 1])
        if groups is None:
            continue
        texts, names = _joined(table, lines[upper], lines[upper + 1], groups)
        count = len({name for name in names if name})
        if count > most or (count == most and upper == best):
            given, columns, last, most = texts, names, upper + 1, count
    ordinals = frozenset(place for place, text in enumerate(given) if fold(text) in _ORDINALS)
    given = tuple("" if place in ordinals else text for place, text in enumerate(given))
    first_data = last + 1
    if first_data < len(sheet.rows) and _numbers_columns(_line(sheet.rows[first_data])):
        first_data += 1
    return Header(last, first_data, given, columns, ordinals)


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
    bracketed = any(text.startswith("(") or text.isalpha() for text in line)
    if len(marks) < (_FEWEST_NUMBERS if bracketed else _FEWEST_NUMBERS + 2):
        return False
    numbers = [int(mark) for mark in marks if mark.isdigit()]
    words = [ord(mark) for mark in marks if not mark.isdigit()]
    return all(list(row) == list(range(row[0], row[0] + len(row))) for row in (numbers, words) if row)
