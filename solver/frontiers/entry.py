"""``solver.frontier``: cost against coverage, the worst served province, or the changes of a re-plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from solver.frontiers.changes import ChangesWalk, category_alone
from solver.frontiers.measure import Yardstick, yardstick
from solver.frontiers.model import AXES, CHANGES, Frontier, FrontierError
from solver.frontiers.points import table_of, undominated
from solver.frontiers.walk import Walk
from solver.limits.rows import members
from solver.planning import solve, workers
from solver.problem.floors import with_floors
from solver.problem.groups import MAX_MIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from fractions import Fraction

    from solver.frontiers.points import Point
    from solver.plan.result import Result
    from solver.plan.running import Progress
    from solver.problem.problem import Problem

_MOST_POINTS = 1000


def frontier(
    problem: Problem,
    *,
    axis: str = "coverage",
    category: str | None = None,
    points: int = 10,
    time_limit: float | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Frontier:
    """Trade net cost against coverage, the share met of the worst served province, or changes.

    The first point is the plan of least cost, the last has as much of the axis as any plan can have (of
    changes as few: none); those between are plans of least cost with floors, or with a limit of changes,
    spread evenly. All are proven as any plan is.

    Parameters
    ----------
    problem : from ``solver.build``, without floors of its own. axis : "coverage", the share of units met of
    a category; "worst_province", that of a category in a province; the smallest counts; "changes", of a
    re-plan (built with a baseline): they have no price then. category : plan
    and trade this one alone, with its own limits; None for all. points : at most, 2 to 1000; fewer where the
    axis has fewer steps. time_limit : seconds of each point, 0 none; default the scenario's. on_progress :
    called with news; phase "point" with the number of the point as round when one is found. stop : asked
    often; True keeps the points so far.

    Raises
    ------
    FrontierError
        A ``ValueError``: when it cannot be asked for.
    """
    _check(problem, axis, category, points)
    alone = problem if category is None else category_alone(problem, category)
    names = [part.name for part in members(alone) if part.needs.units.sum() > 0]
    country, provinces = yardstick(alone, "country", names), yardstick(alone, "province", names)
    if not country.of:
        raise FrontierError("nothing")
    if axis == "worst_province" and not provinces.of:
        raise FrontierError("no_province")
    by, measured = ("country", country) if axis == "coverage" else ("province", provinces)
    settings = (time_limit, on_progress, stop)
    walk = ChangesWalk(alone, *settings) if axis == CHANGES else _FloorsWalk(alone, *settings, by, measured)
    with workers(alone):
        walk.run(points)
    kept = undominated(walk.points)
    table = table_of(kept, None if axis == CHANGES else measured, country, provinces)
    return Frontier(axis, category, table, tuple(one.result for one in kept), not walk.stopped, walk.proven)


def _check(problem: Problem, axis: str, category: str | None, points: int) -> None:
    if axis not in AXES:
        raise FrontierError("axis", known=", ".join(AXES), value=repr(axis))
    if type(points) is not int or not 2 <= points <= _MOST_POINTS:
        raise FrontierError("points", value=repr(points))
    planned = [part.name for part in members(problem)]
    if category is not None and category not in planned:
        raise FrontierError("category", known=", ".join(planned), value=repr(category))
    if axis == CHANGES and problem.baseline is None:
        raise FrontierError("no_baseline")
    if axis != CHANGES and problem.baseline is not None:
        raise FrontierError("baseline")
    if problem.scenario.coverage_first:
        raise FrontierError("objective")
    if problem.scenario.floors:
        raise FrontierError("floors")


@dataclass
class _FloorsWalk(Walk):
    """Points by the share that floors ask for; ``by`` : ``equity.by``; ``measured`` : its groups."""

    by: str
    measured: Yardstick

    def run(self, count: int) -> None:
        """Find the two ends, then what lies between them."""
        least = solve(self.problem, time_limit=self.time_limit, on_progress=self.on_progress, stop=self.stop)
        first = self._keep("", least)
        if self.halted():
            return
        best: int | str = 1 if self.by == "country" else MAX_MIN
        asked = with_floors(self.problem, self.by, dict.fromkeys(self.measured.of, best))
        probe = self.result_of(asked)
        if self.halted():
            return
        most = self.measured.worst(probe).share
        self.proven = self._is_most(probe)
        if most <= first.share:
            return
        if len(self.measured.of) == 1:
            last = self._keep(best, probe)
        else:  # there each category has all that it can have: no more than the worst has is asked of others
            end = self._solved(most)
            if end is None:
                return
            last = end
        reached = first.share
        for left in range(count - 2, 0, -1):
            share = self.measured.next_share(reached + (last.share - reached) / (left + 1))
            if share >= last.share:
                return
            point = self._solved(share)
            if point is None:
                return
            reached = max(share, point.share)
            if reached >= last.share:
                return

    def _is_most(self, probe: Result) -> bool:
        """Tell whether the levels prove the smallest share; where budgets tie categories they prove less."""
        scenario = self.problem.scenario
        tied = scenario["limits.budget_vnd"] is not None or bool(scenario["limits.budget_vnd_by_province"])
        closed = all(level["value"] == level["bound"] for level in probe.plan.summary["levels"])
        return closed and (len(self.measured.of) == 1 or not tied)

    def _solved(self, share: Fraction) -> Point | None:
        """Add the plan of least cost with a share; None when the caller stopped it."""
        floor = self.measured.written(share)
        asked = with_floors(self.problem, self.by, dict.fromkeys(self.measured.of, floor))
        found = self.result_of(asked)
        return None if self.halted() else self._keep(floor, found)

    def _keep(self, asked: int | Decimal | str, result: Result) -> Point:
        return self.keep(asked, self.measured.worst(result).share, result)
