"""From the tables of a scenario to a problem, or every issue on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import solver
from app.console import note
from app.folders import build
from app.issues import count_line, print_issues
from app.texts import say

if TYPE_CHECKING:
    from pathlib import Path

    from app.folders import Inputs
    from app.talk import Talk


def built(inputs: Inputs, folder: Path, talk: Talk) -> solver.Problem | None:
    """Make the problem; None where the tables are wrong, and then all issues are told."""
    talk.work("building")
    try:
        return build(inputs)
    except solver.InvalidProblemError as error:
        print_issues(error.issues, folder, talk.lang, inputs.places, as_json=talk.as_json)
        note(f"{count_line(error.issues, talk.lang)} {say(talk.lang, 'check.not_solved')}")
        return None
