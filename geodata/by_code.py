"""Rows whose commune is given by a code, of today or of before 1 July 2025."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geodata import points
from geodata.code_book import mixed_names, old_names
from geodata.places import places

if TYPE_CHECKING:
    from geodata.code_book import CodeBook
    from geodata.code_issues import Issues
    from geodata.places import Mode, Place, Vintage


def read_coded(
    rows: pd.DataFrame, coded: pd.DataFrame, book: CodeBook, vintage: Vintage, mode: Mode, issues: Issues
) -> None:
    """Read the rows that have a code: write `code` and `old` into `rows`, report what is wrong.

    Parameters
    ----------
    rows
        All rows.
    coded
        Those of them to be read.
    book
        What codes mean.
    vintage
        Whether they are of today or of before 1 July 2025.
    mode
        What the scenario says; only "auto" is worth a warning.
    issues
        Where to report.
    """
    given = coded["commune_code"]
    today = given.isin(list(book.position))
    old = given.isin(list(book.parts))
    if vintage == "pre-2025":
        translate(rows, coded[old], given[old], book, issues)
        # special zones whose code is no old one mean themselves
        rest = today & ~old
        if mode == "auto" and old.any():
            example = next(code for code in given[old] if code not in book.position)
            issues.add("codes_translated", "folder", None, "commune_code", example, count=str(int(old.sum())))
    else:
        rest = today
        split = given.isin([code for code, parts in book.parts.items() if len(parts) > 1])
        maybe = given[today & split]
        if mode == "auto" and len(maybe):
            issues.add(
                "codes_maybe_old", "folder", None, "commune_code", str(maybe.iloc[0]), count=str(len(maybe))
            )
    rows.loc[given[rest].index, "code"] = given[rest]
    for place in places(coded[~rest & ~(old & (vintage == "pre-2025"))]):
        _explain_code(place, book, issues)


def _explain_code(place: Place, book: CodeBook, issues: Issues) -> None:
    table, row, code = place.table, place.row, place.code
    likely = book.likely(code)
    if code in book.parts:
        targets = ", ".join(book.title(part) for part in book.parts[code])
        issues.add("code_old", table, row, "commune_code", code, unit=book.old_title(code), likely=targets)
    elif code in book.districts and (code.startswith("0") or not likely):
        unit, commune = book.districts[code]
        words = {"unit": unit, "likely_en": "", "likely_vi": ""}
        if commune in book.position:
            words |= {"likely_en": f": {book.title(commune)}", "likely_vi": f": {book.title(commune)}"}
        issues.add("code_of_district", table, row, "commune_code", code, **words)
    elif code in book.provinces and (code.startswith("0") or not likely):
        issues.add("code_of_province", table, row, "commune_code", code, unit=book.provinces[code])
    elif likely:
        title = book.title(likely) if likely in book.position else f"{likely} ({book.old_title(likely)})"
        issues.add("code_lost_zeros", table, row, "commune_code", code, likely=title)
    else:
        issues.add("commune_unknown", table, row, "commune_code", code, near=_namesake(place, book))


def _namesake(place: Place, book: CodeBook) -> str:
    """Say which commune has the name that stands in place of a code; nothing where several or none have."""
    if not any(letter.isalpha() for letter in place.code):
        return ""
    named = book.today_names.find(place.code, place.province)
    if not named:
        named = sorted(
            {
                part
                for names in (old_names(), mixed_names())
                for old in names.find(place.code, place.province)
                for part in book.parts.get(old, [])
            }
        )
    return f": {book.title(named[0])}?" if len(named) == 1 else ""


def translate(
    rows: pd.DataFrame, part: pd.DataFrame, old: pd.Series[str], book: CodeBook, issues: Issues
) -> None:
    """Take rows of old communes to those of today; where one was divided, the point decides."""
    single = {code: parts[0] for code, parts in book.parts.items() if len(parts) == 1}
    target = old.map(single).fillna("")
    split = target == ""
    by_point = part[split.to_numpy() & part["usable"].to_numpy()]
    nearest = _nearest_parts(by_point, [book.parts[code] for code in old[by_point.index]], book)
    chosen = pd.Series(nearest, index=by_point.index, dtype="str")
    target = target.mask(target.index.isin(by_point.index), chosen.reindex(target.index))
    for place in places(part[split.to_numpy() & ~part["usable"].to_numpy()]):
        code = str(old.loc[place.label])
        titles = ", ".join(book.title(option) for option in book.parts[code])
        column = "commune_code" if place.code else "commune_name"
        words = {"unit": book.old_title(code), "candidates": titles}
        issues.add("code_split", place.table, place.row, column, code, **words)
    rows.loc[target.index, "code"] = target
    rows.loc[target.index, "old"] = old


def _nearest_parts(rows: pd.DataFrame, options: list[list[str]], book: CodeBook) -> list[str]:
    """For each row the one of its options whose point is nearest; ties: the smallest code."""
    owner = np.repeat(np.arange(len(rows)), [len(codes) for codes in options])
    code = np.array([code for codes in options for code in sorted(codes)], dtype=object)
    at = np.array([book.position[each] for each in code], dtype=np.int64)
    lat, lon = book.communes["lat"].to_numpy(), book.communes["lon"].to_numpy()
    metres = points.STRAIGHT.metres(
        rows["lat"].to_numpy()[owner], rows["lon"].to_numpy()[owner], lat[at], lon[at]
    )
    order = np.lexsort((metres, owner))
    first = order[np.searchsorted(owner, np.arange(len(rows)))]
    return [str(each) for each in code[first]]
