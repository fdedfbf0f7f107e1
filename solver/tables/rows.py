"""Rules over the cells of one row, and over the rows of one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from solver.errors import issue

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from solver.errors import Issue

ROW = "row"
Mask = Any  # a boolean array or series, one entry a row


def row_issues(table: str, frame: pd.DataFrame, *, explicit_matches: bool) -> list[Issue]:
    """Return what is wrong within the rows of one typed table.

    Parameters
    ----------
    table
        Name of the table.
    frame
        Typed frame with column ``row``.
    explicit_matches
        Whether a matches table is given; then premises needs may do without an area.
    """
    found: list[Issue] = []
    if table in ("assets", "needs", "communes"):
        found += _points(table, frame)
    if table == "assets":
        found += duplicates(table, frame, ["asset_id"], "duplicate_id")
        found += duplicates(table, frame, ["official_id"], "duplicate_official_id")
        found += _reversed(table, frame, "available_from", "available_until")
        premises = frame["category"] == "premises"
        found += _at(table, frame, premises & (frame["units"] != 1), "premises_units", "units")
        free = frame["status"].isin(["surplus", "handed_idle"])
        unknown = premises & free & frame["area_m2"].isna()
        if unknown.sum() > 1 and frame["area_m2"].isna().all():
            # Nobody keeps areas here: one warning, not one for each house.
            found.append(issue("capacity_unknown", table, None, "area_m2"))
        else:
            found += _at(table, frame, unknown, "capacity_unknown", "area_m2")
    if table == "needs":
        found += duplicates(table, frame, ["need_id"], "duplicate_id")
        found += _reversed(table, frame, "deadline", "until")
        if not explicit_matches:
            wanting = (frame["category"] == "premises") & ~_positive(frame["area_m2"])
            found += _at(table, frame, wanting, "area_missing", "area_m2")
    if table == "communes":
        found += duplicates(table, frame, ["commune_code"], "duplicate_id")
    if table == "norms":
        found += duplicates(table, frame, ["key"], "duplicate_id")
    if table == "authorities":
        keys = ["province_code", "holder_level", "category", "cross_province"]
        found += duplicates(table, frame[[*keys, ROW]].fillna(""), keys, "duplicate_authority")
    return found


def _at(table: str, frame: pd.DataFrame, mask: Mask, code: str, column: str) -> list[Issue]:
    chosen = frame.loc[np.asarray(mask.fillna(False), dtype=bool), ["row", column]]
    return [
        issue(code, table, int(row), column, "" if _missing(value) else value)
        for row, value in zip(chosen["row"], chosen[column], strict=True)
    ]


def _missing(value: object) -> bool:
    return value is None or str(value) in ("<NA>", "nan")


def _positive(areas: pd.Series[Any]) -> Mask:
    return areas.map(lambda area: area is not None and area > 0).astype(bool)


def _points(table: str, frame: pd.DataFrame) -> list[Issue]:
    found: list[Issue] = []
    for one, other in (("lat", "lon"), ("lon", "lat")):
        half = frame[one].notna() & frame[other].isna()
        found += _at(table, frame, half, "point_incomplete", other)
    return found


def duplicates(table: str, frame: pd.DataFrame, key: Sequence[str], code: str) -> list[Issue]:
    """Return an issue for every row whose key occurred before; it names the first row that has it."""
    given = frame.dropna(subset=list(key))
    repeated = given[given.duplicated(list(key), keep="first")]
    if repeated.empty:
        return []
    first = given.drop_duplicates(list(key)).set_index(list(key))["row"]
    found = []
    for values in repeated[[*key, "row"]].itertuples(index=False):
        *names, row = values
        at = first[names[0] if len(key) == 1 else tuple(names)]
        shown = ", ".join(str(name) for name in names)
        found.append(issue(code, table, int(row), key[0], shown, first=int(at)))
    return found


def _reversed(table: str, frame: pd.DataFrame, start: str, end: str) -> list[Issue]:
    both = frame[frame[start].notna() & frame[end].notna()]
    return [
        issue("dates_reversed", table, int(row), end, last, start=start, end=end, first=first)
        for row, first, last in zip(both["row"], both[start], both[end], strict=True)
        if first > last
    ]
