"""The best plan under limits, floors, pins or levels with a pair forced or banned: searched for again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from solver.counterfactuals.altered import Blocked
from solver.counterfactuals.movables import pinned_cost
from solver.counterfactuals.moved import lines_of
from solver.counterfactuals.reckoned import levels_in
from solver.limits.limited import UnmetError
from solver.limits.rows import CHANGES, members, side_rows
from solver.limits.search import search
from solver.limits.watch import Watch
from solver.problem.premises import Premises, parts_of_premises

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.limits.limited import Limited
    from solver.limits.rows import SideRows
    from solver.plan.result import Result
    from solver.problem.problem import Category, Problem


class Searched(NamedTuple):
    """Another plan under limits, and what it is compared with.

    Attributes
    ----------
    found; cost, bound : of the categories that were searched again [VND]; before, before_bound : of the same
    categories in the plan at hand, the bound None where they have none of their own; levels : before and
    after.
    """

    found: Limited
    cost: int
    bound: int
    before: int
    before_bound: int | None
    levels: list[dict[str, Any]]


def search_again(
    problem: Problem, changed: Category | Premises, result: Result, stop: Callable[[], bool]
) -> Searched | Blocked:
    """Search for the best plan with one category changed.

    Only that category is searched where no limit ties it to others.
    """
    altered = _with(problem, changed)
    blocked = exceeded(side_rows(altered, {}), side_rows(problem, {}).left)
    if blocked is not None:
        return blocked
    if not _tied(problem):
        altered = replace(
            altered,
            categories={name: one for name, one in altered.categories.items() if name == changed.name},
            premises=altered.premises if altered.premises is changed else None,
        )
    try:
        found = search(altered, Watch(stop, lambda _: None, lambda *_: False))
    except UnmetError:
        return Blocked("floors", 0)
    fixed = sum(_pinned(altered, name) for name in found.plans)
    cost = sum(plan.cost for plan in found.plans.values()) + fixed
    parts = result.plan.summary["parts"]["category"]
    before = sum(int(parts[name]["objective_vnd"]) for name in found.plans)
    return Searched(
        found,
        cost,
        found.bound + fixed,
        before,
        bound_of(result, list(found.plans)),
        _levels(problem, result, found),
    )


def _with(problem: Problem, changed: Category | Premises) -> Problem:
    if isinstance(changed, Premises):
        return replace(problem, premises=changed)
    return replace(problem, categories={**problem.categories, changed.name: changed})


def exceeded(rows: SideRows, before: list[int]) -> Blocked | None:
    """Return the first cap or budget that pins exceed; ``before`` : what was left of each."""
    for row, after, had in zip(rows.rows, rows.left, before, strict=True):
        if not row.floor and row.id != CHANGES and after < 0:
            return Blocked(row.id, had)
    return None


def _tied(problem: Problem) -> bool:
    """Tell whether a budget counts in more than one category that is planned."""
    scenario = problem.scenario
    shared = scenario["limits.budget_vnd"] is not None or bool(scenario["limits.budget_vnd_by_province"])
    return shared and sum(part.needs.units.sum() > 0 for part in members(problem)) > 1


def _pinned(problem: Problem, name: str) -> int:
    if name in problem.categories:
        return pinned_cost(problem.categories[name])
    premises = problem.premises
    return 0 if premises is None else pinned_premises_cost(premises)


def pinned_premises_cost(premises: Premises) -> int:
    """Return what the pinned places cost, with the opening of their premises [VND]."""
    pins = premises.pins
    cost = parts_of_premises(premises, pins.asset, pins.need).cost
    total = sum(u * c for u, c in zip(pins.units.tolist(), cost.tolist(), strict=True))
    return sum(map(int, [total, *premises.assets.opening[sorted(set(pins.asset.tolist()))].tolist()]))


def bound_of(result: Result, names: list[str]) -> int | None:
    """Return what is proven of some categories of the plan; None where only the whole has a bound."""
    summary = result.plan.summary
    parts = summary["parts"]["category"]
    if set(parts) == set(names):
        return int(summary["bound_vnd"])
    bounds = [parts[name]["bound_vnd"] for name in names]
    return None if None in bounds else sum(map(int, bounds))


def _levels(problem: Problem, result: Result, found: Limited) -> list[dict[str, Any]]:
    """List the levels that change, of the whole plan: name, value before and after.

    Other categories stay as they are: of what a level counts in all of them, theirs is added.
    """
    before = {level["name"]: level["value"] for level in result.plan.summary["levels"]}
    after = {record["name"]: record["value"] for record in (level.record() for level in found.levels)}
    names = [name for name in after if name in before]
    searched = replace(
        problem,
        categories={name: one for name, one in problem.categories.items() if name in found.plans},
        premises=problem.premises if problem.premises and problem.premises.name in found.plans else None,
    )
    lines = {part.name: lines_of(part, result.plan.transfers) for part in members(searched)}
    own = levels_in(searched, lines, names)
    return [
        {"name": name, "before": before[name], "after": _joined(before[name], own[name], after[name])}
        for name in names
        if own[name] != after[name]
    ]


def _joined(whole: int | str, own: int | str, after: int | str) -> int | str:
    """Return a level of the whole plan: units of all categories, or a share, which is that of one alone."""
    return after if isinstance(after, str) else int(whole) - int(own) + after
