"""Points of a frontier: each solved as any plan is, and the table that shows them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from solver.limits.planning import plan_limited
from solver.plan.figures import gap_ratio
from solver.plan.result import Result, run_record
from solver.plan.running import Run
from solver.plan.summary import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

    from solver.frontiers.measure import Yardstick
    from solver.plan.running import Progress
    from solver.problem.problem import Problem


@dataclass(frozen=True)
class Point:
    """A plan and where it stands.

    Attributes
    ----------
    asked : floor or limit of changes in its scenario, "" of the plan of least cost; share : attained of the
    axis, more is better: of changes their number below zero; result.
    """

    asked: int | Decimal | str
    share: Fraction
    result: Result


@dataclass
class _Plain(Run):
    """A run that does not ask what each row is worth: the next point of the frontier tells that."""

    _worth: bool = False

    def halt(self) -> bool:
        """Whether to stop and keep the best plan so far."""
        return self._worth or super().halt()

    @contextmanager
    def phase(self, phase: str, category: str) -> Iterator[None]:
        """Announce a phase; in that of the worth nothing more is solved."""
        self._worth = phase == "worth"
        with super().phase(phase, category):
            yield
        self._worth = False


def solve_point(
    problem: Problem,
    time_limit: float | None,
    on_progress: Callable[[Progress], None] | None,
    stop: Callable[[], bool] | None,
) -> Result:
    """Solve a problem under limits, as ``solver.solve`` does but for the worth of its rows."""
    scenario = problem.scenario
    seconds = float(scenario["solver.time_limit_s"] or 0) if time_limit is None else time_limit
    run = _Plain(seconds, int(scenario["solver.work_limit"] or 0), stop, on_progress)
    seed = int(scenario["solver.seed"] or 0)
    under = plan_limited(problem, run, seed)
    plan = plan_of(problem, under.planned, seed, run.work, under)
    return Result(problem, plan, under.certificate, run_record(run))


def undominated(points: Sequence[Point]) -> list[Point]:
    """Sort by share; leave out points that another has as much of the axis as, at no greater cost."""
    order = sorted(points, key=lambda one: (one.share, -one.result.objective), reverse=True)
    kept: list[Point] = []
    for one in order:
        if not kept or one.result.objective < kept[-1].result.objective:
            kept.append(one)
    return kept[::-1]


def table_of(
    points: Sequence[Point], axis: Yardstick | None, country: Yardstick, provinces: Yardstick
) -> pd.DataFrame:
    """Return the table of a frontier (``solver.frontiers.model.Frontier``); ``axis`` : None for changes."""
    records = []
    for number, one in enumerate(points, start=1):
        summary, transfers = one.result.plan.summary, one.result.plan.transfers
        parts = [summary["parts"]["category"][name] for name in country.of]
        worst = provinces.worst(one.result) if provinces.of else None
        records.append(
            {
                "point": number,
                "asked": str(one.asked),
                **({"changes": summary["kpis"]["changes"]} if axis is None else _share(one, axis)),
                "met_units": sum(part["met"] for part in parts),
                "needed_units": sum(part["needed"] for part in parts),
                "coverage": _ratio(country.worst(one.result).share),
                "smallest_share": "" if worst is None else _ratio(worst.share),
                "smallest_province": "" if worst is None else worst.member,
                "objective_vnd": one.result.objective,
                "bound_vnd": one.result.bound,
                "gap_vnd": summary["gap_vnd"],
                "gap": one.result.gap or "",
                "extra_vnd": one.result.objective - points[0].result.objective,
                "transfers_vnd": sum(map(int, transfers["cost_vnd"])),
                "status": str(one.result.status),
            }
        )
    frame = pd.DataFrame(records)
    whole: dict[str, Any] = {
        name: frame[name].astype("Int64") for name in ("asked_units", "gap_vnd") if name in frame
    }
    return frame.assign(**whole)


def _share(point: Point, axis: Yardstick) -> dict[str, Any]:
    """Say what a floor asks for and what share the smallest group has."""
    counts = axis.worst(point.result)
    return {
        "asked_units": None if isinstance(point.asked, str) else axis.units(Fraction(point.asked)),
        "share_met": counts.met,
        "share_of": counts.wanted,
        "share": _ratio(point.share),
    }


def _ratio(share: Fraction) -> str:
    return gap_ratio(share.numerator, share.denominator) or ""
