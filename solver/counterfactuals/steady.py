r"""The best plan of a re-plan's problem with a pair forced or banned, searched for with a start of its own.

What the plan before keeps is a plan of the re-plan's problem, and its search may begin with it. Beside a
forced pair it may be too much: for norms, budgets, caps, rooms, the demand of the need. So the search begins
with as much of it as there is room for, or, where that takes more changes than there may be, with a plan of
the fewest changes: that there is none of so few is what blocks a force.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from solver.counterfactuals.altered import Blocked
from solver.counterfactuals.limited import pinned_premises_cost
from solver.counterfactuals.movables import pinned_cost
from solver.counterfactuals.moved import held_by
from solver.counterfactuals.reckoned import as_lines, beside, joined
from solver.counterfactuals.settled import patterns_of
from solver.counterfactuals.split_lines import spread
from solver.limits.block import PRIORITIES
from solver.limits.coordinate import ENDLESS, Coordination
from solver.limits.levels import holds, received
from solver.limits.limited import UnmetError
from solver.limits.movables import MovableBlock
from solver.limits.rows import CHANGES, SideRows, members, side_rows
from solver.limits.search import search
from solver.limits.setting import blocks_of, is_priced, level, net_cost
from solver.limits.watch import Watch, quiet
from solver.plan.limited_movables import moves_of_movables
from solver.problem.kept import with_kept
from solver.problem.pins import Pins
from solver.problem.split import split

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from solver.counterfactuals.moved import Held, Lines
    from solver.counterfactuals.reckoned import Plan
    from solver.limits.block import Answer, Block
    from solver.problem.problem import Problem


@dataclass
class SteadyMovables(MovableBlock):
    """A category of movables that begins with ``first``, units by classes beside the pins."""

    first: Held = field(default_factory=dict)

    def kept(self) -> Answer:
        """Return the plan that the search begins with."""
        return self.holding(self.nothing(), dict(self.first))


class Searched(NamedTuple):
    """A plan and what is proven.

    Attributes
    ----------
    plan : of the categories of the problem; bound : no plan of the problem costs less [VND], None where
    nothing is proven.
    """

    plan: Plan
    bound: int | None


def searched(problem: Problem, stop: Callable[[], bool]) -> Searched | Blocked:
    """Search for the best plan of a problem of whole rows.

    Parameters
    ----------
    problem : with a pair forced or banned; what its categories keep may be more than there is room for.
    """
    if problem.scenario.coverage_first or any(part.groups.contested for part in members(problem)):
        return _levelled(problem, stop)
    parts = split(problem)
    rows = side_rows(parts, {})
    start = _beginning(problem, parts, rows, stop)
    if isinstance(start, Blocked):
        return start
    setting = net_cost(parts, rows)
    blocks = _begun(blocks_of(parts, rows, setting), _classes(problem, parts, start))
    best = Coordination(blocks, rows, setting, Watch(stop, quiet, _never)).run()
    if not holds(rows, best.plans):
        return Blocked("floors", 0)
    missed = setting.weights.missed * _missed(rows, best.plans)
    return Searched(_lines(problem, parts, best.plans), best.bound - missed + _pinned(problem))


def _levelled(problem: Problem, stop: Callable[[], bool]) -> Searched | Blocked:
    """Search where smallest shares and priorities come before the cost.

    That search begins with all that is kept. Where there is no room for it, some of it is left out: then no
    change is counted where that goes, and one where it stays.
    """
    parts = split(problem)
    rows = side_rows(parts, {})
    lost = 0
    if is_priced(parts, rows):
        start = _beginning(problem, parts, rows, stop)
        if isinstance(start, Blocked):
            return start
        problem, lost = _only(problem, start)
        parts = split(problem)
    try:
        found = search(parts, Watch(stop, quiet, _never))
    except UnmetError:
        return Blocked("floors", 0)
    price = int(problem.scenario["stability.change_price_vnd"] or 0)
    bound = None if lost and rows.changes >= 0 else found.bound - price * lost + _pinned(problem)
    return Searched(_lines(problem, parts, found.plans), bound)


def _missed(rows: SideRows, plans: Mapping[str, Answer]) -> int:
    """Units by which floors are missed."""
    pairs = zip(rows.rows, received(rows, plans), strict=True)
    return sum(max(0, row.limit - got) for row, got in pairs if row.floor)


def _pinned(problem: Problem) -> int:
    """Return what all pins cost, with the openings of premises [VND]."""
    total = sum(pinned_cost(category) for category in problem.categories.values())
    return total + (0 if problem.premises is None else pinned_premises_cost(problem.premises))


def _never(_value: int, _bound: int, _moved: int) -> bool:
    return False


def with_most(problem: Problem, fewer: int) -> Problem:
    """Return a problem that may make fewer changes; where nothing limits them it is the same."""
    scenario = problem.scenario
    most = scenario["stability.max_changes"]
    if most is None:
        return problem
    entries = {**scenario.entries, "stability.max_changes": int(most) - fewer}
    return replace(problem, scenario=replace(scenario, entries=entries))


def _only(problem: Problem, start: Plan) -> tuple[Problem, int]:
    """Let a problem keep what a plan keeps; return it, and the units that it does not."""
    categories, premises, lost = dict(problem.categories), problem.premises, 0
    for part in members(problem):
        stays = [
            (a, n, min(units, start[part.name].get((a, n), 0)))
            for (a, n), units in as_lines(part.kept).items()
        ]
        lost += int(part.kept.units.sum()) - sum(units for _, _, units in stays)
        table = np.array([row for row in stays if row[2]], np.int64).reshape(-1, 3)
        kept = Pins(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())
        if part.name in categories:
            categories[part.name] = replace(categories[part.name], kept=kept)
        elif premises is not None:
            premises = replace(premises, kept=kept)
    return with_most(replace(problem, categories=categories, premises=premises), lost), lost


def _beginning(problem: Problem, parts: Problem, rows: SideRows, stop: Callable[[], bool]) -> Plan | Blocked:
    """Find a plan beside the pins to begin with that keeps to all caps, or what leaves none."""
    fits = with_kept(problem, rows)
    first: Plan = {}
    lost = 0
    for whole, one in zip(members(problem), members(fits), strict=True):
        kept, first[whole.name] = as_lines(whole.kept), as_lines(one.kept)
        pairs = {*kept, *first[whole.name]}
        lost += sum(abs(kept.get(pair, 0) - first[whole.name].get(pair, 0)) for pair in pairs)
    if rows.changes >= 0 and lost > rows.rows[rows.changes].limit:
        return _fewest(problem, parts, rows, stop)
    return first


def _fewest(problem: Problem, parts: Problem, rows: SideRows, stop: Callable[[], bool]) -> Plan | Blocked:
    """Find a plan of the fewest changes; where these are too many, say how many there are at least."""
    at = rows.changes
    most = rows.rows[at].limit
    loose = [row._replace(limit=0) if row.soft else row for row in rows.rows]
    loose[at] = rows.rows[at]._replace(limit=2 * ENDLESS)
    free = SideRows(tuple(loose), rows.counting, rows.pinned)
    setting = level(parts, free, 1, (0,) * PRIORITIES)
    blocks = _begun(blocks_of(parts, free, setting), {})
    found = Coordination(blocks, free, setting, Watch(stop, quiet, _never), toll={at: 1}).run()
    if not holds(free, found.plans):
        return Blocked("floors", 0)
    least = max(0, found.bound + rows.pinned[at])
    if rows.pinned[at] + sum(plan.used[at] for plan in found.plans.values()) > most:
        return Blocked(CHANGES, most, least if least > most else None)
    plan = _lines(problem, parts, found.plans)
    return {part.name: beside(part.pins, plan[part.name]) for part in members(problem)}


def _classes(problem: Problem, parts: Problem, lines: Mapping[str, Lines]) -> dict[str, Any]:
    """Write lines of whole rows beside the pins as blocks hold them: units by classes, or patterns."""
    out: dict[str, Any] = {}
    for name, category in problem.categories.items():
        out[name] = held_by(parts.categories[name], spread(category, lines[name]))
    if problem.premises is not None and parts.premises is not None:
        from solver.limits.premises_tally import use_of  # loads the pattern core

        name = problem.premises.name
        own = spread(problem.premises, lines[name])
        out[name] = use_of(patterns_of(parts.premises, own))
    return out


def _begun(blocks: Mapping[str, Block], start: Mapping[str, Any]) -> dict[str, Block]:
    """Let blocks begin with a plan, or with nothing."""
    out: dict[str, Block] = {}
    for name, block in blocks.items():
        if isinstance(block, MovableBlock):
            own = {one.name: getattr(block, one.name) for one in fields(block)}
            out[name] = SteadyMovables(**own, first=start.get(name, {}))
        else:
            from solver.counterfactuals.steady_premises import begun_premises  # loads the pattern core

            out[name] = begun_premises(block, start.get(name))
    return out


def _lines(problem: Problem, parts: Problem, plans: Mapping[str, Answer]) -> Plan:
    """Write plans of blocks as lines of whole rows, pins with them."""
    out: Plan = {}
    for name, category in problem.categories.items():
        moves = moves_of_movables(category, parts.categories[name], plans[name])
        out[name] = joined(category.pins, as_lines(moves))
    if problem.premises is not None and parts.premises is not None:
        from solver.plan.limited_premises import moves_of_premises  # loads the pattern core

        name = problem.premises.name
        moves = moves_of_premises(problem.premises, parts.premises, plans[name])
        out[name] = joined(problem.premises.pins, as_lines(moves))
    return out
