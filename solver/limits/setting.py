"""What the plans of a limited problem are judged by: weights, the fineness of prices, and the blocks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from solver.limits.block import PRIORITIES, Weights
from solver.limits.movables import MovableBlock
from solver.patterns.estate import MONEY_RANGE, at_stake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.limits.block import Block
    from solver.limits.rows import SideRows
    from solver.problem.premises import Premises
    from solver.problem.problem import Problem
    from solver.problem.sides import NeedSide

#: Scale S where rows have prices: a price of a budget is a multiple of 1 / S.
FINE = 1 << 10
#: Penalty of a missed unit [VND] at S = 1, and where rows have prices; above any exchange of transfers.
_PENALTY, FINE_PENALTY = 1 << 42, 1 << 36
#: Coverage first: what a unit unmet of priority k costs more than one of k + 1 [VND].
_STEP = 1 << 38
#: Penalties are at least so many times the largest price of a unit.
TIMES = 8
#: Above so many pairs of classes of premises an answer to prices ends at a share of the value.
_MANY, _ROUGHLY = 200_000, Fraction(1, 400)
#: Prices of floors may add so much to what is at stake.
_HEADROOM = 16
#: Prices of levels are counted in billionths of a unit where rows have prices.
LEVEL_UNIT = 10**9


@dataclass(frozen=True)
class Setting:
    """How plans are judged.

    Attributes
    ----------
    weights; scale : S; unit : what the weights of a level count a unit as (1, or finer), 1 for the cost;
    dearest : more than any unit is worth [VND]: no change needs a higher price to be undone.
    """

    weights: Weights
    scale: int
    unit: int = 1
    dearest: int = 0


def largest_price(problem: Problem) -> int:
    """Return the largest price of a unit left unmet [VND]."""
    sides = [part.needs.price for part in problem.categories.values()]
    if problem.premises is not None:
        sides.append(problem.premises.needs.price)
    return max((int(price.max(initial=0)) for price in sides), default=0)


def is_priced(problem: Problem, rows: SideRows) -> bool:
    """Tell whether any row needs a price: all but the floors that nest in a category's tree."""
    nested = {
        name
        for category in problem.categories.values()
        for name, row in zip(category.groups.ids, category.tree.group.tolist(), strict=True)
        if row >= 0
    }
    return any(row.id not in nested for row in rows.rows)


def net_cost(problem: Problem, rows: SideRows) -> Setting:
    """Return the setting of the plan itself: cost last, what comes first by weight."""
    priced = is_priced(problem, rows)
    floor = TIMES * (largest_price(problem) + 2 * change_price(problem))
    unmet = (0,) * PRIORITIES
    if problem.scenario["objective"] == "coverage_first":
        step = max(_STEP, floor)
        occur = priorities_of(problem)
        unmet = tuple((PRIORITIES - k) * step if k + 1 in occur else 0 for k in range(PRIORITIES))
    missed = 0
    if any(row.floor for row in rows.rows):
        missed = max(FINE_PENALTY if priced else _PENALTY, floor, 2 * max(unmet))
    weights = Weights(1, missed, unmet, change_price(problem))
    dearest = TIMES * (largest_price(problem) + max(unmet)) + missed
    return Setting(weights, fineness(problem) if priced else 1, dearest=dearest)


def level(problem: Problem, rows: SideRows, missed: int, unmet: tuple[int, ...]) -> Setting:
    """Return the setting of a level: units alone count.

    Parameters
    ----------
    missed, unmet : weight of a unit by which a floor is missed, and of one unmet by priority.
    """
    priced = is_priced(problem, rows)
    unit = LEVEL_UNIT if priced else 1
    weights = Weights(0, missed * unit, tuple(weight * unit for weight in unmet))
    dearest = TIMES * (weights.missed + max(weights.unmet))
    return Setting(weights, fineness(problem) if priced else 1, unit, dearest)


def blocks_of(
    problem: Problem,
    rows: SideRows,
    setting: Setting,
    before: Mapping[str, Block] | None = None,
    loose: frozenset[str] = frozenset(),
) -> dict[str, Block]:
    """Make the blocks of the categories.

    Parameters
    ----------
    before : blocks whose last plans the new ones start from; loose : keys of norms of movables that do not
    hold.
    """
    blocks: dict[str, Block] = {}
    for name, category in problem.categories.items():
        old = (before or {}).get(name)
        last = old.last if isinstance(old, MovableBlock) else None
        blocks[name] = MovableBlock(
            category, rows, setting.weights, setting.scale, loose=loose, last=last, before=problem.baseline
        )
    if problem.premises is not None:
        blocks[problem.premises.name] = _premises(problem, problem.premises, rows, setting)
    return blocks


def _premises(problem: Problem, premises: Premises, rows: SideRows, setting: Setting) -> Block:
    """Make the block of premises; where there are many, an answer need not be exact to be of use."""
    from solver.limits.premises import PremisesBlock, Search  # the pattern core: most plans do without

    scenario, estate = problem.scenario, premises.estate
    many = bool(rows.rows) and estate.n_hosts * estate.n_guests > _MANY
    gap = max(Fraction(scenario["solver.value_gap"] or 0), _ROUGHLY if many else Fraction(0))
    search = Search(
        processes=int(scenario["solver.processes"] or 0),
        work_limit=int(scenario["solver.work_limit"] or 0),
        seed=int(scenario["solver.seed"] or 0),
        value_gap=gap,
    )
    before = problem.baseline
    return PremisesBlock(premises, rows, setting.weights, setting.scale, search, before=before)


def fineness(problem: Problem) -> int:
    """Return S where rows have prices: the finest that leaves sums over premises within 64 bits."""
    premises, size = problem.premises, FINE
    if premises is None:
        return size
    change = change_price(problem)
    if problem.baseline is not None and problem.scenario["stability.max_changes"] is not None:
        change += TIMES * largest_price(problem)
    change *= int(premises.estate.demand.sum())
    while size > 1 and size * _HEADROOM * (at_stake(premises.estate) + change + 1) > MONEY_RANGE:
        size //= 2
    return size


def change_price(problem: Problem) -> int:
    """Return kappa, the price of a change; 0 where there is no plan before [VND]."""
    if problem.baseline is None:
        return 0
    return int(problem.scenario["stability.change_price_vnd"] or 0)


def priorities_of(problem: Problem) -> list[int]:
    """List the priorities that occur among the planned needs."""
    sides = sides_of_needs(problem)
    return sorted({int(one) for side in sides for one in np.unique(side.priority[side.units > 0])})


def sides_of_needs(problem: Problem) -> list[NeedSide]:
    """List the needs of all categories that are planned."""
    sides = [part.needs for part in problem.categories.values()]
    return sides if problem.premises is None else [*sides, problem.premises.needs]
