"""Where each row of the tables is: old and new codes, names and points to today's communes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geodata import points
from geodata.by_code import read_coded
from geodata.by_name import read_named
from geodata.code_book import CodeBook
from geodata.code_issues import Issues
from geodata.contradictions import check_names
from geodata.great_circle import floats
from geodata.places import places
from geodata.register import read

if TYPE_CHECKING:
    from geodata.places import Mode, Vintage

TEXT_COLUMNS = ("commune_code", "commune_name", "province_name", "old_commune_code", "location_source")


@dataclass(frozen=True)
class Located:
    """What :func:`read_codes` returns.

    Attributes
    ----------
    assets, needs
        The tables given, with `commune_code` in today's codes, `old_commune_code` (where translated),
        `lat`, `lon`, `location_source` and `leg_m` [m]. Rows with an error have no `commune_code` or no
        `leg_m`.
    issues
        One row per issue, sorted: `table, row, column, code, severity, value, message_en, message_vi,
        remedy_en, remedy_vi`. Rows count as in a spreadsheet; missing for what concerns the whole folder
        (table `folder`).
    vintage
        How codes were read: "2025" or "pre-2025".
    """

    assets: pd.DataFrame
    needs: pd.DataFrame
    issues: pd.DataFrame
    vintage: Vintage


def read_codes(
    assets: pd.DataFrame, needs: pd.DataFrame, communes: pd.DataFrame | None = None, mode: Mode = "auto"
) -> Located:
    """Find the commune and the point of every row.

    A commune is given by its code, or by its name and province, or by a point alone (then the nearest
    commune point counts). A code wins over a name; where they contradict each other, that is an error. A row
    that was located before (`old_commune_code` or `location_source` filled) has a code of today and is left
    alone, so reading a second time changes nothing.

    Parameters
    ----------
    assets, needs
        Typed tables. Of their columns only `row`, `commune_code`, `commune_name`, `province_name`, `lat`,
        `lon`, `old_commune_code` and `location_source` are looked at; any may be absent.
    communes
        The communes in use (`commune_code, name, kind, province_code, province_name, lat, lon`); default
        the built-in register. The built-in register of old communes helps to recognise old codes in any
        case.
    mode
        "2025": codes are today's. "pre-2025": they are those of before 1 July 2025. "auto": old for the
        whole folder as soon as one is only old, else today's.

    Returns
    -------
    Located
        Everything that is wrong is in its issues; nothing is raised for wrong data.

    Raises
    ------
    ValueError
        For an unknown mode.
    """
    if mode not in ("auto", "2025", "pre-2025"):
        raise ValueError(f'mode is "auto", "2025" or "pre-2025", not {mode!r}')
    book = CodeBook((read.communes() if communes is None else communes).reset_index(drop=True))
    issues = Issues()
    rows = pd.concat([_rows("assets", assets), _rows("needs", needs)], ignore_index=True)
    rows["usable"] = points.check_box(rows, book.communes, issues)
    rows["code"] = ""
    rows["old"] = ""
    located = (rows["old_commune_code"] != "") | (rows["location_source"] != "")
    done = located & rows["commune_code"].isin(list(book.position))
    rows.loc[done, "code"] = rows.loc[done, "commune_code"]
    rows.loc[done, "old"] = rows.loc[done, "old_commune_code"]
    coded = rows[~done & (rows["commune_code"] != "")]
    vintage = _vintage(coded, book, mode)
    read_coded(rows, coded, book, vintage, mode, issues)
    named = rows[~done & (rows["commune_code"] == "") & (rows["commune_name"] != "")]
    read_named(rows, named, book, vintage, mode, issues)
    check_names(rows, book, issues)
    _read_points(
        rows, rows[~done & (rows["commune_code"] == "") & (rows["commune_name"] == "")], book, issues
    )
    _locate(rows, book, issues)
    return Located(
        _filled(assets, rows[rows["table"] == "assets"]),
        _filled(needs, rows[rows["table"] == "needs"]),
        issues.frame(),
        vintage,
    )


def _rows(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    count = len(frame)
    number = frame["row"].astype("int64").to_numpy() if "row" in frame else np.arange(2, count + 2)
    rows = pd.DataFrame({"table": pd.Series([table] * count, dtype="str"), "row": number})
    for column in TEXT_COLUMNS:
        given = frame[column].to_numpy() if column in frame else [""] * count
        rows[column] = pd.Series(given, dtype="str").fillna("").str.strip()
    for column in ("lat", "lon"):
        rows[column] = floats(frame[column]) if column in frame else np.full(count, np.nan)
    return rows


def _vintage(coded: pd.DataFrame, book: CodeBook, mode: Mode) -> Vintage:
    if mode != "auto":
        return mode
    given = set(coded["commune_code"])
    only_old = any(code in book.parts and code not in book.position for code in given)
    return "pre-2025" if only_old else "2025"


def _read_points(rows: pd.DataFrame, bare: pd.DataFrame, book: CodeBook, issues: Issues) -> None:
    found = bare[bare["usable"]]
    if len(found):
        best, _ = points.nearest(floats(found["lat"]), floats(found["lon"]), book.communes)
        rows.loc[found.index, "code"] = book.communes["commune_code"].to_numpy()[best]
        rows.loc[found.index, "location_source"] = "nearest_commune"
        for table, group in found.groupby("table"):
            issues.add("commune_by_point", str(table), None, "commune_code", "", count=str(len(group)))
    # a point that was given and is wrong has its own issue
    nowhere = bare[~bare["usable"] & bare["lat"].isna() & bare["lon"].isna()]
    for table, group in nowhere.groupby("table"):
        if 1 < len(group) == int((rows["table"] == table).sum()):
            # Not a single row says where it is: the columns are missing, and not cells of them.
            issues.add("column_missing", str(table), None, "commune_code", "")
            continue
        for place in places(group):
            issues.add("commune_missing", place.table, place.row, "commune_code", "")


def _locate(rows: pd.DataFrame, book: CodeBook, issues: Issues) -> None:
    """Fill in points and their sources, check those that were given, and measure the legs."""
    known = rows["code"] != ""
    rows["position"] = rows["code"].map(book.position).fillna(-1).astype("int64")
    given = rows["lat"].notna() & rows["lon"].notna()
    empty = rows["lat"].isna() & rows["lon"].isna()
    rows.loc[empty, "location_source"] = ""
    rows.loc[given & (rows["location_source"] == ""), "location_source"] = "given"
    own = [code for code, unit in book.old.items() if unit.point == "own"]
    by_old = known & empty & rows["old"].isin(own)
    for column in ("lat", "lon"):
        rows.loc[by_old, column] = [getattr(book.old[code], column) for code in rows.loc[by_old, "old"]]
    rows.loc[by_old, "location_source"] = "old_commune"
    by_seat = known & empty & ~by_old
    for column in ("lat", "lon"):
        rows.loc[by_seat, column] = book.communes[column].to_numpy()[rows.loc[by_seat, "position"]]
    rows.loc[by_seat, "location_source"] = "commune"
    points.check_province(
        rows[known & rows["usable"] & (rows["location_source"] == "given")], book.communes, issues
    )
    rows["leg_m"] = pd.array([pd.NA] * len(rows), dtype="Int64")
    ready = known & (rows["usable"] | empty)
    rows.loc[ready, "leg_m"] = points.legs(rows[ready], book.communes)


def _filled(frame: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    result = frame.copy()
    for column, source in (
        ("commune_code", "code"),
        ("old_commune_code", "old"),
        ("location_source", "location_source"),
    ):
        values = pd.Series(rows[source].to_numpy(), index=frame.index, dtype="str")
        result[column] = values.where(values != "")
    for column in ("lat", "lon"):
        result[column] = pd.Series(rows[column].to_numpy(), index=frame.index).astype("Float64")
    result["leg_m"] = pd.Series(rows["leg_m"].array, index=frame.index)
    return result
