r"""Premises: eligibility and cost of pairs, elementwise: the solver's reading of ``docs/cost.md`` in numpy.

Used where a pair must be explained or written (reasons, ranks, cost parts, listed pairs); the compiled
``solver.problem.lister`` computes the same for classes, and a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from solver.problem.pins import no_pins
from solver.problem.premises_sides import times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.flow.market import Ints
    from solver.patterns.estate import Estate
    from solver.problem.ground import Rules
    from solver.problem.groups import Groups
    from solver.problem.metres import Metres
    from solver.problem.norms import NormRows
    from solver.problem.pins import Pins
    from solver.problem.premises_sides import PremisesAssets, PremisesNeeds
    from solver.problem.prices import NeedPrices
    from solver.problem.untouched import Untouched

#: The funnel's stages for premises, in order; a pair that passes all of them is eligible.
STAGES = (
    "no_asset",
    "too_small",
    "condition",
    "age",
    "legal_status",
    "date",
    "within_commune",
    "no_distance",
    "reach",
    "province_rule",
    "banned",
    "freedom",
)
ELIGIBLE = len(STAGES)


@dataclass(frozen=True)
class Premises:
    """The premises of a problem.

    Attributes
    ----------
    name : "premises"; rules : by kind and purpose; norms : what pins leave of them; groups : that floors look
    at; estate : of what pins leave of rooms and places; host_of : class of each asset, -1 where no need could
    take what pins leave of it whatever the pair; guest_of : class of each need; area_unit : units of area per
    m2; match_cost, match_spend : of one place of the pairs of ``metres`` with an explicit matches table
    [VND], else None; match_load : their loads [units of area]; whole : without the pins, None where there are
    none; kept : what is left of the plan before, in a re-plan; keeps :
    where needs are split (``solver.problem.split``), the building that has the places of each in the plan
    before, -1 none; still : what an update does not touch, None where that is not known.
    """

    name: str
    assets: PremisesAssets
    needs: PremisesNeeds
    rules: Rules
    metres: Metres
    prices: NeedPrices
    norms: NormRows
    groups: Groups
    pins: Pins
    estate: Estate
    host_of: Ints
    guest_of: Ints
    area_unit: int
    match_cost: Ints | None = None
    match_spend: Ints | None = None
    match_load: Ints | None = None
    whole: Premises | None = None
    kept: Pins = field(default_factory=no_pins)
    keeps: Ints | None = None
    still: Untouched | None = None

    @property
    def bare(self) -> Premises:
        """The same premises as if nothing were pinned: what explains a plan looks at whole rooms."""
        return self.whole or self

    def turns(self, i: Ints, j: Ints) -> Ints:
        """Return by how much a place of pairs changes the number of changes: 1 more, or 1 fewer; else 0."""
        if self.keeps is None:
            return np.zeros(len(i), np.int64)
        return np.where(self.keeps[j] == i, -1, 1)

    def unit_cost(self, i: Ints, j: Ints) -> Ints:
        """Return the cost of one place of eligible pairs [VND]; i, j : positions in the sides."""
        return parts_of_premises(self, i, j).cost

    def unit_spend(self, i: Ints, j: Ints) -> Ints:
        """Return the spend of one place of eligible pairs [VND]; i, j : positions in the sides."""
        return parts_of_premises(self, i, j).spend


@dataclass(frozen=True)
class PremisesParts:
    """Cost of one place by part, its sum and what the receiving province pays [VND], elementwise.

    With explicit matches the parts are 0; ``cost`` and ``spend`` are the given ones, 0 where a pair is not
    listed.
    """

    handover: Ints
    repair: Ints
    change_of_use: Ints
    build: Ints
    travel: Ints
    surcharge: Ints
    cost: Ints
    spend: Ints


def stage_of_premises(premises: Premises, i: Ints, j: Ints) -> Ints:
    """Return the first stage that each pair fails (index into ``STAGES``), ``ELIGIBLE`` where it fails none.

    Parameters
    ----------
    i, j : positions in the sides, broadcast against each other.
    """
    i, j = np.broadcast_arrays(i, j)
    if premises.match_load is None:
        sides = premises.assets, premises.needs
        fails = unfit(*sides, premises.rules, i, j) | untimely(*sides, i, j)
        fails |= _unreached(*sides, premises.rules, premises.metres, i, j)
    else:
        small = load_of(premises, i, j) > premises.assets.capacity[i]
        fails = {"no_asset": ~premises.metres.listed(i, j)[1], "too_small": small}
    fails |= {"banned": premises.metres.banned(i, j), "freedom": premises.metres.outside(i, j)}
    stage = first_stage({name: failed.ravel() for name, failed in fails.items()}, i.size)
    return stage.reshape(i.shape)


def first_stage(fails: Mapping[str, np.ndarray], size: int) -> Ints:
    """Return the first stage that each of so many pairs fails; ``fails`` : by stage, whether each does."""
    stage = np.full(size, ELIGIBLE, np.int64)
    for number in range(ELIGIBLE - 1, -1, -1):
        if STAGES[number] in fails:
            stage[fails[STAGES[number]]] = number
    return stage


def unfit(
    assets: PremisesAssets, needs: PremisesNeeds, rules: Rules, i: Ints, j: Ints
) -> dict[str, np.ndarray]:
    """Return by stage whether pairs fail it for their kind, purpose and state, wherever and whenever."""
    kind, purpose = assets.kind[i], needs.purpose[j]
    least = np.maximum(needs.condition[j], rules.condition[kind, purpose])
    oldest, age = rules.age[kind, purpose], assets.age[i]
    return {
        "no_asset": rules.allow[kind, needs.wanted[j]] == 0,
        "condition": (least > 0) & (assets.condition[i] < least),
        "age": (oldest >= 0) & ((age < 0) | (age > oldest)),
        "legal_status": ~assets.lawful[i],
    }


def untimely(assets: PremisesAssets, needs: PremisesNeeds, i: Ints, j: Ints) -> dict[str, np.ndarray]:
    """Return by stage whether pairs fail it for their area or their dates."""
    return {
        "too_small": needs.area[j] > assets.capacity[i],
        "date": (assets.opens[i] > needs.deadline[j]) | (assets.closes[i] < needs.deadline[j]),
    }


def _unreached(
    assets: PremisesAssets, needs: PremisesNeeds, rules: Rules, metres: Metres, i: Ints, j: Ints
) -> dict[str, np.ndarray]:
    """Return for each stage of places and distances, in order, whether the pair fails it."""
    kind, purpose = assets.kind[i], needs.purpose[j]
    far = metres.of(assets, needs, i, j)
    reach = np.where(needs.reach[j] >= 0, needs.reach[j], rules.reach[kind, purpose])
    crosses = assets.province[i] != needs.province[j]
    return {
        "within_commune": (rules.within[purpose] > 0) & (assets.place[i] != needs.place[j]),
        "no_distance": far < 0,
        "reach": far > reach,
        "province_rule": crosses & (rules.surcharge[kind, purpose] < 0),
    }


def load_of(premises: Premises, i: Ints, j: Ints) -> Ints:
    """Return the area that one place takes up in the building [units]; the need's where not listed."""
    i, j = np.broadcast_arrays(i, j)
    load = premises.needs.area[j].copy()
    if premises.match_load is not None:
        at, found = premises.metres.listed(i, j)
        load[found] = premises.match_load[at[found]]
    return load


def left_by_pins(premises: Premises) -> tuple[PremisesAssets, PremisesNeeds]:
    """Return the sides with the room and the places that pins leave; a pinned building opens for nothing."""
    assets, needs, pins = premises.assets, premises.needs, premises.pins
    taken = np.zeros(len(assets.ids), np.int64)
    np.add.at(taken, pins.asset, pins.units * load_of(premises, pins.asset, pins.need))
    opening = assets.opening.copy()
    opening[pins.asset] = 0
    return (
        replace(assets, capacity=assets.capacity - taken, opening=opening),
        replace(needs, units=needs.units - pins.got(len(needs.ids))),
    )


def parts_of_premises(premises: Premises, i: Ints, j: Ints) -> PremisesParts:
    """Return the cost parts of one place for each pair that has a distance [VND]."""
    i, j = np.broadcast_arrays(i, j)
    if premises.match_cost is not None and premises.match_spend is not None:
        none = np.zeros(i.shape, np.int64)
        at, found = premises.metres.listed(i, j)
        cost, spend = none.copy(), none.copy()
        cost[found], spend[found] = premises.match_cost[at[found]], premises.match_spend[at[found]]
        return PremisesParts(none, none, none, none, none, none, cost, spend)
    assets, needs, rules = premises.assets, premises.needs, premises.rules
    kind, purpose, land = assets.kind[i], needs.purpose[j], assets.land[i]
    far = np.maximum(premises.metres.of(assets, needs, i, j), 0)
    crosses = assets.province[i] != needs.province[j]
    handover = rules.handover[kind, purpose]
    repair = times(assets.whole[i], assets.num[i], assets.den[i], needs.area[j])
    change = np.where(rules.change[kind, purpose] > 0, needs.change[j], 0)
    build = np.where(land, needs.build[j], 0)
    travel = times(needs.whole[j], needs.num[j], needs.den[j], far)
    surcharge = np.where(crosses, np.maximum(rules.surcharge[kind, purpose], 0), 0)
    spend = handover + repair + change + build
    return PremisesParts(
        handover, repair, change, build, travel, surcharge, spend + travel + surcharge, spend
    )
