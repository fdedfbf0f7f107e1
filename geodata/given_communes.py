"""A planner's table of communes: it completes the register, or stands in its place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from geodata.code_book import CodeBook
from geodata.code_issues import Issues
from geodata.codes import read_codes
from geodata.demand.staff import STAFF_COLUMNS
from geodata.names import bare
from geodata.register import read

if TYPE_CHECKING:
    from collections.abc import Iterable

_COUNTS = ("population", *STAFF_COLUMNS)
_KINDS = {bare(kind): kind for kind in ("xã", "phường", "đặc khu")}
#: Columns of issues about rows of assets and needs, as they are called in the table of communes.
_HEADINGS = {"commune_name": "name"}


@dataclass(frozen=True)
class GivenCommunes:
    """What :func:`read_communes` returns.

    Attributes
    ----------
    communes
        The communes in use: those of the register, or those given.
    issues
        One row per issue, with the columns of the issues of :func:`geodata.read_codes`.
    completed
        Whether the table completed the register (or there was none), rather than standing in its place.
    named
        Codes of the communes that the table names.
    """

    communes: pd.DataFrame
    issues: pd.DataFrame
    completed: bool
    named: frozenset[str]


def read_communes(frame: pd.DataFrame | None) -> GivenCommunes:
    """Complete the register by a table without any point; let a table with points stand in its place.

    Parameters
    ----------
    frame
        Typed table. Without points its rows name communes of today by `commune_code`, or by `name` and
        `province_name` (or `province_code`); what else they hold (`kind`, `area_km2`, `population`,
        `island`, `staff_leaders`, `staff_heads`, `staff_specialists`) replaces the register's. None for the
        register as it is.

    Returns
    -------
    GivenCommunes
        Everything that is wrong is in its issues, and such rows change nothing.
    """
    issues = Issues()
    if frame is None:
        return GivenCommunes(read.communes(), issues.frame(), completed=True, named=frozenset())
    given = frame.reset_index(drop=True)
    if "row" not in given:
        given["row"] = range(2, len(given) + 2)
    if any(name in given and given[name].notna().any() for name in ("lat", "lon")):
        whole = _check_whole(given, issues)
        named = frozenset(_texts(given, "commune_code")) - {""}
        # Without codes the table can't stand for the register; then the other tables are read by ours.
        communes = given if whole else read.communes()
        return GivenCommunes(communes, issues.frame(), completed=False, named=named)
    register = read.communes()
    codes = _find(given, register, issues)
    communes = _completed(register, given, codes, issues)
    return GivenCommunes(communes, issues.frame(), completed=True, named=frozenset(codes.values()))


def _check_whole(given: pd.DataFrame, issues: Issues) -> bool:
    """Report rows without codes; return whether both columns have any."""
    whole = True
    for column in ("commune_code", "province_code"):
        texts = _texts(given, column)
        if given.empty or any(texts):
            rows: Iterable[int | None] = [
                int(row) for row, text in zip(given["row"], texts, strict=True) if not text
            ]
        else:  # the column is missing, and not cells of it
            rows, whole = [None], False
        for row in rows:
            issues.add("register_incomplete", "communes", row, column, "", heading=column)
    return whole


def _find(given: pd.DataFrame, register: pd.DataFrame, issues: Issues) -> dict[int, str]:
    """Return the commune of each row that names one, by the row's place; report the others."""
    names = dict(zip(register["province_code"], register["province_name"], strict=True))
    provinces = [
        name or names.get(code, code)
        for name, code in zip(_texts(given, "province_name"), _texts(given, "province_code"), strict=True)
    ]
    rows = pd.DataFrame(
        {
            "row": given["row"].astype("int64"),
            "commune_code": _texts(given, "commune_code"),
            "commune_name": _texts(given, "name"),
            "province_name": provinces,
        }
    )
    silent = (rows["commune_code"] == "") & (rows["commune_name"] == "")
    for row in rows.loc[silent, "row"]:
        issues.add("commune_unnamed", "communes", int(row), "commune_code", "")
    located = read_codes(rows[~silent], rows[:0], register, mode="2025")
    for record in located.issues.to_dict("records"):
        column = str(record["column"])
        found = {str(key): value for key, value in record.items()}
        issues.records.append(found | {"table": "communes", "column": _HEADINGS.get(column, column)})
    book = CodeBook(register)
    codes: dict[int, str] = {}
    first: dict[str, int] = {}
    found_rows = located.assets[located.assets["commune_code"].notna()]
    for place, row, code in zip(found_rows.index, found_rows["row"], found_rows["commune_code"], strict=True):
        if code not in first:
            first[code], codes[place] = int(row), code
            continue
        own = rows.loc[place]
        column = "commune_code" if own["commune_code"] else "commune_name"
        words = {"first": str(first[code]), "title": book.title(code)}
        issues.add("duplicate_id", "communes", int(row), _HEADINGS.get(column, column), own[column], **words)
    return codes


def _completed(
    register: pd.DataFrame, given: pd.DataFrame, codes: dict[int, str], issues: Issues
) -> pd.DataFrame:
    communes = register.set_index("commune_code")
    known = given.loc[list(codes)].set_axis(list(codes.values()), axis="index")
    for column in ("area_km2", *_COUNTS):
        values: dict[str, Any] = dict.fromkeys(communes.index, None)
        if column in communes:
            values.update(communes[column].dropna())
        if column in known:
            values.update(known[column].dropna())
        if column in _COUNTS:
            counts = [None if pd.isna(one) else int(str(one)) for one in values.values()]
            communes[column] = pd.Series(counts, index=communes.index, dtype="Int64")
        else:
            numbers = [math.nan if one is None else float(str(one)) for one in values.values()]
            communes[column] = pd.Series(numbers, index=communes.index, dtype="float64")
    if "island" in known:
        cells = known["island"].dropna()
        communes.loc[cells.index, "island"] = cells
    if "kind" in known:
        for code, row, kind in zip(known.index, known["row"], known["kind"], strict=True):
            if pd.isna(kind):
                continue
            if bare(str(kind)) in _KINDS:
                communes.loc[code, "kind"] = _KINDS[bare(str(kind))]
            else:
                issues.add("commune_kind_unknown", "communes", int(row), "kind", str(kind))
    return communes.reset_index()


def _texts(frame: pd.DataFrame, column: str) -> list[str]:
    if column not in frame:
        return [""] * len(frame)
    return ["" if pd.isna(cell) else str(cell).strip() for cell in frame[column].tolist()]
