from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import pytest

from app.issues import MOST_SHOWN, as_dict, count_line, issue_lines, print_issues
from solver.errors import Issue
from solver.tables.places import SheetPlace

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {
    "message_en": "The value is wrong.",
    "message_vi": "Giá trị sai.",
    "remedy_en": "Write another one.",
    "remedy_vi": "Hãy ghi giá trị khác.",
}


def wrong(
    row: int | None,
    column: str | None = "units",
    code: str = "bad",
    severity: Literal["error", "warning"] = "error",
) -> Issue:
    return Issue("assets", row, column, code, severity, "x", texts=TEXTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets.csv").write_text("", encoding="utf-8")
    (tmp_path / "scenario.toml").write_text("", encoding="utf-8")
    return tmp_path


def test_an_issue_shows_file_row_column_code_message_and_remedy(folder: Path) -> None:
    assert list(issue_lines([wrong(12)], folder, "en")) == [
        "file        row  column  code  message",
        "assets.csv  12   units   bad   The value is wrong.",
        "      remedy: Write another one.",
    ]


def test_an_issue_of_the_scenario_names_its_file_and_one_of_a_missing_table_the_table(folder: Path) -> None:
    scenario = Issue("scenario", None, "rules.x", "unknown_key", "error", texts=TEXTS)
    missing = Issue("needs", None, None, "file_missing", "error", texts=TEXTS)
    assert [found["file"] for found in as_dict([scenario, missing], folder, "en")["issues"]] == [
        "scenario.toml",
        "needs",
    ]


def test_errors_come_before_warnings_so_that_a_flood_hides_none(folder: Path) -> None:
    flood = [wrong(row, code="meh", severity="warning") for row in range(2, 2 + MOST_SHOWN)]
    lines = list(issue_lines([*flood, wrong(9999)], folder, "en"))
    assert "9999" in lines[1]
    assert lines[-2:] == ["and 1 more:", "  meh: 1"]
    assert len(lines) == 1 + 2 * MOST_SHOWN + 2


def test_json_holds_every_issue_in_the_language_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    issues = [wrong(row) for row in range(2, 502)] + [wrong(None, None, "meh", "warning")]
    print_issues(issues, folder, "vi", as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert (found["errors"], found["warnings"], len(found["issues"])) == (500, 1, 501)
    assert found["issues"][0] == {
        "file": "assets.csv",
        "row": 2,
        "column": "units",
        "sheet": None,
        "cell": None,
        "code": "bad",
        "severity": "error",
        "value": "x",
        "message": "Giá trị sai.",
        "remedy": "Hãy ghi giá trị khác.",
    }
    assert found["issues"][-1]["row"] is None


PLACES = {
    "assets": SheetPlace("thanh-hoa.xlsx", "Tài sản", 5, {"units": "C", "Số lượng": "C"}),
    "scenario": SheetPlace("thanh-hoa.xlsx", "Kịch bản", 1, keys={"reach_km": 7}, value_letters="B"),
}


def test_an_issue_of_a_workbook_shows_file_sheet_cell_and_heading(tmp_path: Path) -> None:
    scenario = Issue("scenario", None, "reach_km", "bad", "error", texts=TEXTS)
    lines = list(issue_lines([wrong(12), wrong(None, None), scenario], tmp_path, "en", PLACES))
    assert [line for line in lines if "remedy" not in line] == [
        "file            cell or row  column    code  message",
        "thanh-hoa.xlsx  Tài sản!C12  units     bad   The value is wrong.",
        "thanh-hoa.xlsx  Tài sản      -         bad   The value is wrong.",
        "thanh-hoa.xlsx  Kịch bản!B7  reach_km  bad   The value is wrong.",
    ]


def test_json_names_sheet_and_cell_of_a_workbooks_issues(tmp_path: Path) -> None:
    issues = [wrong(12), wrong(7, "no such"), wrong(None, "no such"), wrong(None)]
    found = as_dict(issues, tmp_path, "en", PLACES)["issues"]
    assert [(one["file"], one["sheet"], one["cell"], one["row"]) for one in found] == [
        ("thanh-hoa.xlsx", "Tài sản", "C12", 12),
        ("thanh-hoa.xlsx", "Tài sản", "A7", 7),
        ("thanh-hoa.xlsx", "Tài sản", None, None),
        ("thanh-hoa.xlsx", "Tài sản", "C5", None),
    ]


def test_an_issue_of_a_whole_workbook_names_its_file(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    book.write_bytes(b"")
    broken = Issue("folder", None, None, "workbook_broken", "error", texts=TEXTS)
    assert as_dict([broken], book, "en")["issues"][0]["file"] == "a.xlsx"


def test_hostile_headings_cannot_steer_the_terminal(folder: Path) -> None:
    assert "\x1b" not in "".join(issue_lines([wrong(3, "\x1b[2J")], folder, "en"))


def test_counts_tell_errors_from_warnings() -> None:
    issues = [wrong(2), wrong(3, severity="warning"), wrong(4, severity="warning")]
    assert count_line(issues, "en") == "1 error, 2 warnings."
    assert count_line(issues[1:2], "en") == "0 errors, 1 warning."
    assert count_line(issues, "vi") == "1 lỗi, 2 cảnh báo."
