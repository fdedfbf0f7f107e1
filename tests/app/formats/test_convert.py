from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import openpyxl
import pytest
from typer.testing import CliRunner

import solver
from app.cli import application
from app.folders import check_inputs, read_inputs
from app.formats.convert import as_folder, document_as_folder, is_source, read_tables, sources_of
from tests.app.formats.writing import (
    as_geojson,
    as_geopackage,
    checked,
    collection,
    feature,
    read_csv,
    write_geojson,
    write_layer,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeAlias

    Change: TypeAlias = Callable[[Path], None]

run = CliRunner().invoke


def found(folder: Path) -> list[tuple[str, int | None, str | None, str]]:
    return [(one.table, one.row, one.column, one.code) for one in read_tables(folder).issues]


def test_a_folder_without_these_formats_is_left_as_it_is(scenario: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    converted = as_folder(scenario, scratch)
    assert (converted.folder, [*scratch.iterdir()]) == (scenario, [])
    raw = read_tables(scenario)
    assert raw.sources == converted.named(solver.read_tables(scenario)).sources
    assert raw.places == {}
    assert found(tmp_path / "nowhere") == [("folder", None, None, "folder_unreadable")]


def test_a_folder_of_uploads_is_read_through_its_copy(scenario: Path, tmp_path: Path) -> None:
    as_geojson(scenario)
    before = {entry.name: entry.read_bytes() for entry in scenario.iterdir()}
    converted = as_folder(scenario, tmp_path / "scratch")
    names = {entry.name for entry in converted.folder.iterdir()}
    assert names == {"assets.csv", "needs.csv", "scenario.toml"}
    raw = converted.named(solver.read_tables(converted.folder))
    assert set(raw.sources) == set(before)
    assert {table: place.file for table, place in raw.places.items()} == {
        "assets": "assets.geojson",
        "needs": "needs.geojson",
    }
    assert {entry.name: entry.read_bytes() for entry in scenario.iterdir()} == before


def test_a_table_in_two_files_is_an_error_that_names_both(scenario: Path) -> None:
    rows = read_csv(scenario / "assets.csv")
    write_geojson(scenario / "assets.geojson", rows)
    write_layer(scenario / "a.gpkg", "needs", read_csv(scenario / "needs.csv"))
    issues = [one for one in checked(scenario) if one["code"] == "table_twice"]
    assert [(one["value"]) for one in issues] == ["assets.geojson", "a.gpkg (needs)"]
    assert "assets.csv" in issues[0]["message"]
    assert read_tables(scenario).places == {}  # the CSV stays what is read
    (scenario / "assets.csv").unlink()
    (scenario / "assets.json").write_text("[]", "utf-8")
    assert ("assets", None, None, "table_twice") in found(scenario)
    (scenario / "tables.json").write_text('{"scenario": {}}', "utf-8")
    assert ("scenario", None, None, "table_twice") in found(scenario)


def test_a_table_in_a_workbook_and_a_file_is_an_error_that_names_both(scenario: Path) -> None:
    as_geojson(scenario)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Tài sản"
    for row in (["asset_id", "category", "commune_code"], ["V", "vehicle", "00004"]):
        sheet.append(row)
    book.save(scenario / "a.xlsx")
    (twice,) = [one for one in read_tables(scenario).issues if one.code == "table_twice"]
    assert (twice.value, twice.params["file"]) == ("assets.geojson", "a.xlsx")
    assert "“Tài sản”" in twice.message("en")
    assert "“Tài sản”" in twice.message("vi")


def test_a_table_that_a_lone_file_lacks_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_layer(path, "assets", [{"asset_id": "V", "category": "vehicle", "commune_code": "00004"}])
    (missing,) = [one for one in checked(path) if one["severity"] == "error"]
    assert (missing["code"], missing["file"], missing["value"]) == ("table_missing", "a.gpkg", "a.gpkg")
    assert "{" not in missing["message"] + missing["remedy"]


@pytest.mark.parametrize("name", ["roads.geojson", "scenario.json", ".a.gpkg", "a.parquet"])
def test_a_file_of_another_kind_is_no_source(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("{}", "utf-8")
    assert not is_source(tmp_path / name)
    result = run(application, ["check", str(tmp_path / name)])
    assert result.exit_code == 1
    assert "GeoPackage" in result.output


def test_other_files_are_told_as_without_these_formats(scenario: Path) -> None:
    for name in ("roads.geojson", "b.parquet", "note.txt", "distances.json", "Thumbs.db"):
        (scenario / name).write_text("{}", "utf-8")
    wanted = found(scenario)
    assert ("folder", None, None, "not_supported_yet") in wanted
    assert wanted.count(("folder", None, None, "file_unknown")) == 2
    as_geojson(scenario)
    assert found(scenario) == wanted


def test_a_distances_json_is_what_a_plan_stores_and_never_a_table(scenario: Path) -> None:
    (scenario / "distances.json").write_text("[]", "utf-8")
    assert [one["code"] for one in checked(scenario) if one["severity"] == "error"] == [
        "distances_unreadable"
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("assets.geojson", "{", "json_broken"),
        ("assets.json", "{}", "json_not_rows"),
        ("tables.json", "[]", "json_not_tables"),
        ("a.gpkg", "x", "geopackage_broken"),
    ],
)
def test_a_broken_file_is_the_only_error(scenario: Path, name: str, content: str, code: str) -> None:
    (scenario / "assets.csv").unlink()
    (scenario / name).write_text(content, "utf-8")
    (wrong,) = [one for one in checked(scenario) if one["severity"] == "error"]
    assert wrong["code"] == code
    assert name in wrong["file"] + wrong["message"]


def test_a_file_beyond_all_measure_is_not_opened(scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_geojson(scenario)
    monkeypatch.setattr("app.formats.work.MOST_BYTES", 10)
    assert found(scenario) == [
        ("assets", None, None, "file_too_large"),
        ("needs", None, None, "file_too_large"),
    ]
    write_layer(scenario / "a.gpkg", "norms", [{"key": "a", "value": "1"}])
    assert ("folder", None, None, "file_too_large") in found(scenario)


def test_a_file_that_is_not_there_any_more_is_an_issue(scenario: Path) -> None:
    as_geojson(scenario)
    (scenario / "norms.json").symlink_to(scenario / "gone")
    (scenario / "communes.csv").symlink_to(scenario / "gone")
    assert found(scenario) == [
        ("communes", None, None, "file_unreadable"),
        ("norms", None, None, "file_unreadable"),
    ]


def test_tables_without_rows_are_not_there_but_for_those_that_a_plan_needs(tmp_path: Path) -> None:
    empty: dict[str, list[object]] = {table: [] for table in ("assets", "needs", "matches", "communes")}
    (tmp_path / "tables.json").write_text(json.dumps(empty), "utf-8")
    raw = read_tables(tmp_path)
    assert (raw.matches, raw.communes, raw.issues) == (None, None, [])
    assert [(one.table, one.code) for one in solver.parse_tables(raw).issues] == [
        ("assets", "table_empty"),
        ("needs", "table_empty"),
    ]


def test_a_document_that_is_parsed_already_is_read_like_its_file(scenario: Path, tmp_path: Path) -> None:
    document: dict[str, object] = {
        table: read_csv(scenario / f"{table}.csv") for table in ("assets", "needs")
    }
    document["scenario"] = {"name": "Thử", "seed": 5}
    converted = document_as_folder(document, tmp_path / "scratch", "body")
    raw = converted.named(solver.read_tables(converted.folder))
    wanted = read_tables(scenario)
    assert (raw.issues, raw.sources, raw.scenario) == ([], {}, {"name": "Thử", "seed": 5})
    assert {place.file for place in raw.places.values()} == {
        "body (assets)",
        "body (needs)",
        "body",  # of the scenario
    }
    assert raw.assets.equals(wanted.assets)
    assert raw.needs.equals(wanted.needs)
    converted = document_as_folder({"assets": 5}, tmp_path / "other", "body")
    raw = converted.named(solver.read_tables(converted.folder))
    assert [(one.table, one.code) for one in raw.issues] == [
        ("assets", "json_not_rows"),
        ("needs", "table_missing"),
    ]


def test_headings_that_hold_separators_stay_one_column(tmp_path: Path) -> None:
    row = {"asset_id;category\tunits": "x", "asset_id": "V", "category": "vehicle", "a\nb": 'c"\n;,'}
    (tmp_path / "assets.json").write_text(json.dumps([row]), "utf-8")
    assets = read_tables(tmp_path).assets
    assert assets.to_dict("records") == [{**row, "row": 2}]


def test_a_geopackage_that_another_program_has_open_is_read_with_its_changes_and_left_alone(
    scenario: Path,
) -> None:
    as_geopackage(scenario)
    path = scenario / "tỉnh.gpkg"
    with closing(sqlite3.connect(path)) as base:
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        base.commit()
        base.execute("PRAGMA journal_mode = WAL")
        before = sources_of(scenario)
        base.execute("UPDATE needs SET recipient = 'Trạm y tế'")
        base.commit()
        files = {entry.name: entry.read_bytes() for entry in scenario.iterdir() if "shm" not in entry.name}
        assert "tỉnh.gpkg-wal" in files
        raw = read_tables(scenario)
        assert set(raw.needs["recipient"]) == {"Trạm y tế"}
        assert raw.issues == []
        assert raw.sources == sources_of(scenario) != before
        now = {entry.name: entry.read_bytes() for entry in scenario.iterdir() if "shm" not in entry.name}
        assert now == files


def test_without_the_libraries_the_remedy_names_the_extra(
    scenario: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = {"type": "LineString", "coordinates": [[105, 21], [106, 21]]}
    (scenario / "assets.csv").unlink()
    (scenario / "assets.geojson").write_text(collection(feature({"asset_id": "V"}, line)), "utf-8")
    for module in ("shapely", "shapely.geometry"):
        monkeypatch.setitem(sys.modules, module, None)
    (missing,) = [one for one in check_inputs(read_inputs(scenario)) if one.severity == "error"]
    assert missing.code == "geo_missing"
    assert "pip install surplan[geo]" in missing.remedy("en")
    assert "pip install surplan[geo]" in missing.remedy("vi")


def test_rows_of_which_each_has_headings_of_its_own_are_no_table(tmp_path: Path) -> None:
    rows = [{"asset_id": f"A{number}", f"column {number}": "x"} for number in range(20_000)]
    (tmp_path / "tables.json").write_text(json.dumps({"assets": rows, "needs": []}), "utf-8")
    raw = read_tables(tmp_path)
    assert [(one.table, one.code, one.value) for one in raw.issues if one.severity == "error"] == [
        ("assets", "cells_too_many", "20001")
    ]
    assert raw.assets.empty
