"""What finding the points of a frontier has in common, whatever is traded: stopping, keeping, telling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from solver.frontiers.points import Point, solve_point
from solver.plan.running import Progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from fractions import Fraction

    from solver.plan.result import Result
    from solver.problem.problem import Problem


@dataclass
class Walk:
    """The points found so far; ``stopped`` by the caller, ``proven`` as of ``Frontier``."""

    problem: Problem
    time_limit: float | None
    on_progress: Callable[[Progress], None] | None
    stop: Callable[[], bool] | None

    def __post_init__(self) -> None:
        self.points: list[Point] = []
        self.stopped = self.proven = False

    def result_of(self, asked: Problem) -> Result:
        """Solve what a point asks for."""
        return solve_point(asked, self.time_limit, self.on_progress, self.stop)

    def halted(self) -> bool:
        """Tell whether the caller stopped it."""
        self.stopped = self.stopped or (self.stop is not None and self.stop())
        return self.stopped

    def keep(self, asked: int | Decimal | str, share: Fraction, result: Result) -> Point:
        """Add a point, and tell of it."""
        point = Point(asked, share, result)
        self.points.append(point)
        if self.on_progress is not None:
            seconds = float(result.run.get("total_seconds", 0))
            number = len(self.points)
            self.on_progress(
                Progress("point", "", seconds, number, result.objective, result.bound, result.gap)
            )
        return point
