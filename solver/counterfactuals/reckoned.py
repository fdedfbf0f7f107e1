r"""What a plan of a re-plan's problem comes to, from its lines alone: cost, changes, levels (docs/replan.md).

cost     sum c x + sum p unmet + openings + kappa changes
changes  sum over pairs of |x' - b|, x' : units beside the pins
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from solver.counterfactuals.moved import moves_of
from solver.limits.rows import members, side_rows
from solver.plan.changed import changed_of
from solver.plan.moves import got_by_need
from solver.problem.premises import Premises, parts_of_premises

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from solver.counterfactuals.moved import Lines
    from solver.plan.moves import Moves
    from solver.problem.pins import Pins
    from solver.problem.problem import Category, Problem

#: Lines of each category, pins with them, by its name.
Plan: TypeAlias = "dict[str, Lines]"


def as_lines(pins: Pins | Moves) -> Lines:
    """Return pins, or transfers, as lines."""
    pairs = zip(pins.asset.tolist(), pins.need.tolist(), strict=True)
    return dict(zip(pairs, pins.units.tolist(), strict=True))


def beside(pins: Pins, lines: Lines) -> Lines:
    """Return lines without what is pinned of them."""
    held = as_lines(pins)
    return {pair: units - held.get(pair, 0) for pair, units in lines.items() if units > held.get(pair, 0)}


def joined(pins: Pins, lines: Lines) -> Lines:
    """Add what is pinned to lines beside the pins."""
    out = dict(lines)
    for pair, units in as_lines(pins).items():
        out[pair] = out.get(pair, 0) + units
    return out


def parts_of(problem: Problem, names: Iterable[str]) -> list[Category | Premises]:
    """Return some categories of a problem, movables first."""
    wanted = set(names)
    found: list[Category | Premises] = [one for name, one in problem.categories.items() if name in wanted]
    if problem.premises is not None and problem.premises.name in wanted:
        found.append(problem.premises)
    return found


def changes_in(problem: Problem, plan: Plan) -> int:
    """Count the changes of the categories of a plan."""
    total = 0
    for part in parts_of(problem, plan):
        free = moves_of(beside(part.pins, plan[part.name]))
        total += int(changed_of(problem, part, free).by_need.sum())
    return total


def cost_of(problem: Problem, plan: Plan) -> int:
    """Return what the categories of a plan cost, with their changes [VND]."""
    total = int(problem.scenario["stability.change_price_vnd"] or 0) * changes_in(problem, plan)
    for part in parts_of(problem, plan):
        moves = moves_of(plan[part.name])
        if isinstance(part, Premises):
            cost = parts_of_premises(part, moves.asset, moves.need).cost
            total += sum(part.assets.opening[np.unique(moves.asset)].tolist())
        else:
            cost = part.unit_cost(moves.asset, moves.need)
        left = part.needs.units - got_by_need(part, moves)
        for units, price in ((moves.units, cost), (left, part.needs.price)):
            total += sum(u * p for u, p in zip(units.tolist(), price.tolist(), strict=True))
    return total


def levels_in(problem: Problem, plan: Plan, names: Iterable[str]) -> dict[str, int | str]:
    """Return levels of a whole plan as plan.json has them.

    Parameters
    ----------
    plan : all categories; names : of the levels.
    """
    got = {part.name: got_by_need(part, moves_of(plan[part.name])) for part in members(problem)}
    received: dict[str, int] = {}
    for part in members(problem):
        own = part.groups.received(got[part.name]).tolist()
        received |= dict(zip(part.groups.ids, own, strict=True))
    out: dict[str, int | str] = {}
    for name in names:
        kind, _, key = name.partition("|")
        if kind == "unmet":
            out[name] = sum(
                int((part.needs.units - got[part.name])[part.needs.priority == int(key)].sum())
                for part in members(problem)
            )
        elif kind == "max_min":
            shares = [
                Fraction(received[group], int(units))
                for part in members(problem)
                for group, own, units, share in zip(
                    part.groups.ids,
                    part.groups.key,
                    part.groups.demand.tolist(),
                    part.groups.share,
                    strict=True,
                )
                if own == key and share is None
            ]
            out[name] = str(min(shares, default=Fraction(1)))
        else:
            rows = [row for row in side_rows(problem, {}).rows if row.soft]
            out[name] = sum(max(0, row.limit - received[row.id]) for row in rows)
    return out


def level_changes(
    problem: Problem, before: Mapping[str, int | str], plan: Plan
) -> tuple[dict[str, int | str], ...]:
    """List the levels that a whole plan changes: name, before and after."""
    after = levels_in(problem, plan, before)
    return tuple(
        {"name": name, "before": value, "after": after[name]}
        for name, value in before.items()
        if after[name] != value
    )
