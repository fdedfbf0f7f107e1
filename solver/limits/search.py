r"""Plans under limits: smallest shares as large as can be, then the best plan, then its levels and its proof.

The largest smallest share of a key is found by bisection over the shares that its groups can have at all: a
share is reached when a plan with these floors misses none of them and does no worse in the levels before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from solver.flow.ties import break_ties
from solver.limits.block import PRIORITIES
from solver.limits.conflict import find_conflict
from solver.limits.coordinate import Coordination
from solver.limits.coverage import Coverage
from solver.limits.levels import (
    holds,
    levels_of,
    missed_softly,
    received,
    shares_of_key,
    smallest_share,
    unmet,
)
from solver.limits.limited import Limited, UnmetError, bounds_of
from solver.limits.movables import MovableBlock
from solver.limits.proof import proven
from solver.limits.rows import members, side_rows
from solver.limits.setting import blocks_of, is_priced, level, net_cost
from solver.problem.classes import first_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from solver.limits.block import Answer, Block
    from solver.limits.coordinate import Coordinated
    from solver.limits.rows import SideRows
    from solver.limits.setting import Setting
    from solver.limits.watch import Watch
    from solver.problem.problem import Problem


def search(problem: Problem, watch: Watch) -> Limited:
    """Find a plan under limits.

    Raises
    ------
    UnmetError
        When no plan that meets the strict floors is found.
    """
    if problem.scenario.coverage_first and is_priced(problem, side_rows(problem, {})):
        return Coverage(problem, watch).search()
    contested = sorted({key for part in members(problem) for key in part.groups.contested})
    smallest: dict[str, Fraction] = {}
    found = _coordinate(problem, smallest, watch, {})
    if not holds(found.rows, found.best.plans):
        conflict = find_conflict(problem, found.rows, found.blocks, watch.stop)
        if conflict is not None or watch.stop() or not _priced(found.blocks, found.rows):
            raise UnmetError(conflict)
        return Coverage(problem, watch).beside(None)
    for key in contested:
        found = _raise(problem, key, smallest, found, watch)
    rows, blocks, setting, best = found
    if _priced(blocks, rows) and missed_softly(rows, best.plans) and not watch.stop():
        return Coverage(problem, watch).beside(best.plans)
    tied = not _priced(blocks, rows) and problem.baseline is None  # a re-plan stays near the plan before
    plans = _settled(blocks, best.plans) if tied else dict(best.plans)
    levels = levels_of(problem, rows, plans, blocks, contested, watch.stop)
    short, left = _missed(rows, plans), unmet(plans)
    earlier = best.weights.missed * short
    earlier += sum(weight * count for weight, count in zip(setting.weights.unmet, left, strict=True))
    return Limited(
        rows,
        received(rows, plans),
        plans,
        best.bound - earlier,
        bounds_of(problem, rows, setting, blocks, best, plans),
        levels,
        proven(blocks, best, rows, setting),
        blocks,
        best.claimed,
        setting.scale == 1 and not any(setting.weights.unmet),
        setting.weights.missed // 2 or best.value + 1,
        best.prices,
    )


class _Found(NamedTuple):
    rows: SideRows
    blocks: Mapping[str, Block]
    setting: Setting
    best: Coordinated


def _coordinate(
    problem: Problem,
    smallest: Mapping[str, Fraction],
    watch: Watch,
    before: Mapping[str, Block],
) -> _Found:
    rows = side_rows(problem, dict(smallest))
    setting = net_cost(problem, rows)
    blocks = blocks_of(problem, rows, setting, before)
    run = Coordination(blocks, rows, setting, watch)
    return _Found(rows, blocks, setting, run.run())


def _raise(problem: Problem, key: str, smallest: dict[str, Fraction], found: _Found, watch: Watch) -> _Found:
    """Raise the smallest share of a key as far as it goes; leave it in ``smallest``."""
    rank = missed_softly(found.rows, found.best.plans), unmet(found.best.plans)
    coverage = problem.scenario["objective"] == "coverage_first"
    reached = smallest_share(problem, key, found.rows, found.best.plans)
    shares = shares_of_key(problem, key)
    low, high = 0, len(shares)  # shares before low are reached, those from high on are not
    while not watch.stop():
        while low < high and shares[low] <= reached:
            low += 1
        if low >= high:
            break
        middle = (low + high) // 2
        tried = _try(problem, smallest | {key: shares[middle]}, rank[0], watch, found)
        plans = tried.best.plans
        own = missed_softly(tried.rows, plans), unmet(plans)
        same = own[0] <= rank[0] and (not coverage or own[1] <= rank[1])
        if same and holds(tried.rows, plans):
            found, reached = tried, smallest_share(problem, key, tried.rows, plans)
        else:
            high = middle
    smallest[key] = reached
    last = _coordinate(problem, smallest, watch, found.blocks)
    plans = {name: last.blocks[name].again(plan) for name, plan in found.best.plans.items()}
    if holds(last.rows, last.best.plans) and last.best.value <= _value(last, plans):
        return last
    return _Found(last.rows, last.blocks, last.setting, replace(last.best, plans=plans))


def _try(
    problem: Problem, smallest: Mapping[str, Fraction], missed: int, watch: Watch, found: _Found
) -> _Found:
    """Look for a plan with these shares; where rows have prices by units alone, which decides sooner."""
    if not _priced(found.blocks, found.rows):
        return _coordinate(problem, smallest, watch, found.blocks)
    rows = side_rows(problem, dict(smallest))
    setting = level(problem, rows, 1, (0,) * PRIORITIES)

    def decided(value: int, bound: int, _cost: int) -> bool:
        return value <= missed * setting.unit or bound > missed * setting.unit

    blocks = blocks_of(problem, rows, setting, found.blocks)
    run = Coordination(blocks, rows, setting, watch._replace(enough=decided))
    return _Found(rows, blocks, setting, run.run())


def _value(last: _Found, plans: Mapping[str, Answer]) -> int:
    """Return what plans of an earlier search, told again, are worth now [VND]."""
    weights = last.setting.weights
    left = sum(weight * count for weight, count in zip(weights.unmet, unmet(plans), strict=True))
    return sum(plan.cost for plan in plans.values()) + left + weights.missed * _missed(last.rows, plans)


def _missed(rows: SideRows, plans: Mapping[str, Answer]) -> int:
    pairs = zip(rows.rows, received(rows, plans), strict=True)
    return sum(max(0, row.limit - got) for row, got in pairs if row.floor)


def _priced(blocks: Mapping[str, Block], rows: SideRows) -> bool:
    own = set.union(set(), *(block.own for block in blocks.values()))
    return len(own) < len(rows.rows)


def _settled(blocks: Mapping[str, Block], plans: Mapping[str, Answer]) -> dict[str, Answer]:
    """Choose among equal plans where each category is solved by itself."""
    out = dict(plans)
    for name, block in blocks.items():
        plan = plans[name]
        if isinstance(block, MovableBlock) and plan.plan.optimal:
            solution = break_ties(plan.proof, plan.plan, first_rows(block.category.classes))
            out[name] = block.with_plan(plan, solution)
    return out
