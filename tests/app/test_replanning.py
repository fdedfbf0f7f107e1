"""``surplan replan`` end to end: what is written, what is said of changes, and the price of stability."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

import solver
from app.changes import change_lines, reason_words
from app.cli import application
from app.export.overview import Row, overview
from app.plans import view_plan
from app.solving import files_of

if TYPE_CHECKING:
    from pathlib import Path

    from app.plans import PlanView

#: What is new in the inventory: two cars where N-1 is, and four computers that are hardly worn.
NEW = """V-3,vehicle,car,14797,surplus,1,,90,2024,Toyota Innova,synthetic
V-4,vehicle,car,14797,surplus,1,,80,2022,Ford Everest,synthetic
E-2,equipment,computer,14812,surplus,4,,95,2024,Lô 4 máy tính,synthetic
"""
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="a process can't send itself Ctrl-C on Windows")


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(application, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plan before, in which the place of the police is signed, and today's tables."""
    from tests.app.conftest import HERE

    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(HERE / "scenario", folder / "today")
    assert run("solve", folder / "today", "--out", folder / "plan", "--quiet")[0] == 0
    transfers = folder / "plan" / "transfers.csv"
    lines = transfers.read_text(encoding="utf-8").splitlines(keepends=True)
    lines = [line.replace(",planned,", ",signed,") if line.startswith("P-1,N-5") else line for line in lines]
    transfers.write_text("".join(lines), encoding="utf-8")
    assets = folder / "today" / "assets.csv"
    kept = [line for line in assets.read_text(encoding="utf-8").splitlines() if not line.startswith("V-2")]
    assets.write_text("\n".join(kept) + "\n" + NEW, encoding="utf-8")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may spoil."""
    return shutil.copytree(made, tmp_path / "copy")


@pytest.fixture(scope="module")
def replanned(made: Path) -> Path:
    assert run("replan", made / "today", "--baseline", made / "plan", "--out", made / "plan-2", "-q")[0] == 0
    return made / "plan-2"


def test_the_folder_is_that_of_a_plan_with_what_changed_and_the_plan_before(
    made: Path, replanned: Path
) -> None:
    names = {path.name for path in replanned.iterdir()}
    assert {*files_of(view_plan(replanned)), "inputs", "run.json"} == names
    assert "changes.csv" in names
    assert (replanned / "changes.csv").read_text(encoding="utf-8").splitlines() == [
        "asset_id,need_id,units_before,units_after,reason,group,saves_vnd",
        "V-2,N-1,1,0,asset_gone,,",
        "V-3,N-1,0,1,new,1,3703000000",
        "V-4,N-2,0,1,new,2,1698601016",
    ]
    states = pd.read_csv(replanned / "transfers.csv").set_index(["asset_id", "need_id"])["state"]
    assert states[("P-1", "N-5")] == "signed"
    assert set(states.drop(("P-1", "N-5"))) == {"planned"}
    code, out, _ = run("verify", made / "today", replanned)
    assert (code, out.startswith("VERIFIED: objective 1,960,344,140 VND")) == (0, True)
    assert run("verify", replanned / "inputs", replanned)[0] == 0


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "en",
            [
                (
                    "Changes against the plan before: 2 units in 2 lines; they save 5,401,601,016 VND, and "
                    "cost 20,000,000 VND at 10,000,000 VND a unit"
                ),
                "Changed: new 2",
                "Lost without a choice, not counted: 1 unit in 1 line: the asset takes no part any more 1",
                "The groups of changes that save most:",
                "  1: 3,703,000,000 VND: V-3 -> N-1 0 to 1",
                "  2: 1,698,601,016 VND: V-4 -> N-2 0 to 1",
                "Price of stability: the best fresh plan costs 19,823,180 VND less than this one, proven",
            ],
        ),
        (
            "vi",
            [
                (
                    "Thay đổi so với phương án trước: 2 đơn vị trong 2 dòng; tiết kiệm 5.401.601.016 đ, và "
                    "tốn 20.000.000 đ theo đơn giá 10.000.000 đ mỗi đơn vị"
                ),
                "Thay đổi: mới 2",
                "  1: 3.703.000.000 đ: V-3 -> N-1 từ 0 thành 1",
                (
                    "Giá của sự ổn định: phương án lập mới tốt nhất có chi phí thấp hơn phương án này "
                    "19.823.180 đ, đã chứng minh"
                ),
            ],
        ),
    ],
)
def test_summary_changes_and_price_are_printed(folder: Path, lang: str, told: list[str]) -> None:
    code, out, err = run(
        *("replan", folder / "today", "--baseline", folder / "plan", "--out", folder / "new", "--lang", lang)
    )
    lines = out.splitlines()
    assert code == 0
    assert set(told) <= set(lines)
    # The objective is split into what transfers, openings, units unmet and two changed units cost.
    split = next(line for line in lines if "160,000,000" in line or "160.000.000" in line)
    assert ("20,000,000 VND for 2 changed units" in split) == (lang == "en")
    assert any(line.startswith(("Planning afresh", "Đang lập mới")) for line in err.splitlines())
    shown = lines.index(next(line for line in lines if "surplan verify" in line))
    assert lines[shown + 1 :] == told[-1:]  # the plan is told of before it is priced


def test_without_a_price_the_tables_are_planned_once(folder: Path) -> None:
    arguments = ("replan", folder / "today", "--baseline", folder / "plan", "--out", folder / "new")
    code, out, err = run(*arguments, "--no-price")
    assert (code, "Price of stability" in out, "Planning afresh" in err) == (0, False, False)


def test_json_is_the_summary_of_the_plan_with_changes_and_price(folder: Path) -> None:
    arguments = ("replan", folder / "today", "--baseline", folder / "plan", "--out", folder / "new", "--json")
    code, out, err = run(*arguments)
    told = json.loads(out)
    assert code == 0
    assert told.pop("price_of_stability") == {
        "plain_vnd": 1_940_344_140,
        "fresh_vnd": 1_920_520_960,
        "fresh_bound_vnd": 1_920_520_960,
        "least_vnd": 19_823_180,
        "most_vnd": 19_823_180,
    }
    changes = told.pop("changes")
    assert told == json.loads((folder / "new" / "plan.json").read_text(encoding="utf-8"))
    assert (changes["units"], changes["lines"], changes["forced_lines"]) == (2, 2, 1)
    assert (changes["saves_vnd"], changes["cost_vnd"], changes["price_vnd"]) == (
        3_703_000_000 + 1_698_601_016,
        20_000_000,
        10_000_000,
    )
    assert (changes["reasons"], changes["forced_reasons"]) == ({"new": 2}, {"asset_gone": 1})
    assert [group["group"] for group in changes["groups"]] == [1, 2]
    assert {json.loads(line)["phase"] for line in err.splitlines()} >= {"solve", "fresh"}
    assert json.loads(run(*arguments, "--no-price")[1])["price_of_stability"] is None


def test_equal_inputs_give_equal_bytes(folder: Path, replanned: Path) -> None:
    arguments = ("replan", folder / "today", "--baseline", folder / "plan", "--out", folder / "new")
    assert run(*arguments, "--no-price", "-q")[0] == 0
    for path in sorted(replanned.rglob("*")):
        if path.is_file() and path.name != "run.json":
            assert path.read_bytes() == (folder / "new" / path.relative_to(replanned)).read_bytes(), path.name


def test_a_change_that_is_free_is_made_and_leaves_no_price(folder: Path) -> None:
    with (folder / "today" / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write("[stability]\nchange_price_vnd = 0\n")
    code, out, _ = run(
        *("replan", folder / "today", "--baseline", folder / "plan", "--out", folder / "new", "-q")
    )
    assert code == 0
    assert "Price of stability: none; no fresh plan costs less, proven" in out
    # 2 lines of V-1, V-3 and V-4, and four computers that come from elsewhere.
    assert "12 units in 6 lines; they save 5,421,424,196 VND\n" in out


def test_the_plan_before_is_never_replaced(folder: Path) -> None:
    code, out, err = run("replan", folder / "today", "--baseline", folder / "plan", "--out", folder / "plan")
    assert (code, out) == (2, "")
    assert "name another folder" in err
    code, _, err = run(
        *("replan", folder / "today", "--baseline", folder / "today", "--out", folder / "new", "--lang", "vi")
    )
    assert (code, "plan.json" in err) == (1, True)
    assert not (folder / "new").exists()


@on_posix
def test_ctrl_c_while_pricing_keeps_the_plan_and_leaves_the_price_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    price = solver.price_of_stability

    def interrupted(result: solver.Result, **options: object) -> solver.PriceOfStability:
        os.kill(os.getpid(), signal.SIGINT)
        return price(result, **options)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(solver, "price_of_stability", interrupted)
    arguments = ("replan", folder / "today", "--baseline", folder / "plan", "--out", folder / "new")
    code, out, err = run(*arguments)
    assert code == 0
    assert "Price of stability" not in out
    assert "Leaving the price of stability out. The plan is written." in err
    assert "since Ctrl-C stopped the search" in err
    assert (folder / "new" / "plan.json").is_file()


def test_a_second_ctrl_c_while_pricing_keeps_the_plan_as_well(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def aborted(*_given: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(solver, "price_of_stability", aborted)
    code, out, err = run(
        *("replan", folder / "today", "--baseline", folder / "plan", "--out", folder / "new")
    )
    assert (code, "Changes against the plan before" in out) == (0, True)
    assert "The price of stability is left out" in err
    assert (folder / "new" / "plan.json").is_file()


@on_posix
def test_ctrl_c_while_planning_keeps_the_best_plan_and_leaves_the_price_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = solver.solve

    def interrupted(problem: solver.Problem, **options: object) -> solver.Result:
        os.kill(os.getpid(), signal.SIGINT)
        return solve(problem, **options)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(solver, "solve", interrupted)
    code, out, err = run(
        *("replan", folder / "today", "--baseline", folder / "plan", "--out", folder / "new")
    )
    assert code == 0
    assert "Stopped by Ctrl-C" in err
    assert "The price of stability is left out" in err
    assert "Changes against the plan before" in out


# what else tells of re-plans


def test_the_workbook_has_a_sheet_of_changes_in_words(replanned: Path) -> None:
    book = openpyxl.load_workbook(replanned / "plan.xlsx")
    rows = list(book["Changes"].iter_rows(min_row=2, max_row=5, values_only=True))
    assert rows[0] == (
        *("Group", "Asset", "Name", "Kind", "Need", "Receiving body", "To"),
        *("Units before", "Units now", "Reason", "What the group saves (VND)"),
    )
    assert rows[1][:5] == (None, "V-2", None, None, "N-1")
    assert rows[2] == (
        *(1, "V-3", "Toyota Innova", "car", "N-1", "UBND phường Hạc Thành", "Hạc Thành, Thanh Hóa"),
        *(0, 1, "new", 3_703_000_000),
    )
    summary = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True)}
    assert summary["of which for changed units"] == 20_000_000
    assert summary["Changed units"] == 2


def test_the_sums_of_the_provinces_hold_the_price_of_changes(replanned: Path) -> None:
    book = openpyxl.load_workbook(replanned / "plan.xlsx")
    sheet = next(one for one in book if one.title.startswith("38 "))
    foot = [row[0] for row in sheet.iter_rows(values_only=True) if row[0]]
    assert "Putting premises to use, and the price of changes" in foot


def test_the_baseline_and_the_re_plan_can_be_compared(made: Path, replanned: Path, folder: Path) -> None:
    code, out, _ = run("compare", made / "plan", replanned)
    assert code == 0
    assert "have other plans before them, or one of them has none" in out
    assert "No verdict on cost" in out
    assert "Objective without the price of changes (VND)" in out
    assert run("compare", made / "plan", replanned, "--out", folder / "x.xlsx", "--lang", "vi")[0] == 0


def test_explain_says_what_was_before_what_is_now_and_why(made: Path, replanned: Path) -> None:
    code, out, _ = run("explain", made / "today", replanned, "N-1")
    assert code == 0
    assert "  - asset V-2: 1 before, 0 now; the asset takes no part any more (forced)." in out
    assert (
        "  - asset V-3 (car, Toyota Innova): 0 before, 1 now; it is new; it saves 3,703,000,000 VND." in out
    )
    code, out, _ = run("explain", made / "today", replanned, "V-2", "--lang", "vi")
    assert (code, out.splitlines()[0]) == (0, "Tài sản V-2 không còn trong các bảng.")
    code, out, _ = run("explain", made / "today", replanned, "P-1")
    assert "signed, so it stays" in out


def test_what_if_is_asked_of_a_re_plan_as_of_any_plan(made: Path, replanned: Path, tmp_path: Path) -> None:
    def asked(*more: str) -> list[str]:
        code, out, _ = run("explain", made / "today", replanned, *more)
        assert code == 0
        return out.splitlines()

    # V-1 to the island and V-4 in its place cost 7,823,180 less and are two changes more.
    told = asked("V-1", "--force", "none")
    assert told[-5:] == [
        (
            "The total cost rises by 12,176,820 VND, to 1,972,520,960 VND; both plans are proven best, so "
            "this is the exact price."
        ),
        (
            "Against the plan before there are 4 changes instead of 2: at 10,000,000 VND a change, "
            "20,000,000 VND of the price are theirs."
        ),
        "What changes:",
        "  - need N-1: 1 fewer from V-1, 1 more from V-4",
        "  - need N-2: 1 more from V-1, 1 fewer from V-4",
    ]
    # A computer of the newer lot costs 3,000,000 less than one of E-1, and the two changes 20,000,000.
    told = asked("E-2", "--force", "best", "--lang", "vi")
    assert "Cặp rẻ nhất mà phương án chưa có, đã chứng minh:" in told
    assert any(text.startswith("Tổng chi phí tăng 17.000.000 đ, lên 1.977.344.140 đ; ") for text in told)
    # Both cars cost the same wherever they go: the two swap, and there are as many changes.
    told = asked("V-3", "--force", "N-2")
    assert "Against the plan before there are 2 changes, as many as now." in told
    assert any(text.startswith("The total cost stays 1,960,344,140 VND; both plans") for text in told)
    assert "It is signed, so it stays (1)." in asked("P-1", "--force", "none")
    asked("--all", "--out", str(tmp_path / "all.csv"))
    table = pd.read_csv(tmp_path / "all.csv").set_index("id")
    assert "no plan that keeps what is signed or carried out" in table["explanation"]["E-2"]
    figures = json.loads(table["figures"]["E-2"])
    assert figures["need_id"] == "N-3"
    assert 0 <= figures["more_vnd"] <= 17_000_000


def test_the_curve_of_changes_is_written_and_drawn(folder: Path) -> None:
    code, out, _ = run(
        *("frontier", folder / "today", "--baseline", folder / "plan", "--out", folder / "curve", "-q"),
        *("--points", "3", "--category", "vehicle"),
    )
    assert code == 0
    assert out.startswith("Cost against changes of the plan before: vehicles\n")
    table = pd.read_csv(folder / "curve" / "frontier.csv")
    # V-1 goes to N-2 and V-4 in its place to N-1, or V-4 to N-2 at 7,823,180 more; without changes both needs
    # lack a car.
    assert table["changes"].tolist() == [4, 2, 0]
    assert table["extra_vnd"].tolist() == [0, 7_823_180, 7_823_180 + 5_401_601_016]
    assert (folder / "curve" / "frontier.png").read_bytes().startswith(b"\x89PNG")


def test_axis_and_baseline_go_together(folder: Path) -> None:
    out = folder / "curve"
    plain, beside = ("frontier", folder / "today", "--out", out), ("--baseline", folder / "plan")
    code, _, err = run(*plain, "--axis", "changes")
    assert (code, "--axis changes needs --baseline PLAN" in err) == (2, True)
    code, _, err = run(*plain, *beside, "--axis", "coverage", "--lang", "vi")
    assert (code, "--axis changes" in err) == (2, True)
    assert not out.exists()


def grouped(plan: PlanView, *saves: int) -> PlanView:
    """The plan with a group of one line each, and what the groups save."""
    rows = [("V", f"N-{at}", 0, 1, "new", at, vnd) for at, vnd in enumerate(saves, start=1)]
    return replace(plan, changes=pd.DataFrame(rows, columns=list(plan.changes.columns)))


def test_a_group_that_costs_is_not_listed_among_those_that_save(replanned: Path) -> None:
    plan = grouped(view_plan(replanned), 5, -3_052_280_000, -2)
    lines = list(change_lines(plan, "en"))
    paid = "besides 20,000,000 VND at 10,000,000 VND a unit"
    assert lines[0].endswith(f"; they cost 3,052,279,997 VND more than they save, {paid}")
    assert lines[2:] == [
        "The groups of changes that save most:",
        "  1: 5 VND: V -> N-1 0 to 1",
        "The groups of changes that cost more than they save, by:",
        "  2: 3,052,280,000 VND: V -> N-2 0 to 1",
        "  3: 2 VND: V -> N-3 0 to 1",
    ]
    assert not any("-3.052" in line for line in change_lines(plan, "vi"))
    assert "Các nhóm thay đổi tốn nhiều hơn tiết kiệm được, chênh nhau:" in change_lines(plan, "vi")
    assert "that save most" not in "".join(change_lines(grouped(plan, -1), "en"))


def test_what_changed_units_cost_is_not_called_units(replanned: Path) -> None:
    label = "trong đó tiền tính cho các đơn vị thay đổi"
    assert [row for row in overview(view_plan(replanned), "vi") if row.label == label] == [
        Row(label, (20_000_000,), indent=1)
    ]


def test_a_line_that_is_lost_since_money_is_short_is_not_said_to_lack_room() -> None:
    assert reason_words("fewer", "en") == "no more is allowed (asset, need, norm or budget)"
    assert "ngân sách" in reason_words("fewer", "vi")
