r"""What keeping to the plan before costs: the price of stability (docs/replan.md).

Z      objective of the re-plan without the price of changes
F, B   objective and bound of a fresh plan: the same tables and rules, but every change is free that can
       still be made; what is signed, carried out or refused stays so
price  Z less the cost of the best fresh plan: between Z - F and Z - B; at least 0, since the transfers of
       the re-plan make a fresh plan too
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from solver.planning import solve
from solver.problem.baseline import FIXED, REFUSED
from solver.problem.freedom import FREE
from solver.replanning import with_baseline

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.plan.result import Result
    from solver.planning import Progress
    from solver.problem.problem import Problem


@dataclass(frozen=True)
class PriceOfStability:
    """What a re-plan costs more than the best fresh plan would.

    Attributes
    ----------
    plain_vnd : cost of the re-plan without the price of changes; fresh : the fresh plan; least_vnd, most_vnd
    : the price lies between them, proven; None where the fresh plan attains other values of what comes before
    the cost (levels), so that costs do not compare.
    """

    plain_vnd: int
    fresh: Result
    least_vnd: int | None
    most_vnd: int | None


def plain_cost(result: Result) -> int:
    """Return the objective of a result without the price of changes [VND].

    Raises
    ------
    NoPlanError
        When the result has no plan.
    """
    objective = result.objective
    if result.problem.baseline is None:
        return objective
    price = int(result.problem.scenario["stability.change_price_vnd"] or 0)
    return objective - price * int(result.plan.summary["kpis"]["changes"])


def price_of_stability(
    result: Result,
    *,
    time_limit: float | None = None,
    seed: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> PriceOfStability:
    """Find what it costs that the plan before is kept to: plan afresh, and compare.

    The fresh plan keeps what can't be undone (lines that are signed or carried out, refused pairs) and every
    rule and limit of the scenario; changes have no price and no limit, and assets may go anywhere.

    Parameters
    ----------
    result : of ``solver.replan``. The others : as of ``solver.solve``, of the fresh plan.

    Raises
    ------
    ValueError
        When the result is of no re-plan, or the time limit or the seed is no such number.
    NoPlanError
        When the re-plan has no plan, or no fresh plan was found.
    """
    if result.problem.baseline is None:
        raise ValueError("the price of stability is one of re-plans: this plan has no plan before it")
    plain = plain_cost(result)
    fresh = solve(
        fresh_problem(result.problem), time_limit=time_limit, seed=seed, on_progress=on_progress, stop=stop
    )
    cost, bound = fresh.objective, fresh.bound
    levels = [
        [(level["name"], level["value"]) for level in one.plan.summary["levels"]] for one in (result, fresh)
    ]
    if levels[0] != levels[1]:
        return PriceOfStability(plain, fresh, None, None)
    return PriceOfStability(plain, fresh, max(0, plain - cost), plain - bound)


def fresh_problem(problem: Problem) -> Problem:
    """Return the problem of a re-plan with nothing of the plan before but what can't be undone."""
    scenario = problem.scenario
    entries = {
        **scenario.entries,
        "stability.freedom": FREE,
        "stability.change_price_vnd": 0,
        "stability.max_changes": None,
    }
    free = replace(problem, scenario=replace(scenario, entries=entries))
    if problem.baseline is None:
        return free
    lines = problem.baseline.only((*FIXED, REFUSED))
    return with_baseline(free, lines if len(lines) else None)
