"""The methods by name; each is imported in the child process that runs it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.instances import Instance
    from benchmarks.outcome import Outcome

    Method: TypeAlias = Callable[[Instance, float], Outcome]

OURS = "surplan"
#: Name -> (module, function, how the tables call it).
METHODS = {
    OURS: ("benchmarks.ours", "sparse_flow", "Surplan"),
    "flow": ("benchmarks.peers", "dense_flow", "SimpleMinCostFlow, all pairs"),
    "lsa": ("benchmarks.peers", "assignment", "SciPy linear_sum_assignment"),
    "highs": ("benchmarks.peers", "highs", "HiGHS (scipy.optimize.milp)"),
    "cpsat": ("benchmarks.peers", "cp_sat", "CP-SAT, assignment tutorial"),
}


def method(name: str) -> Method:
    """Import a method."""
    module, function, _ = METHODS[name]
    found: Method = getattr(import_module(module), function)
    return found


def title(name: str) -> str:
    """Return the name of a method as tables show it."""
    return METHODS[name][2]
