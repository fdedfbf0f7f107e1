"""Tables to premises: the sides, their distances and their estate, or the issues that forbid it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from solver.errors import Issue, issue
from solver.flow.market import MONEY_LIMIT
from solver.patterns.estate import MONEY_RANGE, at_stake
from solver.problem.categories import (
    Provider,
    bans_and_refused,
    given_costs,
    groups_of_needs,
    listed_pairs,
    metres_of_pairs,
    norms_beside,
    pins_and_fixed,
    sides_of,
)
from solver.problem.freedom import scope_of
from solver.problem.metres import commune_metres
from solver.problem.norms import NormRows
from solver.problem.numbers import FULL_CONDITION, decimals, half_up
from solver.problem.pins import faults, no_pins, pins_of, where
from solver.problem.positions import uncounted
from solver.problem.premises import (
    ELIGIBLE,
    STAGES,
    Premises,
    left_by_pins,
    load_of,
    parts_of_premises,
    stage_of_premises,
)
from solver.problem.premises_classes import dense_estate, listed_estate
from solver.problem.premises_sides import area_unit, areas, premises_assets, premises_needs, rules_of

if TYPE_CHECKING:
    import pandas as pd

    from solver.flow.market import Ints
    from solver.problem.metres import Between, Metres
    from solver.problem.problem import Problem
    from solver.problem.sides import AssetSide, NeedSide
    from solver.scenario import Scenario

NAME = "premises"
#: Largest area of a place [m2]: a thousand square kilometres.
_LARGEST_PLACE = 10**9
_PER_M2 = ("repair_per_m2", "change_of_use_per_m2", "build_per_m2", "travel_per_km_m2_year")
#: No more than so many parts are added to a cost.
_PARTS = 8
#: Numerators of split rates may be so much larger than money: 2 num x + den stays below 2^62.
_SPLIT = 32


def build_premises(
    problem: Problem,
    rows: tuple[Ints, Ints],
    place: dict[str, Ints],
    pairs: pd.DataFrame | None,
    provider: Provider,
    between: Between | None,
) -> tuple[Premises | None, list[Issue]]:
    """Make the premises of a problem; None where none take part, or where an issue is an error.

    Parameters
    ----------
    rows : positions of the assets and needs that take part; place : commune of every row of the tables;
    pairs : table of distances by pair; provider, between : of distances between communes.
    """
    if not len(rows[0]) and not len(rows[1]):
        return None, []
    scenario, computed = problem.scenario, problem.form != "matches"
    left, right, prices = sides_of(problem, NAME, rows, place)
    bans = bans_and_refused(problem, left.ids, right.ids)
    listed = None if between is not None else listed_pairs(problem, pairs, left.ids, right.ids)
    if between is not None:
        metres = commune_metres(provider, between, left, right, bans)
    elif listed is not None:
        metres = metres_of_pairs(problem, listed, len(right.ids), bans)
    else:
        raise TypeError("premises without distances")
    metres = replace(metres, scope=scope_of(problem, left.ids, right))
    wanted = decimals(problem.needs["area_m2"].iloc[right.rows])
    loads = decimals(listed.table["load"]) if listed is not None and not computed else []
    found = _too_large("needs", "area_m2", problem.needs["row"].iloc[right.rows], wanted)
    if loads and listed is not None:
        found += _too_large("matches", "load", listed.table["row"], loads)
    unit = area_unit([*wanted, *loads], decimals(problem.assets["area_m2"].iloc[left.rows]))
    if not found and computed:
        found = _unprovable(scenario, left, right, wanted, unit, metres)
    if found:
        return None, found
    assets = premises_assets(left, problem.assets, scenario, unit, computed=computed)
    needs = premises_needs(right, problem.needs, scenario, unit, computed=computed)
    rules = rules_of(left.kinds.names, needs.purposes, needs, scenario)
    none, nobody = np.zeros(0, np.int64), np.full(len(needs.ids), -1, np.int64)
    norms, groups = NormRows([], none, none, nobody, nobody), groups_of_needs(problem, NAME, right)
    estate, host_of, guest_of = listed_estate(assets, needs, norms, none, none, none, none)
    premises = Premises(
        NAME, assets, needs, rules, metres, prices, norms, groups, no_pins(), estate, host_of, guest_of, unit
    )
    if listed is not None and not computed:
        found = uncounted(listed.table, left, listed.asset, prices.norms, listed.need, scenario, NAME)
        cost, spend = given_costs(listed)
        given = areas(loads, unit, -1)
        load = np.where(given < 0, needs.area[listed.need], given)[listed.order]
        premises = replace(premises, match_cost=cost, match_spend=spend, match_load=load)
    bare, (premises, issues) = premises, _beside_pins(problem, premises)
    if issues:
        return None, [*found, *issues]

    def filled(one: Premises) -> Premises:
        return _with_pairs(one) if between is None else _with_classes(problem, one, provider)

    premises = filled(premises)
    if len(premises.pins):
        premises = replace(premises, whole=filled(replace(bare, norms=premises.norms)))
    if issues := _unsummable(problem, premises):
        return None, issues
    return premises, found


def _beside_pins(problem: Problem, premises: Premises) -> tuple[Premises, list[Issue]]:
    """Find the pins, and the norm rows beside them; report pins that no plan can hold."""
    assets, needs = premises.assets, premises.needs

    def most(i: Ints, j: Ints) -> Ints:
        fits = assets.capacity[i] // np.maximum(load_of(premises, i, j), 1)
        return np.where(load_of(premises, i, j) > 0, np.minimum(needs.units[j], fits), needs.units[j])

    pins = pins_of(problem.scenario, assets.ids, needs.ids, most)
    pins = pins_and_fixed(problem, pins, assets.ids, needs.ids)
    stages = np.array([*STAGES, ""], object)[stage_of_premises(premises, pins.asset, pins.need)]
    taken = np.zeros(len(assets.ids), object)  # integers of any size: pins may ask for any number of places
    np.add.at(taken, pins.asset, pins.units.astype(object) * load_of(premises, pins.asset, pins.need))
    room = taken, assets.capacity
    issues = faults(problem.scenario, pins, assets.ids, needs.ids, stages.tolist(), room, needs.units, "room")
    if issues:
        return premises, [_in_metres(one, premises.area_unit) for one in issues]
    wanted = needs.units - pins.got(len(needs.ids))
    norms, issues = norms_beside(problem, needs.rows, wanted, premises.prices, assets, needs, pins)
    return replace(premises, pins=pins, norms=norms), issues


def _in_metres(fault: Issue, unit: int) -> Issue:
    """Say the room of a pin in square metres."""
    if fault.params.get("what") != "room":
        return fault
    areas_m2 = {key: format(Decimal(fault.params[key]) / unit, "f") for key in ("asked", "available")}
    return replace(fault, params={**fault.params, **areas_m2})


def _with_classes(problem: Problem, premises: Premises, provider: Provider) -> Premises:
    """Make the estate of what pins leave, with distances between communes."""
    assets, needs = left_by_pins(premises)
    apart = [*premises.groups.of.T] if premises.groups.ids else []
    if problem.scenario["objective"] == "coverage_first":
        apart.append(needs.priority)
    rules, metres, norms = premises.rules, premises.metres, premises.norms
    estate, host_of, guest_of = dense_estate(assets, needs, rules, metres, norms, apart, provider)
    return replace(premises, estate=estate, host_of=host_of, guest_of=guest_of)


def _with_pairs(premises: Premises) -> Premises:
    """Make the estate of what pins leave, with the listed pairs that are eligible."""
    metres = premises.metres
    assets, needs = left_by_pins(premises)
    i, j = metres.pair_keys // max(metres.n_needs, 1), metres.pair_keys % max(metres.n_needs, 1)
    keep = stage_of_premises(premises, i, j) == ELIGIBLE
    keep &= load_of(premises, i, j) <= assets.capacity[i]
    i, j = i[keep], j[keep]
    cost = parts_of_premises(premises, i, j).cost
    estate, _, _ = listed_estate(assets, needs, premises.norms, i, j, cost, load_of(premises, i, j))
    return replace(premises, estate=estate)


def _too_large(table: str, column: str, rows: pd.Series, areas_m2: list[Decimal | None]) -> list[Issue]:
    return [
        issue("area_range", table, int(row), column, area)
        for row, area in zip(rows, areas_m2, strict=True)
        if area is not None and area > _LARGEST_PLACE
    ]


def _unsummable(problem: Problem, premises: Premises) -> list[Issue]:
    """Report the largest amount where all together might leave 64 bits (``solver.patterns.estate``)."""
    assets, needs, pins = premises.assets, premises.needs, premises.pins
    pinned = parts_of_premises(premises, pins.asset, pins.need).cost.astype(object) * pins.units
    opened = assets.opening[np.unique(pins.asset)].astype(object)
    if at_stake(premises.estate) + pinned.sum() + opened.sum() < MONEY_RANGE:
        return []
    listed = np.flatnonzero(premises.host_of >= 0)
    base = half_up(problem.scenario["prices.open_premises"] or 0)
    unmet = needs.price.astype(object) * needs.units  # integers of any size
    kept = (assets.opening[listed] - base).astype(object)
    found = [(base * len(listed), issue("money_range", "scenario", None, "prices.open_premises", base))]
    for table, name, column, rows, amounts in (
        (problem.needs, "needs", "price_vnd", needs.rows, unmet),
        (problem.assets, "assets", "release_value_vnd", assets.rows[listed], kept),
    ):
        if len(rows):
            at = int(amounts.argmax())
            row = int(table["row"].iloc[rows[at]])
            found.append((amounts[at], issue("money_range", name, row, column, amounts[at])))
    if len(pins):
        at = int(pinned.argmax())
        key = where(problem.scenario, str(assets.ids[pins.asset[at]]), str(needs.ids[pins.need[at]]))
        found.append((pinned[at], issue("money_range", "scenario", None, key, pinned[at])))
    return [max(found, key=lambda one: one[0])[1]]


def _unprovable(
    scenario: Scenario,
    left: AssetSide,
    right: NeedSide,
    wanted: list[Decimal | None],
    unit: int,
    metres: Metres,
) -> list[Issue]:
    """Report the prices whose products with areas and metres might leave 64 bits."""
    places = {Fraction(area) for area in wanted if area is not None}
    largest = max(places, default=Fraction(0))
    far = int(metres.pair_metres.max(initial=0))
    if not metres.only_pairs:
        legs = int(left.leg.max(initial=0)) + int(right.leg.max(initial=0))
        far = max(far, int(metres.between.max(initial=0)) + legs)
    price = {key: Fraction(scenario[f"prices.{key}"] or 0) for key in _PER_M2}
    repair = price["repair_per_m2"] / unit / FULL_CONDITION
    travel = price["travel_per_km_m2_year"] * Fraction(scenario["prices.horizon_years"] or 0) / 1000
    worst = {
        "repair_per_m2": max(price["repair_per_m2"] * largest, repair.denominator * largest * unit / _SPLIT),
        "change_of_use_per_m2": price["change_of_use_per_m2"] * largest,
        "build_per_m2": price["build_per_m2"] * largest,
        "travel_per_km_m2_year": max(
            travel * largest * far,
            max(((travel * area).denominator for area in places), default=0) * Fraction(far + 1) / _SPLIT,
        ),
    }
    return [
        issue("money_range", "scenario", None, f"prices.{key}")
        for key, most in worst.items()
        if most > MONEY_LIMIT // _PARTS
    ]
