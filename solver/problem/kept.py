r"""What is left of the plan before: the largest part of it that breaks no cap, line by line (docs/replan.md).

b_an   units of the open lines that stay, beside the pins: the lines that save most come first, each keeps
       what supply (of premises the room), demand, norm rows, budgets and caps on crossing have left for it
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from solver.problem.baseline import PLANNED
from solver.problem.categories import given_stages
from solver.problem.pairs import ELIGIBLE, STAGES, stage_of
from solver.problem.pins import Pins
from solver.problem.premises import ELIGIBLE as HOUSABLE
from solver.problem.premises import STAGES as HOUSING
from solver.problem.premises import Premises, left_by_pins, load_of, parts_of_premises, stage_of_premises

if TYPE_CHECKING:
    from collections.abc import Iterator

    from solver.flow.market import Ints
    from solver.limits.rows import Counting, Member, SideRows
    from solver.problem.problem import Category, Problem


@dataclass(frozen=True)
class Lines:
    """Open lines of the plan before in one category.

    Attributes
    ----------
    lines : both ends take part; stage : of the funnel that each pair fails, "" none.
    """

    lines: Pins
    stage: list[str]


def open_lines(problem: Problem, part: Member) -> Lines:
    """Find the open lines of a category, eligible or not."""
    if problem.baseline is None:
        return Lines(Pins(*(np.zeros(0, np.int64),) * 3), [])
    found = problem.baseline.between(part.assets.ids, part.needs.ids, (PLANNED,))
    return Lines(found, stages_of(problem, part, found.asset, found.need))


def stages_of(problem: Problem, part: Member, i: Ints, j: Ints) -> list[str]:
    """Return the stage of the funnel that pairs of positions fail, "" where they are eligible."""
    if isinstance(part, Premises):
        names = np.array([*HOUSING, ""], object)
        assert names[HOUSABLE] == ""
        return list(names[stage_of_premises(part, i, j)])
    if problem.form == "matches":
        return list(given_stages(part.metres, i, j))
    names = np.array([*STAGES, ""], object)
    assert names[ELIGIBLE] == ""
    return list(names[stage_of(part.assets, part.needs, part.metres, i, j)])


def with_kept(problem: Problem, rows: SideRows) -> Problem:
    """Add to every category what is left of the plan before.

    Parameters
    ----------
    rows : side rows of the problem; what they have left is shared by all categories.
    """
    shelves = [_Shelf(problem, part, rows.counting[part.name]) for part in _parts(problem)]
    queue = sorted(line for at, shelf in enumerate(shelves) for line in shelf.queue(at))
    left = [0 if row.floor else units for row, units in zip(rows.rows, rows.left, strict=True)]
    for _, _, _, at, line in queue:
        shelves[at].keep(line, left)
    categories, premises = dict(problem.categories), problem.premises
    for shelf in shelves:
        if isinstance(shelf.part, Premises):
            premises = replace(shelf.part, kept=shelf.kept())
        else:
            categories[shelf.part.name] = replace(shelf.part, kept=shelf.kept())
    return replace(problem, categories=categories, premises=premises)


def _parts(problem: Problem) -> list[Category | Premises]:
    return [*problem.categories.values(), *([problem.premises] if problem.premises is not None else [])]


class _Shelf:
    """The lines of one category and what is left for them."""

    def __init__(self, problem: Problem, part: Category | Premises, counting: Counting) -> None:
        self.part, self.counting = part, counting
        found = open_lines(problem, part)
        fits = np.array([stage == "" for stage in found.stage], bool)
        lines = found.lines
        self.asset, self.need = lines.asset[fits], lines.need[fits]
        pinned = {(a, n): u for a, n, u in _rows(part.pins)}
        self.units = [
            max(0, units - pinned.get((a, n), 0))
            for a, n, units in zip(
                self.asset.tolist(), self.need.tolist(), lines.units[fits].tolist(), strict=True
            )
        ]
        self.demand = (part.needs.units - part.pins.got(len(part.needs.ids))).tolist()
        self.cap = part.norms.cap.tolist()
        if isinstance(part, Premises):
            parts = parts_of_premises(part, self.asset, self.need)
            self.cost, self.spend = parts.cost.tolist(), parts.spend.tolist()
            self.load = load_of(part, self.asset, self.need).tolist()
            self.room = left_by_pins(part)[0].capacity.tolist()
        else:
            self.cost = part.unit_cost(self.asset, self.need).tolist()
            self.spend = part.unit_spend(self.asset, self.need).tolist()
            self.load = [1] * len(self.units)
            self.room = (part.assets.units - part.pins.sent(len(part.assets.ids))).tolist()
        self.crosses = (part.assets.province[self.asset] != part.needs.province[self.need]).tolist()
        self.stays = [0] * len(self.units)

    def queue(self, at: int) -> Iterator[tuple[int, str, str, int, int]]:
        """Yield the lines by what a unit saves, the most first, then by ids."""
        ids = self.part.assets.ids[self.asset].tolist(), self.part.needs.ids[self.need].tolist()
        price = self.part.needs.price[self.need].tolist()
        for line, (asset, need, worth, cost) in enumerate(zip(*ids, price, self.cost, strict=True)):
            yield cost - worth, str(asset), str(need), at, line

    def keep(self, line: int, left: list[int]) -> None:
        """Keep as many units of a line as there is room for; ``left`` : of the side rows."""
        a, n = int(self.asset[line]), int(self.need[line])
        most = [self.units[line], self.demand[n]]
        if self.load[line]:
            most.append(self.room[a] // self.load[line])
        norms = self._norms(n)
        most += [self.cap[row] for row in norms]
        takes = [(row, self.spend[line]) for row in self.counting.spend[n].tolist() if row >= 0]
        if self.crosses[line]:
            takes += [(row, 1) for row in self.counting.cross[a].tolist() if row >= 0]
        most += [left[row] // amount for row, amount in takes if amount]
        units = max(0, min(most))
        self.stays[line] = units
        self.demand[n] -= units
        self.room[a] -= units * self.load[line]
        for row in norms:
            self.cap[row] -= units
        for row, amount in takes:
            left[row] -= units * amount

    def _norms(self, n: int) -> list[int]:
        rows, row = [], int(self.part.norms.row_of[n])
        while row >= 0:
            rows.append(row)
            row = int(self.part.norms.parent[row])
        return rows

    def kept(self) -> Pins:
        """Return what is left, sorted by asset and need."""
        stays = np.array(self.stays, np.int64)
        some = stays > 0
        return Pins(self.asset[some], self.need[some], stays[some])


def _rows(pins: Pins) -> Iterator[tuple[int, int, int]]:
    return zip(pins.asset.tolist(), pins.need.tolist(), pins.units.tolist(), strict=True)
