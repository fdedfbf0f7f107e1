"""What if, asked of a re-plan: the same plan before, fixed lines, bans, price and limit of changes.

The pair is forced, or banned, in the re-plan's problem. What the plan before keeps stays what it is, so that
a forced change is a change: it has its price, and counts where changes are limited.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from solver.counterfactuals.altered import Blocked
from solver.counterfactuals.forcing import Cases, Forced, banned, forced
from solver.counterfactuals.limited import bound_of, exceeded
from solver.counterfactuals.model import Counterfactual, changes_of, joined_changes
from solver.counterfactuals.moved import lines_of
from solver.counterfactuals.reckoned import as_lines, changes_in, cost_of, level_changes
from solver.counterfactuals.steady import Searched, searched, with_most
from solver.counterfactuals.ways import Ends, needful
from solver.limits.rows import CHANGES, members, side_rows
from solver.problem.baseline import FIXED, REFUSED
from solver.problem.kept import stages_of
from solver.problem.premises import Premises

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.counterfactuals.reckoned import Plan
    from solver.plan.result import Result
    from solver.problem.problem import Category, Problem


class _Found(NamedTuple):
    """The best plan found, of the categories that were searched, and what is proven of all [VND]."""

    plan: Plan
    cost: int
    bound: int | None


def replanned(
    problem: Problem,
    result: Result,
    part: Category | Premises,
    pair: tuple[str, str],
    units: int,
    stop: Callable[[], bool],
) -> Counterfactual:
    """Answer for a pair of a re-plan.

    Parameters
    ----------
    part : category of the pair; units : that the need gets from the asset at least; 0 bans the pair.
    """
    i = int(np.flatnonzero(part.assets.ids == pair[0])[0])
    j = int(np.flatnonzero(part.needs.ids == pair[1])[0])
    state = _state(problem, pair)
    about: dict[str, Any] = {"limited": _limited(problem)}
    lines = lines_of(part, result.plan.transfers)
    now, pinned = lines.get((i, j), 0), as_lines(part.pins).get((i, j), 0)
    if units:
        stage = stages_of(problem, part, np.array([i]), np.array([j]))[0]
        if stage:
            refused = REFUSED if stage == "banned" and state == REFUSED else ""
            return Counterfactual(*pair, units, "ineligible", stage=stage, state=refused, **about)
    if (units and now >= units) or (not units and now == 0):
        return Counterfactual(*pair, units, "in_plan", **about)
    if not units and pinned:
        why = state if state in FIXED else ""
        return Counterfactual(*pair, 0, "blocked", blocked_by="pin", blocked_left=pinned, state=why, **about)
    cases = (
        forced(part, i, j, units - pinned) if units else Cases([banned(part, i, j)], more=False, bound=None)
    )
    plain = _plain(problem)
    found = cases if isinstance(cases, Blocked) else _best(plain, result, part, cases, (i, j), stop)
    if isinstance(found, Blocked):
        return Counterfactual(
            *pair,
            units,
            "blocked",
            blocked_by=found.what,
            blocked_left=found.left,
            blocked_needs=found.needs,
            **about,
        )
    return _told(plain, result, Ends(part.name, i, j, units > 0), units, found, about)


def _state(problem: Problem, pair: tuple[str, str]) -> str:
    """Return the state of a line of the plan before, "" where there is no such line."""
    lines = None if problem.baseline is None else problem.baseline.lines
    if lines is None:
        return ""
    own = lines[(lines["asset_id"] == pair[0]) & (lines["need_id"] == pair[1])]
    return str(own["state"].iloc[0]) if len(own) else ""


def _limited(problem: Problem) -> bool:
    """Tell whether more than the plan before holds: limits, floors, pins or levels."""
    scenario = problem.scenario
    rows = [row for row in side_rows(problem, {}).rows if row.id != CHANGES]
    return bool(rows) or bool(scenario["stability.pins"]) or scenario["objective"] != "net_cost"


def _plain(problem: Problem) -> Problem:
    """Return the problem without what the plan before was made from: what that proves is another question."""
    if problem.baseline is None:
        raise TypeError("a problem without a plan before it")
    return replace(
        problem, baseline=replace(problem.baseline, certificate=None, inputs=None, shortfalls=None)
    )


def _alone(problem: Problem, part: Category | Premises) -> Problem:
    """Return the problem with what a limit ties to a category: all of it, or that category alone."""
    scenario = problem.scenario
    shared = (
        scenario["limits.budget_vnd"] is not None
        or bool(scenario["limits.budget_vnd_by_province"])
        or scenario["stability.max_changes"] is not None
    )
    if shared and sum(one.needs.units.sum() > 0 for one in members(problem)) > 1:
        return problem
    return replace(
        problem,
        categories={name: one for name, one in problem.categories.items() if name == part.name},
        premises=problem.premises if isinstance(part, Premises) else None,
    )


def _best(
    problem: Problem,
    result: Result,
    part: Category | Premises,
    cases: Cases,
    ends: tuple[int, int],
    stop: Callable[[], bool],
) -> _Found | Blocked:
    """Solve the cases and return the best plan."""
    whole = _alone(problem, part)
    price = int(problem.scenario["stability.change_price_vnd"] or 0)
    best: _Found | None = None
    blocked: Blocked | None = None
    bounds: list[int | None] = []
    more = cases.more
    for at, case in enumerate(cases.cases):
        if at and stop():
            more = True
            break
        found = _solved(whole, result, case, ends, stop)
        if isinstance(found, Blocked):
            blocked = _nearer(blocked, found)
            continue
        bounds.append(None if found.bound is None else found.bound + price * case.ahead)
        cost = cost_of(whole, found.plan)
        if best is None or cost < best.cost:
            best = _Found(found.plan, cost, None)
    if best is None:
        if blocked is None:
            raise TypeError("a force without a case")
        most, ahead = problem.scenario["stability.max_changes"], cases.cases[0].ahead
        sure = ahead if most is not None and ahead > int(most) else None  # whichever lines give units
        return blocked._replace(needs=sure) if more else blocked
    if more and cases.bound is not None:
        loose = _solved(whole, result, cases.bound, ends, stop)
        bounds = [None]
        if isinstance(loose, Searched) and loose.bound is not None:
            bounds = [loose.bound + price * cases.bound.ahead - cases.bound.given]
    known = [bound for bound in bounds if bound is not None]
    return best._replace(bound=min(known) if len(known) == len(bounds) else None)


def _nearer(one: Blocked | None, other: Blocked) -> Blocked:
    """Return what says more of two reasons why nothing was found: fewer changes, or that it is unproven."""
    if one is None or one.what != other.what or one.needs is None:
        return one or other
    return other if other.needs is None or other.needs < one.needs else one


def _solved(
    problem: Problem, result: Result, case: Forced, ends: tuple[int, int], stop: Callable[[], bool]
) -> Searched | Blocked:
    """Search for the best plan of a case."""
    part = case.part
    altered = (
        replace(problem, premises=part)
        if isinstance(part, Premises)
        else replace(problem, categories={**problem.categories, part.name: part})
    )
    most = problem.scenario["stability.max_changes"]
    altered = with_most(altered, case.ahead)
    rows = side_rows(altered, {})
    blocked = exceeded(rows, side_rows(problem, {}).left)
    if blocked is not None:
        return blocked
    if isinstance(part, Premises) and not rows.rows and problem.scenario["objective"] == "net_cost":
        from solver.counterfactuals.region import housed  # loads the pattern core

        return Searched(*housed(problem, altered, lines_of(part, result.plan.transfers), ends, stop))
    found = searched(altered, stop)
    if isinstance(found, Blocked) and found.what == CHANGES:
        needs = None if found.needs is None else found.needs + case.ahead
        return Blocked(CHANGES, int(most or 0), needs)
    return found


def _told(
    problem: Problem, result: Result, ends: Ends, units: int, found: _Found, about: dict[str, Any]
) -> Counterfactual:
    """Say what changes."""
    whole = replace(
        problem,
        categories={name: one for name, one in problem.categories.items() if name in found.plan},
        premises=problem.premises if problem.premises and problem.premises.name in found.plan else None,
    )
    everything = {part.name: lines_of(part, result.plan.transfers) for part in members(problem)}
    before = {name: lines for name, lines in everything.items() if name in found.plan}
    after = needful(whole, before, found.plan, ends)
    cost, had = cost_of(whole, after), cost_of(whole, before)
    if cost > found.cost:
        after, cost = found.plan, found.cost
    levels = level_changes(
        problem,
        {level["name"]: level["value"] for level in result.plan.summary["levels"]},
        {**everything, **after},
    )
    known = bound_of(result, list(found.plan))
    least = None if found.bound is None else found.bound - had
    if least is not None and not levels:
        least = max(0, least)
    most = problem.scenario["stability.max_changes"]
    part = next(one for one in members(problem) if one.name == ends.name)
    return Counterfactual(
        str(part.assets.ids[ends.asset]),
        str(part.needs.ids[ends.need]),
        units,
        "changed",
        change_vnd=cost - had,
        least_vnd=least,
        most_vnd=None if known is None else cost - known,
        objective_vnd=result.objective + cost - had,
        levels=levels,
        changes_now=changes_in(problem, everything),
        changes_then=changes_in(problem, {**everything, **after}),
        change_price_vnd=int(problem.scenario["stability.change_price_vnd"] or 0),
        max_changes=None if most is None else int(most),
        **joined_changes(
            [
                changes_of(one, before[one.name], after[one.name])
                for one in members(problem)
                if one.name in after
            ]
        ),
        **about,
    )
