"""What the child process does: make an instance, run a method on it, judge what it hands back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.premises import published, reference
from benchmarks.premises.instances import judge
from benchmarks.premises.methods import OURS, method
from benchmarks.premises.model import least
from benchmarks.premises.published import assignment

if TYPE_CHECKING:
    from benchmarks.premises.child import Source
    from benchmarks.premises.instances import Instance
    from benchmarks.premises.ours import Teller


def make(source: Source) -> Instance:
    """Make or read an instance."""
    if source.kind == "reference":
        return reference.country(source.number)
    if source.kind == "province":
        return reference.load(Path(source.path))
    if source.kind == "gap_orlib":
        name = source.name.partition("-")[0]
        return published.orlib(name, Path(source.path))[source.number - 1]
    return published.yagiura(source.name, Path(source.path))


def warm(name: str) -> None:
    """Load libraries and compiled code: a small instance, not measured."""
    dice = np.random.default_rng(1)
    cost, load = dice.integers(10, 50, (2, 4, 12))
    capacity = np.full(4, 90, np.int64)
    method(name, lambda *_: None)(assignment(cost, load, capacity, 0, 0), 5.0)


def facts_of(instance: Instance) -> dict[str, Any]:
    """Return what judging needs: cost of the empty plan, a bound without a solver, what is known."""
    estate = instance.estate
    return {
        "hosts": int(estate.copies.sum()),
        "places": int(estate.demand.sum()),
        "empty": instance.empty,
        "least": least(instance),
        "known": [instance.low, instance.high],
    }


def measure(name: str, instance: Instance, seconds: float, tell: Teller) -> dict[str, Any]:
    """Run a method and judge its plan by exact costs."""
    found = method(name, tell)(instance, seconds)
    result: dict[str, Any] = {
        "seconds": round(found.seconds, 3),
        "build_seconds": round(found.build, 3),
        "objective": None,
        "claimed": found.claimed,
        "certified": found.certified,
    }
    if found.use is None:
        return result
    judged = judge(instance.estate, found.use)
    result["objective"] = judged.objective
    result["optimal"] = found.optimal
    if name == OURS:
        from benchmarks.premises.ours import by_province

        result["provinces"] = by_province(instance, found, judged)
    return result
