"""What a solve returns: status, plan, bound and certificate, and the folder that holds them."""

from __future__ import annotations

import enum
import hashlib
import os
import platform
import time
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import pandas as pd

from solver.errors import NoPlanError
from solver.plan import show
from solver.plan.changes_table import CHANGE_COLUMNS
from solver.plan.folder import staged_folder
from solver.plan.limits_table import LIMIT_COLUMNS
from solver.plan.tables import RELEASE_COLUMNS, SHORTFALL_COLUMNS, TRANSFER_COLUMNS
from solver.problem.files import csv_bytes, json_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from solver.plan.running import Run
    from solver.problem.problem import Problem

_MAIN_FILE = {"communes": "metres.csv", "pairs": "metres_pairs.csv", "matches": "matches.csv"}


class Status(enum.StrEnum):
    """What was proved."""

    OPTIMAL = "OPTIMAL"
    FEASIBLE = "FEASIBLE"
    INFEASIBLE = "INFEASIBLE"
    NO_SOLUTION_FOUND = "NO_SOLUTION_FOUND"


@dataclass(frozen=True)
class Plan:
    """The tables of a plan (docs/plan-folder.md) and ``summary``: plan.json but for the hashes of inputs.

    ``limits`` : what the plan uses of each limit (docs/limits.md), None where there is none; ``changes`` :
    what a re-plan changes (docs/replan.md), None of any other plan.
    """

    transfers: pd.DataFrame
    shortfalls: pd.DataFrame
    releases: pd.DataFrame
    summary: dict[str, Any]
    limits: pd.DataFrame | None = None
    changes: pd.DataFrame | None = None

    def __repr__(self) -> str:
        return show.plan_line(self)

    def _repr_html_(self) -> str:
        return show.plan_html(self)


@dataclass(frozen=True)
class Result:
    """A solved problem.

    Attributes
    ----------
    problem; plan; certificate : need and row prices; run : times, machine and what the search gave up,
    outside the promise of equal bytes.
    """

    problem: Problem
    plan: Plan
    certificate: dict[str, Any]
    run: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return show.result_line(self)

    def _repr_html_(self) -> str:
        return show.result_html(self)

    @property
    def status(self) -> Status:
        """What was proved."""
        return Status(self.plan.summary["status"])

    @property
    def objective(self) -> int:
        """Net public cost of the plan [VND]."""
        return self._money("objective_vnd")

    @property
    def bound(self) -> int:
        """No plan costs less [VND]."""
        return self._money("bound_vnd")

    @property
    def conflict(self) -> dict[str, Any] | None:
        """Why there is no plan: entry ``conflict`` of plan.json (docs/limits.md), None where there is one."""
        found: dict[str, Any] | None = self.plan.summary.get("conflict")
        return found

    def _money(self, key: str) -> int:
        value = self.plan.summary[key]
        if value is None:
            raise NoPlanError(str(self.status))
        return int(value)

    @property
    def gap(self) -> str | None:
        """(objective - bound) / |objective|, a decimal with nine digits."""
        gap: str | None = self.plan.summary["gap"]
        return gap

    @property
    def cost_gap(self) -> str | None:
        """(objective - bound) / cost of the transfers."""
        gap: str | None = self.plan.summary["cost_gap"]
        return gap

    @property
    def value_gap(self) -> str | None:
        """(objective - bound) / (cost of doing nothing - bound)."""
        gap: str | None = self.plan.summary["value_gap"]
        return gap

    def write(self, folder: Path | str) -> None:
        """Write the plan folder, whole or not at all; an older plan there is replaced.

        Raises
        ------
        PlanFolderError
            When the folder holds something else or cannot be written.
        """
        with staged_folder(folder) as stage:
            self.write_into(stage)

    def write_into(self, folder: Path) -> None:
        """Write JSON and CSV into an empty folder."""
        inputs = self.problem.input_files()
        (folder / "inputs").mkdir(parents=True, exist_ok=True)
        hashes = {}
        for name, content in sorted(inputs.items()):
            (folder / "inputs" / name).write_bytes(content)
            hashes[name] = hashlib.sha256(content).hexdigest()
        about = self.plan.summary["distances"] | {"sha256": hashes[_MAIN_FILE[self.problem.form]]}
        summary = {**self.plan.summary, "inputs": hashes, "distances": about}
        tables = (
            ("transfers", TRANSFER_COLUMNS),
            ("shortfalls", SHORTFALL_COLUMNS),
            ("releases", RELEASE_COLUMNS),
        )
        missing = self.plan.summary["objective_vnd"] is None
        for name, columns in tables:
            table = pd.DataFrame(columns=list(columns)) if missing else getattr(self.plan, name)
            (folder / f"{name}.csv").write_bytes(csv_bytes(table, columns))
        if not missing and self.plan.limits is not None:
            (folder / "limits.csv").write_bytes(csv_bytes(self.plan.limits, LIMIT_COLUMNS))
        if not missing and self.plan.changes is not None:
            (folder / "changes.csv").write_bytes(csv_bytes(self.plan.changes, CHANGE_COLUMNS))
        (folder / "certificate.json").write_bytes(json_bytes(self.certificate))
        (folder / "run.json").write_bytes(json_bytes(self.run))
        (folder / "plan.json").write_bytes(json_bytes(summary))


def versions() -> dict[str, str]:
    """Versions of the libraries that the plan depends on."""
    return {name: _version(name) for name in ("surplan", "ortools", "numpy", "pandas", "numba")}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # a source tree on the path, not installed
        return "source"


def run_record(run: Run) -> dict[str, Any]:
    """Record times [s] and machine data of a run, why searches ended, and what they gave up by category."""
    return {
        "seconds": {name: round(value, 3) for name, value in run.phases.items()},
        "total_seconds": round(time.monotonic() - run.started, 3),
        "ended": run.ended,
        "failures": run.failures,
        "machine": {
            "system": platform.platform(),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
        },
    }
