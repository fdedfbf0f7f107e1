"""Solve a problem into a plan folder: progress, Ctrl-C, and everything written or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import solver
from app.folders import SOURCES
from app.interrupt import first_interrupt_stops
from app.progress import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from app.plans import PlanView
    from app.progress import Listener
    from app.talk import Talk

_FILES = ("plan.json", "certificate.json", "transfers.csv", "shortfalls.csv", "releases.csv")
_DRAWN = ("plan.xlsx", "plan.geojson")


def files_of(plan: PlanView) -> tuple[str, ...]:
    """Return the names of the files that a plan folder has."""
    if plan.summary["status"] == str(solver.Status.INFEASIBLE):
        return _FILES[:2]
    more = [*(["limits.csv"] if len(plan.limits) else []), *(["changes.csv"] if plan.replan else [])]
    return (*_FILES, *more, *_DRAWN)


class Solved(NamedTuple):
    """What was solved: the plan as it was written, its result, and whether Ctrl-C stopped the search."""

    plan: PlanView
    result: solver.Result
    stopped: bool


class NoPlanFoundError(Exception):
    """The time was over, or Ctrl-C came, before any plan was found; nothing was written."""


def solve_into(
    folder: Path,
    problem: solver.Problem,
    talk: Talk,
    *,
    time_limit: float | None = None,
    seed: int | None = None,
    files: Mapping[str, str] | None = None,
    listener: Listener | None = None,
    stop: Callable[[], bool] | None = None,
    before_drawing: Callable[[Path], None] | None = None,
) -> Solved:
    """Solve and write the plan folder with its workbook and map file.

    Parameters
    ----------
    folder
        Plan folder; checked before the solver starts, replaced in one rename when all is written.
    problem
        What to solve.
    talk
        Language and manner of progress.
    time_limit
        Seconds; None = the scenario's.
    seed
        For choices that are free; None = the scenario's.
    files
        SHA-256 of each file that the problem was read from, for run.json.
    listener
        What hears the progress; None: the terminal, in the manner of `talk`.
    stop
        Asked between two rounds whether to stop, besides Ctrl-C.
    before_drawing
        Told where all files but the workbook and the map stand, in a folder that is renamed when these do.

    Raises
    ------
    solver.PlanFolderError
        When the folder can't be written or holds something else.
    NoPlanFoundError
        When there is no plan to write.
    """
    # Pandas and the workbook's writer take half a second to import: `verify` needs neither.
    from app.conflict import is_infeasible
    from app.export.geojson import write_geojson
    from app.export.xlsx import write_xlsx
    from app.plans import view_plan

    with (
        first_interrupt_stops(lambda: talk.warn("stopping")) as interrupted,
        solver.staged_folder(folder) as staged,
    ):

        def stops() -> bool:
            return interrupted() or (stop is not None and stop())

        result = _solve(problem, talk, time_limit, seed, stops, listener)
        stopped = stops()  # later, while writing, there is nothing left to stop: the plan is kept as it is
        if result.status is solver.Status.NO_SOLUTION_FOUND:
            raise NoPlanFoundError
        talk.work("writing", folder=str(folder))
        if files:
            result = replace(result, run={**result.run, SOURCES: dict(files)})
        result.write_into(staged)
        plan = view_plan(staged, missing=True)
        if not is_infeasible(plan):
            if before_drawing is not None:
                before_drawing(staged)
            write_xlsx(plan, staged, talk.lang)
            write_geojson(plan, staged)
    if stopped:
        talk.warn("stopped")
    return Solved(plan, result, stopped)


def _solve(
    problem: solver.Problem,
    talk: Talk,
    time_limit: float | None,
    seed: int | None,
    stop: Callable[[], bool],
    listener: Listener | None,
) -> solver.Result:
    with progress(talk.lang, as_json=talk.as_json, quiet=talk.quiet) as shown:
        hears = listener or shown
        return solver.solve(problem, time_limit=time_limit, seed=seed, on_progress=hears, stop=stop)
