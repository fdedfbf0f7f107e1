from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import openpyxl
import pytest
from typer.testing import CliRunner

from app.cli import application
from app.folders import read_inputs
from app.verification import are_large

if TYPE_CHECKING:
    from pathlib import Path

run = CliRunner().invoke


@pytest.fixture
def workbook(scenario: Path, tmp_path: Path) -> Path:
    """Return the small valid scenario as a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for file in sorted(scenario.glob("*.csv")):
        sheet = book.create_sheet(file.stem)
        with file.open(encoding="utf-8-sig", newline="") as rows:
            for row in csv.reader(rows):
                sheet.append([text or None for text in row])
    path = tmp_path / "tỉnh.xlsx"
    book.save(path)
    return path


def test_a_workbook_is_checked_solved_and_verified_like_its_folder(
    workbook: Path, scenario: Path, tmp_path: Path
) -> None:
    (scenario / "scenario.toml").unlink(missing_ok=True)
    plans = [tmp_path / "from-workbook", tmp_path / "from-folder"]
    for source, plan in zip((workbook, scenario), plans, strict=True):
        assert run(application, ["check", str(source)]).exit_code == 0
        assert run(application, ["solve", str(source), "--out", str(plan), "--quiet"]).exit_code == 0
        assert run(application, ["verify", str(source), str(plan)]).exit_code == 0
    for name in ("transfers.csv", "shortfalls.csv", "releases.csv", "plan.json", "certificate.json"):
        assert (plans[0] / name).read_bytes() == (plans[1] / name).read_bytes()
    assert run(application, ["verify", str(workbook), str(plans[1])]).exit_code == 0


def test_a_changed_workbook_is_found_by_verify(workbook: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    assert run(application, ["solve", str(workbook), "--out", str(plan), "--quiet"]).exit_code == 0
    book = openpyxl.load_workbook(workbook)
    sheet = book["needs"]
    sheet.delete_rows(sheet.max_row)
    book.save(workbook)
    result = run(application, ["verify", str(workbook), str(plan)])
    assert result.exit_code == 1
    assert "inputs_changed" in result.output


def test_check_names_sheet_and_cell(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet = book["assets"]
    place = [cell.value for cell in sheet[1]].index("category") + 1
    sheet.cell(2, place, "no category")
    book.save(workbook)
    cell = sheet.cell(2, place).coordinate
    result = run(application, ["check", str(workbook), "--json"])
    assert result.exit_code == 1
    (wrong,) = [one for one in json.loads(result.output)["issues"] if one["severity"] == "error"]
    assert (wrong["file"], wrong["sheet"], wrong["cell"], wrong["row"]) == ("tỉnh.xlsx", "assets", cell, 2)
    assert f"assets!{cell}" in run(application, ["check", str(workbook)]).output


def test_inputs_know_their_workbook(workbook: Path, scenario: Path, tmp_path: Path) -> None:
    alone = read_inputs(workbook)
    assert alone.source == workbook
    assert set(alone.places) >= {"assets", "needs"}
    folder = tmp_path / "folder"
    folder.mkdir()
    beside = folder / "a.xlsx"
    beside.write_bytes(workbook.read_bytes())
    assert read_inputs(folder).source == beside
    by_file = read_inputs(scenario)
    assert (by_file.source, by_file.places) == (None, {})


@pytest.mark.parametrize("name", ["a.docx", "assets.csv", "~$a.xlsx"])
def test_a_file_that_is_no_workbook_is_refused_in_words(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x", encoding="utf-8")
    result = run(application, ["check", str(tmp_path / name), "--lang", "vi"])
    assert result.exit_code == 1
    assert "sổ tính" in result.output


def test_a_broken_workbook_is_an_issue_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("<html>", encoding="utf-8")
    result = run(application, ["check", str(path), "--json"])
    assert result.exit_code == 1
    (broken,) = json.loads(result.output)["issues"]
    assert (broken["file"], broken["code"], broken["sheet"]) == ("a.xlsx", "workbook_broken", None)


def test_a_large_workbook_is_read_beside_the_check(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    book.write_bytes(b"x" * 1000)
    assert not are_large(book, tmp_path / "plan")
    book.write_bytes(b"x" * (1 << 20))
    assert are_large(book, tmp_path / "plan")
