"""The published sets of generalised assignment (OR-Library; Yagiura, Ibaraki and Glover) as instances.

An agent is a host whose capacity is the agent's, a job a guest with one place; openings are free. Every job
is to be done: in ours the price of a job left out is above the cost of all jobs at their dearest, in the
peers' models there is no leaving out. The OR-Library maximises: the cost is the greatest profit less the
profit, so that an optimum P of n jobs becomes n x greatest - P.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.premises.instances import Instance, listed
from benchmarks.store import ROOT
from solver.patterns.estate import Pairs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from solver.flow.market import Ints

#: Where the files are looked for; they are not part of the project.
FOLDER = ROOT.parent / "shared" / "data" / "published-optima"
#: Greatest profit of each problem.
ORLIB = {
    "gap1": (336, 327, 339, 341, 326),
    "gap3": (580, 564, 573, 570, 564),
    "gap5": (563, 558, 564, 568, 559),
    "gap7": (942, 949, 968, 945, 951),
    "gap9": (709, 717, 712, 723, 706),
    "gap11": (1139, 1178, 1195, 1171, 1171),
}
#: Least cost, as far as it is known: lower and upper bound.
YAGIURA = {
    "a05100": (1698, 1698),
    "b10100": (1407, 1407),
    "c05100": (1931, 1931),
    "c10100": (1402, 1402),
    "c20100": (1243, 1243),
    "d05100": (6353, 6353),
    "d10100": (6345, 6348),
    "e05100": (12681, 12681),
    "e10100": (11576, 11577),
}


def assignment(cost: Ints, load: Ints, capacity: Ints, low: int, high: int) -> Instance:
    """Make an instance of tables [agents, jobs] and capacities."""
    agents, jobs = cost.shape
    fits = load <= capacity[:, None]
    first = np.concatenate([[0], np.cumsum(fits.sum(axis=1))]).astype(np.int64)
    guest = np.nonzero(fits)[1].astype(np.int32)
    ones = np.ones(jobs, np.int64)
    price = ones * (int(cost.max(axis=0).sum()) + 1)
    none = np.zeros(agents, np.int64)
    pairs = Pairs(first, guest, cost[fits], load[fits])
    return Instance(listed(capacity, none, none + 1, ones, price, pairs), every=True, low=low, high=high)


def orlib(name: str, folder: Path) -> list[Instance]:
    """Read the problems of a file of the OR-Library."""
    numbers = _numbers(folder / "gap_orlib" / f"{name}.txt")
    found = []
    for optimum in ORLIB[name][: next(numbers)]:
        agents, jobs = next(numbers), next(numbers)
        profit = _table(numbers, agents, jobs)
        load, capacity = _table(numbers, agents, jobs), _table(numbers, 1, agents)[0]
        best = jobs * int(profit.max()) - optimum
        found.append(assignment(profit.max() - profit, load, capacity, best, best))
    return found


def yagiura(name: str, folder: Path) -> Instance:
    """Read a file of Yagiura, Ibaraki and Glover."""
    numbers = _numbers(folder / "gap_yagiura" / name)
    agents, jobs = next(numbers), next(numbers)
    cost, load = _table(numbers, agents, jobs), _table(numbers, agents, jobs)
    return assignment(cost, load, _table(numbers, 1, agents)[0], *YAGIURA[name])


def _numbers(path: Path) -> Iterator[int]:
    return map(int, path.read_text(encoding="ascii").split())


def _table(numbers: Iterator[int], rows: int, columns: int) -> Ints:
    found = np.array([next(numbers) for _ in range(rows * columns)], np.int64)
    return found.reshape(rows, columns)
