"""Check, solve, verify and needs, from tables in GeoJSON, GeoPackage and JSON."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import solver
from app.cli import application
from app.folders import read_inputs
from app.formats.convert import is_source, sources_of
from app.verification import noted_changes
from examples.fix_workbook import fix_workbook
from examples.make_workbook import OUT
from tests.app.formats.writing import (
    as_geojson,
    as_geopackage,
    as_json,
    checked,
    read_csv,
    write_csv,
    write_geojson,
    write_layer,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeAlias

    Change: TypeAlias = Callable[[Path], None]

run = CliRunner().invoke


def change_geojson(folder: Path) -> None:
    path = folder / "needs.geojson"
    path.write_text(path.read_text("utf-8").replace("Thành", "Thanh").replace("Th\\u00e0nh", "X"), "utf-8")


def change_geopackage(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "tỉnh.gpkg")) as base:
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute("UPDATE needs SET recipient = 'X'")
        base.commit()


def change_json(folder: Path) -> None:
    path = folder / "tables.json"
    path.write_text(path.read_text("utf-8").replace("Th\\u00e0nh", "X"), "utf-8")


@pytest.mark.parametrize(
    ("convert", "change", "name"),
    [
        (as_geojson, change_geojson, "needs.geojson"),
        (as_geopackage, change_geopackage, "tỉnh.gpkg (needs)"),
        (as_json, change_json, "tables.json"),
    ],
)
def test_a_folder_is_solved_like_its_csv_and_verify_sees_a_change(
    scenario: Path, tmp_path: Path, convert: Change, change: Change, name: str
) -> None:
    other = tmp_path / "other"
    shutil.copytree(scenario, other)
    convert(other)
    plans = [tmp_path / "plan", tmp_path / "plan-other"]
    for folder, plan in zip((scenario, other), plans, strict=True):
        assert run(application, ["solve", str(folder), "--out", str(plan), "--quiet"]).exit_code == 0
    for file in ("plan.json", "transfers.csv", "certificate.json"):
        assert (plans[0] / file).read_bytes() == (plans[1] / file).read_bytes()
    assert "VERIFIED" in run(application, ["verify", str(other), str(plans[1])]).output
    noted = json.loads((plans[1] / "run.json").read_text("utf-8"))["sources"]
    assert noted == sources_of(other) == read_inputs(other).files
    assert set(noted) == {entry.name for entry in other.iterdir()}
    assert noted_changes(other, plans[1], "en") == []
    change(other)
    assert noted != sources_of(other)
    result = run(application, ["verify", str(other), str(plans[1])])
    assert result.exit_code == 1
    assert "inputs_changed" in result.output
    assert name in result.output
    assert [one.code for one in noted_changes(other, plans[1], "en")] == ["inputs_changed"]


@pytest.mark.parametrize(
    ("convert", "file"),
    [
        (as_geojson, "assets.geojson"),
        (as_geopackage, "tỉnh.gpkg (assets)"),
        (as_json, "tables.json (assets)"),
    ],
)
def test_an_issue_names_the_users_file_and_the_number_of_the_row(
    scenario: Path, convert: Change, file: str
) -> None:
    rows = read_csv(scenario / "assets.csv")
    rows[1]["category"] = "nothing"
    write_csv(scenario / "assets.csv", rows)
    convert(scenario)
    (wrong,) = [one for one in checked(scenario) if one["severity"] == "error"]
    assert (wrong["file"], wrong["row"], wrong["column"], wrong["code"]) == (
        file, 3, "category", "choice_unknown",
    )  # fmt: skip
    assert (wrong["sheet"], wrong["cell"]) == (None, None)
    assert file in run(application, ["check", str(scenario), "--lang", "vi"]).output


def test_one_geopackage_is_a_source_of_its_own(scenario: Path, tmp_path: Path) -> None:
    as_geopackage(scenario)
    path = scenario / "tỉnh.gpkg"
    assert is_source(path)
    plan = tmp_path / "plan"
    assert run(application, ["solve", str(path), "--out", str(plan), "--quiet"]).exit_code == 0
    assert run(application, ["verify", str(path), str(plan)]).exit_code == 0
    assert json.loads((plan / "run.json").read_text("utf-8"))["sources"] == sources_of(path)


def test_needs_are_derived_beside_geojson_and_never_twice(scenario: Path) -> None:
    (scenario / "needs.csv").unlink()
    write_geojson(scenario / "assets.geojson", read_csv(scenario / "assets.csv"))
    (scenario / "assets.csv").unlink()
    assert run(application, ["needs", str(scenario), "--province", "38"]).exit_code == 0
    needs = read_csv(scenario / "needs.csv")
    assert needs
    (scenario / "needs.csv").unlink()
    write_geojson(scenario / "needs.geojson", needs)
    result = run(application, ["needs", str(scenario), "--province", "38", "--force"])
    assert result.exit_code == 1
    assert "needs.geojson" in result.output
    assert not (scenario / "needs.csv").exists()


def test_the_example_province_as_a_geopackage_gives_the_same_plan(tmp_path: Path) -> None:
    given = tmp_path / "given"
    shutil.copytree(OUT.parent, given)
    fix_workbook(given / OUT.name)
    assert run(application, ["needs", str(given)]).exit_code == 0
    raw = solver.read_tables(given)
    folders = [tmp_path / "csv", tmp_path / "gpkg"]
    for folder in folders:
        folder.mkdir()
        shutil.copy(given / "scenario.toml", folder)
    for table in ("assets", "needs", "communes"):
        rows = getattr(raw, table).drop(columns="row").to_dict("records")
        write_csv(folders[0] / f"{table}.csv", rows)
        write_layer(folders[1] / "lai-chau.gpkg", table, rows)
    plans = [folder / "plan" for folder in (tmp_path / "a", tmp_path / "b")]
    for folder, plan in zip(folders, plans, strict=True):
        assert run(application, ["solve", str(folder), "--out", str(plan), "--quiet"]).exit_code == 0
    one, other = ((plan / "plan.json").read_bytes() for plan in plans)
    assert one == other
    assert json.loads(one)["objective_vnd"] > 0
