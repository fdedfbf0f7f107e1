"""Solve a problem: every category to a proven bound, then reasons, figures and certificate."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict
from fractions import Fraction
from numbers import Integral, Real
from typing import TYPE_CHECKING

from solver.flow.solve import solve_market
from solver.flow.ties import break_ties
from solver.limits.rows import has_limits
from solver.plan.certificate import certificate_of
from solver.plan.missing import no_plan
from solver.plan.movables import explain_movables
from solver.plan.result import Result, run_record
from solver.plan.running import Progress as Progress
from solver.plan.running import Run
from solver.plan.summary import plan_of
from solver.problem.classes import first_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from solver.plan.figures import Planned
    from solver.problem.premises import Premises
    from solver.problem.problem import Category, Problem

#: As for the scenario's `solver.seed`.
_LARGEST_SEED = 2**31 - 1


def solve(
    problem: Problem,
    *,
    time_limit: float | None = None,
    seed: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Result:
    """Plan every category: movables first, then premises with the time that is left.

    Parameters
    ----------
    problem : from ``solver.build``. time_limit : seconds, 0 none; default the scenario's. The best plan so
    far is kept, with its proven gap. seed : of the search for premises, 0 to 2^31 - 1; the movable core makes
    no random choice.
    on_progress : called with news after each step. stop : asked after each round of solving; True keeps the
    best plan so far.

    Raises
    ------
    ValueError
        When the time limit or the seed is no such number.
    """
    _check("time_limit", time_limit, float("inf"))
    _check("seed", seed, _LARGEST_SEED)
    scenario = problem.scenario
    run = Run(
        float(scenario["solver.time_limit_s"] or 0) if time_limit is None else time_limit,
        int(scenario["solver.work_limit"] or 0),
        stop,
        on_progress,
    )
    seed = int(scenario["solver.seed"] or 0) if seed is None else seed
    with workers(problem):
        return _planned(problem, run, seed)


def workers(problem: Problem) -> AbstractContextManager[None]:
    """Let those who help with premises come while movables are planned, and stay until the end."""
    if problem.premises is None:
        return nullcontext()
    from solver.patterns.crew import workers_for

    return workers_for(problem.premises.estate, int(problem.scenario["solver.processes"] or 0))


def _planned(problem: Problem, run: Run, seed: int) -> Result:
    if has_limits(problem):
        # What most plans do without.
        from solver.limits.limited import UnmetError
        from solver.limits.planning import plan_limited

        try:
            under = plan_limited(problem, run, seed)
        except UnmetError as none:
            return Result(problem, *no_plan(problem, none.conflict, seed, run.work), run_record(run))
        plan = plan_of(problem, under.planned, seed, run.work, under)
        return Result(problem, plan, under.certificate, run_record(run))
    planned = [_movables(problem, category, run) for category in problem.categories.values()]
    if problem.premises is not None:
        planned.append(_premises(problem, problem.premises, run, seed))
    plan = plan_of(problem, planned, seed, run.work)
    certificate = certificate_of([one.proof for one in planned])
    return Result(problem, plan, certificate, run_record(run))


def _check(name: str, value: object, most: float) -> None:
    """Refuse what would pass for no limit, or end in the middle of the search."""
    whole = name == "seed"
    if value is None or (isinstance(value, Integral if whole else Real) and 0 <= float(value) <= most):
        return
    text = f"0 to {_LARGEST_SEED}" if whole else "of seconds, 0 or more"
    raise ValueError(f"{name} is a {'whole ' if whole else ''}number {text}, not {value!r}")


def _movables(problem: Problem, category: Category, run: Run) -> Planned:
    """Solve a category of movables, choose among equal plans, and explain the plan."""
    name, market = category.name, category.classes.market
    with run.phase("solve", name):
        solution = solve_market(
            market,
            on_round=lambda news: run.tell("solve", name, news),
            stop=lambda: run.halt() or run.spent(),
        )
        run.ends(name, optimal=solution.optimal)
        run.done(solution.pairs_priced)
        run.tell("tie_break", name)
        if solution.optimal:
            solution = break_ties(market, solution, first_rows(category.classes))
    with run.phase("explain", name):
        return explain_movables(problem, category, solution)


def _premises(problem: Problem, premises: Premises, run: Run, seed: int) -> Planned:
    """Solve the premises and explain the plan."""
    # Imported here: the pattern core loads libraries that movables do without.
    from solver.patterns.search import house
    from solver.plan.premises import explain_premises

    name, scenario = premises.name, problem.scenario
    with run.phase("solve", name):
        housing = house(
            premises.estate,
            stop=run.halt,
            on_news=lambda news: run.tell("solve", name, news),
            processes=int(scenario["solver.processes"] or 0),
            work_limit=run.work_left(),
            seed=seed,
            value_gap=Fraction(scenario["solver.value_gap"] or 0),
            gap_vnd=int(scenario["solver.gap_vnd"] or 0),
        )
        run.ends(name, optimal=housing.objective == housing.bound)
        run.done(housing.work)
        run.failures[name] = [asdict(one) for one in housing.failures]
    with run.phase("explain", name):
        return explain_premises(problem, premises, housing)
