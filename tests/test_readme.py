"""What the README shows is what a reader gets: its Python runs, its figures are those of the demo."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from app.cli import application

if TYPE_CHECKING:
    import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def words(line: str) -> str:
    """Return how a line begins, until its first figure or list."""
    return re.split(r"[:\d]", line, maxsplit=1)[0].strip()


def test_the_python_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert found is not None
    monkeypatch.chdir(tmp_path)
    exec(compile(found[1], "README.md", "exec"), {})  # the block is ours
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(("OPTIMAL ", "FEASIBLE "))
    assert lines[-1] == "True"
    assert (tmp_path / "plan-38" / "plan.json").is_file()


def test_the_python_of_the_guide_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (Path(__file__).parents[1] / "docs" / "howto" / "python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    assert len(blocks) == 6
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "python.md", "exec"), names)  # the blocks are ours, and hold assertions
    assert (tmp_path / "plan-38" / "certificate.json").is_file()


def test_the_national_result_of_the_readme_is_that_of_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = re.search(r"<!-- demo:begin -->\n```\n(.*?)\n```\n<!-- demo:end -->", README, re.DOTALL)
    assert found is not None
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SURPLAN_LANG", raising=False)
    monkeypatch.setenv("SURPLAN_HOME", "surplan-data")
    result = CliRunner().invoke(application, ["demo"])
    assert result.exit_code == 0, result.stderr
    shown, printed = found[1].splitlines(), result.stdout.splitlines()
    assert len(printed) <= 25
    # Movables are proven best; where the search for premises ends may hang on the machine's arithmetic.
    assert [words(line) for line in printed] == [words(line) for line in shown]
    for first in ("Surplan:", "SYNTHETIC", "vehicles ", "equipment ", "Communes ", "Plan:", "To check it:"):
        assert [line for line in printed if line.startswith(first)] == [
            line for line in shown if line.startswith(first)
        ]
    assert any(line.startswith("VERIFIED") for line in printed)
