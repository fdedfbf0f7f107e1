"""GeoJSON (RFC 7946) to rows of texts: one table a file, its columns the properties."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from app.formats.cells import MOST_ROWS
from app.formats.json_tables import FIRST_ROW, keys_twice, parse_json, rows_of_list
from app.formats.points import add_places, place_of_geojson, unused
from app.formats.references import Reference, UnknownReferenceError
from solver.errors import issue

if TYPE_CHECKING:
    from app.formats.cells import Row
    from solver.errors import Issue

_POINT = "lat"  # issues of a geometry are those of the point that it gives


def rows_of_geojson(table: str, name: str, content: bytes) -> tuple[list[Row], list[Issue]]:
    """Return the rows of a feature collection, with everything that is wrong.

    Parameters
    ----------
    table, name
        The table that the file holds, and its name for issues.
    content
        The file's bytes.

    Returns
    -------
    rows
        Properties as texts by heading, and ``lat`` and ``lon`` of the geometry in degrees (WGS 84); a feature
        stands where its number says: the first is row 2. Heights are left out.
    issues
        Everything found wrong.

    Raises
    ------
    MissingLibraryError
        When a geometry needs a library that is not installed.
    """
    value, found = parse_json(table, name, content)
    if found:
        return [], found
    features = value.get("features") if isinstance(value, dict) else None
    if not isinstance(features, list) or value.get("type") != "FeatureCollection":
        return [], [issue("geojson_not_collection", table, value=name)]
    if len(features) > MOST_ROWS:
        return [], [issue("rows_too_many", table, value=len(features), limit=MOST_ROWS)]
    rows, found = rows_of_list(table, [_properties(feature) for feature in features])
    geometries = [_geometry(feature) for feature in features]
    found += keys_twice(table, None, value)
    for number, parts in enumerate(zip(features, geometries, strict=True), start=FIRST_ROW):
        for part in parts:
            found += keys_twice(table, number, part)
    told = unused(table, geometries)
    if told is None:
        reference = _reference(table, value, found)
        place_of = None if reference is None else partial(place_of_geojson, reference=reference)
        told = add_places(table, rows, FIRST_ROW, geometries, place_of)
    found += told
    return rows, found


def _properties(feature: object) -> object:
    """Return the properties of a feature; what is no feature is no object either, and is reported so."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return feature if not isinstance(feature, dict) else [feature.get("type")]
    properties = feature.get("properties")
    return {} if properties is None else properties


def _geometry(feature: object) -> Any:  # noqa: ANN401  # whatever the file says
    is_feature = isinstance(feature, dict) and feature.get("type") == "Feature"
    return feature.get("geometry") if isinstance(feature, dict) and is_feature else None


def _reference(table: str, value: dict[str, Any], found: list[Issue]) -> Reference | None:
    """Return the reference of the coordinates: WGS 84, or what a member ``crs`` of old GeoJSON names."""
    if "crs" not in value:
        return Reference()
    crs = value["crs"]
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        found.append(issue("layer_without_crs", table, column=_POINT, value="crs"))
        return None
    try:
        return Reference(name)
    except UnknownReferenceError as error:
        found.append(issue("crs_unknown", table, column=_POINT, value=error))
        return None
