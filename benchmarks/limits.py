"""``python -m benchmarks limits``: the country under limits, frontiers, conflicts: how fast, how near."""

from __future__ import annotations

import argparse
import statistics
import time
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import geodata
import solver
from benchmarks import store
from benchmarks.documents import write_documents
from benchmarks.machine import machine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: National budget that binds: some three quarters of what the free plan of the vehicles spends [VND].
BUDGET = 7_000_000_000
#: The same for vehicles, equipment and premises together.
BUDGET_OF_ALL = 600_000_000_000
AXES: tuple[Literal["coverage", "worst_province"], ...] = ("coverage", "worst_province")
VEHICLES, ALL = ("vehicle",), ("vehicle", "equipment", "premises")


class Case(NamedTuple):
    """A scenario of the national reference inventory: its words, categories and what it adds."""

    words: str
    categories: tuple[str, ...]
    adds: dict[str, dict[str, Any] | str]
    time_limit: float


CASES = (
    Case("free", VEHICLES, {}, 0),
    Case(
        "a floor of 45 % for every province", VEHICLES, {"equity": {"coverage_floor": {"vehicle": 0.45}}}, 0
    ),
    Case(
        "a floor of 45 % for every province and a national budget",
        VEHICLES,
        {"equity": {"coverage_floor": {"vehicle": 0.45}}, "limits": {"budget_vnd": BUDGET}},
        10,
    ),
    Case(
        "a national budget and a cap on crossing units",
        VEHICLES,
        {"limits": {"budget_vnd": BUDGET, "cross_province_max": {"vehicle": 200}}},
        10,
    ),
    Case("max-min by province", VEHICLES, {"equity": {"coverage_floor": "max-min"}}, 0),
    Case("coverage first", VEHICLES, {"objective": "coverage_first"}, 0),
    Case(
        "strict floors of 90 %: a conflict",
        VEHICLES,
        {"equity": {"coverage_floor": {"vehicle": 0.9}, "floor_mode": "strict"}},
        0,
    ),
    Case(
        "a national budget and floors, all categories",
        ALL,
        {"limits": {"budget_vnd": BUDGET_OF_ALL}, "equity": {"coverage_floor": {"vehicle": 0.5}}},
        90,
    ),
)


def problem_of(case: Case) -> solver.Problem:
    """Build the problem of a case from the national reference inventory."""
    inventory = geodata.reference(seed=1)
    scenario = dict(inventory.scenario)
    for key, more in case.adds.items():
        scenario[key] = {**scenario.get(key, {}), **more} if isinstance(more, dict) else more
    chosen = [table[table["category"].isin(case.categories)] for table in (inventory.assets, inventory.needs)]
    return solver.build(*chosen, scenario=scenario, communes=geodata.communes(), distances=geodata.distances)


def _timed(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    seconds, result = [], None
    for _ in range(times):
        begun = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds), result


def measure(times: int) -> list[dict[str, Any]]:
    """Solve every case; return what a table says of each."""
    rows = []
    for case in CASES:
        solve = partial(solver.solve, problem_of(case), time_limit=case.time_limit)
        seconds, result = _timed(solve, 1 if case.categories == ALL else times)
        summary = result.plan.summary
        phases = result.run["seconds"].items()
        row = {
            "words": case.words,
            "categories": list(case.categories),
            "seconds": round(seconds, 2),
            "search": round(sum(value for name, value in phases if name.startswith("solve")), 2),
            "rules": len((result.conflict or {"rules": []})["rules"]),
            **{name: summary[name] for name in ("status", "objective_vnd", "gap_vnd", "cost_gap", "levels")},
        }
        rows.append(row)
        print(row, flush=True)
    problem = problem_of(CASES[0])
    for axis in AXES:
        seconds, found = _timed(partial(solver.frontier, problem, axis=axis, points=10), 1)
        row = {"words": f"frontier, {axis}", "categories": list(VEHICLES), "seconds": round(seconds, 2)}
        rows.append(row | {"points": len(found.points)})
        print(rows[-1], flush=True)
    return rows


def main(words: Sequence[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks limits", description=__doc__)
    parser.add_argument(
        "--times", type=int, default=3, help="runs of each case of vehicles; the median is told"
    )
    chosen = parser.parse_args(list(words))
    data = store.read(store.DATA)
    data["limits"] = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "rows": measure(chosen.times),
    }
    store.write(store.DATA, data)
    write_documents(data)
    return 0
