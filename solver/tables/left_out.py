"""Rows of a sheet that are no rows of its table: totals, sections, repeated headings and signatures.

What may be a record stays: a row with an identifier, a number or a known choice is an issue at worst.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from solver.tables.cell_texts import column_texts
from solver.tables.columns import by_name, required
from solver.tables.kinds import CHOICES, KINDS, lookup
from solver.tables.names import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solver.tables.header import Header
    from solver.tables.sheets import Sheet

_TAIL = r"[\s:.,]*(?:\(.*\)|(?:mục|muc|phần|phan|nhóm|nhom)\b.*|[ivx\d\s+.]+)?"
#: With marks where marks are written: no total are "Công ...", "Tổng công ty", "Tổng cục" and "Cộng Hòa".
_TOTAL = re.compile(
    rf"(?:(?:tổng cộng|tổng số|total|subtotal|grand total)\b.*|(?:tổng|cộng){_TAIL}"
    r"|cộng\s+(?:các\s|xe|ô tô|nhà|đất|máy|thiết bị|phương tiện|tài sản|trụ sở|số)\b.*)",
    re.IGNORECASE,
)
_TOTAL_PLAIN = re.compile(rf"(?:tong cong|tong so|tong|cong){_TAIL}", re.IGNORECASE)
_SIGNATURES = (
    "nguoilap",
    "thutruong",
    "ketoantruong",
    "kyghiro",
    "kyten",
    "noinhan",
    "ghichu",
    "chutich",
    "tmuyban",
    "tmubnd",
)
_DATE_LINE = re.compile(r"ngay\d*thang\d*nam")
_FEWEST_COLUMNS = 3
#: "I. Khối Đảng", "A - Nhà, đất"; but "V - 2" is an identifier.
_ENUMERATED = re.compile(
    r"(?:[IVX]+|[A-ZĐ])(?:\s*[.)]\s*|\s*[-–:/]\s+)[^\W\d_]{2,}.*\s.*|(?:[IVX]+|[A-ZĐ])\s*[.)]\s*[^\W\d_]{3,}"
)
_MARK = re.compile(r"[IVX]+|[A-ZĐ]", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?[\d.,\s]*\d[\d.,\s]*%?")
_NUMBERS = frozenset({"count", "money", "decimal", "degree", "year"})
#: A text of so many words without a digit is no identifier.
_WORDS_OF_A_TITLE = 4
_PLACES_OF_COMMUNES = ("commune_code", "name")


def is_total(text: str) -> bool:
    """Tell whether a text is the name of a sum: "Tổng cộng", "Cộng (I+II)", "Total"."""
    return bool(_TOTAL.fullmatch(text) or (text.isascii() and _TOTAL_PLAIN.fullmatch(text)))


def rows_of_totals(
    table: str, header: Header, names: Sequence[str], texts: Sequence[Sequence[str]]
) -> frozenset[int]:
    """Return the places of rows whose first text is the name of a sum, and that have no identifier."""
    sums = [{text for text in set(cells) if text and is_total(text)} for cells in texts]
    found: set[int] = set()
    identifiers = _identifiers(table, names)
    rows = {at for cells, among in zip(texts, sums, strict=True) if among for at in _rows(cells, among)}
    for at in rows:
        row = [cells[at] for cells in texts]
        if any(row[place] and not is_total(row[place]) for place in identifiers):
            continue
        words = [(place, text) for place, text in enumerate(row) if text and not _NUMBER.fullmatch(text)]
        firsts = [text for _, text in words[:1]]
        firsts += [text for place, text in words if place not in header.ordinals][:1]
        if any(map(is_total, firsts)):
            found.add(at)
    return frozenset(found)


def repeated_headings(sheet: Sheet, header: Header, texts: Sequence[Sequence[str]]) -> frozenset[int]:
    """Return the places of rows that repeat a row of the headings, as at the top of every printed page."""
    found: set[int] = set()
    for heading in sheet.rows[header.first : header.first_data]:
        line = [fold(text) for text in column_texts(heading)]
        filled = [place for place, text in enumerate(line) if text]
        if not filled:
            continue
        first = filled[0]
        among = {text for text in set(texts[first]) if fold(text) == line[first]}
        for at in _rows(texts[first], among):
            row = [fold(cells[at]) for cells in texts]
            said = [place for place, text in enumerate(row) if text]
            if (len(said) > 1 or at - 1 in found) and all(row[place] == line[place] for place in said):
                found.add(at)
    return frozenset(found)


def kept_rows(
    table: str,
    header: Header,
    names: Sequence[str],
    texts: Sequence[Sequence[str]],
    no_rows: frozenset[int],
    in_error: frozenset[int],
) -> tuple[list[int], list[int]]:
    """Return the places of rows that are the table's, and of rows that are left out.

    Parameters
    ----------
    table
        Table of the sheet.
    header, names
        Its headings, and the column of every place ("" = none).
    texts
        Cells by column.
    no_rows
        Rows that are known to be none: totals and repeated headings.
    in_error
        Rows with a cell that shows an error.
    """
    told = [names.index(name) for name in required(table) if name in names]
    named = [at for at, name in enumerate(names) if name]
    holding = _holding(table, names, texts)
    places_of_names = [place for place in _identifiers(table, names) if table != "communes"]
    keep: list[int] = []
    left: list[int] = []
    height = len(texts[0]) if texts else 0
    records = [
        at not in no_rows
        and ((bool(told) and all(texts[place][at] for place in told)) or _holds(at, holding))
        for at in range(height)
    ]
    last = max((at for at, record in enumerate(records) if record), default=-1)
    for at in range(height):
        if records[at]:
            keep.append(at)
            continue
        row = [cells[at] for cells in texts]
        if at in no_rows:
            left.append(at)
        elif at > last >= 0 and any(fold(text).startswith(_SIGNATURES) for text in row if text):
            # No row from here on holds anything that a record would.
            left += [rest for rest in range(at, height) if any(cells[rest] for cells in texts)]
            break
        elif at not in in_error and _is_section(row, header, places_of_names):
            left.append(at)
        elif at in in_error or any(row[place] for place in named):
            keep.append(at)
    return keep, left


def _rows(cells: Sequence[str], among: set[str]) -> list[int]:
    return [at for at, text in enumerate(cells) if text in among]


def _identifiers(table: str, names: Sequence[str]) -> list[int]:
    known = by_name(table)
    wanted = (
        _PLACES_OF_COMMUNES
        if table == "communes"
        else tuple(name for name in required(table) if known[name].type == "id")
    )
    return [names.index(name) for name in wanted if name in names]


def _holding(
    table: str, names: Sequence[str], texts: Sequence[Sequence[str]]
) -> list[tuple[Sequence[str], set[str]]]:
    """Return columns with those of their texts that only a record has."""
    known = by_name(table)
    identifiers = _identifiers(table, names)
    found: list[tuple[Sequence[str], set[str]]] = []
    for place, name in enumerate(names):
        kind = known[name].type if name in known else ""
        distinct = set(texts[place]) - {""}
        if place in identifiers:
            telling = {text for text in distinct if _is_identifier(text, communes=table == "communes")}
        elif kind in _NUMBERS or kind == "code":
            telling = {text for text in distinct if _NUMBER.fullmatch(text)}
        elif kind in ("choice", "kind", "kinds"):
            choices = _choices(name)
            telling = {text for text in distinct if fold(text) in choices}
        else:
            continue
        if telling:
            found.append((texts[place], telling))
    return found


def _holds(at: int, holding: Sequence[tuple[Sequence[str], set[str]]]) -> bool:
    return any(cells[at] in telling for cells, telling in holding)


def _choices(name: str) -> frozenset[str]:
    lists = [CHOICES[name]] if name in CHOICES else list(KINDS.values())
    return frozenset(folded for choices in lists for folded in lookup(choices))


def _is_identifier(text: str, *, communes: bool) -> bool:
    """Tell whether a text identifies a record for certain: "V 2" and "V-2" do, "Nguyễn Văn A" may sign."""
    if _is_title(text):
        return False
    return communes or " " not in text or any(letter.isdigit() for letter in text)


def _is_title(text: str) -> bool:
    folded = fold(text)
    return bool(
        is_total(text)
        or folded.startswith(_SIGNATURES)
        or _DATE_LINE.search(folded)
        or _ENUMERATED.fullmatch(text)
    )


def _is_section(row: Sequence[str], header: Header, identifiers: Sequence[int]) -> bool:
    """Tell whether a row holds one text only, beside its ordinal: "I. Văn phòng Ủy ban nhân dân"."""
    if len(row) - len(header.ordinals) < _FEWEST_COLUMNS:
        return False
    filled = [place for place, text in enumerate(row) if text and place not in header.ordinals]
    if not filled:  # "I. Văn phòng ..." in the column of ordinals
        return any(" " in text for text in row)
    if len(filled) > 1:
        return False
    ordinals = [row[place] for place in header.ordinals if row[place]]
    text = row[filled[0]]
    if _is_title(text) or any(_MARK.fullmatch(ordinal.rstrip(".)")) for ordinal in ordinals):
        return True
    if any(ordinal.replace(".", "").isdigit() for ordinal in ordinals):  # a row that somebody began
        return False
    return filled[0] not in identifiers or len(text.split()) >= _WORDS_OF_A_TITLE
