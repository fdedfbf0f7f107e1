"""Geometries to the columns ``lat`` and ``lon`` of the rows that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.formats.cells import Row, column_of
from app.formats.references import GeometryError, Place, Reference, finite, library
from solver.errors import issue
from solver.tables.cells import Fault, parse_degree
from solver.tables.columns import by_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from solver.errors import Issue

_TYPES = ("MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
_DEEPEST = 12


def place_of_geojson(geometry: object, reference: Reference) -> Place | None:
    """Return the place of a geometry of GeoJSON; None for null and for an empty one.

    Raises
    ------
    GeometryError
        When it is no geometry.
    """
    if geometry is None:
        return None
    if not isinstance(geometry, dict):
        raise GeometryError("not_object")
    if geometry.get("type") == "Point":
        coordinates = geometry.get("coordinates")
        if coordinates == []:
            return None
        if not isinstance(coordinates, list) or len(coordinates) < 2:
            raise GeometryError("short")
        return reference.point(coordinates[0], coordinates[1])
    shapes = library("shapely.geometry")
    try:
        shape = shapes.shape(_plain(geometry, 0))
    except GeometryError:
        raise
    except Exception as error:  # shapely raises what it meets: KeyError, TypeError, GEOSException ...
        raise GeometryError("not_geojson") from error
    return reference.inside(shape)


def _plain(geometry: object, depth: int) -> dict[str, Any]:
    """Return a geometry with numbers that shapely takes."""
    if not isinstance(geometry, dict) or geometry.get("type") not in (*_TYPES, "Point") or depth > _DEEPEST:
        raise GeometryError("type")
    if geometry["type"] == "GeometryCollection":
        parts = geometry.get("geometries")
        if not isinstance(parts, list):
            raise GeometryError("type")
        return {"type": geometry["type"], "geometries": [_plain(part, depth + 1) for part in parts]}
    return {"type": geometry["type"], "coordinates": _numbers(geometry.get("coordinates"), 0)}


def _numbers(value: object, depth: int) -> Any:  # noqa: ANN401  # lists in lists, or a number
    if not isinstance(value, list):
        return finite(value)
    if depth > _DEEPEST:
        raise GeometryError("deep")
    return [_numbers(member, depth + 1) for member in value]


def put_place(table: str, row: int, cells: Row, place: Place) -> list[Issue]:
    """Write a place into a row's ``lat`` and ``lon``, under the headings that the row has for them.

    Where the row says itself where it is, that stays, and must be the same place; else both are left empty
    and an issue says so. What is no coordinate stays for the reader of the table to report.
    """
    names = {column_of(table, heading): heading for heading in reversed(cells)}
    lat, lon = names.get("lat", "lat"), names.get("lon", "lon")
    given = {"lat": cells.get(lat, ""), "lon": cells.get(lon, "")}
    columns = by_name(table)
    values = {name: parse_degree(text, columns[name]) for name, text in given.items() if text}
    if any(isinstance(value, Fault) for value in values.values()):
        return []
    there = [float(values.get(name, getattr(place, name))) for name in ("lon", "lat")]
    if place.holds(*there):
        cells[lat] = given["lat"] or place.lat
        cells[lon] = given["lon"] or place.lon
        return []
    cells[lat] = cells[lon] = ""
    shown = ", ".join(text or "-" for text in given.values())
    return [issue("point_differs", table, row, "lat", shown, geometry=f"{place.lat}, {place.lon}")]


def add_places(
    table: str,
    rows: Sequence[Row],
    first: int,
    geometries: Sequence[object],
    place_of: Callable[[Any], Place | None] | None,
) -> list[Issue]:
    """Give every row the place of its geometry.

    Parameters
    ----------
    table, rows
        The rows, changed in place.
    first
        Number of the first row, for issues.
    geometries
        One for each row; None where it has none.
    place_of
        Place of a geometry; may raise `GeometryError`. None where no place can be told, which is reported.
    """
    if place_of is None:
        return []
    found: list[Issue] = []
    for at, (cells, geometry) in enumerate(zip(rows, geometries, strict=True)):
        try:
            place = place_of(geometry)
        except GeometryError as error:
            found.append(issue("geometry_wrong", table, first + at, "lat", words=error.reasons()))
            continue
        if place is not None:
            found += put_place(table, first + at, cells, place)
    return found


def unused(table: str, geometries: Sequence[object]) -> list[Issue] | None:
    """Return what to tell of geometries of a table that has no columns for a point; None where it has."""
    if "lat" in by_name(table):
        return None
    count = sum(geometry is not None for geometry in geometries)
    return [issue("geometry_unused", table, value=count)] if count else []
