"""From the tables of a scenario to a problem, or every issue on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import solver
from app.console import note
from app.folders import blamed, build, merge_issues
from app.issues import count_line, issue_lines, print_issues
from app.texts import say

if TYPE_CHECKING:
    from pathlib import Path

    from app.baseline import Given
    from app.folders import Inputs
    from app.talk import Talk


def built(inputs: Inputs, folder: Path, talk: Talk, given: Given | None = None) -> solver.Problem | None:
    """Make the problem; None where the tables are wrong, and then all issues are told.

    Parameters
    ----------
    inputs, folder
        What to make it of, and where that was read.
    talk
        Language and manner.
    given
        The plan before, of a re-plan.
    """
    if given is not None:
        inputs = given.added_to(inputs)
    talk.work("building")
    try:
        return build(inputs)
    except solver.InvalidProblemError as error:
        issues = error.issues if given is None else given.placed(error.issues)
        print_issues(issues, folder, talk.lang, inputs.places, as_json=talk.as_json)
        note(f"{count_line(issues, talk.lang)} {say(talk.lang, 'check.not_solved')}")
        return None


def tell_warnings(inputs: Inputs, problem: solver.Problem, folder: Path, talk: Talk) -> None:
    """Print what reading and building had to say, but not for programs."""
    warnings = merge_issues(inputs.issues, blamed(inputs, problem.warnings))
    if warnings and not talk.as_json:
        for line in issue_lines(warnings, folder, talk.lang, inputs.places):
            note(line)
        note(count_line(warnings, talk.lang))
