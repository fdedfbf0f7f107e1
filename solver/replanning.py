"""Plan again after the inventory changed, beside the plan before (docs/replan.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.planning import solve
from solver.problem.build import build

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.plan.result import Result
    from solver.planning import Progress
    from solver.problem.build import Before
    from solver.problem.problem import Problem


def with_baseline(problem: Problem, baseline: Before | None) -> Problem:
    """Return the problem as ``solver.build`` makes it with another plan before, or with none.

    Raises
    ------
    InvalidProblemError
        When fixed lines of the baseline may not be, or it is no table of transfers.
    """
    return build(
        problem.assets,
        problem.needs,
        scenario=problem.scenario,
        communes=problem.communes,
        distances=problem.distances,
        matches=problem.matches,
        authorities=problem.authorities,
        baseline=baseline,
    )


def replan(
    problem: Problem,
    *,
    baseline: Before,
    time_limit: float | None = None,
    seed: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Result:
    """Plan again: what is signed stays, every other change is paid for or counted.

    Parameters
    ----------
    problem : of today's tables; its scenario says what a change costs, how many there may be, and how free
    they are (``stability``). baseline : the plan before. The others : as of ``solver.solve``.

    Raises
    ------
    InvalidProblemError
        When fixed lines of the baseline may not be, or it is no table of transfers.
    ValueError
        When the time limit or the seed is no such number.
    """
    return solve(
        with_baseline(problem, baseline), time_limit=time_limit, seed=seed, on_progress=on_progress, stop=stop
    )
