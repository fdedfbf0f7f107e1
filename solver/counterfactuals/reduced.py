r"""What pairs cost at the prices of a certificate: a bound on what forcing one of them costs.

v_an   cost of a unit less what its need pays for it, norm rows with it (docs/limits.md)
T      what a change costs; 0 where there is no plan before
y_a    what a unit of an asset is worth: what the last of its units saves, 0 where some stay

A unit more of a pair costs v + T where it is a change, v - T where the plan before has it and the plan does
not, and y_a for the unit that it takes. No plan with it is cheaper than that, less what is open of the proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.counterfactuals.moved import lines_of, moves_of
from solver.counterfactuals.reckoned import as_lines, beside
from solver.limits.rows import has_limits, side_rows
from solver.plan.moves import left_of_assets
from solver.problem.kept import stages_of
from solver.problem.premises import Premises, load_of, parts_of_premises

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.flow.market import Ints
    from solver.plan.result import Result
    from solver.problem.problem import Category, Problem


def is_plain(problem: Problem) -> bool:
    """Tell whether prices are those of pairs alone: no limits, or those of a re-plan without any row."""
    if problem.baseline is None:
        return not has_limits(problem)
    return problem.scenario["objective"] == "net_cost" and not side_rows(problem, {}).rows


def change_price(problem: Problem) -> int:
    """Return what a change costs [VND]."""
    return 0 if problem.baseline is None else int(problem.scenario["stability.change_price_vnd"] or 0)


def tolls(problem: Problem, part: Category | Premises, result: Result) -> Callable[[Ints, Ints], Ints]:
    """Return what tells by how much the change makes a unit more of pairs dearer, or cheaper [VND]."""
    price, width = change_price(problem), len(part.needs.ids)
    free = beside(part.pins, lines_of(part, result.plan.transfers))
    lost = [
        a * width + n for (a, n), units in as_lines(part.kept).items() if free.get((a, n), 0) < units
    ]  # what comes back is a change less

    def toll(i: Ints, j: Ints) -> Ints:
        found: Ints = np.where(np.isin(i * width + j, lost), -price, price)
        return found

    return toll


def reduced_costs(problem: Problem, category: Category, result: Result, i: Ints, j: Ints) -> Ints:
    """Return by how much a plan with one unit more of eligible pairs is dearer at least [VND].

    For problems that are plain (``is_plain``).
    """
    want = want_prices(category, result)
    value = values_of_assets(problem, category, result)
    reduced: Ints = category.unit_cost(i, j) - want[j] + value[i]
    return reduced + tolls(problem, category, result)(i, j)


def values_of_assets(problem: Problem, category: Category, result: Result) -> Ints:
    """Return what a unit of each asset is worth at the prices of a plain certificate [VND]."""
    if problem.baseline is not None:
        return _values_of_lots(problem, category, result)
    classes = category.classes
    want = want_prices(category, result)
    lines = lines_of(category, result.plan.transfers)
    gone = np.zeros(classes.market.n_offers + 1, np.int64)  # the last: classes that no need could take
    value = np.zeros(classes.market.n_offers + 1, np.int64)
    if lines:
        a, n = (np.array([pair[side] for pair in lines], np.int64) for side in (0, 1))
        offer = classes.offer_of[a]
        np.add.at(gone, offer, np.array(list(lines.values()), np.int64))
        np.maximum.at(value, offer, want[n] - category.unit_cost(a, n))
    value[:-1][gone[:-1] < classes.market.offers.supply] = 0
    found: Ints = value[classes.offer_of]
    return found


def _values_of_lots(problem: Problem, category: Category, result: Result) -> Ints:
    """Return what the last unit that each asset sends saves; lots of one class keep lines of their own."""
    size, price = len(category.assets.ids), change_price(problem)
    want = want_prices(category, result)
    lines = lines_of(category, result.plan.transfers)
    kept, free = as_lines(category.kept), beside(category.pins, lines)
    sent = np.zeros(size, np.int64)
    for (a, _), units in lines.items():
        sent[a] += units
    value = np.full(size, np.iinfo(np.int64).max)
    if free:
        i, j = (np.array([pair[side] for pair in free], np.int64) for side in (0, 1))
        change = [price if units > kept.get(pair, 0) else -price for pair, units in free.items()]
        np.minimum.at(value, i, want[j] - category.unit_cost(i, j) - np.array(change, np.int64))
    value[value == np.iinfo(np.int64).max] = 0  # all of it is pinned, or stays
    value[sent < category.assets.units] = 0
    found: Ints = np.maximum(value, 0)
    return found


def want_prices(category: Category, result: Result) -> Ints:
    """Return the price of each need by a certificate without side rows, norm rows with it [VND]."""
    found, tree = result.certificate, category.tree
    denominator = int(found["denominator"])
    own = np.zeros(len(tree.cap) + 1, np.int64)  # the last: the root
    for row in range(len(category.norms.ids) - 1, -1, -1):  # parents come later
        own[row] = own[tree.parent[row]]
        own[row] -= int(found["row_price"].get(category.norms.ids[row], 0)) // denominator
    price = [int(found["need_price"].get(name, 0)) // denominator for name in category.needs.ids.tolist()]
    want: Ints = np.array(price, np.int64) + own[tree.row_of]
    return want


def open_gap(problem: Problem, category: Category, result: Result) -> int:
    """Return what is open of a re-plan's proof of a category [VND]."""
    gap = result.plan.summary["parts"]["category"][category.name]["gap_vnd"]
    return 0 if problem.baseline is None or gap is None else int(gap)


def worth_a_change(problem: Problem, part: Category | Premises, result: Result, n: int) -> int | None:
    """Return what the price of a change has to be below for something free to be worth it to a need [VND].

    None where nothing that is free costs less than leaving the need unmet, or is worth it as the change that
    it is.
    """
    every = np.arange(len(part.assets.ids))
    fits = [stage == "" for stage in stages_of(problem, part, every, np.full(len(every), n))]
    i = every[np.array(fits, bool)]
    at, moves = np.full(len(i), n), moves_of(lines_of(part, result.plan.transfers))
    if isinstance(part, Premises):
        room, opening = part.assets.capacity.copy(), part.assets.opening.copy()
        np.subtract.at(room, moves.asset, load_of(part, moves.asset, moves.need) * moves.units)
        opening[moves.asset] = 0
        cost = parts_of_premises(part, i, at).cost + opening[i]
        free = room[i] >= load_of(part, i, at)
    else:
        cost, free = part.unit_cost(i, at), left_of_assets(part, moves)[i] > 0
    most = int((part.needs.price[n] - cost[free]).max(initial=0))
    return most if 0 < most <= change_price(problem) else None
