from __future__ import annotations

import sys
from typing import Any

import pytest
import shapely
import shapely.geometry

from app.formats.geojson import rows_of_geojson
from app.formats.references import MissingLibraryError
from tests.app.formats.writing import collection, feature

HANOI = [105.85, 21.03]
#: Hoàn Kiếm in UTM zone 48N of VN-2000 [m], as pyproj has it.
VN2000 = [588_318.0, 2_325_676.0]
SQUARE = {"type": "Polygon", "coordinates": [[[105, 21], [106, 21], [106, 22], [105, 22], [105, 21]]]}

#: Its centre lies outside of it.
HORSESHOE = {
    "type": "Polygon",
    "coordinates": [
        [[0, 0], [10, 0], [10, 10], [9, 10], [9, 1], [1, 1], [1, 10], [0, 10], [0, 0]],
    ],
}


def point(*coordinates: object) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(coordinates)}


def read(content: str, table: str = "assets") -> tuple[list[dict[str, str]], list[tuple[int | None, str]]]:
    """Return rows, and row and code of what is wrong; every text of it can be said in both languages."""
    rows, found = rows_of_geojson(table, f"{table}.geojson", content.encode("utf-8", "surrogatepass"))
    for one in found:
        for lang in ("en", "vi"):
            assert "{" not in one.message(lang) + one.remedy(lang)
    return rows, [(one.row, one.code) for one in found]


def crs(name: object) -> dict[str, Any]:
    return {"crs": {"type": "name", "properties": {"name": name}}}


def test_properties_are_columns_and_a_point_gives_longitude_and_latitude() -> None:
    text = collection(feature({"Mã tài sản": "V-1", "units": 2}, point(*HANOI, 12.5)), feature(None))
    assert read(text) == ([{"Mã tài sản": "V-1", "units": "2", "lat": "21.03", "lon": "105.85"}, {}], [])


def test_a_coordinate_keeps_its_digits() -> None:
    text = collection(feature({}, point(*HANOI))).replace("21.03", "21.0300000000000000001")
    assert read(text)[0][0]["lat"] == "21.0300000000000000001"


@pytest.mark.parametrize(
    "geometry",
    [
        SQUARE,
        {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"]]},
        {"type": "LineString", "coordinates": [HANOI, [105.9, 21.1], [106, 21.5]]},
        {"type": "MultiPoint", "coordinates": [HANOI, [105.9, 21.1]]},
        {"type": "GeometryCollection", "geometries": [point(*HANOI), SQUARE]},
        HORSESHOE,
    ],
)  # fmt: skip
def test_what_is_more_than_a_point_gives_a_point_of_itself(geometry: dict[str, Any]) -> None:
    (row,), found = read(collection(feature({}, geometry)))
    place = shapely.Point(float(row["lon"]), float(row["lat"]))
    assert shapely.geometry.shape(geometry).distance(place) < 1e-6
    assert found == []
    assert max(len(row[name].partition(".")[2]) for name in ("lat", "lon")) <= 7


@pytest.mark.parametrize(
    "geometry",
    [None, point(), {"type": "Polygon", "coordinates": []}, {"type": "MultiPoint", "coordinates": []}],
)
def test_no_geometry_leaves_the_row_as_it_is(geometry: dict[str, Any] | None) -> None:
    assert read(collection(feature({"lat": "21", "lon": 105}, geometry))) == (
        [{"lat": "21", "lon": "105"}],
        [],
    )


@pytest.mark.parametrize(
    ("properties", "geometry", "row"),
    [
        (
            {"Vĩ độ": "21,0300001", "Kinh độ": 105.85},
            point(*HANOI),
            {"Vĩ độ": "21,0300001", "Kinh độ": "105.85"},
        ),
        ({"lat": None, "lon": ""}, point(*HANOI), {"lat": "21.03", "lon": "105.85"}),
        ({"lat": 21.03}, point(*HANOI), {"lat": "21.03", "lon": "105.85"}),
        ({"lat": 21.9, "lon": 105.1}, SQUARE, {"lat": "21.9", "lon": "105.1"}),
        # No latitude: the reader of the table says so.
        ({"lat": "north"}, point(*HANOI), {"lat": "north"}),
        ({"lat": 105.85, "lon": 21.03}, point(*HANOI), {"lat": "105.85", "lon": "21.03"}),
    ],
)  # fmt: skip
def test_a_point_given_twice_stays_where_both_agree(
    properties: dict[str, Any], geometry: dict[str, Any], row: dict[str, str]
) -> None:
    assert read(collection(feature(properties, geometry))) == ([row], [])


@pytest.mark.parametrize(
    ("properties", "geometry"),
    [
        ({"lat": 21.04, "lon": 105.85}, point(*HANOI)),
        ({"lat": 21.030002}, point(*HANOI)),
        ({"lat": 22.1, "lon": 105.5}, SQUARE),
    ],
)
def test_a_point_given_twice_and_differently_is_an_error_and_neither_is_taken(
    properties: dict[str, Any], geometry: dict[str, Any]
) -> None:
    (_, row), found = read(collection(feature({}), feature(properties, geometry)))
    assert (row["lat"], row["lon"], found) == ("", "", [(3, "point_differs")])


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "WGS84"]
)
def test_wgs_84_by_any_name_is_read_as_it_stands(name: str) -> None:
    text = collection(feature({}, point(*HANOI)), **crs(name))
    assert read(text) == ([{"lat": "21.03", "lon": "105.85"}], [])


@pytest.mark.parametrize(
    "name",
    ["EPSG:3405", "urn:ogc:def:crs:EPSG::3405", "http://www.opengis.net/def/crs/EPSG/0/3405"],
)
def test_vn_2000_is_transformed(name: str) -> None:
    corner = [VN2000[0] + 100, VN2000[1] + 100]
    box = {"type": "Polygon", "coordinates": [[VN2000, [corner[0], VN2000[1]], corner, VN2000]]}
    rows, found = read(collection(feature({}, point(*VN2000)), feature({}, box), **crs(name)))
    assert found == []
    for row in rows:  # datum and all: a few hundred metres
        assert float(row["lon"]) == pytest.approx(HANOI[0], abs=0.005)
        assert float(row["lat"]) == pytest.approx(HANOI[1], abs=0.005)


def test_the_datum_of_vn_2000_is_not_taken_for_that_of_wgs_84() -> None:
    metres = 111_320.0
    (here,), (there,) = (
        read(collection(feature({}, point(*VN2000)), **crs(f"EPSG:{code}")))[0] for code in (3405, 32648)
    )
    north = (float(here["lat"]) - float(there["lat"])) * metres
    east = (float(here["lon"]) - float(there["lon"])) * metres * 0.93
    assert 100 < (north**2 + east**2) ** 0.5 < 300  # the published parameters: -192, -39 and -111 m


def test_a_point_beside_another_system_must_be_the_same_in_degrees() -> None:
    (row,), _ = read(collection(feature({}, point(*VN2000)), **crs("EPSG:3405")))
    again, found = read(collection(feature(row, point(*VN2000)), **crs("EPSG:3405")))
    assert (again, found) == ([row], [])


@pytest.mark.parametrize(
    ("member", "code"),
    [
        ({"crs": None}, "layer_without_crs"),
        ({"crs": {"type": "link", "properties": {"href": "x"}}}, "layer_without_crs"),
        (crs(3405), "layer_without_crs"),
        (crs("EPSG:999999999"), "crs_unknown"),
        (crs("VN-2000 somewhere"), "crs_unknown"),
    ],
)
def test_a_reference_system_that_nobody_knows_is_an_error(member: dict[str, Any], code: str) -> None:
    rows, found = read(collection(feature({"asset_id": "V"}, point(*VN2000)), **member))
    assert (rows, found) == ([{"asset_id": "V"}], [(None, code)])


def test_a_point_outside_of_its_system_is_an_error() -> None:
    text = collection(feature({}, point(1e12, 1e12)), feature({}, point(*VN2000)), **crs("EPSG:3405"))
    rows, found = read(text)
    assert found == [(2, "geometry_wrong")]
    assert set(rows[1]) == {"lat", "lon"}


@pytest.mark.parametrize(
    "geometry",
    [
        [],
        {},
        {"type": "Circle", "coordinates": HANOI},
        point(1),
        point("105", "21"),
        point(True, False),
        point(None, 1),
        {"type": "Point", "coordinates": 5},
        {"type": "Polygon", "coordinates": HANOI},
        {"type": "Polygon", "coordinates": [[HANOI]]},
        {"type": "LineString", "coordinates": [HANOI, ["a", 1]]},
        {"type": "GeometryCollection"},
        {"type": "Polygon", "coordinates": [[[105, 21], [106, 22], [106, 21], [105, 22], [105, 21]]]},
        {"type": "MultiPolygon", "coordinates": [[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]},
    ],
)
def test_a_geometry_that_is_none_is_an_error_of_its_row(geometry: object) -> None:
    assert read(collection(feature({"asset_id": "V"}, geometry)))[1] == [(2, "geometry_wrong")]


def test_a_literal_that_is_no_number_is_no_coordinate() -> None:
    text = collection(feature({}, point(*HANOI)))
    for literal in ("NaN", "Infinity", "1e999", "1e99999999999999999999"):
        assert read(text.replace("21.03", literal))[1] == [(2, "geometry_wrong")]


def test_geometries_of_a_table_without_points_are_told_once() -> None:
    line = {"type": "LineString", "coordinates": [HANOI, [106, 21]]}
    properties = {"asset_id": "V", "need_id": "N", "cost_vnd": 5}
    features = [feature(properties, line), feature(properties, {"type": "x"}), feature(properties)]
    rows, found = read(collection(*features, crs=None), "matches")
    assert found == [(None, "geometry_unused")]
    assert rows[0] == {"asset_id": "V", "need_id": "N", "cost_vnd": "5"}


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", '{"type": "Feature"}', '{"type": "FeatureCollection"}', '{"type": "x", "features": []}'],
)
def test_what_is_no_feature_collection_is_refused(content: str) -> None:
    assert read(content) == ([], [(None, "geojson_not_collection")])


@pytest.mark.parametrize("wrong", [1, "x", [], {}, {"type": "Point"}, feature([1]), feature("x")])
def test_what_is_no_feature_is_an_error_of_its_row(wrong: object) -> None:
    rows, found = read(collection(feature({"asset_id": "V"}), wrong))
    assert (rows, found) == ([{"asset_id": "V"}, {}], [(3, "row_not_object")])


def test_broken_and_too_large_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read("{")[1] == [(None, "json_broken")]
    assert read("[" * 200_000)[1] == [(None, "json_broken")]
    monkeypatch.setattr("app.formats.geojson.MOST_ROWS", 1)
    assert read(collection(feature({}), feature({}))) == ([], [(None, "rows_too_many")])


def test_values_in_values_and_keys_twice_are_errors_of_their_cells() -> None:
    text = collection(feature({"year": [1], "note": 1})).replace('"note"', '"year"')
    assert read(text)[1] == [(2, "key_duplicate")]
    assert read(collection(feature({"year": {"a": 1}})))[1] == [(2, "cell_nested")]


@pytest.mark.parametrize(
    ("key", "row"), [("features", None), ("geometry", 2), ("properties", 2), ("coordinates", 2)]
)
def test_a_key_of_geojson_itself_that_is_given_twice_is_an_error(key: str, row: int | None) -> None:
    text = collection(feature({"asset_id": "V"}, point(*HANOI)))
    assert read(text.replace(f'"{key}":', f'"{key}": [], "{key}":'))[1] == [(row, "key_duplicate")]


@pytest.mark.parametrize(
    ("module", "content"),
    [
        ("shapely.geometry", collection(feature({}, SQUARE))),
        ("pyproj", collection(feature({}, point(*VN2000)), **crs("EPSG:3405"))),
    ],
)
def test_a_library_that_is_not_there_is_named(
    module: str, content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingLibraryError, match=module):
        read(content)
    assert read(collection(feature({}, point(*HANOI))))[1] == []  # points need none
