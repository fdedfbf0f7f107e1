"""How tests write one table in every format; the files are GDAL's own where it can write them."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from typer.testing import CliRunner

from app.cli import application

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Row = dict[str, str]
TABLES = ("assets", "needs")


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def read_csv(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def point_of(row: Row) -> dict[str, Any] | None:
    """Return the geometry of a row that has a point."""
    if not row.get("lat") or not row.get("lon"):
        return None
    return {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]}


def feature(properties: Any, geometry: Any = None) -> dict[str, Any]:  # noqa: ANN401  # whatever a test tries
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, **members: Any) -> str:  # noqa: ANN401  # whatever a test tries
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members})


def write_geojson(path: Path, rows: Sequence[Row]) -> None:
    """Write rows with their points as geometries and no columns for them."""
    others = [{name: text for name, text in row.items() if name not in ("lat", "lon")} for row in rows]
    made = (feature(other, point_of(row)) for other, row in zip(others, rows, strict=True))
    path.write_text(collection(*made), encoding="utf-8")


def write_layer(path: Path, layer: str, rows: Sequence[Row], crs: int = 4326) -> None:
    """Write rows as a layer of a GeoPackage, points as geometries in `crs`."""
    frame = pd.DataFrame(list(rows)).replace({"": None})
    if "lat" not in frame:
        pyogrio.write_dataframe(frame, path, layer=layer)
        return
    shapes = [
        None if (point := point_of(row)) is None else shapely.Point(*point["coordinates"]) for row in rows
    ]
    frame = frame.drop(columns=["lat", "lon"])
    placed = gpd.GeoDataFrame(frame, geometry=shapes, crs=4326).to_crs(crs)
    pyogrio.write_dataframe(placed, path, layer=layer, geometry_type="Point")


def as_geojson(folder: Path) -> None:
    for table in TABLES:
        write_geojson(folder / f"{table}.geojson", read_csv(folder / f"{table}.csv"))
        (folder / f"{table}.csv").unlink()


def as_geopackage(folder: Path) -> None:
    for table in TABLES:
        write_layer(folder / "tỉnh.gpkg", table, read_csv(folder / f"{table}.csv"))
        (folder / f"{table}.csv").unlink()


def as_json(folder: Path) -> None:
    tables = {table: read_csv(folder / f"{table}.csv") for table in TABLES}
    for table in TABLES:
        (folder / f"{table}.csv").unlink()
    (folder / "tables.json").write_text(json.dumps(tables), "utf-8")


def checked(path: Path) -> list[dict[str, Any]]:
    result = CliRunner().invoke(application, ["check", str(path), "--json"])
    issues: list[dict[str, Any]] = json.loads(result.output)["issues"]
    return issues
