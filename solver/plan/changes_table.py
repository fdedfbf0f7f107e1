"""changes.csv of a re-plan: the lines that differ from the plan before, and why (docs/replan.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from solver.problem.baseline import PLANNED, REFUSED
from solver.problem.kept import open_lines
from solver.problem.premises import Premises

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.limits.rows import Member
    from solver.plan.changed import Changed
    from solver.problem.problem import Problem

CHANGE_COLUMNS = ("asset_id", "need_id", "units_before", "units_after", "reason", "group", "saves_vnd")
ASSET_GONE, NEED_GONE = "asset_gone", "need_gone"
FEWER, PINNED, MOVED, REPLACED, DROPPED, NEW = "fewer", "pinned", "moved", "replaced", "dropped", "new"

Pair = tuple[str, str]


@dataclass
class _Line:
    """A line of the table: units before and after, b and x' beside the pins, and why they differ."""

    before: int = 0
    after: int = 0
    kept: int = 0
    free: int = 0
    pinned: int = 0
    reason: str = ""

    @property
    def chosen(self) -> bool:
        """Whether it is a change."""
        return self.kept != self.free


def changes_table(problem: Problem, categories: Iterable[Changed]) -> pd.DataFrame:
    """Write what changed.

    Parameters
    ----------
    categories : the plan beside what was left of the plan before, by category.
    """
    parts = list(categories)
    lines = _gone(problem, [changed.member for changed in parts])
    saves: dict[Pair, tuple[Pair, int]] = {}
    for changed in parts:
        own = _lines(problem, changed)
        lines |= own
        saves |= _saves(changed, own)
    rows, number = [], dict[Pair, int]()
    for (asset, need), line in sorted(lines.items()):
        if line.before == line.after:
            continue
        first, saved = saves.get((asset, need), (None, None))
        group = None if first is None else number.setdefault(first, len(number) + 1)
        rows.append((asset, need, line.before, line.after, line.reason, group, saved))
    columns = list(zip(*rows, strict=True)) or [()] * len(CHANGE_COLUMNS)
    exact = ("group", "saves_vnd")  # with blanks between them integers would become floats
    return pd.DataFrame(
        {
            name: pd.Series(list(column), dtype=object if name in exact else None)
            for name, column in zip(CHANGE_COLUMNS, columns, strict=True)
        }
    )


def _gone(problem: Problem, members: list[Member]) -> dict[Pair, _Line]:
    """List the lines that no category has."""
    assets = {str(name): at for at, member in enumerate(members) for name in member.assets.ids}
    needs = {str(name): at for at, member in enumerate(members) for name in member.needs.ids}
    out = {}
    if problem.baseline is not None:
        for asset, need, units, *_ in problem.baseline.lines.itertuples(index=False):
            if asset not in assets:
                out[asset, need] = _Line(units, reason=ASSET_GONE)
            elif needs.get(need) != assets[asset]:
                out[asset, need] = _Line(units, reason=NEED_GONE)
    return out


def _lines(problem: Problem, changed: Changed) -> dict[Pair, _Line]:
    """List the pairs of a category that the plan or the one before uses."""
    member = changed.member
    assets, needs = member.assets.ids, member.needs.ids
    out: dict[Pair, _Line] = {}

    def line(a: int, n: int) -> _Line:
        return out.setdefault((str(assets[a]), str(needs[n])), _Line())

    for pins, name in ((member.kept, "kept"), (changed.free, "free"), (member.pins, "pinned")):
        for a, n, units in zip(pins.asset.tolist(), pins.need.tolist(), pins.units.tolist(), strict=True):
            setattr(line(a, n), name, units)
    stages: dict[Pair, str] = {}
    baseline = problem.baseline
    if baseline is not None:
        planned = open_lines(problem, member)
        for a, n, stage in zip(
            planned.lines.asset.tolist(), planned.lines.need.tolist(), planned.stage, strict=True
        ):
            stages[str(assets[a]), str(needs[n])] = stage
        states = tuple(baseline.lines["state"].unique())
        for state in states:
            found = baseline.between(assets, needs, (state,))
            for a, n, units in zip(
                found.asset.tolist(), found.need.tolist(), found.units.tolist(), strict=True
            ):
                one = line(a, n)
                one.before = units
                if state == REFUSED:
                    one.reason = REFUSED
                elif state == PLANNED:
                    one.reason = stages[str(assets[a]), str(needs[n])]
    more = {pair for pair, one in out.items() if one.free > one.kept}
    by_asset = _counted(asset for asset, _ in more)
    by_need = _counted(need for _, need in more)
    for pair, one in out.items():
        one.after = one.free + one.pinned
        if not one.reason and (one.before != one.after or one.chosen):
            own = int(pair in more)
            one.reason = _reason(one, by_asset.get(pair[0], 0) > own, by_need.get(pair[1], 0) > own)
    return out


def _counted(names: Iterable[str]) -> dict[str, int]:
    out: dict[str, int] = {}
    for name in names:
        out[name] = out.get(name, 0) + 1
    return out


def _reason(line: _Line, elsewhere: bool, others: bool) -> str:
    """Say why a line changed.

    Parameters
    ----------
    elsewhere : whether its asset gives another need more; others : whether its need has more from others.
    """
    if line.after > line.before:
        return PINNED if line.free == 0 else NEW
    if not line.chosen:
        return FEWER
    return MOVED if elsewhere else REPLACED if others else DROPPED


def _saves(changed: Changed, lines: dict[Pair, _Line]) -> dict[Pair, tuple[Pair, int]]:
    """Return for each change the first pair of its group, and what the group saves [VND]."""
    member = changed.member
    pairs = [pair for pair, (before, after) in changed.units.items() if before != after]
    root: dict[tuple[str, int], tuple[str, int]] = {}

    def top(node: tuple[str, int]) -> tuple[str, int]:
        root.setdefault(node, node)
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for a, n in pairs:
        one, other = sorted((top(("asset", a)), top(("need", n))))
        root[other] = one
    saved: dict[tuple[str, int], int] = {}
    for (a, n), cost in zip(pairs, _costs(member, pairs), strict=True):
        before, after = changed.units[a, n]
        gain = (before - after) * (cost - int(member.needs.price[n]))
        group = top(("asset", a))
        saved[group] = saved.get(group, 0) + gain
    if isinstance(member, Premises):
        pinned = set(member.pins.asset.tolist())
        was, now = ({a for (a, _), units in changed.units.items() if units[side]} for side in (0, 1))
        for a in {a for a, _ in pairs} - pinned:
            saved[top(("asset", a))] += int(member.assets.opening[a]) * ((a in was) - (a in now))
    first: dict[tuple[str, int], Pair] = {}
    names = {(a, n): (str(member.assets.ids[a]), str(member.needs.ids[n])) for a, n in pairs}
    for a, n in sorted(pairs, key=lambda pair: names[pair]):
        first.setdefault(top(("asset", a)), names[a, n])
    assert all(names[pair] in lines for pair in pairs)
    return {names[a, n]: (first[top(("asset", a))], saved[top(("asset", a))]) for a, n in pairs}


def _costs(member: Member, pairs: list[tuple[int, int]]) -> list[int]:
    table = np.array(pairs, np.int64).reshape(-1, 2)
    costs: list[int] = member.unit_cost(table[:, 0], table[:, 1]).tolist()
    return costs
