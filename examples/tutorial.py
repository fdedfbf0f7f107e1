"""Runs the commands of ``docs/tutorial.md`` and compares, or renews, the outputs that it shows.

``python -m examples.tutorial`` renews them in the page: a shown output keeps its elision, a line ``...``. A
block ``console`` holds commands after ``$`` with what they print below, progress on stderr left out; a block
``toml`` is the scenario's file from there on.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import tempfile
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from typer.testing import CliRunner

from app.cli import application

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"
EXAMPLE = Path(__file__).parent / "lai-chau"
ELISION = "..."
_BLOCK = re.compile(r"^```(console|toml)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ ", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """One command of the page.

    Attributes
    ----------
    command
        As it stands after ``$``.
    shown, printed
        Lines that the page shows, and lines that the command printed.
    exit_code
        0 when all went well.
    """

    command: str
    shown: list[str]
    printed: list[str]
    exit_code: int

    @property
    def agrees(self) -> bool:
        """Whether the page shows what was printed; an elision stands for any lines."""
        if ELISION not in self.shown:
            return self.shown == self.printed
        at = self.shown.index(ELISION)
        head, tail = self.shown[:at], self.shown[at + 1 :]
        rest = self.printed[len(head) :]
        return self.printed[: len(head)] == head and (not tail or rest[-len(tail) :] == tail)

    def renewed(self) -> list[str]:
        """Return the lines that the page should show."""
        if ELISION not in self.shown:
            return self.printed
        at = self.shown.index(ELISION)
        tail = len(self.shown) - at - 1
        return [*self.printed[:at], ELISION, *(self.printed[-tail:] if tail else [])]


def walk(page: str, folder: Path) -> list[list[Step]]:
    """Run all commands of the page.

    Parameters
    ----------
    page
        Text of the page.
    folder
        Empty folder; the example's folder is copied into it, and the commands run in it.

    Returns
    -------
    list of list of Step
        Of each ``console`` block, its steps.
    """
    shutil.copytree(EXAMPLE, folder / EXAMPLE.name)
    blocks: list[list[Step]] = []
    with chdir(folder):
        for language, text in _BLOCK.findall(page):
            if language == "toml":
                Path(EXAMPLE.name, "scenario.toml").write_text(text, encoding="utf-8", newline="\n")
                continue
            steps = []
            for part in _COMMAND.split(text)[1:]:
                command, *shown = part.splitlines()
                printed, exit_code = run(command)
                steps.append(Step(command, shown, printed, exit_code))
            blocks.append(steps)
    return blocks


def run(command: str) -> tuple[list[str], int]:
    """Run one command in this process: lines that it prints, and its exit code."""
    program, *arguments = shlex.split(command)
    if program == "surplan":
        with patch.dict(os.environ):
            for name in ("SURPLAN_HOME", "SURPLAN_LANG", "SURPLAN_TIMEZONE"):
                os.environ.pop(name, None)
            result = CliRunner().invoke(application, arguments)
        return _lines(result.stdout), result.exit_code
    if [program, arguments[0]] != ["python", "-m"]:
        raise ValueError(f"the page may run surplan and python -m, not {command}")
    out = StringIO()
    with redirect_stdout(out), patch.object(sys, "argv", arguments[1:]):
        import_module(arguments[1]).main()
    return _lines(out.getvalue()), 0


def _lines(text: str) -> list[str]:
    return text.replace("\\", "/").splitlines() if os.sep == "\\" else text.splitlines()


def renew(page: str, folder: Path) -> str:
    """Return the page with the outputs of its commands as they are now."""
    blocks = iter(walk(page, folder))

    def block(match: re.Match[str]) -> str:
        if match[1] == "toml":
            return match[0]
        lines = [line for step in next(blocks) for line in (f"$ {step.command}", *step.renewed())]
        return "\n".join(["```console", *lines, "```"])

    return _BLOCK.sub(block, page)


def main() -> None:
    """Renew the outputs of the page."""
    with tempfile.TemporaryDirectory() as folder:
        text = renew(PAGE.read_text(encoding="utf-8"), Path(folder))
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(PAGE)


if __name__ == "__main__":
    main()
