"""Solve and verify end to end: what is written, what is printed, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import solver
from app.cli import application
from app.plans import view_plan
from app.settings import LANGS
from app.solving import files_of
from app.summary import summarise

ROOT = Path(__file__).parents[2]

# A solver that reports that it is running, and then does what the test wants to interrupt.
INTERRUPTED = """
import sys, time
import solver
solve = solver.solve
def waiting(problem, *, stop, **options):
    print("ready", file=sys.stderr, flush=True)
    while not ({waits_for}):
        time.sleep(0.01)
    return solve(problem, stop=stop, **options)
solver.solve = waiting
from app.cli import main
sys.argv = ["surplan", "solve", {folder!r}, "--out", {out!r}]
main()
"""


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(application, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def solved(scenario: Path, tmp_path: Path) -> Path:
    assert run("solve", scenario, "--out", tmp_path / "plan", "--quiet")[0] == 0
    return tmp_path / "plan"


def test_solve_writes_the_whole_folder_and_sums_it_up(scenario: Path, tmp_path: Path) -> None:
    code, out, err = run("solve", scenario, "--out", tmp_path / "deep" / "plan")
    assert code == 0
    plan = tmp_path / "deep" / "plan"
    assert {*files_of(view_plan(plan)), "inputs"} <= {path.name for path in plan.iterdir()}
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["plan"]
    assert "Status: OPTIMAL" in out
    assert "SYNTHETIC DATA" in out
    assert "surplan verify" in out.splitlines()[-1]
    assert err.startswith("Reading ")


def test_solve_prints_the_summary_that_demo_prints(solved: Path, scenario: Path) -> None:
    code, out, _ = run("solve", scenario, "--out", solved, "--quiet", "--lang", "vi")
    summary = summarise(view_plan(solved), "vi")
    assert code == 0
    assert out.splitlines()[: len(summary)] == summary
    assert len(summary) > 12


def test_quiet_leaves_only_the_result(scenario: Path, tmp_path: Path) -> None:
    code, out, err = run("solve", scenario, "--out", tmp_path / "plan", "--quiet", "--lang", "vi")
    assert (code, err) == (0, "")
    assert out.startswith("Surplan: Sáu nhu cầu (15/08/2025)\nDỮ LIỆU GIẢ LẬP")


def test_json_is_the_summary_of_the_plan_and_progress_is_json_lines(scenario: Path, tmp_path: Path) -> None:
    code, out, err = run("solve", scenario, "--out", tmp_path / "plan", "--json")
    assert code == 0
    assert json.loads(out) == json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert {json.loads(line)["category"] for line in err.splitlines()} == {
        "vehicle",
        "equipment",
        "premises",
    }


def test_equal_inputs_give_equal_bytes(scenario: Path, tmp_path: Path, solved: Path) -> None:
    again = tmp_path / "again"
    assert run("solve", scenario, "--out", again)[0] == 0
    for path in sorted(solved.rglob("*")):
        if path.is_file() and path.name != "run.json":
            assert path.read_bytes() == (again / path.relative_to(solved)).read_bytes(), path.name


def test_an_older_plan_is_replaced_whole_but_never_with_something_else_in_it(
    scenario: Path, solved: Path
) -> None:
    (solved / "inputs" / "left_over.csv").write_text("old", encoding="utf-8")
    assert run("solve", scenario, "--out", solved)[0] == 0
    assert not (solved / "inputs" / "left_over.csv").exists()
    (solved / "notes.txt").write_text("mine", encoding="utf-8")
    code, _, err = run("solve", scenario, "--out", solved)
    assert (code, "notes.txt" in err) == (1, True)
    assert (solved / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_province_of_the_command_line_wins_over_the_scenario(scenario: Path, tmp_path: Path) -> None:
    code, out, _ = run("solve", scenario, "--out", tmp_path / "plan", "--province", "38", "--json")
    assert code == 0
    # Only N-1 (two cars), N-3 (four computers), N-5 (one place) and N-6 (two places) lie in Thanh Hóa.
    assert json.loads(out)["kpis"]["needed"]["total"] == 9


def test_premises_are_housed_and_what_is_left_is_proposed_for_others(solved: Path) -> None:
    plan = view_plan(solved)
    rows = plan.transfers[plan.transfers["asset_id"] == "P-1"]
    # 200 m2 and two places of 120 m2 fit into 500 m2; the house of 80 m2 is too small for any place.
    found = rows[["need_id", "units", "area_m2", "form"]].values.tolist()
    assert found == [
        ["N-5", 1, "200", "chuyển đổi công năng"],
        ["N-6", 2, "240", "chuyển đổi công năng"],
    ]
    # A place: handover 5 million, 30 % of 3 million and 1.5 million per m2.
    assert rows["cost_vnd"].tolist() == [5_000_000 + 200 * 2_400_000, 2 * (5_000_000 + 120 * 2_400_000)]
    assert plan.summary["kpis"]["openings_vnd"] == 100_000_000
    left = plan.releases.set_index("asset_id").loc["P-2"]
    assert (left["disposition"], left["reason"]) == ("housing_body", "no_need")
    assert summarise(plan, "vi")[-1] == (
        "Cơ sở nhà, đất đưa vào sử dụng: 1 (440 m² cho 3 vị trí sử dụng). "
        "Chưa có nơi nhận: tổ chức quản lý, kinh doanh nhà 1"
    )


def test_more_room_than_a_building_has_is_said_in_square_metres(solved: Path, scenario: Path) -> None:
    assets = solved / "inputs" / "assets.csv"
    text = assets.read_text(encoding="utf-8")
    assets.write_text(text.replace(",surplus,1,500,", ",surplus,1,430.5,"), encoding="utf-8")
    code, out, _ = run("verify", scenario, solved)
    assert code == 1
    assert "440 m², at most 430.5 m²" in out


def test_verify_prints_the_certified_gap(scenario: Path, solved: Path) -> None:
    code, out, _ = run("verify", scenario, solved)
    assert (code, out.startswith("VERIFIED: objective ")) == (0, True)
    assert "gap 0 VND" in out


def test_a_plan_verifies_against_its_own_inputs_which_are_a_scenario_folder(
    solved: Path, tmp_path: Path
) -> None:
    assert run("verify", solved / "inputs", solved)[0] == 0
    again = tmp_path / "again"
    assert run("solve", solved / "inputs", "--out", again)[0] == 0
    for path in sorted((solved / "inputs").iterdir()):
        assert path.read_bytes() == (again / "inputs" / path.name).read_bytes(), path.name


def test_given_distances_survive_the_plan_folder(scenario: Path, tmp_path: Path) -> None:
    (scenario / "distances.csv").write_text(
        "from_commune_code,to_commune_code,distance_km\n00004,14797,155.5\n14812,03127,399.25\n00004,07192,1\n",
        encoding="utf-8",
    )
    plan = tmp_path / "plan"
    assert run("solve", scenario, "--out", plan)[0] == 0
    assert run("verify", scenario, plan)[0] == 0
    assert run("verify", plan / "inputs", plan)[0] == 0


def test_distances_by_pair_survive_the_plan_folder(scenario: Path, tmp_path: Path) -> None:
    (scenario / "distances.csv").write_text(
        "asset_id,need_id,distance_km\nV-1,N-1,155.5\nV-2,N-1,0\nE-1,N-3,0.001\n", encoding="utf-8"
    )
    plan = tmp_path / "plan"
    assert run("solve", scenario, "--out", plan)[0] == 0
    assert run("verify", scenario, plan)[0] == 0
    assert run("verify", plan / "inputs", plan)[0] == 0


def test_a_plan_of_one_province_verifies_against_the_national_tables(scenario: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    assert run("solve", scenario, "--out", plan, "--province", "38")[0] == 0
    assert run("verify", scenario, plan)[0] == 0


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("needs.csv", ",14797,2,", ",14797,3,"), ("assets.csv", "Ford", "Fort")],
)
def test_verify_names_the_table_that_changed(
    scenario: Path, solved: Path, file: str, old: str, new: str
) -> None:
    path = scenario / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    code, out, _ = run("verify", scenario, solved)
    assert code == 1
    assert out.splitlines() == [
        "NOT VERIFIED: 1 violation",
        f"  inputs_changed: {file} differs from the plan's inputs",
        "      remedy: Undo the change, or plan the changed tables with surplan solve.",
    ]


def test_a_plan_whose_own_inputs_changed_does_not_verify_against_them(solved: Path) -> None:
    path = solved / "inputs" / "assets.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Ford", "Fort"), encoding="utf-8")
    code, out, _ = run("verify", solved / "inputs", solved)
    assert code == 1
    assert "inputs_changed: inputs/assets.csv" in out


def test_verify_names_the_scenario_that_changed(scenario: Path, solved: Path) -> None:
    (scenario / "scenario.toml").write_text('name = "other"\ndate = 2025-08-15\n', encoding="utf-8")
    code, out, _ = run("verify", scenario, solved, "--json")
    assert code == 1
    assert json.loads(out)["violations"] == ["inputs_changed: scenario.toml differs from the plan's inputs"]


def test_verify_rejects_a_plan_with_a_changed_figure(scenario: Path, solved: Path) -> None:
    path = solved / "transfers.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",2000000,", ",2000001,", 1), encoding="utf-8")
    code, out, _ = run("verify", scenario, solved)
    assert (code, out.startswith("NOT VERIFIED")) == (1, True)


def test_verify_says_in_vietnamese_what_is_wrong_and_what_the_check_finds(
    scenario: Path, solved: Path
) -> None:
    path = solved / "transfers.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count("E-1,N-3,4,") == 1
    path.write_text(text.replace("E-1,N-3,4,", "E-1,N-3,11,"), encoding="utf-8")
    code, out, _ = run("verify", scenario, solved, "--lang", "vi")
    shown = out.splitlines()
    assert code == 1
    assert (
        "  asset_exceeded: transfers.csv E-1: số lượng điều chuyển đi nhiều hơn số lượng của tài sản: "
        "11 đơn vị, tối đa 10" in shown
    )
    assert any(
        line.startswith("  cost: transfers.csv E-1,N-3 cost_vnd: chi phí sai: phương án ghi ")
        for line in shown
    )
    assert not any(word in out for word in (" should be ", " is missing", " at most "))


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("nowhere", "plan_missing"),
        ("scenario", "plan_is_inputs"),
        ("empty", "plan_unknown"),
        ("scenario/assets.csv", "plan_is_file"),
        ("half", "plan_incomplete"),
    ],
)
@pytest.mark.parametrize("lang", LANGS)
def test_verify_of_something_that_is_no_plan_says_so_with_code_and_remedy(
    place: str, code: str, lang: str, scenario: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "plan.json").write_text("{}", encoding="utf-8")
    ended, out, err = run("verify", scenario, tmp_path / place, "--lang", lang)
    lines = out.splitlines()
    assert (ended, err, len(lines)) == (1, "", 3)
    assert lines[1].startswith(f"  {code}: ")
    assert str(tmp_path / place) in lines[1]
    assert lines[2].strip().startswith({"en": "remedy: ", "vi": "cách sửa: "}[lang])
    assert "Error" not in out
    _, out, _ = run("verify", scenario, tmp_path / place, "--lang", lang, "--json")
    assert json.loads(out)["violations"] == [lines[1].strip()]


@pytest.mark.parametrize("lang", LANGS)
def test_verify_against_a_folder_that_does_not_exist_says_so(lang: str, solved: Path, tmp_path: Path) -> None:
    code, out, _ = run("verify", tmp_path / "nowhere", solved, "--lang", lang)
    assert (code, out.splitlines()[1].split(":")[0]) == (1, "  folder_missing")


def test_a_missing_input_of_a_plan_is_named_without_the_words_of_the_machine(
    scenario: Path, solved: Path
) -> None:
    (solved / "inputs" / "needs.csv").unlink()
    code, out, _ = run("verify", scenario, solved)
    assert code == 1
    assert "needs.csv" in out
    assert "FileNotFoundError" not in out


def test_verify_of_tables_with_errors_says_how_to_see_them(scenario: Path, solved: Path) -> None:
    (scenario / "needs.csv").write_text("", encoding="utf-8")
    code, out, _ = run("verify", scenario, solved)
    assert code == 1
    assert "See the errors with surplan check" in out


def test_no_plan_in_the_time_ends_with_3_and_writes_nothing(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nothing:
        status = solver.Status.NO_SOLUTION_FOUND

    monkeypatch.setattr(solver, "solve", lambda *_arguments, **_options: Nothing())
    code, out, err = run("solve", scenario, "--out", tmp_path / "plan", "--time-limit", "1")
    assert (code, out) == (3, "")
    assert "--time-limit" in err
    assert [path.name for path in tmp_path.iterdir()] == ["scenario"]


def start(scenario: Path, out: Path, waits_for: str) -> subprocess.Popen[str]:
    script = INTERRUPTED.format(waits_for=waits_for, folder=str(scenario), out=str(out))
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stderr is not None
    while process.stderr.readline().strip() != "ready":
        assert process.poll() is None
    return process


@pytest.mark.skipif(sys.platform == "win32", reason="a process can't be sent Ctrl-C alone on Windows")
def test_ctrl_c_keeps_the_best_plan_and_says_so(scenario: Path, tmp_path: Path) -> None:
    with start(scenario, tmp_path / "plan", "stop()") as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Stopping after this round" in err
    assert "Stopped by Ctrl-C: this is the best plan" in err
    assert "Status: " in out
    assert (tmp_path / "plan" / "plan.json").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="a process can't be sent Ctrl-C alone on Windows")
def test_a_second_ctrl_c_aborts_and_leaves_nothing(scenario: Path, tmp_path: Path) -> None:
    with start(scenario, tmp_path / "plan", "False") as process:
        assert process.stderr is not None
        process.send_signal(signal.SIGINT)
        assert "Stopping after this round" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "Interrupted; nothing was written.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["scenario"]
