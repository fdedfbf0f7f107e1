r"""What is traded against cost: the smallest share met among groups of needs, and shares to ask for.

A group g has D_g units of demand. A plan gives it a share k / D_g, so the smallest share of a plan is one of
these fractions, and a floor of share t asks for ceil(t D_g) units of each group.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.limits.rows import members
from solver.problem.categories import groups_of_needs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.plan.result import Result
    from solver.problem.groups import Groups
    from solver.problem.problem import Problem


class Worst(NamedTuple):
    """The worst served group of a plan.

    Attributes
    ----------
    share : of its units that are met; member : code of a province, or VN; category; met, wanted : units.
    """

    share: Fraction
    member: str
    category: str
    met: int
    wanted: int


@dataclass(frozen=True)
class Yardstick:
    """Groups of the needs of every category that is planned; ``of`` : by category."""

    of: dict[str, Groups]

    def worst(self, result: Result) -> Worst:
        """Return the worst served group; ties: the first by category and member."""
        short = dict(
            zip(result.plan.shortfalls["need_id"], result.plan.shortfalls["units"].tolist(), strict=True)
        )
        found = []
        for part in members(result.problem):
            groups = self.of.get(part.name)
            if groups is None:
                continue
            unmet = np.array([short.get(need, 0) for need in part.needs.ids.tolist()], np.int64)
            met = groups.received(part.needs.units - unmet).tolist()
            found += [
                Worst(Fraction(got, wanted), name.split("|")[2], part.name, got, wanted)
                for name, got, wanted in zip(groups.ids, met, groups.demand.tolist(), strict=True)
            ]
        return min(found, key=lambda one: (one.share, one.category, one.member))

    @property
    def demands(self) -> list[int]:
        """Units of demand of every group."""
        return [units for groups in self.of.values() for units in groups.demand.tolist()]

    def units(self, share: Fraction) -> int:
        """Units that floors of a share ask for, of all groups."""
        return sum(ceil(share * demand) for demand in self.demands)

    def next_share(self, target: Fraction) -> Fraction:
        """Return the least share, ``target`` or more, that a plan can have as its smallest."""
        return min(Fraction(ceil(target * demand), demand) for demand in set(self.demands))

    def written(self, share: Fraction) -> int | Decimal:
        """Return the shortest decimal that asks every group for as many units as ``share`` does."""
        below = max(Fraction(ceil(share * demand) - 1, demand) for demand in set(self.demands))
        return shortest(below, share)


def yardstick(problem: Problem, by: str, names: Iterable[str]) -> Yardstick:
    """Make the groups of the categories ``names`` by province or country."""
    entries = {
        **problem.scenario.entries,
        "equity.by": by,
        "equity.coverage_floor": dict.fromkeys(names, 0),
    }
    asked = replace(problem, scenario=replace(problem.scenario, entries=entries))
    parts = {part.name: groups_of_needs(asked, part.name, part.needs) for part in members(problem)}
    return Yardstick({name: groups for name, groups in parts.items() if groups.ids})


def shortest(below: Fraction, most: Fraction) -> int | Decimal:
    """Return the decimal of fewest digits above ``below`` and at most ``most`` (0 to 1)."""
    digits = 0
    while True:
        cut = Decimal(int(most * 10**digits)).scaleb(-digits, Context(prec=60, rounding=ROUND_FLOOR))
        if Fraction(cut) > below:
            return int(cut) if cut == int(cut) else cut.normalize()
        digits += 1
