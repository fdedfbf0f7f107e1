"""Rows whose commune is given by its name and its province."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd

from geodata.by_code import translate
from geodata.code_book import mixed_names, old_names
from geodata.places import places

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.code_book import CodeBook
    from geodata.code_issues import Issues
    from geodata.names import Gazetteer
    from geodata.places import Mode, Vintage

SHOWN = 5


def read_named(
    rows: pd.DataFrame, named: pd.DataFrame, book: CodeBook, vintage: Vintage, mode: Mode, issues: Issues
) -> None:
    """Read the rows that have a name and no code: write `code` and `old` into `rows`, report what is wrong.

    The parameters are those of :func:`geodata.by_code.read_coded`. Old names are understood unless the
    scenario says that everything is of today.
    """

    def today() -> Gazetteer:
        return book.today_names

    order: list[tuple[Callable[[], Gazetteer], bool]]
    # an old name with a province of today comes last: it is the likeliest to have namesakes
    if vintage == "pre-2025":
        order = [(old_names, True), (today, False), (mixed_names, True)]
    else:
        order = [(today, False), (old_names, True), (mixed_names, True)]
    olds: dict[int, str] = {}
    todays: dict[int, str] = {}
    for pair, group in named.groupby(["commune_name", "province_name"]):
        name, province = (str(text) for text in cast("tuple[str, str]", pair))
        tried = order if mode != "2025" else order[:1]
        hits = ((names().find(name, province), old) for names, old in tried)
        found, is_old = next((hit for hit in hits if hit[0]), ([], False))
        if len(found) == 1:
            (olds if is_old else todays).update(dict.fromkeys(group.index, found[0]))
            continue
        for place in places(group):
            _explain_name(place.table, place.row, name, province, found, is_old, book, issues)
    rows.loc[list(todays), "code"] = list(todays.values())
    if olds:
        index = sorted(olds)
        translate(
            rows, rows.loc[index], pd.Series([olds[i] for i in index], index=index, dtype="str"), book, issues
        )
        example = str(rows["commune_name"].loc[index[0]])
        issues.add("names_translated", "folder", None, "commune_name", example, count=str(len(olds)))


def _explain_name(
    table: str,
    row: int,
    name: str,
    province: str,
    found: list[str],
    is_old: bool,
    book: CodeBook,
    issues: Issues,
) -> None:
    if found:
        titles = [f"{book.old_title(code)} ({code})" if is_old else book.title(code) for code in found]
        shown = "; ".join(titles[:SHOWN]) + ("; ..." if len(titles) > SHOWN else "")
        issues.add("commune_ambiguous", table, row, "commune_name", name, candidates=shown)
    elif not book.today_names.places(province) and not old_names().places(province):
        issues.add("province_unknown", table, row, "province_name", province)
    else:
        near = "; ".join(book.title(code) for code in book.today_names.near(name, province))
        issues.add("commune_unknown", table, row, "commune_name", name, near=f": {near}?" if near else "")
