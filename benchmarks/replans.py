"""``python -m benchmarks replans``: the country planned again after 1 % of its assets changed, and anew."""

from __future__ import annotations

import argparse
import statistics
import time
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import geodata
import solver
from benchmarks import store
from benchmarks.documents import write_documents
from benchmarks.machine import machine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: One asset in so many is taken away, and as many are added: 1 % of the inventory changes.
_ONE_IN = 200


def updated(assets: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Take some assets away and add as many: others again, under new names."""
    dice = np.random.default_rng(seed)
    count = len(assets) // _ONE_IN
    left = assets.drop(index=assets.index[dice.choice(len(assets), count, replace=False)])
    added = assets.iloc[dice.choice(len(assets), count, replace=False)].assign(
        asset_id=[f"NEW-{at:04d}" for at in range(count)], official_id=None
    )
    return pd.concat([left, added], ignore_index=True)


def _timed(work: Callable[[], solver.Result], times: int) -> tuple[float, solver.Result]:
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        result = work()
        found.append((time.perf_counter() - begun, result))
    return statistics.median(seconds for seconds, _ in found), found[-1][1]


def measure(times: int, seed: int) -> list[dict[str, Any]]:
    """Plan the country, change it, plan it anew and again; return what a table says of each."""
    inventory = geodata.reference(seed=1)
    located = geodata.read_codes(inventory.assets, inventory.needs)
    communes = geodata.communes()
    rules = dict(inventory.scenario)
    rules["stability"] = {key: rule for key, rule in rules.get("stability", {}).items() if key != "bans"}
    build = partial(
        solver.build, needs=located.needs, scenario=rules, communes=communes, distances=geodata.distances
    )
    before = solver.solve(build(located.assets))
    changed = updated(located.assets, seed)
    cases: list[tuple[str, Callable[[], solver.Result]]] = [
        ("1 % of the assets changed: solved anew", partial(solver.solve, build(changed))),
        ("1 % of the assets changed: planned again", partial(solver.solve, build(changed, baseline=before))),
        ("nothing changed: planned again", partial(solver.solve, build(located.assets, baseline=before))),
    ]
    rows = []
    for words, work in cases:
        seconds, result = _timed(work, times)
        summary = result.plan.summary
        row = {
            "words": words,
            "seconds": round(seconds, 2),
            "changes": summary["kpis"]["changes"],
            **{name: summary[name] for name in ("status", "objective_vnd", "gap_vnd", "value_gap")},
        }
        rows.append(row)
        print(row, flush=True)
    return rows


def main(words: Sequence[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks replans", description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="runs of each case; the median is told")
    parser.add_argument("--seed", type=int, default=5, help="of the assets that change")
    chosen = parser.parse_args(list(words))
    data = store.read(store.DATA)
    data["replans"] = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "seed": chosen.seed,
        "rows": measure(chosen.times, chosen.seed),
    }
    store.write(store.DATA, data)
    write_documents(data)
    return 0
