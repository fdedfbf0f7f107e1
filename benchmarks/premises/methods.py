"""The methods for premises by name; each is imported in the process that runs it."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.premises.instances import Instance
    from benchmarks.premises.ours import Teller
    from benchmarks.premises.outcome import Found

    Method: TypeAlias = Callable[[Instance, float], Found]

OURS = "surplan"
#: Name -> (function of ``benchmarks.premises.peers``, its settings, how the tables call it).
PEERS: dict[str, tuple[str, dict[str, Any], str]] = {
    "cpsat": ("cp_sat", {"workers": 2}, "CP-SAT, 2 workers"),
    "cpsat8": ("cp_sat", {"workers": 8}, "CP-SAT, 8 workers"),
    "scip": ("mixed_integer", {"name": "GSCIP"}, "SCIP"),
    "highs": ("mixed_integer", {"name": "HIGHS"}, "HiGHS"),
}
METHODS = (OURS, *PEERS)


def method(name: str, tell: Teller) -> Method:
    """Import a method; ours tells its steps."""
    if name == OURS:
        return partial(import_module("benchmarks.premises.ours").patterns, tell=tell)
    function, settings, _ = PEERS[name]
    return partial(getattr(import_module("benchmarks.premises.peers"), function), **settings)


def title(name: str) -> str:
    """Return the name of a method as tables show it."""
    return "Surplan" if name == OURS else PEERS[name][2]
