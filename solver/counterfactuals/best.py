"""The cheapest way to serve a need more, or to use an asset: counterfactuals in the order of bounds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.counterfactuals.entry import counterfactual, pair_category
from solver.counterfactuals.moved import lines_of
from solver.counterfactuals.reduced import is_plain, open_gap, reduced_costs, tolls
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
    tried, doubts = 0, list[int | None]()
    for k in np.lexsort((needs, assets, bound)).tolist():
        if found is not None and found.change_vnd is not None and bound[k] >= found.change_vnd:
            return Best(found, valid and _sure(found, doubts), tried)
        spent = time.monotonic() - begun
        if tried == TRIED or (time_limit is not None and spent >= time_limit):
            return Best(found, False, tried)
        left = None if time_limit is None else time_limit - spent
        ends = str(part.assets.ids[assets[k]]), str(part.needs.ids[needs[k]])
        one = counterfactual(problem, result, *ends, time_limit=left)
        tried += 1
        if not one.exact:  # what is blocked without a proof may have any price
            doubts += [one.least_vnd] if one.outcome == "changed" or _open(one) else []
        if one.change_vnd is not None and (
            found is None or found.change_vnd is None or one.change_vnd < found.change_vnd
        ):
            found = one
    return Best(found, _sure(found, doubts), tried)


def _sure(found: Counterfactual | None, doubts: list[int | None]) -> bool:
    """Tell whether none of the pairs that were tried can be cheaper than the one found."""
    if found is None or found.change_vnd is None:
        return not doubts
    return found.exact and all(least is not None and least >= found.change_vnd for least in doubts)


def _open(one: Counterfactual) -> bool:
    """Tell whether a pair is blocked without a proof that it is."""
    return one.blocked_by == "floors" or (one.blocked_by == "changes" and one.blocked_needs is None)


def _candidates(
    problem: Problem, part: Category | Premises, result: Result, need_id: str | None, asset_id: str | None
) -> tuple[Ints, Ints, Ints, bool]:
    """List the eligible pairs that the plan does not have; bounds of their prices, and whether these hold.

    Without limits a pair of movables changes the cost by its reduced cost at least. Else by its cost less the
    price of its need: without the pair what is left is a plan, unless a floor stands in the way, or, where
    changes are limited, the pair is a line of the plan before. What has no bound comes first.
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
    toll = tolls(problem, part, result)(i, j)
    if isinstance(part, Premises):
        bound = parts_of_premises(part, i, j).cost - part.needs.price[j] + toll
    elif is_plain(problem):
        gap = open_gap(problem, part, result)
        return i, j, reduced_costs(problem, part, result, i, j) - gap, True
    else:
        bound = part.unit_cost(i, j) - part.needs.price[j] + toll
    if problem.baseline is not None and scenario["stability.max_changes"] is not None:
        before = set(zip(part.kept.asset.tolist(), part.kept.need.tolist(), strict=True))
        back = [pair in before for pair in zip(i.tolist(), j.tolist(), strict=True)]
        bound = np.where(np.array(back, bool), np.iinfo(np.int64).min, bound)
    return i, j, bound, valid


def eligible(problem: Problem, part: Category | Premises, i: Ints, j: Ints) -> np.ndarray:
    """Tell which pairs are eligible."""
    found: np.ndarray
    if isinstance(part, Premises):
        found = stage_of_premises(part, i, j) == SUITABLE
    elif problem.form == "matches":
        found = part.metres.listed(i, j)[1] & ~part.metres.banned(i, j) & ~part.metres.outside(i, j)
    else:
        found = stage_of(part.assets, part.needs, part.metres, i, j) == ELIGIBLE
    return found
