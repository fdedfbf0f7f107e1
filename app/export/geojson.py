"""``plan.geojson``: the plan as one RFC 7946 feature collection, for any map program.

A LineString per transfer from the asset to the need (a Point where both ends coincide), a Point per shortfall
at its need and per release at its asset; a null geometry where a plan knows no coordinates. Properties are
the columns of the CSV tables plus `feature` (transfer, shortfall or release); the foreign member `synthetic`
repeats the plan's. Coordinates are longitude, latitude in WGS 84 with at most 6 decimals (about 0.1 m).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from app.export.cells import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from app.plans import PlanView

Point = list[float]

NAME = "plan.geojson"
DIGITS = 6


def write_geojson(plan: PlanView, folder: Path) -> Path:
    """Write ``plan.geojson`` into `folder`, one feature a line, and return its path."""
    path = folder / NAME
    synthetic = json.dumps(bool(plan.summary["synthetic"]))
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(f'{{"type":"FeatureCollection","synthetic":{synthetic},"features":[')
        separator = "\n"
        for feature in features(plan):
            stream.write(separator)
            stream.write(json.dumps(feature, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
            separator = ",\n"
        stream.write("\n]}\n")
    return path


def features(plan: PlanView) -> Iterator[dict[str, object]]:
    """Yield every feature: transfers, shortfalls, releases, each in the order of its table."""
    assets, needs = _points(plan.assets, "asset_id"), _points(plan.needs, "need_id")
    for row in _records(plan.transfers):
        ends = [assets.get(str(row["asset_id"])), needs.get(str(row["need_id"]))]
        yield _feature("transfer", row, [end for end in ends if end is not None])
    for row in _records(plan.shortfalls):
        end = needs.get(str(row["need_id"]))
        yield _feature("shortfall", row, [] if end is None else [end])
    for row in _records(plan.releases):
        end = assets.get(str(row["asset_id"]))
        yield _feature("release", row, [] if end is None else [end])


def _feature(kind: str, row: dict[str, object], ends: list[Point]) -> dict[str, object]:
    properties = {"feature": kind} | {column: plain(value, column) for column, value in row.items()}
    return {"type": "Feature", "geometry": _geometry(kind, ends), "properties": properties}


def _geometry(kind: str, ends: list[Point]) -> dict[str, object] | None:
    # A transfer of which only one end is known has no line; a lone point would claim that it stays there.
    if not ends or (kind == "transfer" and len(ends) == 1):
        return None
    if len(ends) == 1 or ends[0] == ends[1]:
        return {"type": "Point", "coordinates": ends[0]}
    return {"type": "LineString", "coordinates": ends}


def _points(table: pd.DataFrame, key: str) -> dict[str, Point]:
    located = table[table["lat"].notna() & table["lon"].notna()]
    columns = (located[key], located["lon"], located["lat"])
    return {
        str(name): [round(float(lon), DIGITS), round(float(lat), DIGITS)]
        for name, lon, lat in zip(*columns, strict=True)
    }


def _records(table: pd.DataFrame) -> Iterator[dict[str, object]]:
    columns = [str(name) for name in table.columns]
    for values in zip(*(table[name] for name in columns), strict=True):
        yield dict(zip(columns, values, strict=True))
