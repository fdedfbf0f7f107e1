"""The mathematics of Surplan: tables in, certified plan out; knows no web, no database and no geometry."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from solver.errors import BackendError as BackendError
from solver.errors import CertificateError as CertificateError
from solver.errors import InvalidProblemError as InvalidProblemError
from solver.errors import Issue as Issue
from solver.errors import NoPlanError as NoPlanError
from solver.errors import PlanFolderError as PlanFolderError
from solver.errors import SurplanError as SurplanError

if TYPE_CHECKING:
    from solver.checker.folder import verify_folder as verify_folder
    from solver.checker.report import Verification as Verification
    from solver.counterfactuals.best import Best as Best
    from solver.counterfactuals.best import best_way as best_way
    from solver.counterfactuals.entry import counterfactual as counterfactual
    from solver.counterfactuals.entry import without as without
    from solver.counterfactuals.every import explain_all as explain_all
    from solver.counterfactuals.model import Counterfactual as Counterfactual
    from solver.explanation.entry import explain as explain
    from solver.explanation.model import Explanation as Explanation
    from solver.explanation.model import UnknownIdError as UnknownIdError
    from solver.frontiers.entry import frontier as frontier
    from solver.frontiers.model import Frontier as Frontier
    from solver.frontiers.model import FrontierError as FrontierError
    from solver.plan.folder import StoredPlan as StoredPlan
    from solver.plan.folder import read_plan as read_plan
    from solver.plan.folder import staged_folder as staged_folder
    from solver.plan.result import Plan as Plan
    from solver.plan.result import Result as Result
    from solver.plan.result import Status as Status
    from solver.planning import Progress as Progress
    from solver.planning import solve as solve
    from solver.problem.build import build as build
    from solver.problem.build import check as check
    from solver.problem.problem import Problem as Problem
    from solver.replanning import replan as replan
    from solver.scenario import Scenario as Scenario
    from solver.stability import PriceOfStability as PriceOfStability
    from solver.stability import price_of_stability as price_of_stability
    from solver.tables.parse import TypedTables as TypedTables
    from solver.tables.parse import parse_tables as parse_tables
    from solver.tables.read import RawTables as RawTables
    from solver.tables.read import read_tables as read_tables
    from solver.verification import verify as verify

#: Read when a name is first used, so that `import solver` stays light.
_HOME = {
    "Best": "solver.counterfactuals.best",
    "Counterfactual": "solver.counterfactuals.model",
    "Explanation": "solver.explanation.model",
    "Frontier": "solver.frontiers.model",
    "FrontierError": "solver.frontiers.model",
    "Plan": "solver.plan.result",
    "PriceOfStability": "solver.stability",
    "Problem": "solver.problem.problem",
    "Progress": "solver.planning",
    "RawTables": "solver.tables.read",
    "Result": "solver.plan.result",
    "Scenario": "solver.scenario",
    "Status": "solver.plan.result",
    "StoredPlan": "solver.plan.folder",
    "TypedTables": "solver.tables.parse",
    "UnknownIdError": "solver.explanation.model",
    "Verification": "solver.checker.report",
    "best_way": "solver.counterfactuals.best",
    "build": "solver.problem.build",
    "check": "solver.problem.build",
    "counterfactual": "solver.counterfactuals.entry",
    "explain": "solver.explanation.entry",
    "frontier": "solver.frontiers.entry",
    "explain_all": "solver.counterfactuals.every",
    "parse_tables": "solver.tables.parse",
    "price_of_stability": "solver.stability",
    "read_plan": "solver.plan.folder",
    "read_tables": "solver.tables.read",
    "replan": "solver.replanning",
    "solve": "solver.planning",
    "staged_folder": "solver.plan.folder",
    "verify": "solver.verification",
    "verify_folder": "solver.checker.folder",
    "without": "solver.counterfactuals.entry",
}

_ERRORS = (
    "BackendError",
    "CertificateError",
    "InvalidProblemError",
    "Issue",
    "NoPlanError",
    "PlanFolderError",
    "SurplanError",
)

__all__ = sorted([*_HOME, *_ERRORS])  # one table of names, not two


def __getattr__(name: str) -> object:
    """Import a public name on first use."""
    if name not in _HOME:
        msg = f"module 'solver' has no attribute {name!r}"
        raise AttributeError(msg)
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
