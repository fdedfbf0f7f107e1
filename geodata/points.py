"""Points of rows: whether they can be right, the commune nearest to them, and their legs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geodata.great_circle import (
    DEFAULT,
    Floats,
    GreatCircle,
    Integers,
    chord_to_metres,
    floats,
    unit_vectors,
)
from geodata.places import places

if TYPE_CHECKING:
    import pandas as pd

    from geodata.code_issues import Issues

STRAIGHT = GreatCircle(detour="1")
OUTSIDE_M = 15_000
# Points are done in blocks of about this many cells (points x communes), which stay in the processor's cache.
BLOCK_CELLS = 1 << 16
# The country's box is that of its communes and this margin [degrees].
MARGIN = 1.5


def nearest(lat: Floats, lon: Floats, communes: pd.DataFrame) -> tuple[Integers, Floats]:
    """For each point the position of the nearest commune (ties: the first) and the great circle to it [m]."""
    start = unit_vectors(lat, lon)
    end = unit_vectors(floats(communes["lat"]), floats(communes["lon"]))
    best = np.zeros(len(lat), dtype=np.int64)
    away = np.zeros(len(lat))
    block = max(1, BLOCK_CELLS // max(1, len(communes)))
    for first in range(0, len(lat), block):
        rows = slice(first, first + block)
        square = np.zeros(())
        for one, other in zip(start, end, strict=True):
            step = one[rows, None] - other
            square = square + step * step
        # a commune without a point is nobody's nearest
        best[rows] = np.nan_to_num(square, nan=np.inf).argmin(axis=1)
        chosen = tuple(axis[best[rows]] for axis in end)
        away[rows] = chord_to_metres(tuple(axis[rows] for axis in start), chosen)
    return best, away


def check_box(rows: pd.DataFrame, communes: pd.DataFrame, issues: Issues) -> pd.Series[bool]:
    """Report points outside the country; True for the rows whose point may be used."""
    south, north = communes["lat"].min() - MARGIN, communes["lat"].max() + MARGIN
    west, east = communes["lon"].min() - MARGIN, communes["lon"].max() + MARGIN
    usable = rows["lat"].notna() & rows["lon"].notna()
    half = rows["lat"].notna() ^ rows["lon"].notna()
    for place in places(rows[half]):
        issues.add("point_incomplete", place.table, place.row, "lat" if np.isnan(place.lat) else "lon", "")
    inside = rows["lat"].between(south, north) & rows["lon"].between(west, east)
    swapped = rows["lon"].between(south, north) & rows["lat"].between(west, east)
    for place in places(rows[usable & ~inside]):
        code = "lat_lon_swapped" if swapped.loc[place.label] else "outside_country"
        issues.add(code, place.table, place.row, "lat", point_text(place.lat, place.lon))
    return usable & inside


def check_province(rows: pd.DataFrame, communes: pd.DataFrame, issues: Issues) -> None:
    """Report points outside the province of their commune.

    That is: the nearest commune point belongs to another province, and the own province's nearest is more
    than `OUTSIDE_M` farther.

    Parameters
    ----------
    rows
        `table, row, lat, lon, position` (of the commune in `communes`).
    communes
        The communes in use.
    issues
        Where to report.
    """
    lat, lon = floats(rows["lat"]), floats(rows["lon"])
    province = communes["province_code"].to_numpy()
    position = rows["position"].to_numpy(dtype=np.int64)
    own = province[position]
    own_away = np.zeros(len(rows))
    for code in np.unique(own.astype(str)):
        mine = own == code
        own_away[mine] = nearest(lat[mine], lon[mine], communes[province == code])[1]
    # only these can fail: the nearest of all is at 0 or more
    doubtful = np.flatnonzero(own_away > OUTSIDE_M)
    best, away = nearest(lat[doubtful], lon[doubtful], communes)
    extra = own_away[doubtful] - away
    shown = places(rows)
    names = communes["name"].to_numpy(), communes["province_name"].to_numpy()
    for i in np.flatnonzero((province[best] != own[doubtful]) & (extra > OUTSIDE_M)):
        place = shown[doubtful[i]]
        issues.add(
            "outside_province",
            place.table,
            place.row,
            "lat",
            point_text(place.lat, place.lon),
            province=str(names[1][position[doubtful[i]]]),
            near=f"{names[0][best[i]]}, {names[1][best[i]]}",
            km=str(int(extra[i] // 1000)),
        )


def legs(rows: pd.DataFrame, communes: pd.DataFrame) -> Integers:
    """Metres from each row's point to the point of its commune (`position`), by the default provider."""
    position = rows["position"].to_numpy(dtype=np.int64)
    lat, lon = communes["lat"].to_numpy(), communes["lon"].to_numpy()
    return DEFAULT.metres(rows["lat"], rows["lon"], lat[position], lon[position])


def point_text(lat: float, lon: float) -> str:
    """Return a point as people write it."""
    return f"{lat:.6g}, {lon:.6g}"
