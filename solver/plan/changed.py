r"""How the plan of a category differs from what is left of the one before (docs/replan.md).

x'_an    units beside the pins;  b_an  units that are left of the plan before
change   |x'_an - b_an|: the price kappa of one more is paid where x' >= b, saved where x' < b
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from solver.flow.market import Ints
    from solver.limits.rows import Member
    from solver.plan.moves import Moves
    from solver.problem.pins import Pins
    from solver.problem.problem import Problem


@dataclass(frozen=True)
class Changed:
    """Changes of a category.

    Attributes
    ----------
    member : the category, not split; free : its transfers beside the pins; price : kappa [VND]; counts :
    whether this is a re-plan at all.
    """

    member: Member
    free: Moves
    price: int
    counts: bool

    @cached_property
    def units(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Units b and x' of every pair that has any, by positions."""
        if not self.counts:
            return {}
        before, after = (dict(_rows(side)) for side in (self.member.kept, self.free))
        return {pair: (before.get(pair, 0), after.get(pair, 0)) for pair in sorted({*before, *after})}

    @cached_property
    def by_need(self) -> Ints:
        """Changes by need."""
        out = np.zeros(len(self.member.needs.ids), np.int64)
        for (_, n), (before, after) in self.units.items():
            out[n] += abs(after - before)
        return out

    @cached_property
    def dropped_by_need(self) -> Ints:
        """Changes by need of a plan with nothing beside the pins."""
        out = np.zeros(len(self.member.needs.ids), np.int64)
        if self.counts:
            np.add.at(out, self.member.kept.need, self.member.kept.units)
        return out

    @cached_property
    def _below(self) -> dict[int, list[int]]:
        """Assets whose units to a need are fewer than before, by need."""
        out: dict[int, list[int]] = {}
        for (a, n), (before, after) in self.units.items():
            if after < before:
                out.setdefault(n, []).append(a)
        return out

    @cached_property
    def moving(self) -> np.ndarray:
        """Tell which assets send a unit that is a change."""
        out = np.zeros(len(self.member.assets.ids), bool)
        out[[a for (a, _), (before, after) in self.units.items() if after > before]] = True
        return out

    def below(self, n: int, assets: Ints) -> np.ndarray:
        """Tell which assets send a need fewer units than before."""
        return np.isin(assets, self._below.get(n, []))

    def dropped(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs (asset, need) with fewer units than before."""
        return ((a, n) for (a, n), (before, after) in self.units.items() if after < before)

    def toll(self, n: int, assets: Ints) -> Ints:
        """Return what the change adds to the cost of one more unit, or takes off it [VND]."""
        if not self.counts:
            return np.zeros(len(assets), np.int64)
        return np.where(self.below(n, assets), -self.price, self.price)


def changed_of(problem: Problem, member: Member, free: Moves) -> Changed:
    """Compare the transfers of a category beside its pins with what is left of the plan before."""
    counts = problem.baseline is not None
    price = int(problem.scenario["stability.change_price_vnd"] or 0) if counts else 0
    return Changed(member, free, price, counts)


def _rows(moves: Moves | Pins) -> Iterator[tuple[tuple[int, int], int]]:
    for a, n, units in zip(moves.asset.tolist(), moves.need.tolist(), moves.units.tolist(), strict=True):
        yield (a, n), units
