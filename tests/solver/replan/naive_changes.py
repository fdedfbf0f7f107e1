"""The table of changes as docs/replan.md words it, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.solver.problem.naive import Pair, Plan
    from tests.solver.replan.naive_replan import Replan


class Change(NamedTuple):
    """A line of changes.csv."""

    asset_id: str
    need_id: str
    units_before: int
    units_after: int
    reason: str
    group: int | None
    saves_vnd: int | None


def groups_of(replan: Replan, plan: Plan) -> list[set[Pair]]:
    """Pairs with x' other than b, joined where they share an asset or a need, by their first pair."""
    free, kept = replan.beside(plan), replan.kept
    left = sorted(p for p in {*free, *kept} if free.get(p, 0) != kept.get(p, 0))
    out: list[set[Pair]] = []
    while left:
        group, size = {left[0]}, 0
        while len(group) > size:
            size = len(group)
            group |= {p for p in left if any(p[0] == a or p[1] == n for a, n in group)}
        out.append(group)
        left = [p for p in left if p not in group]
    return out


def saves(replan: Replan, plan: Plan, group: set[Pair]) -> int:
    """What the plan costs with b in place of x' in this group, less what it costs; changes are not paid."""
    before = {p: u for p, u in plan.items() if p not in group}
    for pair in group:
        units = replan.kept.get(pair, 0) + replan.pins.get(pair, 0)
        if units:
            before[pair] = units
    return replan.plain_cost(before) - replan.plain_cost(plan)


def changes_of(replan: Replan, plan: Plan) -> list[Change]:
    """Every line of the table, sorted."""
    lines = {(x["asset_id"], x["need_id"]): x for x in replan.lines}
    groups = groups_of(replan, plan)
    number = {pair: at for at, group in enumerate(groups, 1) for pair in group}
    saved = [saves(replan, plan, group) for group in groups]
    out = []
    for pair in sorted({*lines, *plan}):
        before = lines[pair]["units"] if pair in lines else 0
        after = plan.get(pair, 0)
        if before == after:
            continue
        group = number.get(pair)
        out.append(
            Change(
                *pair,
                before,
                after,
                reason(replan, plan, pair),
                group,
                None if group is None else saved[group - 1],
            )
        )
    return out


def reason(replan: Replan, plan: Plan, pair: Pair) -> str:
    """The first reason that holds."""
    line = {(x["asset_id"], x["need_id"]): x for x in replan.lines}.get(pair)
    before, after = line["units"] if line else 0, plan.get(pair, 0)
    free, kept = replan.beside(plan), replan.kept
    more = {p for p in free if free[p] > kept.get(p, 0)} - {pair}
    if line is not None:
        kind = replan.kind(line)
        if kind in ("asset_gone", "need_gone", "refused"):
            return kind
        if kind == "open" and replan.stage[pair]:
            return replan.stage[pair]
    if after < before and after == kept.get(pair, 0) + replan.pins.get(pair, 0):
        return "fewer"
    if after > before:
        return "new" if free.get(pair) else "pinned"
    if any(a == pair[0] for a, _ in more):
        return "moved"
    return "replaced" if any(n == pair[1] for _, n in more) else "dropped"
