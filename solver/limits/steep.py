"""Weights where levels are rows: as steep as 64 bits and flows allow (``solver.limits.coverage``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.flow.network import widest_clamp
from solver.limits.block import PRIORITIES, Weights
from solver.limits.setting import (
    FINE_PENALTY,
    LEVEL_UNIT,
    TIMES,
    Setting,
    change_price,
    fineness,
    largest_price,
    priorities_of,
    sides_of_needs,
)
from solver.patterns.estate import at_stake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.limits.rows import SideRows
    from solver.problem.problem import Problem

#: What all weights of units come to stays below this [VND / S]: sums along paths fit in 64 bits.
_SAFE = 1 << 57
#: What flows accept is so many times what a unit may cost: its price, and those of units exchanged for it.
_ROOM = 8


def ordered_counts(problem: Problem, rows: SideRows) -> Setting:
    """Return the setting that looks for the best counts at once: as far as 64 bits go, none buys another."""
    scale = _scale(problem, rows)
    soft = sum(row.limit for row in rows.rows if row.floor)
    demand = demand_of(problem)
    most = min(_SAFE // (max(1, soft) * 2), _largest(problem)) // scale
    unmet, rest = steep(demand, 0, 1, most)
    missed = (rest + 1 if rest < most else 2 * max(unmet)) if soft else 0
    total = rest + missed * soft + 1
    unit = LEVEL_UNIT
    while unit > 1 and (
        unit * scale * total > _SAFE or unit * scale * max(missed, *unmet) > _largest(problem)
    ):
        unit //= 10
    weights = Weights(0, missed * unit, tuple(weight * unit for weight in unmet))
    return Setting(weights, scale, unit, TIMES * (weights.missed + max(weights.unmet)))


def ordered_level(problem: Problem, rows: SideRows, missed: int, priority: int = 0) -> Setting:
    """Return the setting of a level whose predecessors are rows (``solver.limits.level_rows``).

    Parameters
    ----------
    missed : weight of a unit by which a floor is missed; priority : whose units count 1, 0 of none.
    """
    scale = _scale(problem, rows)
    demand = demand_of(problem)
    unit = LEVEL_UNIT
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
        scale, whole = fineness(problem), steep(demand_of(problem), 2 * _worth(problem), 1, _SAFE)[1]
        while scale > 1 and scale * whole > _SAFE:
            scale //= 2
    price = TIMES * (largest_price(problem) + 2 * change_price(problem))
    most = min(_SAFE // 2, _largest(problem)) // scale
    most = max(price, min(max(FINE_PENALTY, price) << TIMES, most))
    weights = Weights(1, (most, price, 0)[gentle], (0,) * PRIORITIES, change_price(problem))
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
    least = 2 * (largest_price(problem) + change_price(problem)) if setting.weights.cost else setting.unit
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
        for side in sides_of_needs(problem)
        for units, price in zip(side.units.tolist(), side.price.tolist(), strict=True)
    )
    return worth if problem.premises is None else max(worth, at_stake(problem.premises.estate))


def _scale(problem: Problem, rows: SideRows) -> int:
    """Return S: prices of money are rates and need to be fine, those of units are not."""
    return fineness(problem) if any(row.money for row in rows.rows) else 1


def demand_of(problem: Problem) -> dict[int, int]:
    """Return the units needed of each priority that occurs."""
    return {
        k: sum(int(side.units[side.priority == k].sum()) for side in sides_of_needs(problem))
        for k in priorities_of(problem)
    }
