"""``solver.counterfactual``, ``solver.without``: a pair forced into a plan, or out of it; solved again."""

from __future__ import annotations

import difflib
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.counterfactuals.altered import Blocked, room_without, with_pins, without_pair
from solver.counterfactuals.limited import search_again
from solver.counterfactuals.model import Counterfactual, changes_of
from solver.counterfactuals.movables import held_of, needful, pinned_by_class, resolve
from solver.counterfactuals.moved import dealt, held_by, lines_of
from solver.counterfactuals.stated import stated
from solver.explanation.model import UnknownIdError
from solver.limits.rows import has_limits
from solver.problem.pairs import ELIGIBLE, STAGES, stage_of
from solver.problem.problem import PREMISES

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.counterfactuals.moved import Held, Lines
    from solver.plan.result import Result
    from solver.problem.premises import Premises
    from solver.problem.problem import Category, Problem

_NEAR = 3


def counterfactual(
    problem: Problem,
    result: Result,
    asset_id: str,
    need_id: str,
    units: int | None = None,
    *,
    time_limit: float | None = None,
) -> Counterfactual:
    """Find the best plan in which an asset serves a need, and what it costs more.

    Parameters
    ----------
    problem, result
        What was solved, and its result.
    asset_id, need_id
        The pair.
    units
        Units, or places in premises, that the need gets from the asset at least; default 1.
    time_limit
        Seconds; the best plan found by then is kept. Default: none.

    Raises
    ------
    UnknownIdError
        When there is no such asset or need among what is planned.
    ValueError
        When ``units`` is less than 1.
    """
    asked = 1 if units is None else units
    if asked < 1:
        raise ValueError(f"units is a whole number from 1, not {units!r}")
    answer = _answer(problem, result, asset_id, need_id, asked, _clock(time_limit))
    return stated(pair_category(problem, asset_id=asset_id), answer)


def without(
    problem: Problem, result: Result, asset_id: str, need_id: str, *, time_limit: float | None = None
) -> Counterfactual:
    """Find the best plan in which an asset does not serve a need; as ``counterfactual``."""
    return _answer(problem, result, asset_id, need_id, 0, _clock(time_limit))


def pair_category(
    problem: Problem, *, need_id: str | None = None, asset_id: str | None = None
) -> Category | Premises:
    """Return the category of a need, or of an asset.

    Raises
    ------
    UnknownIdError
        When there is no such asset or need among what is planned.
    """
    parts = _parts(problem)
    if need_id is not None:
        return parts[_find("need", need_id, {name: one.needs.ids for name, one in parts.items()})]
    return parts[_find("asset", asset_id or "", {name: one.assets.ids for name, one in parts.items()})]


def _clock(time_limit: float | None) -> Callable[[], bool]:
    begun = time.monotonic()
    return lambda: time_limit is not None and time.monotonic() - begun >= time_limit


def _answer(
    problem: Problem, result: Result, asset_id: str, need_id: str, units: int, stop: Callable[[], bool]
) -> Counterfactual:
    category = pair_category(problem, asset_id=asset_id)
    if pair_category(problem, need_id=need_id) is not category:
        return Counterfactual(asset_id, need_id, units, "ineligible", stage="no_asset")
    if problem.baseline is not None:
        from solver.counterfactuals.replanned import replanned  # what most plans do without

        return replanned(problem, result, category, (asset_id, need_id), units, stop)
    if category is problem.premises:
        from solver.counterfactuals.houses import (
            premises_counterfactual,
        )  # the pattern core loads more libraries

        return premises_counterfactual(problem, result, asset_id, need_id, units, stop)
    return _movables(problem, problem.categories[category.name], result, asset_id, need_id, units, stop)


def _parts(problem: Problem) -> dict[str, Category | Premises]:
    parts: dict[str, Category | Premises] = dict(problem.categories)
    return parts if problem.premises is None else {**parts, PREMISES: problem.premises}


def _find(subject: str, identifier: str, sides: dict[str, np.ndarray]) -> str:
    for name, ids in sides.items():
        if (ids == identifier).any():
            return name
    known = [str(one) for ids in sides.values() for one in ids.tolist()]
    raise UnknownIdError(
        subject, identifier, difflib.get_close_matches(identifier, known, n=_NEAR, cutoff=0.5)
    )


def _movables(
    problem: Problem,
    category: Category,
    result: Result,
    asset_id: str,
    need_id: str,
    units: int,
    stop: Callable[[], bool],
) -> Counterfactual:
    i = int(np.flatnonzero(category.assets.ids == asset_id)[0])
    j = int(np.flatnonzero(category.needs.ids == need_id)[0])
    lines = lines_of(category, result.plan.transfers)
    now = lines.get((i, j), 0)
    about: dict[str, Any] = {"limited": has_limits(problem)}
    if units:
        stage = stage_of_pair(problem, category, i, j)
        if stage:
            return Counterfactual(asset_id, need_id, units, "ineligible", stage=stage, **about)
    if (units and now >= units) or (not units and now == 0):
        return Counterfactual(asset_id, need_id, units, "in_plan", **about)
    held = held_by(category, lines)
    pinned = _pinned(category, i, j)
    exact = True
    if units:
        changed = with_pins(category, *(np.array([one]) for one in (i, j, units - pinned)))
        if isinstance(changed, Blocked):
            return _blocked(asset_id, need_id, units, changed, problem)
    elif pinned:
        return _blocked(asset_id, need_id, units, Blocked("pin", pinned), problem)
    else:
        pair = int(category.classes.offer_of[i]), int(category.classes.want_of[j])
        free = held.get(pair, 0) - pinned_by_class(category).get(pair, 0)
        room = room_without(category, i, j)
        if free <= room:  # its equals can do without the pair, and nothing else changes
            after = dealt(category, lines, held, pins_as_lines(category), [(i, j)])
            return _told(problem, category, result, asset_id, need_id, 0, lines, after)
        changed = without_pair(category, i, j)
        exact = room == 0  # else the plan that sends all the rest may be beaten where limits hold
    return _solved(problem, category, changed, result, (i, j), units, (lines, held), stop, exact=exact)


def stage_of_pair(problem: Problem, category: Category, i: int, j: int) -> str:
    """Return the stage of docs/cost.md that a pair of movables fails, "" where it is eligible."""
    a, n = np.array([i]), np.array([j])
    if problem.form == "matches":
        if not category.metres.listed(a, n)[1][0]:
            return "no_asset"
        return "banned" if category.metres.banned(a, n)[0] else ""
    stage = int(stage_of(category.assets, category.needs, category.metres, a, n)[0])
    return "" if stage == ELIGIBLE else STAGES[stage]


def _pinned(category: Category, i: int, j: int) -> int:
    pins = category.pins
    return int(pins.units[(pins.asset == i) & (pins.need == j)].sum())


def pins_as_lines(category: Category) -> Lines:
    """Return the pins of a category as lines."""
    pins = category.pins
    pairs = zip(pins.asset.tolist(), pins.need.tolist(), strict=True)
    return dict(zip(pairs, pins.units.tolist(), strict=True))


def _blocked(asset_id: str, need_id: str, units: int, why: Blocked, problem: Problem) -> Counterfactual:
    return Counterfactual(
        asset_id,
        need_id,
        units,
        "blocked",
        blocked_by=why.what,
        blocked_left=why.left,
        limited=has_limits(problem),
    )


def _solved(
    problem: Problem,
    category: Category,
    changed: Category,
    result: Result,
    ends: tuple[int, int],
    units: int,
    plan: tuple[Lines, Held],
    stop: Callable[[], bool],
    *,
    exact: bool,
) -> Counterfactual:
    """Solve again and say what changes; ``exact`` : whether the bound found is one of the question asked."""
    lines, held = plan
    asset_id, need_id = str(category.assets.ids[ends[0]]), str(category.needs.ids[ends[1]])
    pair = int(category.classes.offer_of[ends[0]]), int(category.classes.want_of[ends[1]])
    banned = [] if units else [ends]
    if not has_limits(problem):
        found = resolve(category, changed, result, held, pair, stop)
        part = result.plan.summary["parts"]["category"][category.name]
        after = dealt(category, lines, found.held, pins_as_lines(changed), banned)
        before, known = int(part["objective_vnd"]), int(part["bound_vnd"])
        return _told(
            problem, category, result, asset_id, need_id, units, lines, after,
            found.cost - before, (max(0, found.bound - before), found.cost - known),
        )  # fmt: skip
    again = search_again(problem, changed, result, stop)
    if isinstance(again, Blocked):
        return _blocked(asset_id, need_id, units, again, problem)
    whole = pinned_by_class(changed)
    for key, count in held_of(again.found.plans[category.name].plan).items():
        whole[key] = whole.get(key, 0) + count
    others = len(again.found.plans) > 1 or bool(again.found.rows.rows) or bool(again.found.levels)
    after_held = whole if others else needful(category, held, whole, pair)
    after = dealt(category, lines, after_held, pins_as_lines(changed), banned)
    low = again.bound - again.before if exact else None
    high = None if again.before_bound is None else again.cost - again.before_bound
    if low is not None and not again.levels:
        low = max(0, low)
    return _told(
        problem, category, result, asset_id, need_id, units, lines, after,
        again.cost - again.before, (low, high), tuple(again.levels),
    )  # fmt: skip


def _told(
    problem: Problem,
    category: Category,
    result: Result,
    asset_id: str,
    need_id: str,
    units: int,
    before: Lines,
    after: Lines,
    change: int = 0,
    interval: tuple[int | None, int | None] = (0, 0),
    levels: tuple[dict[str, Any], ...] = (),
) -> Counterfactual:
    return Counterfactual(
        asset_id,
        need_id,
        units,
        "changed",
        change_vnd=change,
        least_vnd=interval[0],
        most_vnd=interval[1],
        objective_vnd=result.objective + change,
        levels=levels,
        limited=has_limits(problem),
        **changes_of(category, before, after),
    )
