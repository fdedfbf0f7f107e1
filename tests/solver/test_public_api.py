"""The names that users import, and that importing them costs nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import solver

PROMISED = {
    # contract, section 4
    "build",
    "solve",
    "verify",
    "read_plan",
    "explain",
    "frontier",
    "InvalidProblemError",
    # docs/architecture.md
    "read_tables",
    "parse_tables",
    "Problem",
    "Result",
    "Issue",
    "check",
    "verify_folder",
    # docs/replan.md
    "PriceOfStability",
    "price_of_stability",
    "replan",
    # docs/counterfactual.md
    "best_way",
    "counterfactual",
    "explain_all",
    "without",
    # what those return or raise
    "Best",
    "Counterfactual",
    "Explanation",
    "Frontier",
    "FrontierError",
    "UnknownIdError",
    "Plan",
    "Progress",
    "RawTables",
    "Scenario",
    "Status",
    "StoredPlan",
    "TypedTables",
    "Verification",
    "staged_folder",
    "BackendError",
    "CertificateError",
    "NoPlanError",
    "PlanFolderError",
    "SurplanError",
}


def test_the_package_exports_what_is_promised_and_nothing_else() -> None:
    assert set(solver.__all__) == PROMISED
    assert list(solver.__all__) == sorted(solver.__all__)


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_every_name_can_be_imported_and_is_documented(name: str) -> None:
    assert getattr(solver, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'optimise'"):
        _ = solver.optimise


def test_importing_the_package_imports_no_heavy_library() -> None:
    code = (
        "import solver, sys; print({'ortools', 'numba', 'pandas', 'numpy', 'scipy'} & set(sys.modules) or '')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_no_function_shares_its_name_with_a_module_that_would_hide_it() -> None:
    # Importing a module binds its name in the package: `solver.solve` would be the module.
    modules = {path.stem for path in Path(solver.__file__).parent.iterdir()}
    assert not modules & set(solver.__all__)


def test_a_name_means_the_same_whichever_is_asked_for_first() -> None:
    code = "import solver; [getattr(solver, n) for n in reversed(solver.__all__)]; print(solver.solve)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("<function solve ")


def one_house_one_need() -> solver.Problem:
    return solver.build(
        pd.DataFrame({"asset_id": ["A"], "category": "premises", "kind": "office", "area_m2": 9}),
        pd.DataFrame({"need_id": ["N"], "category": "premises", "area_m2": 9, "price_vnd": 5, "priority": 3}),
        matches=pd.DataFrame({"asset_id": ["A"], "need_id": ["N"], "cost_vnd": [1]}),
        scenario={"date": "2025-08-15"},
    )


def open_problem(**settings: object) -> solver.Problem:
    """Ten houses that thirty places nearly fill, each in reach of all: not proven by prices alone."""
    sizes = [31 + 7 * (k % 13) for k in range(30)]
    pairs = [
        (f"A{h}", f"N{n:02}", 700 - sizes[n] * (3 + (h * 5 + n * 7) % 11 % 3) + (h * 37 + n * 61) % 23)
        for h in range(10)
        for n in range(30)
    ]
    return solver.build(
        pd.DataFrame(
            {
                "asset_id": [f"A{h}" for h in range(10)],
                "category": "premises",
                "kind": "office",
                "area_m2": 210,
            }
        ),
        pd.DataFrame(
            {
                "need_id": [f"N{n:02}" for n in range(30)],
                "category": "premises",
                "area_m2": sizes,
                "price_vnd": 900,
                "priority": 3,
            }
        ),
        matches=pd.DataFrame(pairs, columns=["asset_id", "need_id", "cost_vnd"]),
        scenario={"date": "2025-08-15", "solver": settings},
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_limit": -1},
        {"time_limit": float("nan")},
        {"time_limit": "3"},
        {"seed": -1},
        {"seed": 2**31},
        {"seed": 2**64},
        {"seed": "x"},
        {"seed": 1.5},
    ],
)
def test_limits_that_are_none_are_refused_before_anything_is_solved(wrong: dict[str, Any]) -> None:
    problem = one_house_one_need()
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} is a "):
        solver.solve(problem, **wrong)
    assert solver.solve(problem, time_limit=0, seed=2**31 - 1).status is solver.Status.OPTIMAL


def test_the_run_tells_why_its_search_ended() -> None:
    problem = one_house_one_need()
    assert solver.solve(problem).run["ended"] == {"premises": "optimal"}
    stopped = solver.solve(open_problem(), stop=lambda: True)
    assert stopped.run["ended"] == {"premises": "stop"}
    assert stopped.status is solver.Status.FEASIBLE
    assert solver.solve(open_problem(), time_limit=1e-9).run["ended"] == {"premises": "time_limit"}
    assert solver.solve(open_problem(work_limit=1)).run["ended"] == {"premises": "work_limit"}
    assert solver.solve(open_problem(value_gap=0.5)).run["ended"] == {"premises": "gap"}
