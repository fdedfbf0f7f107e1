"""How `dev.py` runs its steps: all of them, side by side where they may, and what each of them says."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import dev

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def step(code: str) -> list[str]:
    """Return the command of a step that runs Python code."""
    return [sys.executable, "-c", code]


def test_all_steps_run_and_a_failure_is_kept(capfd: pytest.CaptureFixture[str]) -> None:
    def ended(code: int) -> list[str]:
        return step(f"print('ran', {code}); raise SystemExit({code})")

    stages = [("one", ended(0))], [("two", ended(5)), ("three", ended(6))], [("four", ended(0))]
    assert dev.run_steps(*stages) == 1
    said = capfd.readouterr().out.splitlines()
    assert [line for line in said if line.startswith("ran")] == ["ran 0", "ran 5", "ran 6", "ran 0"]
    assert re.fullmatch(r"FAILED in \d+ s: two, three \(of 4 steps\)", said[-1])
    assert dev.run_steps([("one", ended(0))]) == 0
    assert re.fullmatch(r"All 1 steps passed in \d+ s: one", capfd.readouterr().out.splitlines()[-1])


def test_steps_of_one_stage_run_at_the_same_time_and_are_told_one_after_the_other(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # Each says its name, and does not end before the other has said its own.
    meet = (
        "import pathlib, sys, time\n"
        "mine, other = (pathlib.Path({folder!r}, name) for name in {names})\n"
        "print(mine.name, flush=True)\n"
        "mine.touch()\n"
        "end = time.monotonic() + 60\n"
        "while not other.exists() and time.monotonic() < end: time.sleep(0.01)\n"
        "print(mine.name, 'met', file=sys.stderr)\n"
        "sys.exit(not other.exists())\n"
    )
    stage = [
        (mine, step(meet.format(folder=str(tmp_path), names=(mine, other))))
        for mine, other in (("one", "two"), ("two", "one"))
    ]
    assert dev.run_steps(stage) == 0
    said = [
        line for line in capfd.readouterr().out.splitlines() if not line.startswith(("== two:", "== one:"))
    ]
    assert said[:-1] == ["== one", "one", "one met", "== two", "two", "two met"]


def test_all_tests_run_in_several_processes_after_the_checks_and_chosen_ones_in_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[list[list[tuple[str, list[str]]]]] = []
    set_up: list[tuple[str, bool]] = []

    def note(*stages: list[tuple[str, list[str]]]) -> int:
        ran.append([*stages])
        return 0

    monkeypatch.setattr(dev, "run_steps", note)
    monkeypatch.setattr(dev, "set_up", lambda level, *, warm: set_up.append((level, warm)))
    assert dev.main(["test"]) == 0
    assert dev.main(["test", "tests/solver", "-x"]) == 0
    assert set_up == [("dev", False), ("dev", True)]
    (before, tests), chosen = ran
    assert [name for name, _ in before] == ["compile", *(name for name, _ in dev.checks())]
    assert tests[0][1][-len(dev.PARALLEL) :] == [*dev.PARALLEL]
    assert chosen == [[("tests", [str(dev.PYTHON), "-m", "pytest", "tests/solver", "-x"])]]


def test_a_torture_run_names_its_seed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[tuple[list[str], dict[str, str]]] = []

    def note(command: list[str], env: dict[str, str]) -> int:
        ran.append((command, env))
        return 0

    monkeypatch.setattr(dev, "replace_process", note)
    monkeypatch.setenv("SURPLAN_TORTURE_SEED", "7")
    assert dev.torture(["-x"]) == 0
    assert capsys.readouterr().out == "SURPLAN_TORTURE_SEED=7\n"
    command, env = ran[0]
    assert "--hypothesis-seed=7" in command
    assert command[-1] == "-x"
    assert env["SURPLAN_TORTURE_SEED"] == "7"
