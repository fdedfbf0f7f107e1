"""What the plans of a limited problem are judged by: weights, the fineness of prices, and the blocks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from solver.flow.network import widest_clamp
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
_PENALTY, _FINE_PENALTY = 1 << 42, 1 << 36
#: Coverage first: what a unit unmet of priority k costs more than one of k + 1 [VND].
_STEP = 1 << 38
#: Penalties are at least so many times the largest price of a unit.
_TIMES = 8
#: Above so many pairs of classes of premises an answer to prices ends at a share of the value.
_MANY, _ROUGHLY = 200_000, Fraction(1, 400)
#: Prices of floors may add so much to what is at stake.
_HEADROOM = 16
#: Prices of levels are counted in billionths of a unit where rows have prices.
_LEVEL_UNIT = 10**9
#: What all weights of units come to stays below this [VND / S]: sums along paths fit in 64 bits.
_SAFE = 1 << 57
#: What flows accept is so many times what a unit may cost: its price, and those of units exchanged for it.
_ROOM = 8


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
    floor = _TIMES * (largest_price(problem) + 2 * _change(problem))
    unmet = (0,) * PRIORITIES
    if problem.scenario["objective"] == "coverage_first":
        step = max(_STEP, floor)
        occur = priorities_of(problem)
        unmet = tuple((PRIORITIES - k) * step if k + 1 in occur else 0 for k in range(PRIORITIES))
    missed = 0
    if any(row.floor for row in rows.rows):
        missed = max(_FINE_PENALTY if priced else _PENALTY, floor, 2 * max(unmet))
    weights = Weights(1, missed, unmet, _change(problem))
    dearest = _TIMES * (largest_price(problem) + max(unmet)) + missed
    return Setting(weights, _fineness(problem) if priced else 1, dearest=dearest)


def level(problem: Problem, rows: SideRows, missed: int, unmet: tuple[int, ...]) -> Setting:
    """Return the setting of a level: units alone count.

    Parameters
    ----------
    missed, unmet : weight of a unit by which a floor is missed, and of one unmet by priority.
    """
    priced = is_priced(problem, rows)
    unit = _LEVEL_UNIT if priced else 1
    weights = Weights(0, missed * unit, tuple(weight * unit for weight in unmet))
    dearest = _TIMES * (weights.missed + max(weights.unmet))
    return Setting(weights, _fineness(problem) if priced else 1, unit, dearest)


def ordered_counts(problem: Problem, rows: SideRows) -> Setting:
    """Return the setting that looks for the best counts at once: as far as 64 bits go, none buys another."""
    scale = _scale(problem, rows)
    soft = sum(row.limit for row in rows.rows if row.floor)
    demand = demand_of(problem)
    most = min(_SAFE // (max(1, soft) * 2), _largest(problem)) // scale
    unmet, rest = steep(demand, 0, 1, most)
    missed = (rest + 1 if rest < most else 2 * max(unmet)) if soft else 0
    total = rest + missed * soft + 1
    unit = _LEVEL_UNIT
    while unit > 1 and (
        unit * scale * total > _SAFE or unit * scale * max(missed, *unmet) > _largest(problem)
    ):
        unit //= 10
    weights = Weights(0, missed * unit, tuple(weight * unit for weight in unmet))
    return Setting(weights, scale, unit, _TIMES * (weights.missed + max(weights.unmet)))


def ordered_level(problem: Problem, rows: SideRows, missed: int, priority: int = 0) -> Setting:
    """Return the setting of a level whose predecessors are rows (``solver.limits.level_rows``).

    Parameters
    ----------
    missed : weight of a unit by which a floor is missed; priority : whose units count 1, 0 of none.
    """
    scale = _scale(problem, rows)
    demand = demand_of(problem)
    unit = _LEVEL_UNIT
    most = min(_SAFE // (sum(demand.values()) + 1), _largest(problem)) // scale
    while unit > 1 and unit * max(1, missed) > most:
        unit //= 10
    unmet = tuple(unit if k == priority else 0 for k in range(1, PRIORITIES + 1))
    # A unit displaces no more than all others.
    dearest = min(unit * (sum(demand.values()) + 1), _largest(problem) // scale)
    return Setting(Weights(0, missed * unit, unmet), scale, unit, dearest)


def ordered_cost(problem: Problem, rows: SideRows, gentle: int = 0) -> Setting:
    """Return the setting of the cost where what comes first are rows (``solver.limits.level_rows``).

    Parameters
    ----------
    gentle : weight of missed floors: 0 for one that nothing buys, 1 for some largest prices, 2 for none.
    """
    scale = _scale(problem, rows)
    if scale == 1:  # as fine as leaves room for weights that nothing buys: their best may be no whole VND
        scale, whole = _fineness(problem), steep(demand_of(problem), 2 * _worth(problem), 1, _SAFE)[1]
        while scale > 1 and scale * whole > _SAFE:
            scale //= 2
    price = _TIMES * (largest_price(problem) + 2 * _change(problem))
    most = min(_SAFE // 2, _largest(problem)) // scale
    most = max(price, min(max(_FINE_PENALTY, price) << _TIMES, most))
    weights = Weights(1, (most, price, 0)[gentle], (0,) * PRIORITIES, _change(problem))
    return Setting(weights, scale, dearest=most // 2)


def steep(demand: Mapping[int, int], rest: int, least: int, most: int) -> tuple[tuple[int, ...], int]:
    """Return weights of units unmet by priority, each above all that comes after it, if that fits.

    Parameters
    ----------
    demand : units by priority that occur; rest : what comes after all of them comes to; least : of the least
    weight where that does not fit; most : what all weights may come to. Otherwise they grow by one factor.

    Returns
    -------
    The weights, 0 for priorities that do not occur; what all units and the rest come to.
    """
    weights, total = [0] * PRIORITIES, rest
    for k in sorted(demand, reverse=True):
        weights[k - 1] = total + 1
        total += weights[k - 1] * demand[k]
    if total <= most:
        return tuple(weights), total
    factor = 2
    while _geometric(demand, least, 2 * factor)[1] <= most:
        factor *= 2
    weights, total = _geometric(demand, least, factor)
    return tuple(weights), total


def _geometric(demand: Mapping[int, int], least: int, factor: int) -> tuple[list[int], int]:
    weights = [0] * PRIORITIES
    for at, k in enumerate(sorted(demand, reverse=True)):
        weights[k - 1] = least * factor**at
    return weights, sum(weights[k - 1] * units for k, units in demand.items())


def steep_prices(problem: Problem, setting: Setting) -> tuple[int, ...]:
    """Return prices of the rows of priorities to begin with [VND]: as steep as fits."""
    least = 2 * (largest_price(problem) + _change(problem)) if setting.weights.cost else setting.unit
    rest = (
        2 * _worth(problem) if setting.weights.cost else setting.unit * (sum(demand_of(problem).values()) + 1)
    )
    most = min(_SAFE, _largest(problem)) // setting.scale
    return steep(demand_of(problem), rest, least, most)[0]


def _largest(problem: Problem) -> int:
    """Return the largest price of a unit that flows prove, with room for exchanges [VND / S]."""
    clamps = (widest_clamp(part.classes.market) for part in problem.categories.values())
    return min(clamps, default=_SAFE) // _ROOM


def _worth(problem: Problem) -> int:
    """Return what all that is left unmet comes to, and of premises all openings [VND]."""
    worth = sum(
        int(units) * int(price)
        for side in _needs(problem)
        for units, price in zip(side.units.tolist(), side.price.tolist(), strict=True)
    )
    return worth if problem.premises is None else max(worth, at_stake(problem.premises.estate))


def _scale(problem: Problem, rows: SideRows) -> int:
    """Return S: prices of money are rates and need to be fine, those of units are not."""
    return _fineness(problem) if any(row.money for row in rows.rows) else 1


def demand_of(problem: Problem) -> dict[int, int]:
    """Return the units needed of each priority that occurs."""
    return {
        k: sum(int(side.units[side.priority == k].sum()) for side in _needs(problem))
        for k in priorities_of(problem)
    }


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


def _fineness(problem: Problem) -> int:
    """Return S where rows have prices: the finest that leaves sums over premises within 64 bits."""
    premises, size = problem.premises, FINE
    if premises is None:
        return size
    change = _change(problem)
    if problem.baseline is not None and problem.scenario["stability.max_changes"] is not None:
        change += _TIMES * largest_price(problem)
    change *= int(premises.estate.demand.sum())
    while size > 1 and size * _HEADROOM * (at_stake(premises.estate) + change + 1) > MONEY_RANGE:
        size //= 2
    return size


def _change(problem: Problem) -> int:
    """Return kappa, the price of a change; 0 where there is no plan before [VND]."""
    if problem.baseline is None:
        return 0
    return int(problem.scenario["stability.change_price_vnd"] or 0)


def priorities_of(problem: Problem) -> list[int]:
    """List the priorities that occur among the planned needs."""
    sides = _needs(problem)
    return sorted({int(one) for side in sides for one in np.unique(side.priority[side.units > 0])})


def _needs(problem: Problem) -> list[NeedSide]:
    sides = [part.needs for part in problem.categories.values()]
    return sides if problem.premises is None else [*sides, problem.premises.needs]
