"""``solver.frontier``: cost against coverage, and cost against the worst served province."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from solver.frontiers.measure import Yardstick, yardstick
from solver.frontiers.model import AXES, Frontier, FrontierError
from solver.frontiers.points import Point, solve_floors, table_of, undominated
from solver.limits.rows import members
from solver.plan.running import Progress
from solver.planning import solve
from solver.problem.floors import only, with_floors
from solver.problem.groups import MAX_MIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from fractions import Fraction

    from solver.plan.result import Result
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
    """Trade net cost against coverage, or against the share met of the worst served province.

    The first point is the plan of least cost, the last has as much of the axis as any plan can have; those
    between are plans of least cost with floors, spread evenly. All are proven as any plan is.

    Parameters
    ----------
    problem : from ``solver.build``, without floors of its own. axis : "coverage", the share of units met of
    a category, or "worst_province", that of a category in a province; the smallest counts. category : plan
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
    alone = problem if category is None else only(problem, category)
    names = [part.name for part in members(alone) if part.needs.units.sum() > 0]
    country, provinces = yardstick(alone, "country", names), yardstick(alone, "province", names)
    if not country.of:
        raise FrontierError("nothing")
    if axis == "worst_province" and not provinces.of:
        raise FrontierError("no_province")
    by, measured = ("country", country) if axis == "coverage" else ("province", provinces)
    walk = _Walk(alone, by, measured, time_limit, on_progress, stop)
    walk.run(points)
    kept = undominated(walk.points)
    table = table_of(kept, measured, country, provinces)
    return Frontier(axis, category, table, tuple(one.result for one in kept), not walk.stopped, walk.proven)


def _check(problem: Problem, axis: str, category: str | None, points: int) -> None:
    if axis not in AXES:
        raise FrontierError("axis", known=", ".join(AXES), value=repr(axis))
    if type(points) is not int or not 2 <= points <= _MOST_POINTS:
        raise FrontierError("points", value=repr(points))
    planned = [part.name for part in members(problem)]
    if category is not None and category not in planned:
        raise FrontierError("category", known=", ".join(planned), value=repr(category))
    if problem.scenario.coverage_first:
        raise FrontierError("objective")
    if problem.scenario.floors:
        raise FrontierError("floors")


@dataclass
class _Walk:
    """The points found so far; ``stopped`` by the caller, ``proven`` as of ``Frontier``."""

    problem: Problem
    by: str
    measured: Yardstick
    time_limit: float | None
    on_progress: Callable[[Progress], None] | None
    stop: Callable[[], bool] | None

    def __post_init__(self) -> None:
        self.points: list[Point] = []
        self.stopped = self.proven = False

    def run(self, count: int) -> None:
        """Find the two ends, then what lies between them."""
        settings = (self.time_limit, self.on_progress, self.stop)
        least = solve(self.problem, time_limit=self.time_limit, on_progress=self.on_progress, stop=self.stop)
        first = self._keep("", least)
        if self._halted():
            return
        best: int | str = 1 if self.by == "country" else MAX_MIN
        asked = with_floors(self.problem, self.by, dict.fromkeys(self.measured.of, best))
        probe = solve_floors(asked, *settings)
        if self._halted():
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
        found = solve_floors(asked, self.time_limit, self.on_progress, self.stop)
        return None if self._halted() else self._keep(floor, found)

    def _halted(self) -> bool:
        self.stopped = self.stopped or (self.stop is not None and self.stop())
        return self.stopped

    def _keep(self, asked: int | Decimal | str, result: Result) -> Point:
        point = Point(asked, self.measured.worst(result).share, result)
        self.points.append(point)
        if self.on_progress is not None:
            seconds = float(result.run.get("total_seconds", 0))
            number = len(self.points)
            self.on_progress(
                Progress("point", "", seconds, number, result.objective, result.bound, result.gap)
            )
        return point
