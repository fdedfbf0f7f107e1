"""The solver finds the golden re-plans, and the checker finds nothing wrong with what it wrote."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pandas as pd

import solver
from tests.golden_replan.test_golden_replan_self import FOLDER, each, expected

if TYPE_CHECKING:
    from pathlib import Path


@each
def test_the_solver_makes_the_expected_plan(name: str, tmp_path: Path) -> None:
    inputs, want = FOLDER / name / "inputs", expected(name)
    names = ("assets", "needs", "matches", "communes", "baseline")
    tables = {
        file: pd.read_csv(inputs / f"{file}.csv", dtype=str, keep_default_na=False, encoding="utf-8")
        for file in names
    }
    before = tables.pop("baseline")
    scenario = tomllib.loads((inputs / "scenario.toml").read_text(encoding="utf-8"))
    result = solver.replan(solver.build(**tables, scenario=scenario), baseline=before)
    plan = result.plan
    figures = (result.objective, result.bound, result.status.name)
    assert figures == (want["objective_vnd"], want["bound_vnd"], want["status"])
    moved = plan.transfers[["asset_id", "need_id", "units"]].itertuples(index=False)
    assert {f"{asset},{need}": units for asset, need, units in moved} == want["transfers"]
    assert dict(zip(plan.shortfalls["need_id"], plan.shortfalls["reason"], strict=True)) == want["shortfalls"]
    assert dict(zip(plan.releases["asset_id"], plan.releases["reason"], strict=True)) == want["releases"]
    assert plan.summary["kpis"]["changes"] == want["changes"]
    result.write(tmp_path / "p")
    assert solver.verify_folder(tmp_path / "p").violations == ()
