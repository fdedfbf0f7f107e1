"""The demo and the reference inventory through the command line, for one small province."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import solver
from app.cli import application
from app.summary import MOST_LINES

if TYPE_CHECKING:
    from pathlib import Path

PROVINCE = "04"  # Cao Bằng, 56 communes


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(application, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("lang", "notice", "verified"),
    [("vi", "DỮ LIỆU GIẢ LẬP", "VERIFIED (đã kiểm chứng)"), ("en", "SYNTHETIC DATA", "VERIFIED: objective")],
)
def test_the_demo_plans_verifies_and_sums_up(home: Path, lang: str, notice: str, verified: str) -> None:
    code, out, err = run("demo", "--province", PROVINCE, "--lang", lang)
    assert code == 0, err
    lines = out.splitlines()
    assert len(lines) <= MOST_LINES
    assert lines[1].startswith(notice)
    assert lines[-1].startswith(verified)
    folder = home / f"demo-{PROVINCE}"
    assert json.loads((folder / "plan.json").read_text(encoding="utf-8"))["synthetic"] is True
    assert run("check", folder / "inputs")[0] == 0
    assert run("verify", folder / "inputs", folder)[0] == 0


def test_the_reference_is_a_scenario_folder_that_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        code, out, _ = run("reference", "--out", tmp_path / name, "--province", PROVINCE, "--quiet")
        assert (code, str(tmp_path / name) in out) == (0, True)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert {"assets.csv", "needs.csv"} <= set(files)
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    assert run("check", tmp_path / "one")[0] == 0


def test_another_seed_draws_another_inventory(tmp_path: Path) -> None:
    for seed in (1, 2):
        assert run("reference", "--out", tmp_path / str(seed), "--province", PROVINCE, "--seed", seed)[0] == 0
    assert (tmp_path / "1" / "assets.csv").read_bytes() != (tmp_path / "2" / "assets.csv").read_bytes()


def test_an_interrupt_while_the_plan_is_checked_does_not_say_that_nothing_was_written(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_folder: Path) -> solver.Verification:
        raise KeyboardInterrupt

    monkeypatch.setattr(solver, "verify_folder", interrupted)
    code, _, err = run("demo", "--province", PROVINCE)
    folder = home / f"demo-{PROVINCE}"
    assert code == 130
    assert err.splitlines()[-1].startswith("Interrupted while the plan was being checked. It is complete")
    assert str(folder) in err.splitlines()[-1]
    assert (folder / "plan.json").is_file()
