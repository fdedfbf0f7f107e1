"""GeoPackages that are broken, or that someone made to do harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from app.formats.geopackage import read_geopackage
from tests.app.formats.packages import HANOI, area, blob, change, read

if TYPE_CHECKING:
    from pathlib import Path

ENDLESS = "WITH RECURSIVE n(asset_id) AS (SELECT 1 UNION ALL SELECT asset_id + 1 FROM n) SELECT * FROM n"


@pytest.mark.parametrize(
    "statement",
    [
        f"CREATE VIEW needs AS {ENDLESS}",
        "CREATE VIRTUAL TABLE needs USING fts5(need_id)",
        "CREATE TABLE needs (need_id TEXT, big TEXT AS (hex(zeroblob(40000000))))",
    ],
)
def test_nothing_that_a_stranger_programmed_is_run(package: Path, statement: str) -> None:
    change(package, statement)
    layers, found = read(package)
    assert found == [("needs", None, None, "layer_reckoned")]
    assert set(layers.tables) == {"assets"}


@pytest.mark.parametrize("table", ["gpkg_contents", "gpkg_geometry_columns", "GPKG_spatial_ref_sys"])
def test_a_list_of_layers_that_is_a_program_is_not_run(package: Path, table: str) -> None:
    endless = ENDLESS.replace("asset_id", "table_name")
    change(package, f"DROP TABLE {table}", f"CREATE VIEW {table} AS {endless}")
    assert read(package)[1] == [("folder", None, None, "geopackage_broken")]


def test_a_layer_with_too_many_rows_is_refused_whole(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.formats.geopackage.MOST_ROWS", 2)
    change(package, *["INSERT INTO assets (asset_id) VALUES ('x')"] * 2)
    layers, found = read(package)
    assert (layers.tables["assets"], found) == ([], [("assets", None, None, "rows_too_many")])


def test_a_table_that_holds_more_than_its_file_is_refused(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.formats.geopackage._size", lambda _: 10)
    assert read(package)[1] == [("folder", None, None, "geopackage_broken")]


@pytest.mark.parametrize(
    "shape",
    [
        b"",
        b"GP",
        b"XXXXXXXXXXXXXXX",
        "text",
        5,
        blob(1, b""),
        blob(1, b"\x01\x01\x00\x00\x00"),
        blob(1, b"\x01\x03\x00\x00\x00\xff\xff\xff\xff"),
        blob(1, b"\x01\x63\x00\x00\x00"),
        blob(0x21, HANOI.wkb),
        blob(0x0D, HANOI.wkb),
        blob(1, shapely.Point(float("inf"), 1).wkb),
        blob(1, shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]).wkb),
        blob(1, area("nan")),
        blob(1, area("inf")),
    ],
)
def test_a_geometry_that_is_none_is_an_error_of_its_row(package: Path, shape: object) -> None:
    change(package, ("UPDATE assets SET geom = ?", [shape]))
    assert read(package)[1] == [("assets", 2, "lat", "geometry_wrong")]


@pytest.mark.parametrize("content", [b"", b"x" * 3000, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_what_is_no_geopackage_is_an_issue(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(content)
    assert read(path)[1] == [("folder", None, None, "geopackage_broken")]


def test_a_damaged_file_never_raises(package: Path, tmp_path: Path) -> None:
    whole = package.read_bytes()
    for place in range(0, len(whole), 997):
        path = tmp_path / f"{place}.gpkg"
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :])
        read(path)
    for length in range(0, len(whole), 4096):
        path = tmp_path / f"short-{length}.gpkg"
        path.write_bytes(whole[:length])
        read(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"rubbish" * 500, "không phải là cơ sở dữ liệu"), (b"", "thiếu bảng gpkg_contents")],
)
def test_what_cannot_be_read_is_said_in_vietnamese_too(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(content)
    (found,) = read_geopackage("a.gpkg", path).issues
    assert found.code == "geopackage_broken"
    assert words in found.message("vi")
