"""Premises of a re-plan without side rows: only the components that a pair touches are solved again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.counterfactuals.estates import some_of
from solver.counterfactuals.reckoned import as_lines, beside, cost_of, joined
from solver.counterfactuals.split_lines import rows_of
from solver.limits.block import PRIORITIES, Answer, Weights
from solver.limits.premises_rates import priced_estate
from solver.limits.premises_tally import Tally
from solver.limits.rows import side_rows
from solver.patterns.part import components
from solver.patterns.search import house
from solver.plan.limited_premises import moves_of_premises
from solver.problem.split import split

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.counterfactuals.moved import Lines
    from solver.counterfactuals.reckoned import Plan
    from solver.flow.market import Ints
    from solver.patterns.estate import Estate, Use
    from solver.problem.premises import Premises
    from solver.problem.problem import Problem


class _Ground(NamedTuple):
    """Premises as they are solved: whole rows and parts, and the estate with the price of changes."""

    whole: Premises
    parts: Premises
    estate: Estate

    def need_of(self) -> Ints:
        """Return the need of each row of the parts."""
        base: Ints = np.concatenate([np.arange(len(self.whole.needs.ids)), self.whole.kept.need])
        return base


def housed(
    problem: Problem, altered: Problem, lines: Lines, ends: tuple[int, int], stop: Callable[[], bool]
) -> tuple[Plan, int]:
    """Return a best plan of the altered premises, pins with it, and what is proven of it [VND].

    Parameters
    ----------
    problem, altered : in whole rows, premises alone; lines : of the plan at hand, pins with them; ends : of
    the pair that makes the difference.
    """
    now, then = _ground(problem), _ground(altered)
    assets, needs = _touched(now, ends)
    hosts = np.unique(then.parts.host_of[assets])
    guests = np.unique(then.parts.guest_of[np.isin(then.need_of(), np.flatnonzero(needs))])
    hosts = hosts[hosts >= 0]
    inside = np.isin(then.parts.host_of, hosts) | assets
    within = needs.copy()
    within[then.need_of()[np.isin(then.parts.guest_of, guests)]] = True
    free = beside(now.whole.pins, lines)
    if any(inside[a] != within[n] for a, n in free):  # a line that no component has: all is solved again
        hosts, guests = np.arange(then.estate.n_hosts), np.arange(then.estate.n_guests)
        inside, within = np.ones_like(inside), np.ones_like(within)
    housing = house(some_of(then.estate, hosts, guests), stop=stop)
    use = replace(housing.use, host=hosts[housing.use.host], guest=guests[housing.use.guest].astype(np.int32))
    moves = moves_of_premises(then.whole, then.parts, _answer(use))
    found = as_lines(moves) | {pair: units for pair, units in free.items() if not inside[pair[0]]}
    plan = {then.whole.name: joined(then.whole.pins, found)}
    return plan, cost_of(altered, plan) - (housing.objective - housing.bound)


def _ground(problem: Problem) -> _Ground:
    parts, whole = split(problem).premises, problem.premises
    if parts is None or whole is None:
        raise TypeError("a problem without premises")
    change = int(problem.scenario["stability.change_price_vnd"] or 0)
    counting = side_rows(replace(problem, premises=parts), {}).counting[parts.name]
    tally = Tally(parts, counting, 0, change)
    weights = Weights(1, 0, (0,) * PRIORITIES, change)
    return _Ground(whole, parts, priced_estate(tally, weights, 1, [], change))


def _touched(ground: _Ground, ends: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Tell which assets and which needs are in the components that a pair touches."""
    parts, estate = ground.parts, ground.estate
    own = {int(parts.guest_of[row]) for row in rows_of(ground.whole, ends[1])}
    rows, row = set(), int(ground.whole.norms.row_of[ends[1]])
    while row >= 0:
        rows.add(row)
        row = int(ground.whole.norms.parent[row])
    host = int(parts.host_of[ends[0]])
    hosts, guests = {host}, set(own)
    for one in components(estate):
        mine = set(one.guests.tolist())
        if host in one.hosts or own & mine or rows & set(one.rows.tolist()):
            hosts |= set(one.hosts.tolist())
            guests |= mine
    assets = np.isin(parts.host_of, sorted(hosts - {-1}))
    assets[ends[0]] = True
    needs = np.zeros(len(ground.whole.needs.ids), bool)
    needs[ground.need_of()[np.isin(parts.guest_of, sorted(guests))]] = True
    return assets, needs


def _answer(use: Use) -> Answer:
    """Hold patterns as the answer of a block that nothing is asked of but its plan."""
    return Answer(0, (), 0, (), 0, use, None)
