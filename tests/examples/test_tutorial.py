"""Every command of the tutorial is run, and prints what the page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from examples.tutorial import PAGE, Step, renew, walk

if TYPE_CHECKING:
    from pathlib import Path

TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[Step]:
    """Return the steps of the whole page, run once."""
    blocks = walk(TEXT, tmp_path_factory.mktemp("tutorial"))
    return [step for block in blocks for step in block]


def test_the_page_shows_what_its_commands_print(steps: list[Step]) -> None:
    differing = [step for step in steps if not step.agrees]
    assert not differing, "run python -m examples.tutorial and read the difference"
    assert [step.command for step in steps] == [line[2:] for line in TEXT.splitlines() if line[:2] == "$ "]


def test_only_the_check_of_the_uncorrected_workbook_fails(steps: list[Step]) -> None:
    failed = [step.command for step in steps if step.exit_code]
    assert failed == ["surplan check lai-chau", "surplan check lai-chau --mark marked.xlsx"]


def test_the_walk_goes_through_every_command_for_a_province(steps: list[Step]) -> None:
    used = {step.command.split()[1] for step in steps if step.command.startswith("surplan ")}
    assert used == {
        *("check", "needs", "solve", "verify", "explain", "report", "annex", "handover", "compare")
    }


def test_an_elision_stands_for_any_lines_but_not_for_other_ones() -> None:
    assert Step("", ["a", "...", "d"], ["a", "b", "c", "d"], 0).agrees
    assert Step("", ["a", "..."], ["a"], 0).agrees
    assert not Step("", ["a", "...", "c"], ["a", "b", "d"], 0).agrees
    assert not Step("", ["a"], ["a", "b"], 0).agrees
    assert Step("", ["x", "...", "x", "x"], ["a", "b", "c", "d"], 0).renewed() == ["a", "...", "c", "d"]


def test_renewing_a_page_changes_outputs_alone(tmp_path: Path) -> None:
    page = 'Text\n\n```console\n$ surplan explain lai-chau none X\nold\n```\n\n```toml\nname = "a"\n```\n'
    assert renew(page, tmp_path) == page.replace("old\n", "")
    assert (tmp_path / "lai-chau" / "scenario.toml").read_text(encoding="utf-8") == 'name = "a"\n'
