"""GeoPackages as GDAL writes them, and as it would not."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from app.formats.geopackage import Layers, read_geopackage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

HANOI = shapely.Point(105.85, 21.03)


def read(path: Path) -> tuple[Layers, list[tuple[str, int | None, str | None, str]]]:
    layers = read_geopackage(path.name, path)
    for one in layers.issues:
        for lang in ("en", "vi"):
            assert "{" not in one.message(lang) + one.remedy(lang)
    return layers, [(one.table, one.row, one.column, one.code) for one in layers.issues]


def write(path: Path, frame: dict[str, Any], shapes: list[Any] | None = None, **options: Any) -> Path:  # noqa: ANN401  # GDAL's own
    """Write a layer ``assets`` with GDAL."""
    table = pd.DataFrame(frame)
    crs = options.pop("crs", 4326)
    layer = options.pop("layer", "assets")
    if shapes is None:
        pyogrio.write_dataframe(table, path, layer=layer, **options)
    else:
        placed = gpd.GeoDataFrame(table, geometry=shapes, crs=crs)
        pyogrio.write_dataframe(placed, path, layer=layer, **options)
    return path


def change(path: Path, *statements: str | tuple[str, Iterable[object]]) -> Path:
    """Change a GeoPackage behind GDAL's back, its triggers away."""
    with closing(sqlite3.connect(path)) as base:
        base.create_function("ST_IsEmpty", 1, lambda _: 0)
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            base.execute(*((statement,) if isinstance(statement, str) else statement))
        base.commit()
    return path


def area(coordinate: str) -> bytes:
    """Return an area with a coordinate that shapely would not take."""
    seven, other = (struct.pack("<d", float(text)) for text in ("7", coordinate))
    return bytes(shapely.Polygon([(0, 0), (1, 7), (1, 0)]).wkb.replace(seven, other))


def blob(flags: int, wkb: bytes) -> bytes:
    return b"GP\x00" + bytes([flags]) + struct.pack("<i", 4326) + wkb
