"""``surplan frontier DIR --out DIR2``: what coverage, the worst served province, or few changes cost."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import solver
from app.baseline import read_baseline
from app.building import built, tell_warnings
from app.console import emit, visible
from app.errors import InputError, UsageError
from app.failures import DONE, WRONG_INPUT
from app.folders import read_inputs
from app.frontier_chart import FILES as DRAWINGS
from app.frontier_chart import draw, require_library
from app.frontier_words import lines_of, records_of
from app.interrupt import first_interrupt_stops
from app.progress import progress
from app.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.talk import Talk

_OF_OPTIONS = ("axis", "category", "points", "baseline", "no_baseline")


@dataclass(frozen=True)
class Wanted:
    """What is traded.

    Attributes
    ----------
    axis
        As of `solver.frontier`; None: changes beside a plan before, else coverage.
    category, points
        As of `solver.frontier`.
    baseline
        The plan before.
    """

    axis: str | None = None
    category: str | None = None
    points: int = 10
    baseline: Path | None = None


def frontier(
    folder: Path, out: Path, province: str | None, talk: Talk, wanted: Wanted, *, plans: bool
) -> int:
    """Find the frontier of a scenario folder or workbook; write its table and drawings, and print it.

    Parameters
    ----------
    folder
        Scenario folder or workbook.
    out
        New or empty folder for the table and the drawings.
    province
        Code that replaces the scenario's ``scope_province``.
    talk
        Language and manner.
    wanted
        What to trade.
    plans
        Whether to write the plan folder of each point too.

    Raises
    ------
    UsageError
        When an option fits nothing, or the library that draws is missing.
    InputError
        When the folder is none, `out` is not free, or the scenario leaves nothing to trade.
    """
    require_library()
    _require_place(out)
    talk.work("reading", folder=str(folder))
    inputs = read_inputs(folder, province)
    given = None if wanted.baseline is None else read_baseline(wanted.baseline)
    problem = built(inputs, folder, talk, given)
    if problem is None:
        return WRONG_INPUT
    if given is not None:
        tell_warnings(given.added_to(inputs), problem, folder, talk)
    with first_interrupt_stops(lambda: talk.warn("frontier_stopping")) as stop:
        try:
            found = _found(problem, talk, stop, wanted)
        except solver.FrontierError as error:
            wrong = UsageError if error.code in _OF_OPTIONS else InputError
            raise wrong(f"frontier_{error.code}", **error.words) from error
        talk.work("writing", folder=str(out))
        with solver.staged_folder(out) as staged:
            found.write_into(staged, plans=plans)
            draw(found, staged, talk.lang)
            _require_place(out)
    if talk.as_json:
        emit(json.dumps(records_of(found), ensure_ascii=False))
        return DONE
    for line in lines_of(found, talk.lang):
        emit(line)
    words = {"folder": visible(str(out)), "files": ", ".join(("frontier.csv", *DRAWINGS))}
    emit(say(talk.lang, "frontier.files", **words))
    if plans:
        emit(say(talk.lang, "frontier.plans", folder=words["folder"]))
    return DONE


def _found(problem: solver.Problem, talk: Talk, stop: Callable[[], bool], wanted: Wanted) -> solver.Frontier:
    usual = "coverage" if problem.baseline is None else "changes"
    with progress(talk.lang, as_json=talk.as_json, quiet=talk.quiet) as listener:
        return solver.frontier(
            problem,
            axis=usual if wanted.axis is None else wanted.axis,
            category=wanted.category,
            points=wanted.points,
            on_progress=listener,
            stop=stop,
        )


def _require_place(out: Path) -> None:
    """Refuse a place that is taken, before anything is read: a frontier replaces nothing."""
    if out.exists() and not out.is_dir():
        raise InputError("out_folder_file", folder=str(out))
    if out.is_dir() and any(out.iterdir()):
        raise InputError("out_folder_full", folder=str(out))
