"""Whether 64-bit integers hold every value of the vectors: proven from the largest inputs, else Python's."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from solver.checker.exact import non_negative
from solver.checker.limits import BUDGET, CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from solver.checker.inputs import Inputs
    from solver.checker.prices import Prices

SAFE: Final = 1 << 62  # 64-bit integers are used only where every intermediate value stays below


def money_type(inputs: Inputs, questions: Sequence[Prices]) -> type:
    """Choose 64-bit integers if they hold every intermediate value, else Python's of any size."""
    charges, assets, needs = inputs.scenario["prices"], inputs.assets.values(), inputs.needs.values()
    fixed = [charges[name] for name in ("repair_per_m2", "change_of_use_per_m2", "build_per_m2")]
    on_the_way = [charges["travel_per_km_m2_year"]], [charges["horizon_years"]]
    rates = [*charges["per_km"].values(), *charges["handover"].values(), charges["cross_province"]]
    shares = max((a.condition.denominator for a in assets if a.condition), default=1)
    price = max((need.price + need.weighted for need in needs), default=0)
    repair = max((asset.repair for asset in assets), default=0)
    given = max((value for own in inputs.pairs.values() for value in own.values()), default=0)
    areas = [load for own in inputs.loads.values() for load in own.values()]
    areas += [inputs.area_of(asset) for asset in assets] + [inputs.area_of(need) for need in needs]
    area, metres = max(areas, default=0) + inputs.unit, inputs.widest + 1
    # Numerators and denominators on the way to a part of the cost; areas are in units of area.
    way = _size(on_the_way[0]) * _size(on_the_way[1])
    passing = 4000 * _size(rates) * metres + 400 * shares * (price + 1) + repair + given
    passing += area * (400 * shares * _size(fixed) + 4000 * way * metres)
    # The cost of a unit itself, then what is added to it.
    km, most = Fraction(metres, 1000), Fraction(max((need.area for need in needs), default=0))
    cost = (2 + km) * _most(rates) + repair + price + given + 10
    cost += most * (3 * _most(fixed) + _most(on_the_way[0]) * _most(on_the_way[1]) * km)
    spend = cost + max((value for own in inputs.spends.values() for value in own.values()), default=0)
    fits = 2 * passing < SAFE and 2 * spend < SAFE
    for prices in questions:  # a row's price counts once, that of a budget for every VND that is spent
        duals = max((abs(price) for price in prices.need.values()), default=0) + sum(prices.row.values())
        dear = sum(price for name, price in prices.row.items() if name.startswith(BUDGET))
        turn = inputs.baseline.price * prices.money + prices.row.get(CHANGES, 0)  # of a change
        fits = fits and 2 * (cost * prices.money + spend * dear) + duals + 4 * turn < SAFE
    return np.int64 if fits else object


def _exact(values: Iterable[object]) -> list[Fraction]:
    return [rate for value in values if (rate := non_negative(value, "price")) is not None]


def _size(values: Iterable[object]) -> int:
    """Limit of numerators and denominators."""
    return max((rate.numerator + rate.denominator for rate in _exact(values)), default=1)


def _most(values: Iterable[object]) -> Fraction:
    return max(_exact(values), default=Fraction(0))
