r"""Changes of a re-plan against cost: plans of least cost with at most K changes, K from 0 upwards.

Z(K)   least cost of a plan with at most K changes, which cost nothing by themselves: falls as K grows
C      changes of a plan of least cost at all; of such plans one with few changes is looked for by giving
       each change the price of 1 VND
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from solver.frontiers.walk import Walk
from solver.limits.rows import side_rows
from solver.problem.baseline import Baseline
from solver.problem.floors import only
from solver.problem.kept import with_kept

if TYPE_CHECKING:
    from solver.frontiers.points import Point
    from solver.plan.result import Result
    from solver.problem.problem import Problem


def changes_of(result: Result) -> int:
    """Return how many changes a re-plan makes [units]."""
    return int(result.plan.summary["kpis"]["changes"])


def category_alone(problem: Problem, name: str) -> Problem:
    """Return a problem with one category alone; what is left of the plan before is that of its own limits."""
    alone = only(problem, name)
    if problem.baseline is None:
        return alone
    lines = problem.baseline.lines
    own = lines["asset_id"].isin(alone.assets["asset_id"]) | lines["need_id"].isin(alone.needs["need_id"])
    alone = replace(alone, baseline=Baseline(lines[own].reset_index(drop=True)))
    return with_kept(alone, side_rows(alone, {}))


def with_changes(problem: Problem, most: int | None, price: int = 0) -> Problem:
    """Return a re-plan's problem with another limit (None: no limit) and another price of changes."""
    scenario = problem.scenario
    entries = {**scenario.entries, "stability.change_price_vnd": price, "stability.max_changes": most}
    return replace(problem, scenario=replace(scenario, entries=entries))


@dataclass
class ChangesWalk(Walk):
    """Points by their changes."""

    def run(self, count: int) -> None:
        """Find the two ends, then what lies between them."""
        free = self.result_of(with_changes(self.problem, None))
        self._keep("", free)
        if self.halted() or changes_of(free) == 0:
            self.proven = free.objective == free.bound
            return
        if self._solved(0) is None:
            return
        few = self.result_of(with_changes(self.problem, None, price=1))
        if self.halted():
            return
        most = min(changes_of(free), changes_of(few))
        last = self._solved(most)
        if last is None:
            return
        self.proven = free.bound == min(free.objective, last.result.objective)
        reached = 0
        for left in range(count - 2, 0, -1):
            reached += -(-(most - reached) // (left + 1))
            if reached >= most or self._solved(reached) is None:
                return

    def _solved(self, most: int) -> Point | None:
        """Add the plan of least cost with so many changes; None when the caller stopped it."""
        found = self.result_of(with_changes(self.problem, most))
        return None if self.halted() else self._keep(most, found)

    def _keep(self, asked: int | str, result: Result) -> Point:
        return self.keep(asked, Fraction(-changes_of(result)), result)
