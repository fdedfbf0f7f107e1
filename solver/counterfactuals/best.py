"""The cheapest way to serve a need more, or to use an asset: counterfactuals in the order of bounds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.counterfactuals.entry import counterfactual, pair_category
from solver.counterfactuals.movables import prices_of
from solver.counterfactuals.moved import lines_of
from solver.limits.rows import has_limits
from solver.problem.pairs import ELIGIBLE, stage_of
from solver.problem.premises import ELIGIBLE as SUITABLE
from solver.problem.premises import Premises, parts_of_premises, stage_of_premises

if TYPE_CHECKING:
    from solver.counterfactuals.model import Counterfactual
    from solver.flow.market import Ints
    from solver.plan.result import Result
    from solver.problem.problem import Category, Problem

#: Pairs that are tried at most.
TRIED = 25


class Best(NamedTuple):
    """The cheapest pair that the plan does not have.

    Attributes
    ----------
    found : None where no pair is eligible, or all eligible pairs are in the plan or blocked; proven :
    whether no pair that was not tried can be cheaper; tried : pairs.
    """

    found: Counterfactual | None
    proven: bool
    tried: int


def best_way(
    problem: Problem,
    result: Result,
    *,
    need_id: str | None = None,
    asset_id: str | None = None,
    time_limit: float | None = None,
) -> Best:
    """Find the pair that raises the cost of the plan least: for a need the asset, for an asset the need.

    Parameters
    ----------
    problem, result
        What was solved, and its result.
    need_id, asset_id
        Exactly one of them.
    time_limit
        Seconds in all; the best pair found by then. Default: none.

    Raises
    ------
    ValueError
        When not exactly one id is given.
    UnknownIdError
        When there is no such need or asset among what is planned.
    """
    if (need_id is None) == (asset_id is None):
        raise ValueError("best_way takes need_id or asset_id, and not both")
    begun = time.monotonic()
    part = pair_category(problem, need_id=need_id, asset_id=asset_id)
    assets, needs, bound, valid = _candidates(problem, part, result, need_id, asset_id)
    found: Counterfactual | None = None
    tried = 0
    for k in np.lexsort((needs, assets, bound)).tolist():
        if found is not None and found.change_vnd is not None and bound[k] >= found.change_vnd:
            return Best(found, valid and found.exact, tried)
        spent = time.monotonic() - begun
        if tried == TRIED or (time_limit is not None and spent >= time_limit):
            return Best(found, False, tried)
        left = None if time_limit is None else time_limit - spent
        ends = str(part.assets.ids[assets[k]]), str(part.needs.ids[needs[k]])
        one = counterfactual(problem, result, *ends, time_limit=left)
        tried += 1
        if one.change_vnd is not None and (
            found is None or found.change_vnd is None or one.change_vnd < found.change_vnd
        ):
            found = one
    return Best(found, valid and (found is None or found.exact), tried)


def _candidates(
    problem: Problem, part: Category | Premises, result: Result, need_id: str | None, asset_id: str | None
) -> tuple[Ints, Ints, Ints, bool]:
    """List the eligible pairs that the plan does not have; bounds of their prices, and whether these hold.

    Without limits a pair of movables changes the cost by its reduced cost at least. Else by its cost less the
    price of its need: without the pair what is left is a plan, unless a floor stands in the way.
    """
    i, j = np.arange(len(part.assets.ids)), np.arange(len(part.needs.ids))
    if need_id is not None:
        j = np.full(len(i), int(np.flatnonzero(part.needs.ids == need_id)[0]))
    else:
        i = np.full(len(j), int(np.flatnonzero(part.assets.ids == asset_id)[0]))
    keep = eligible(problem, part, i, j)
    lines = lines_of(part, result.plan.transfers)
    keep &= np.array([pair not in lines for pair in zip(i.tolist(), j.tolist(), strict=True)], bool)
    i, j = i[keep], j[keep]
    scenario = problem.scenario
    valid = not scenario["equity.coverage_floor"] and scenario["objective"] == "net_cost"
    if isinstance(part, Premises):
        return i, j, parts_of_premises(part, i, j).cost - part.needs.price[j], valid
    cost = part.unit_cost(i, j)
    if has_limits(problem):
        return i, j, cost - part.needs.price[j], valid
    return i, j, reduced_costs(part, result, i, j), True


def reduced_costs(category: Category, result: Result, i: Ints, j: Ints) -> Ints:
    """Return the reduced costs of eligible pairs at the prices of a certificate without side rows [VND]."""
    want = want_prices(category, result)[category.classes.want_of]
    reduced: Ints = category.unit_cost(i, j) - want[j] + values_of_assets(category, result)[i]
    return reduced


def values_of_assets(category: Category, result: Result) -> Ints:
    """Return what a unit of each asset is worth at the prices of a certificate without side rows [VND].

    That is what any of its transfers earns, or 0 where its class has units to spare.
    """
    classes = category.classes
    want = want_prices(category, result)
    lines = lines_of(category, result.plan.transfers)
    gone = np.zeros(classes.market.n_offers + 1, np.int64)  # the last: classes that no need could take
    value = np.zeros(classes.market.n_offers + 1, np.int64)
    if lines:
        a, n = (np.array([pair[side] for pair in lines], np.int64) for side in (0, 1))
        offer = classes.offer_of[a]
        np.add.at(gone, offer, np.array(list(lines.values()), np.int64))
        np.maximum.at(value, offer, want[classes.want_of[n]] - category.unit_cost(a, n))
    value[:-1][gone[:-1] < classes.market.offers.supply] = 0
    found: Ints = value[classes.offer_of]
    return found


def want_prices(category: Category, result: Result) -> Ints:
    """Return the price of each need class by a certificate without side rows, norm rows with it [VND]."""
    found = result.certificate
    return prices_of(category, found["need_price"], found["row_price"], found["denominator"]).want


def eligible(problem: Problem, part: Category | Premises, i: Ints, j: Ints) -> np.ndarray:
    """Tell which pairs are eligible."""
    found: np.ndarray
    if isinstance(part, Premises):
        found = stage_of_premises(part, i, j) == SUITABLE
    elif problem.form == "matches":
        found = part.metres.listed(i, j)[1] & ~part.metres.banned(i, j)
    else:
        found = stage_of(part.assets, part.needs, part.metres, i, j) == ELIGIBLE
    return found
