"""A frontier: its points as a table and as results, and the folder that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from solver.plan.folder import staged_folder
from solver.plan.refusals import refused
from solver.problem.files import csv_bytes

if TYPE_CHECKING:
    import pandas as pd

    from solver.plan.result import Result

CHANGES = "changes"
AXES = ("coverage", "worst_province", CHANGES)
TABLE = "frontier.csv"


#: Why a frontier cannot be asked for, by code.
CODES = {
    "axis": "axis is one of {known}, not {value}",
    "points": "points is a whole number from 2 to 1000, not {value}",
    "category": "category is one of {known}, not {value}",
    "nothing": "nothing is needed that could be traded against cost",
    "no_province": "no need is in a province",
    "no_baseline": "changes are those of a re-plan: build the problem with a baseline",
    "baseline": "of a re-plan changes are traded: axis = 'changes', or build the problem without a baseline",
    "floors": "the scenario has floors (equity.coverage_floor), and a frontier sets its own or trades cost "
    "alone: leave them out",
    "objective": "the scenario puts coverage first, and a frontier trades cost: objective = net_cost",
}


class FrontierError(ValueError):
    """A frontier that cannot be asked for.

    Parameters
    ----------
    code : why, for programs (``CODES``); words : what the text is filled with.
    """

    def __init__(self, code: str, **words: str) -> None:
        super().__init__(CODES[code].format(**words))
        self.code, self.words = code, words


@dataclass(frozen=True)
class Frontier:
    """What more of the axis costs: plans of least cost, none better than another in both.

    Attributes
    ----------
    axis : "coverage", "worst_province" or "changes"; category : the one traded, None for all.
    points : one row a point, from the cheapest: ``point``; ``asked`` (floor in its scenario: a share, exact,
    "max-min", or empty for the plan of least cost), ``asked_units`` (what that share is in units);
    ``share_met``, ``share_of`` (units of the group whose share is the axis: the smallest), ``share`` (their
    ratio); of changes instead of these ``asked`` (their limit, empty where none was set) and ``changes``;
    ``met_units``, ``needed_units`` (of all that is traded); ``coverage`` (smallest share met of a
    category), ``smallest_share``, ``smallest_province`` (the worst served province, empty where needs have
    none); ``objective_vnd``, ``bound_vnd`` (no plan that meets the floors costs less), ``gap_vnd``, ``gap``
    (gap_vnd / objective), ``extra_vnd`` (more than the first point), ``transfers_vnd``, ``status``. Ratios:
    texts with nine digits after the point.
    results : of each point, to write and verify.
    complete : False where it was stopped before all points were found.
    proven : whether no plan at all has more of the axis than the last point; of changes, whether no plan at
    all costs less than the first.
    """

    axis: str
    category: str | None
    points: pd.DataFrame
    results: tuple[Result, ...]
    complete: bool
    proven: bool

    def __len__(self) -> int:
        return len(self.results)

    def __repr__(self) -> str:
        what = self.category or "all categories"
        if self.axis == CHANGES:
            ends = [str(self.points["changes"].iloc[at]) for at in (0, -1)]
        else:
            ends = [f"{float(self.points['share'].iloc[at]):.1%}" for at in (0, -1)]
        return f"<Frontier {self.axis} of {what}: {len(self)} points, {ends[0]} to {ends[1]}>"

    def _repr_html_(self) -> str:
        made_up = any(result.problem.synthetic for result in self.results)
        note = "<p><b>SYNTHETIC DATA</b>: made up for demonstration; describes no real asset.</p>"
        return f"<div>{note if made_up else ''}{self.points.to_html(index=False, border=0)}</div>"

    def csv(self) -> bytes:
        """Return ``points`` as CSV: UTF-8, comma, LF, money as integers."""
        return csv_bytes(self.points, [str(name) for name in self.points.columns])

    def write(self, folder: Path | str) -> None:
        """Write ``frontier.csv`` and the plan folder of each point (``point-01`` ...) into a new folder.

        Raises
        ------
        PlanFolderError
            When the folder holds anything or cannot be written.
        """
        refuse_full(folder)
        with staged_folder(folder) as stage:
            self.write_into(stage)

    def write_into(self, folder: Path, *, plans: bool = True) -> None:
        """Write the table, and where ``plans`` the plan folders, into an empty folder."""
        (folder / TABLE).write_bytes(self.csv())
        for number, result in enumerate(self.results if plans else (), start=1):
            (folder / f"point-{number:02}").mkdir()
            result.write_into(folder / f"point-{number:02}")


def refuse_full(folder: Path | str) -> None:
    """Refuse a folder that holds anything, a plan too: a frontier replaces nothing.

    Raises
    ------
    PlanFolderError
        When it does.
    """
    place = Path(folder)
    if place.is_dir() and any(place.iterdir()):
        raise refused(folder, "full")
