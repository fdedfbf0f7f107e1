"""The register as frames: communes and provinces at a date, the old units, and what became of them."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent
VINTAGE = dt.date(2025, 7, 1)
COMMUNE_COLUMNS = (
    "commune_code",
    "name",
    "kind",
    "province_code",
    "province_name",
    "lat",
    "lon",
    "area_km2",
    "population",
    "island",
    "point",
)
NUMBERS = ("lat", "lon", "area_km2")


def communes(date: dt.date | None = None) -> pd.DataFrame:
    """Return the 3,321 communes.

    Parameters
    ----------
    date
        The day whose kinds and names are asked for; default 1 July 2025, the first day of the register.

    Returns
    -------
    pandas.DataFrame
        Sorted by code: `commune_code` (five digits), `name` (without xã, phường, đặc khu), `kind` (xã |
        phường | đặc khu), `province_code`, `province_name`, `lat`, `lon` [degrees, WGS 84], `area_km2`
        [km2, missing where unknown], `population` [persons, missing: no public table by commune is
        complete], `island` (the island that no road reaches, empty for the mainland), `point` (centroid |
        old_commune | hand: where the point comes from).

    Raises
    ------
    ValueError
        For a day before 1 July 2025.
    """
    frame = _at("communes", date)
    names = _at("provinces", date).set_index("province_code")["name"]
    frame["province_name"] = frame["province_code"].map(names)
    frame["population"] = pd.array([pd.NA] * len(frame), dtype="Int64")
    return frame[list(COMMUNE_COLUMNS)]


def provinces(date: dt.date | None = None) -> pd.DataFrame:
    """Return the 34 provinces at a day: `province_code, name, kind` (tỉnh | thành phố), `lat, lon`."""
    return _at("provinces", date)


def old_communes() -> pd.DataFrame:
    """Return the 10,035 communes of 30 June 2025.

    Returns
    -------
    pandas.DataFrame
        `old_commune_code, name, kind` (xã | phường | thị trấn), `old_district_code, old_district_name,
        old_province_code, old_province_name, lat, lon` [degrees], `point` (own | seat: the package's point
        was not its own and that of its new commune stands in).
    """
    districts = old_districts().set_index("old_district_code")
    frame = _read("old_communes").copy()
    for column, source in (
        ("old_district_name", "name"),
        ("old_province_code", "old_province_code"),
        ("old_province_name", "old_province_name"),
    ):
        frame[column] = frame["old_district_code"].map(districts[source])
    order = ["old_commune_code", "name", "kind", "old_district_code", "old_district_name"]
    return frame[[*order, "old_province_code", "old_province_name", "lat", "lon", "point"]]


def old_districts() -> pd.DataFrame:
    """Return the 696 districts of 30 June 2025.

    Returns
    -------
    pandas.DataFrame
        `old_district_code` (three digits), `name, kind` (quận | huyện | thị xã | thành phố),
        `old_province_code, old_province_name, lat, lon` [degrees], `commune_code` (of the five island
        districts without communes, which became one commune each; else empty).
    """
    frame = _read("old_districts").copy()
    names = old_provinces().set_index("old_province_code")["name"]
    frame.insert(4, "old_province_name", frame["old_province_code"].map(names))
    return frame


def old_provinces() -> pd.DataFrame:
    """Return the 63 provinces of 30 June 2025.

    Columns: `old_province_code, name, kind, lat, lon` [degrees], `province_code` (where it went).
    """
    return _read("old_provinces").copy()


def code_changes() -> pd.DataFrame:
    """Return what became of each old commune.

    Returns
    -------
    pandas.DataFrame
        One row per pair: `old_commune_code, commune_code, part` (whole | unchanged: same code and kind,
        alone in its new commune | part: the old commune was divided).
    """
    return _read("old_to_new").copy()


def changes() -> pd.DataFrame:
    """Return the changes since 1 July 2025: `valid_from` (a day), `table, code, field, old, new, source`."""
    return _read("changes").copy()


def _at(table: str, date: dt.date | None) -> pd.DataFrame:
    day = VINTAGE if date is None else date
    if day < VINTAGE:
        raise ValueError(f"the register begins on {VINTAGE.isoformat()}, {day.isoformat()} is before it")
    frame = _read(table).copy()
    key = frame.columns[0]
    due = changes()
    due = due[(due["table"] == table) & (due["valid_from"] <= day.isoformat())]
    for code, column, value in due[["code", "field", "new"]].to_numpy().tolist():
        frame[column] = frame[column].mask(frame[key] == code, value)
    return frame


@cache
def _read(stem: str) -> pd.DataFrame:
    frame = pd.read_csv(FOLDER / f"{stem}.csv", dtype="str", keep_default_na=False)
    for column in frame.columns.intersection(list(NUMBERS)):
        frame[column] = pd.to_numeric(frame[column], errors="coerce").astype("float64")
    return frame
