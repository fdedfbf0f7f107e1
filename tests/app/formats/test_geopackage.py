from __future__ import annotations

import datetime as dt
import struct
import sys
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import shapely

from app.formats.cells import MOST_CHARACTERS
from app.formats.references import MissingLibraryError
from tests.app.formats.packages import HANOI, blob, change, read, write
from tests.app.formats.writing import write_layer

if TYPE_CHECKING:
    from pathlib import Path

ROW = {"asset_id": "V-1", "category": "vehicle"}


def test_values_of_every_type_are_what_a_person_would_type(tmp_path: Path) -> None:
    frame = {
        "asset_id": ["00004", None],
        "units": pd.array([9007199254740993, None], dtype="Int64"),
        "area_m2": [0.1 + 0.2, 120.0],
        "idle": pd.array([True, None], dtype="boolean"),
        "available_from": [dt.date(2025, 1, 2), None],
        "checked": pd.to_datetime(["2025-01-02 00:00", "2025-01-03 04:05"]),
        "note": [" Vie\u0323\u0302t ", ""],
    }
    layers, found = read(write(tmp_path / "a.gpkg", frame))
    assert found == []
    assert layers.tables == {
        "assets": [
            {
                "asset_id": "00004", "units": "9007199254740993", "area_m2": "0.3", "idle": "true",
                "available_from": "2025-01-02", "checked": "2025-01-02", "note": "Việt",
            },
            {
                "asset_id": "", "units": "", "area_m2": "120", "idle": "", "available_from": "",
                "checked": "2025-01-03T04:05:00", "note": "",
            },
        ]
    }  # fmt: skip


def test_layers_are_tables_by_any_name_that_a_sheet_may_have(package: Path) -> None:
    write(package, {"need_id": ["N-1"]}, layer="NHU CẦU")
    write(package, {"x": [1]}, [HANOI], layer="roads")
    write(package, {"styleName": ["a"]}, layer="layer_styles")
    layers, found = read(package)
    assert layers.tables["needs"] == [{"need_id": "N-1"}]
    assert layers.names == {"assets": "assets", "needs": "NHU CẦU"}
    assert found == [("folder", None, None, "layer_unknown")]
    assert layers.issues[0].value == "roads"


def test_a_point_keeps_its_digits_and_what_is_more_gives_a_point_inside(tmp_path: Path) -> None:
    lon, lat = 105.12345678901234, 21.000000000000004
    box = shapely.box(105, 21, 106, 22)
    shapes = [shapely.Point(lon, lat, 5), box, shapely.Point(), None]
    layers, found = read(write(tmp_path / "a.gpkg", {"asset_id": list("abcd")}, shapes))
    assert found == []
    first, second, third, fourth = layers.tables["assets"]
    assert (float(first["lon"]), float(first["lat"])) == (lon, lat)
    assert box.contains(shapely.Point(float(second["lon"]), float(second["lat"])))
    assert third == {"asset_id": "c"}
    assert fourth == {"asset_id": "d"}


@pytest.mark.parametrize("crs", [3405, 3406, 9210, 5899, 32648, 4756])
def test_other_reference_systems_are_transformed(tmp_path: Path, crs: int) -> None:
    path = tmp_path / "a.gpkg"
    write_layer(path, "assets", [{**ROW, "lat": "21.03", "lon": "105.85"}], crs)
    layers, found = read(path)
    assert found == []
    assert layers.tables["assets"] == [{**ROW, "lat": "21.03", "lon": "105.85"}]


@pytest.mark.parametrize("number", [-1, 0, 77])
def test_a_layer_without_a_reference_system_is_an_error(package: Path, number: int) -> None:
    change(package, ("UPDATE gpkg_geometry_columns SET srs_id = ?", [number]))
    layers, found = read(package)
    assert found == [("assets", None, "lat", "layer_without_crs")]
    assert layers.tables["assets"] == [{"asset_id": "V-1", "units": "2"}]


def test_a_reference_system_that_makes_no_sense_is_an_error(package: Path) -> None:
    change(
        package, "UPDATE gpkg_spatial_ref_sys SET organization = 'x', definition = 'y' WHERE srs_id = 4326"
    )
    assert read(package)[1] == [("assets", None, "lat", "crs_unknown")]


def test_a_system_that_has_no_number_is_read_by_its_definition(tmp_path: Path) -> None:
    import pyproj

    local = pyproj.CRS.from_proj4("+proj=tmerc +lon_0=105.75 +k=0.9999 +x_0=500000 +datum=WGS84")
    x, y = pyproj.Transformer.from_crs(4326, local, always_xy=True).transform(105.85, 21.03)
    layers, found = read(write(tmp_path / "a.gpkg", {"a": ["b"]}, [shapely.Point(x, y)], crs=local))
    assert found == []
    assert layers.tables["assets"] == [{"a": "b", "lat": "21.03", "lon": "105.85"}]


def test_a_cell_holds_what_is_stored_and_not_what_its_column_declares(package: Path) -> None:
    """GDAL reads 12 and 0 here."""
    for value in ("12 xe", "x"):
        change(package, ("UPDATE assets SET units = ?", [value]))
        layers, found = read(package)
        assert found == []
        assert layers.tables["assets"][0]["units"] == value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"\x00\x01", "cell_nested"),
        ("x" * (MOST_CHARACTERS + 1), "cell_too_long"),
        (float("inf"), "not_finite"),
    ],
)
def test_a_value_that_no_cell_can_hold_is_refused(package: Path, value: object, code: str) -> None:
    change(package, ("UPDATE assets SET units = ?", [value]))
    layers, found = read(package)
    assert found == [("assets", 2, "units", code)]
    assert layers.tables["assets"][0]["units"] == ""


def test_text_that_is_no_utf_8_is_refused(package: Path) -> None:
    change(package, "UPDATE assets SET asset_id = CAST(x'ff41' AS TEXT)")
    assert read(package)[1] == [("assets", 2, "asset_id", "control_character")]


def test_the_row_number_of_the_file_is_no_column_unless_it_is_called_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", {"category": ["vehicle"]}, FID="asset_id")
    assert read(path)[0].tables["assets"] == [{"asset_id": "1", "category": "vehicle"}]
    path = write(tmp_path / "b.gpkg", {"category": ["vehicle"]})
    assert read(path)[0].tables["assets"] == [{"category": "vehicle"}]


def test_a_point_given_twice_and_differently_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", {"Vĩ độ": [21.03, 22.0], "Kinh độ": [105.85, 105.85]}, [HANOI, HANOI])
    layers, found = read(path)
    assert found == [("assets", 3, "lat", "point_differs")]
    assert layers.tables["assets"][0] == {"Vĩ độ": "21.03", "Kinh độ": "105.85"}


def test_two_layers_of_one_table_are_an_error(package: Path) -> None:
    write(package, {"asset_id": ["V-2"]}, layer="Tài sản")
    layers, found = read(package)
    assert found == [("assets", None, None, "table_twice")]
    assert [row["asset_id"] for row in layers.tables["assets"]] == ["V-1"]


@pytest.mark.parametrize("order", ["<", ">"])
def test_points_of_either_byte_order_are_read(package: Path, order: str) -> None:
    wkb = bytes([order == "<"]) + struct.pack(f"{order}I2d", 1, 105.85, 21.03)
    change(package, ("UPDATE assets SET geom = ?", [blob(1, wkb)]))
    assert read(package)[0].tables["assets"][0]["lat"] == "21.03"


def test_a_library_that_is_not_there_is_named_and_points_need_none(
    tmp_path: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    area = write(tmp_path / "b.gpkg", {"a": ["b"]}, [shapely.box(105, 21, 106, 22)])
    other = write(tmp_path / "c.gpkg", {"a": ["b"]}, [shapely.Point(588_318, 2_325_676)], crs=3405)
    for module in ("shapely", "pyproj", "pyogrio", "geopandas"):
        monkeypatch.setitem(sys.modules, module, None)
    for path in (area, other):
        with pytest.raises(MissingLibraryError):
            read(path)
    assert read(package)[1] == []
