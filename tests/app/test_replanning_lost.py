"""Lines of the plan before that are signed, executed or refused and not in today's tables: as told."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import openpyxl
import pytest
from typer.testing import CliRunner

from app.cli import application

if TYPE_CHECKING:
    from pathlib import Path

HEADS = "asset_id,need_id,units,state\n"
VIETNAMESE = ["Mã tài sản", "Mã nhu cầu", "Số lượng", "Trạng thái"]


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(application, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def replan(folder: Path, before: Path, *more: object) -> tuple[int, str, str]:
    options = ("--baseline", before, "--out", folder.parent / "again", "--no-price", "-q")
    return run("replan", folder, *options, *more)


def written(folder: Path, text: str) -> Path:
    path = folder / "lines.csv"
    path.write_text(text, encoding="utf-8")
    return path


def shown(out: str, file: str = "lines.csv") -> list[list[str]]:
    """File, row or cell, column and code of each issue printed."""
    return [line.split()[:4] for line in out.splitlines() if line.startswith(file)]


@pytest.mark.parametrize(("lang", "near"), [("en", "Did you mean “N-"), ("vi", "Có phải ý bạn là “N-")])
@pytest.mark.parametrize("state", ["signed", "đã ký", "Da Ky"])
def test_mistyped_ids_of_signed_lines_stop_the_re_plan(
    scenario: Path, tmp_path: Path, lang: str, near: str, state: str
) -> None:
    path = written(tmp_path, f"{HEADS}V-1,N-1,1,\nV-X1,N-1,1,{state}\nE-1,N-33,4,{state}\n")
    code, out, _ = replan(scenario, path, "--lang", lang)
    assert code == 1
    assert shown(out) == [
        ["lines.csv", "3", "asset_id", "signed_asset_id"],
        ["lines.csv", "4", "need_id", "signed_need_id"],
    ]
    assert all(name in out for name in ("V-X1", "N-33", "“V-1”", "“N-3”", near))
    assert not (scenario.parent / "again").exists()


def test_in_a_workbook_they_are_named_by_their_cells(scenario: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Đã ký"
    for row in (["Danh sách"], VIETNAMESE, ["V-X1", "N-1", 1, "đã ký"], ["E-1", "N-33", 4, "đã thực hiện"]):
        book.active.append(row)
    book.save(tmp_path / "lines.xlsx")
    code, out, _ = replan(scenario, tmp_path / "lines.xlsx", "--json")
    told = {one["code"]: one for one in json.loads(out)["issues"]}
    assert code == 1
    wrong, warned = told["signed_asset_id"], told["handed_again"]
    assert (wrong["file"], wrong["sheet"], wrong["cell"]) == ("lines.xlsx", "Đã ký", "A3")
    assert (warned["severity"], warned["sheet"], warned["cell"]) == ("warning", "Đã ký", "B4")


def test_a_signed_line_of_two_categories_says_so(scenario: Path, tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADS}V-1,N-3,1,signed\n")
    code, out, _ = replan(scenario, path)
    assert (code, shown(out)) == (1, [["lines.csv", "2", "need_id", "fixed_category"]])
    assert "asset V-1 and need N-3 differ in category (vehicle, equipment)" in out
    assert "no part" not in out


def gone(scenario: Path) -> Path:
    """Take V-2 out of the inventory: it was handed over to N-1, which asks for as many cars as before."""
    assets = scenario / "assets.csv"
    kept = [line for line in assets.read_text("utf-8").splitlines() if not line.startswith("V-2")]
    assets.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return written(scenario.parent, f"{HEADS}V-1,N-1,1,\nV-2,N-1,1,đã thực hiện\n")


@pytest.mark.parametrize(
    ("lang", "warning", "line", "status"),
    [
        (
            "en",
            "need N-1 counts as not served by it: 1 of its units may be served again.",
            (
                "Signed or executed, and NOT kept, but planned as if never handed over: 1 unit in 1 line: "
                "V-2 -> N-1 1 (executed)"
            ),
            "as far as asset and need still take part (of 1 line they do not)",
        ),
        (
            "vi",
            "nhu cầu N-1 bị coi là chưa được đáp ứng từ dòng này, 1 đơn vị có thể được bố trí lần nữa.",
            (
                "Đã ký hoặc đã thực hiện nhưng KHÔNG giữ được, phương án coi như chưa bàn giao: 1 đơn vị "
                "trong 1 dòng: V-2 -> N-1 1 (đã thực hiện)"
            ),
            "mà tài sản và nhu cầu còn tham gia (1 dòng không còn)",
        ),
    ],
)
def test_an_executed_line_of_an_asset_that_left_is_a_warning_and_a_line_of_the_summary(
    scenario: Path, lang: str, warning: str, line: str, status: str
) -> None:
    path = gone(scenario)
    code, out, err = replan(scenario, path, "--lang", lang)
    assert code == 0
    assert shown(err) == [["lines.csv", "3", "asset_id", "served_again"]]
    assert warning in err
    assert line in out.splitlines()
    assert status in out
    again = scenario.parent / "again"
    assert run("verify", scenario, again)[0] == 0


def test_programs_are_told_of_lines_that_are_lost(scenario: Path) -> None:
    code, out, _ = replan(scenario, gone(scenario), "--json")
    lost = {"asset_id": "V-2", "need_id": "N-1", "units": 1, "state": "executed"}
    assert (code, json.loads(out)["changes"]["lost_lines"]) == (0, [lost])


def test_where_the_line_is_taken_out_nothing_is_lost(scenario: Path) -> None:
    path = gone(scenario)
    path.write_text(f"{HEADS}V-1,N-1,1,đã ký\nV-9,N-9,1,executed\n", encoding="utf-8")
    code, out, err = replan(scenario, path)
    assert (code, shown(err)) == (0, [])  # V-9 and N-9 are past, both of them
    assert "OPTIMAL: no plan that keeps what is signed or executed, within" in out
    assert "NOT kept" not in out


def test_the_curve_of_changes_warns_as_well(scenario: Path, tmp_path: Path) -> None:
    path = gone(scenario)
    more = ("--points", "2", "--category", "vehicle", "-q")
    code, _, err = run("frontier", scenario, "--baseline", path, "--out", tmp_path / "curve", *more)
    assert (code, shown(err)) == (0, [["lines.csv", "3", "asset_id", "served_again"]])


def test_a_pin_of_a_refused_pair_names_the_file_and_the_row(scenario: Path, tmp_path: Path) -> None:
    with (scenario / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write('[stability]\npins = [["V-1", "N-1"]]\n')
    path = written(tmp_path, f"{HEADS}V-2,N-1,1,\nV-1,N-1,1,bị từ chối\n")
    for lang, told in (
        ("en", "asset V-1 was refused for need N-1 (row 3 of lines.csv)"),
        ("vi", "tài sản V-1 đã bị từ chối cho nhu cầu N-1 (dòng 3 của lines.csv)"),
    ):
        code, out, _ = replan(scenario, path, "--lang", lang)
        assert (code, told in out, "bans the pair" in out) == (1, True, False)


@pytest.mark.parametrize("freedom", ["same_recipient", "same_province"])
def test_freedom_needs_no_columns_beside_the_ids(scenario: Path, tmp_path: Path, freedom: str) -> None:
    assert run("solve", scenario, "--out", tmp_path / "plan", "-q")[0] == 0
    with (scenario / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write(f'[stability]\nfreedom = "{freedom}"\n')
    whole = (tmp_path / "plan" / "transfers.csv").read_text("utf-8").splitlines()
    names = whole[0].split(",")
    assert names[:3] == ["asset_id", "need_id", "units"]
    bare = "".join(",".join(line.split(",")[:3]) + ",\n" for line in whole[1:])
    found, lines = [], []
    for before in (tmp_path / "plan", written(tmp_path, HEADS + bare), tmp_path / "plan" / "plan.xlsx"):
        code, out, _ = replan(scenario, before, "--json")
        told = json.loads(out)
        found.append((code, told["objective_vnd"], told["changes"]["units"], told["changes"]["forced_lines"]))
        lines.append((scenario.parent / "again" / "inputs" / "baseline.csv").read_bytes())
        assert run("verify", scenario, scenario.parent / "again")[0] == 0
        shutil.rmtree(scenario.parent / "again")
    assert found[0] == found[1] == found[2]
    assert lines[0] == lines[1] == lines[2]
    assert found[0][2:] == (0, 0)  # the plan stays as it is


def test_states_stand_in_a_copy_and_the_announced_plan_stays_verified(scenario: Path, tmp_path: Path) -> None:
    plan, copy = tmp_path / "plan", tmp_path / "plan-states"
    assert run("solve", scenario, "--out", plan, "-q")[0] == 0
    shutil.copytree(plan, copy)
    lines = (copy / "transfers.csv").read_text("utf-8")
    (copy / "transfers.csv").write_text(lines.replace(",planned,", ",đã ký,"), encoding="utf-8")
    assert replan(scenario, copy)[0] == 0
    again = (tmp_path / "again" / "transfers.csv").read_text("utf-8")
    assert again == lines.replace(",planned,", ",signed,")
    assert run("verify", scenario, tmp_path / "again")[0] == 0
    assert run("verify", scenario, plan)[0] == 0
    code, out, _ = run("verify", scenario, copy)
    assert (code != 0, "NOT VERIFIED" in out) == (True, True)
