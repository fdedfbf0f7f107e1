"""changes.csv of a re-plan: what differs from the plan before, why, and what each group of changes saves.

The pairs with x' != b that share an asset or a need, directly or by others, are a group: what one of them
changes has to do with the others. One of them may have as many units as its line, which b could not keep: it
is no line of the table, but of its group. A group saves

    sum over its pairs of (p_n - c_an) (x'_an - b_an), plus the openings of its premises that were in use
    before (b > 0 or pinned somewhere in them), less those of its premises that are in use now

which is what its pairs, the units unmet of its needs and its openings cost with b, less that with x', where
all other transfers are those of the plan.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from solver.checker.baseline import ASSET_GONE, NEED_GONE, REFUSED
from solver.checker.inputs import HOUSED
from solver.checker.pairs import ELIGIBLE, STAGES
from solver.checker.rest import opened

if TYPE_CHECKING:
    from solver.checker.baseline import Pair
    from solver.checker.exact import Row
    from solver.checker.report import Log
    from solver.checker.rest import Rest
    from solver.checker.transfers import Transfer

FILE: Final = "changes.csv"


def check_changes(given: list[Row] | None, transfers: list[Transfer], rest: Rest, log: Log) -> None:
    """Compare the table, which stands in re-plans and nowhere else."""
    replan = rest.inputs.baseline.replan
    if given is None or not replan:
        if replan or given is not None:
            log.add(
                "changes", FILE, "", "is missing" if replan else "should not be there: this is no re-plan"
            )
        return
    wanted = _Table(transfers, rest).rows()
    names = [(row["asset_id"], row["need_id"]) for row in given]
    for pair in sorted(set(wanted) ^ set(names)):
        text = "is missing" if pair in wanted else "should not be there"
        log.add("changes", FILE, ",".join(pair), text)
    if any(before >= after for before, after in pairwise(names)):
        log.add("changes", FILE, "", "lines are sorted, each once")
    for pair, row in zip(names, given, strict=True):
        for column, cell in wanted.get(pair, {}).items():
            if cell != row[column]:
                log.same("changes", FILE, f"{','.join(pair)} {column}", cell, row[column])


class _Table:
    """What the plan before and the plan say of each pair."""

    def __init__(self, transfers: list[Transfer], rest: Rest) -> None:
        self.rest, self.lines = rest, rest.inputs.baseline.lines
        self.priced = {move.pair: move for move in (*rest.pins, *rest.lines, *transfers)}
        self.changed = rest.changed(transfers)
        self.opened = {asset.id for asset in opened(transfers)}
        self.inhabited = rest.opened | {asset for asset, _ in rest.kept}
        self.after: Counter[Pair] = Counter()
        for move in transfers:
            self.after[move.pair] += move.units
        self.before = Counter({pair: line.units for pair, line in self.lines.items()})
        self.more_of: dict[tuple[str, str], set[Pair]] = defaultdict(set)  # x' > b, by asset and by need
        for pair, units in self.changed.items():
            for end in _ends(pair) if units > 0 else ():
                self.more_of[end].add(pair)

    def rows(self) -> dict[Pair, Row]:
        """Return the cells of each line beside its ids."""
        pairs = [
            pair for pair in sorted({*self.before, *self.after}) if self.before[pair] != self.after[pair]
        ]
        number, saves = self._groups(pairs)
        return {
            pair: {
                "units_before": str(self.before[pair]), "units_after": str(self.after[pair]),
                "reason": self._reason(pair), "group": str(number.get(pair, "")),
                "saves_vnd": str(saves[number[pair]]) if pair in number else "",
            }
            for pair in pairs
        }  # fmt: skip

    def _reason(self, pair: Pair) -> str:
        line, before, after, pinned = (
            self.lines.get(pair), self.before[pair], self.after[pair], self.rest.units.get(pair, 0)
        )  # fmt: skip
        if line is not None and line.role in (ASSET_GONE, NEED_GONE, REFUSED):
            return line.role
        if pair in self.priced and STAGES.index(self.priced[pair].stage) < ELIGIBLE:
            return self.priced[pair].stage
        if after > before:
            return "pinned" if after <= pinned else "new"
        if after == self.rest.kept.get(pair, 0) + pinned:
            return "fewer"
        for end, reason in zip(_ends(pair), ("moved", "replaced"), strict=True):
            if self.more_of[end] - {pair}:
                return reason
        return "dropped"

    def _groups(self, pairs: list[Pair]) -> tuple[dict[Pair, int], dict[int, int]]:
        """Give the lines that are changes the number of their group, and add up what groups save."""
        above = {end: end for pair in self.changed for end in _ends(pair)}

        def top(end: tuple[str, str]) -> tuple[str, str]:
            while above[end] != end:
                above[end] = end = above[above[end]]
            return end

        for asset, need in map(_ends, self.changed):
            above[top(need)] = top(asset)
        saves: Counter[tuple[str, str]] = Counter()
        for pair, units in self.changed.items():
            move = self.priced[pair]
            saves[top(_ends(pair)[0])] += (move.need.weighted - move.cost) * units
        for name in {asset for asset, _ in self.changed}:
            building = self.rest.inputs.assets[name]
            if building.category == HOUSED:
                opened = (name in self.inhabited) - (name in self.opened)
                saves[top(("asset", name))] += building.opening * opened
        number: dict[tuple[str, str], int] = {}
        groups = {
            pair: number.setdefault(top(_ends(pair)[0]), len(number) + 1)
            for pair in pairs
            if pair in self.changed
        }
        return groups, {group: saves[end] for end, group in number.items()}


def _ends(pair: Pair) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("asset", pair[0]), ("need", pair[1])
