"""Rows whose code names one commune and whose name another: a wrong commune is a wrong plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from geodata.code_book import mixed_names, old_names
from geodata.places import places

if TYPE_CHECKING:
    import pandas as pd

    from geodata.code_book import CodeBook
    from geodata.code_issues import Issues

SHOWN = 3


def check_names(rows: pd.DataFrame, book: CodeBook, issues: Issues) -> None:
    """Report names that belong to other communes than the code beside them, and to these only.

    A name may be that of today, or of an old commune that is part of the commune today. Neither its kind is
    held against it (communes have become wards) nor a province in which there is no such name (it may be the
    old one of a new commune); a name that nobody knows says nothing. The code counts all the same.

    Parameters
    ----------
    rows
        `table, row, commune_code` as given, `commune_name, province_name, code` as read.
    book
        What codes and names mean.
    issues
        Where to report.
    """
    both = rows[(rows["commune_code"] != "") & (rows["code"] != "") & (rows["commune_name"] != "")]
    for key, group in both.groupby(["code", "commune_name", "province_name"]):
        code, name, province = (str(text) for text in cast("tuple[str, str, str]", key))
        named = _communes(code, name, province, book)
        if not named or code in named:
            continue
        titles = [book.title(each) for each in named]
        others = "; ".join(titles[:SHOWN]) + ("; ..." if len(titles) > SHOWN else "")
        for place in places(group):
            issues.add(
                "code_and_name_differ",
                place.table,
                place.row,
                "commune_name",
                name if not province else f"{name}, {province}",
                given=place.code,
                title=book.title(code),
                others=others,
            )


def _communes(code: str, name: str, province: str, book: CodeBook) -> list[str]:
    """Communes in use that the name may mean, sorted; `code` alone when it is one of them."""
    known = bool(book.today_names.places(province)) or bool(old_names().places(province))
    for where in dict.fromkeys((province if known else "", "")):
        found = book.today_names.may_mean(name, where)
        if code not in found:  # old names take long to load and are seldom needed
            olds = old_names().may_mean(name, where) | mixed_names().may_mean(name, where)
            found |= {part for old in olds for part in book.parts.get(old, [])}
        if code in found:
            return [code]
        if found:  # somewhere in its province: then not anywhere in the country
            return sorted(found)
    return []
