from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import application

ROOT = Path(__file__).parents[2]
HEAVY = (
    *("pandas", "numpy", "numba", "ortools", "geodata", "solver", "xlsxwriter", "rich"),
    *("openpyxl", "docx", "typst", "python_calamine"),
    *("sqlalchemy", "alembic", "fastapi", "dbos", "structlog", "uvicorn"),
)


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(application, list(arguments))
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    "arguments", [["--help"], ["solve", "--help"], ["solve", "--bogus"], ["check", "--lang", "fr", "."]]
)
def test_help_and_usage_errors_import_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys; from app.cli import application\n"
        f"try: application({arguments!r})\n"
        "except SystemExit: pass\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_verify_waits_for_no_library_that_it_does_not_use() -> None:
    script = f"import sys, app.commands; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "['geodata', 'solver']"  # which import what they need on first use


def test_exactly_the_commands_that_are_built_are_offered() -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert [command.name or command.callback.__name__ for command in application.registered_commands] == [  # type: ignore[union-attr]  # every command has a callback
        "demo",
        "reference",
        "template",
        "needs",
        "check",
        "solve",
        "replan",
        "verify",
        "explain",
        "compare",
        "frontier",
        "report",
        "annex",
        "handover",
        "serve",
        "worker",
        "backup",
        "restore",
    ]
    groups = [group.typer_instance for group in application.registered_groups]
    assert [group.info.name for group in groups if group] == ["keys", "audit", "db"]
    for command in application.registered_commands:
        assert command.callback is not None
        assert f"  {command.callback.__name__} " in out
    assert "Exit codes: 0 done" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["solve"],
        ["solve", "."],
        ["check", ".", "--lang", "fr"],
        ["solve", ".", "--out", "x", "--time-limit", "nan"],
        ["solve", ".", "--out", "x", "--time-limit", "inf"],
        ["solve", ".", "--out", "x", "--time-limit", "0"],
        ["solve", ".", "--out", "x", "--time-limit", "soon"],
        ["reference", "--out", "x", "--scale", "1e999"],
        ["solve", ".", "--out", "x", "--seed", "-1"],
        ["solve", ".", "--out", "x", "--seed", "1.5"],
        ["reference", "--out", "x", "--scale", "-1"],
        ["reference", "--out", "x", "--scale", "many"],
        ["reference", "--out", "x", "--province", "1"],
        ["demo", "--province", "Thanh Hóa", "--out", "x"],
        ["replan", ".", "--out", "x"],
        ["replan", ".", "--baseline", "plan"],
        ["replan", ".", "--baseline", "plan", "--out", "x", "--time-limit", "0"],
        ["verify", "."],
        ["template", "--out", "x.csv"],
        ["needs"],
        ["check", ".", "--mark", "x.xlsx"],
        ["explain", ".", "plan"],
        ["explain", ".", "plan", "--all"],
        ["explain", ".", "plan", "N-1", "--all", "--out", "x.csv"],
        ["explain", ".", "plan", "N-1", "--out", "x.csv"],
        ["explain", ".", "plan", "N-1", "--force", "V-1", "--units", "0"],
        ["explain", ".", "plan", "N-1", "--force", "best", "--units", "2"],
        ["explain", ".", "plan", "N-1", "--force", "none", "--units", "2"],
        ["explain", ".", "plan", "N-1", "--units", "2"],
        ["explain", ".", "plan", "N-1", "--time-limit", "2"],
        ["explain", ".", "plan", "--all", "--out", "x.csv", "--units", "2"],
        ["compare", "plan"],
        ["compare", "plan", "plan", "--out", "x.pdf"],
        ["report", "plan", "--out", "x.txt"],
        ["annex", "plan", "--out", "x", "--kind", "pptx"],
        ["handover", "plan"],
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert err.strip()
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["abc", "nan", "-1", "0", "1,5"])
@pytest.mark.parametrize(
    "arguments", [["reference", "--out", "x", "--scale"], ["solve", ".", "--out", "x", "--time-limit"]]
)
def test_a_bad_number_is_named_as_given_with_a_remedy_in_both_languages(
    arguments: list[str], text: str
) -> None:
    option = arguments[-1]
    code, _, err = run(*arguments, text)
    assert (code, err) == (
        2,
        f"Error: {option} is '{text}': use a number greater than 0, such as 2 or 0.5.\n",
    )
    code, _, err = run(*arguments, text, "--lang", "vi")
    assert (code, err) == (2, f"Lỗi: {option} là '{text}': hãy dùng số lớn hơn 0, ví dụ 2 hoặc 0.5.\n")


def test_a_bad_setting_ends_every_command_with_2(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SURPLAN_LANG", "fr")
    for arguments in (["demo"], ["reference", "--out", "x"], ["check", "."], ["verify", ".", "."]):
        monkeypatch.chdir(tmp_path)
        code, _, err = run(*arguments)
        assert (code, "SURPLAN_LANG is 'fr'" in err) == (2, True)


def test_the_version_is_printed() -> None:
    code, out, _ = run("--version")
    assert code == 0
    assert out.strip()[0].isdigit()


@pytest.mark.parametrize(
    "command", [["check", "{}"], ["solve", "{}", "--out", "plan"], ["verify", "{}", "plan"]]
)
def test_a_folder_that_does_not_exist_is_wrong_input(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*(word.format("nowhere") for word in command))
    assert code == 1
    assert "nowhere" in out + err or "plan" in out + err
    assert list(tmp_path.iterdir()) == []


def test_json_of_check_is_one_object(scenario: Path) -> None:
    code, out, err = run("check", str(scenario), "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["errors"] == 0
