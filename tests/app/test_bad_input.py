"""The bad inputs of which users have most, through the command line: every one named, none half written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from app.cli import application

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """What is written into a file in place of what, and the issue that must be reported."""

    file: str
    old: str
    new: str
    row: int | None
    column: str | None
    code: str


FAULTS = {
    "a required heading is missing": Fault(
        "assets.csv", "asset_id,category", "asset_id,xyz", None, "category", "column_missing"
    ),
    "an id twice": Fault("assets.csv", "V-2,", "V-1,", 3, "asset_id", "duplicate_id"),
    "an unknown category": Fault(
        "assets.csv", "V-2,vehicle", "V-2,spaceship", 3, "category", "choice_unknown"
    ),
    "units that are no number": Fault("assets.csv", "surplus,10,", "surplus,NaN,", 5, "units", "not_finite"),
    "infinite units": Fault("assets.csv", "surplus,10,", "surplus,inf,", 5, "units", "not_finite"),
    "negative units": Fault("assets.csv", "surplus,10,", "surplus,-10,", 5, "units", "negative"),
    "fractional units": Fault("assets.csv", "surplus,10,", "surplus,2.5,", 5, "units", "not_whole"),
    "an unknown commune code": Fault("needs.csv", ",07192,", ",99999,", 3, "commune_code", "commune_unknown"),
    "a code that lost its zero": Fault(
        "needs.csv", ",07192,", ",7192,", 3, "commune_code", "code_lost_zeros"
    ),
    "no commune at all": Fault("needs.csv", ",07192,", ",,", 3, "commune_code", "commune_missing"),
    "an unknown key of the scenario": Fault(
        "scenario.toml", "date = ", "dates = 1\ndate = ", None, "dates", "key_unknown"
    ),
    "a scenario of a wrong type": Fault(
        "scenario.toml", "date = 2025-08-15", "date = 7", None, "date", "not_a_date"
    ),
    "a scenario that is no TOML": Fault(
        "scenario.toml", "name = ", "name == ", None, None, "scenario_syntax"
    ),
    "a province that does not exist": Fault(
        "scenario.toml",
        "date = ",
        'scope_province = "99"\ndate = ',
        None,
        "scope_province",
        "province_unknown",
    ),
    "a table without rows": Fault(
        "needs.csv", "*", "need_id,category,commune_code\n", None, None, "table_empty"
    ),
    "an empty file": Fault("needs.csv", "*", "", None, None, "file_empty"),
}


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(application, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def spoil(folder: Path, fault: Fault) -> None:
    path = folder / fault.file
    text = path.read_text(encoding="utf-8")
    assert fault.old == "*" or text.count(fault.old) == 1
    path.write_text(fault.new if fault.old == "*" else text.replace(fault.old, fault.new), encoding="utf-8")


def issues_of(folder: Path, *options: str) -> list[dict[str, Any]]:
    _, out, _ = run("check", str(folder), "--json", *options)
    found: list[dict[str, Any]] = json.loads(out)["issues"]
    return found


def errors_of(folder: Path) -> set[tuple[object, ...]]:
    return {
        (issue["file"], issue["row"], issue["column"], issue["code"])
        for issue in issues_of(folder)
        if issue["severity"] == "error"
    }


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_one_fault_is_one_error_with_its_place(fault: Fault, scenario: Path) -> None:
    spoil(scenario, fault)
    assert errors_of(scenario) == {(fault.file, fault.row, fault.column, fault.code)}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_nothing_is_planned_and_nothing_written(fault: Fault, scenario: Path, tmp_path: Path) -> None:
    spoil(scenario, fault)
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run("solve", str(scenario), "--out", str(tmp_path / "plan"))
    assert code == 1
    assert fault.code in out
    assert "Nothing was planned or written" in err
    assert "Traceback" not in out + err
    assert sorted(tmp_path.rglob("*")) == before


def test_every_issue_has_message_and_remedy_in_both_languages(scenario: Path) -> None:
    for name in ("an id twice", "fractional units", "no commune at all", "a province that does not exist"):
        spoil(scenario, FAULTS[name])
    english, vietnamese = issues_of(scenario, "--lang", "en"), issues_of(scenario, "--lang", "vi")
    assert len(english) == len(vietnamese) == 4
    for one, other in zip(english, vietnamese, strict=True):
        assert one["message"]
        assert one["remedy"]
        assert one["message"] != other["message"]
        assert one["remedy"] != other["remedy"]


def test_all_faults_of_all_stages_come_in_one_pass(scenario: Path) -> None:
    # reading (heading), parsing (units), places (code), rules over tables (id) and the scenario
    spoil(scenario, FAULTS["negative units"])
    spoil(scenario, FAULTS["a code that lost its zero"])
    spoil(scenario, FAULTS["an id twice"])
    spoil(scenario, FAULTS["an unknown key of the scenario"])
    assert {error[3] for error in errors_of(scenario)} == {
        "negative",
        "code_lost_zeros",
        "duplicate_id",
        "key_unknown",
    }


def test_issues_are_printed_in_order_with_counts_and_exit_1(scenario: Path) -> None:
    spoil(scenario, FAULTS["negative units"])
    spoil(scenario, FAULTS["an unknown commune code"])
    code, out, err = run("check", str(scenario), "--lang", "vi")
    lines = out.splitlines()
    assert (code, err) == (1, "")
    assert lines[0].split() == ["tệp", "dòng", "cột", "mã", "nội", "dung"]
    assert lines[1].split()[:4] == ["assets.csv", "5", "units", "negative"]
    assert lines[2].strip().startswith("cách sửa: ")
    assert lines[-1].startswith("2 lỗi, ")


def test_warnings_alone_let_the_folder_pass(scenario: Path) -> None:
    text = (scenario / "assets.csv").read_text(encoding="utf-8")
    (scenario / "assets.csv").write_text(text.replace(",computer,", ",abacus,"), encoding="utf-8")
    code, out, _ = run("check", str(scenario))
    assert code == 0
    assert "kind_unknown" in out
    assert out.splitlines()[-1] == "0 errors, 1 warning."


def test_a_clean_folder_says_so(scenario: Path) -> None:
    assert run("check", str(scenario)) == (0, "No issues: 6 assets, 6 needs.\n", "")


def test_a_missing_table_is_an_issue_of_the_folder(scenario: Path) -> None:
    (scenario / "needs.csv").rename(scenario / "nedes.csv")
    found = {(issue["file"], issue["code"]) for issue in issues_of(scenario)}
    assert ("needs", "file_missing") in found


@pytest.mark.parametrize("headings", ["Mã tài sản,Nhóm,Loại,Mã xã", "ma tai san,nhom,loai,ma xa"])
def test_vietnamese_headings_are_read_with_and_without_tone_marks(scenario: Path, headings: str) -> None:
    from solver.tables.columns import TABLES

    wanted = {column.name: column.vi for column in TABLES["assets"]}
    text = (scenario / "assets.csv").read_text(encoding="utf-8")
    names = ("asset_id", "category", "kind", "commune_code")
    vietnamese = ",".join(wanted[name] for name in names)
    if headings.isascii():
        from solver.tables.names import fold

        vietnamese = ",".join(fold(wanted[name]) for name in names)
    (scenario / "assets.csv").write_text(text.replace(",".join(names), vietnamese), encoding="utf-8")
    assert run("check", str(scenario))[0] == 0


def test_codes_of_before_the_reform_are_translated_with_a_warning(scenario: Path) -> None:
    # 00001 was Phúc Xá, which passed into several communes of today; 00037 is only an old code.
    spoil(scenario, Fault("needs.csv", ",03127,", ",03145,", None, None, ""))
    codes = {issue["code"] for issue in issues_of(scenario)}
    assert codes & {"codes_translated", "code_split", "commune_unknown"}


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [("107.764", "20.973", "lat_lon_swapped"), ("20.973", "", "point_incomplete")],
)
def test_a_wrong_point_is_an_error(scenario: Path, lat: str, lon: str, code: str) -> None:
    text = (scenario / "needs.csv").read_text(encoding="utf-8").splitlines()
    table = [text[0] + ",lat,lon", *(f"{line},," for line in text[1:])]
    table[2] = f"{text[2]},{lat},{lon}"
    (scenario / "needs.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    assert [error[3] for error in errors_of(scenario) if error[:2] == ("needs.csv", 3)] == [code]


def test_what_follows_from_a_scenario_that_cannot_be_read_is_not_reported(scenario: Path) -> None:
    spoil(scenario, FAULTS["a scenario that is no TOML"])
    assert [issue["code"] for issue in issues_of(scenario)] == ["scenario_syntax"]


def test_solve_shows_the_warnings_before_it_plans(scenario: Path, tmp_path: Path) -> None:
    # No need of Hà Nội: nothing is planned, which is no error and must be said.
    spoil(scenario, Fault("scenario.toml", "date = ", 'scope_province = "01"\ndate = ', None, None, ""))
    code, out, err = run("solve", str(scenario), "--out", str(tmp_path / "plan"))
    assert code == 0
    assert "nothing_needed" in err
    assert "1 warning." in err
    assert "nothing_needed" not in out


def test_a_point_in_another_province_is_reported(scenario: Path) -> None:
    text = (scenario / "needs.csv").read_text(encoding="utf-8").splitlines()
    table = [text[0] + ",lat,lon", *(f"{line},," for line in text[1:])]
    table[1] = f"{text[1]},10.77,106.70"  # Hạc Thành lies in Thanh Hóa, the point in Hồ Chí Minh City
    (scenario / "needs.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    assert [issue["row"] for issue in issues_of(scenario) if "outside" in issue["code"]] == [2]


def test_a_need_that_nothing_can_serve_is_no_error(scenario: Path) -> None:
    spoil(scenario, Fault("needs.csv", "N-2,vehicle,car", "N-2,vehicle,boat", None, None, ""))
    assert run("check", str(scenario))[0] == 0


@pytest.mark.parametrize("command", ["solve", "reference"])
def test_a_folder_that_cannot_be_written_is_said_at_once(
    command: str, scenario: Path, tmp_path: Path
) -> None:
    # Below a regular file nobody can write, not even an administrator.
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    target = str(tmp_path / "file" / "plan")
    arguments = (
        ["solve", str(scenario), "--out", target] if command == "solve" else ["reference", "--out", target]
    )
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert "plan" in err
    assert "Traceback" not in err
    assert (tmp_path / "file").read_text(encoding="utf-8") == "kept"


def test_a_folder_that_holds_something_else_is_left_alone(scenario: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("kept", encoding="utf-8")
    for arguments in (["solve", str(scenario), "--out", str(other)], ["reference", "--out", str(other)]):
        code, out, err = run(*arguments)
        assert (code, out) == (1, "")
        assert "other" in err
        assert [path.name for path in other.iterdir()] == ["thesis.txt"]


def test_a_province_of_the_option_is_laid_at_its_door(scenario: Path, tmp_path: Path) -> None:
    for lang, known in (("en", "Known: 01 "), ("vi", "Các mã: 01 ")):
        for command in (
            ["check", str(scenario)],
            ["solve", str(scenario), "--out", str(tmp_path / "plan")],
        ):
            result = CliRunner().invoke(application, [*command, "--province", "99", "--lang", lang])
            assert result.exit_code == 2
            assert "--province '99'" in result.stderr
            assert known in result.stderr
            assert "scope_province" not in result.output
    assert not (tmp_path / "plan").exists()


def test_a_province_of_the_option_without_needs_is_told_with_those_that_have_some(scenario: Path) -> None:
    (found,) = [one for one in issues_of(scenario, "--province", "01") if one["code"] == "nothing_needed"]
    assert (found["file"], found["column"]) == ("--province", None)
    assert found["remedy"].startswith("Name with --province a province that has needs (11, 22, 38)")
    (found,) = issues_of(scenario, "--province", "01", "--lang", "vi")
    assert found["remedy"].startswith("Ghi sau --province một tỉnh có nhu cầu (11, 22, 38)")
