"""Tables to premises: the sides, their distances and their estate, or the issues that forbid it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from solver.errors import Issue, issue
from solver.flow.market import MONEY_LIMIT
from solver.patterns.estate import MONEY_RANGE, at_stake
from solver.problem.categories import Provider, given_costs, listed_pairs, metres_of_pairs, norms_of, sides_of
from solver.problem.metres import commune_metres
from solver.problem.numbers import FULL_CONDITION, decimals, half_up
from solver.problem.positions import ban_keys, uncounted
from solver.problem.premises import (
    ELIGIBLE,
    Premises,
    load_of,
    parts_of_premises,
    stage_of_premises,
)
from solver.problem.premises_classes import dense_estate, listed_estate
from solver.problem.premises_sides import area_unit, areas, premises_assets, premises_needs, rules_of

if TYPE_CHECKING:
    from decimal import Decimal

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
    bans = ban_keys(scenario, left.ids, right.ids)
    listed = None if between is not None else listed_pairs(problem, pairs, left.ids, right.ids)
    if between is not None:
        metres = commune_metres(provider, between, left, right, bans)
    elif listed is not None:
        metres = metres_of_pairs(problem, listed, len(right.ids), bans)
    else:
        raise TypeError("premises without distances")
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
    norms = norms_of(problem, right.rows, needs.units, prices)
    if between is not None:
        estate, host_of, guest_of = dense_estate(assets, needs, rules, metres, norms, provider)
        premises = Premises(
            NAME, assets, needs, rules, metres, prices, norms, estate, host_of, guest_of, unit
        )
        found = _unsummable(problem, premises)
        return (None, found) if found else (premises, [])
    none = np.zeros(0, np.int64)
    estate, host_of, guest_of = listed_estate(assets, needs, norms, none, none, none, none)
    premises = Premises(NAME, assets, needs, rules, metres, prices, norms, estate, host_of, guest_of, unit)
    if found := _unsummable(problem, premises):
        return None, found
    if listed is not None and not computed:
        found = uncounted(listed.table, left, listed.asset, prices.norms, listed.need, scenario, NAME)
        cost, spend = given_costs(listed)
        given = areas(loads, unit, -1)
        load = np.where(given < 0, needs.area[listed.need], given)[listed.order]
        premises = replace(premises, match_cost=cost, match_spend=spend, match_load=load)
    return _with_pairs(premises), found


def _with_pairs(premises: Premises) -> Premises:
    """Fill the estate with the listed pairs that are eligible."""
    metres = premises.metres
    i, j = metres.pair_keys // max(metres.n_needs, 1), metres.pair_keys % max(metres.n_needs, 1)
    keep = stage_of_premises(premises, i, j) == ELIGIBLE
    i, j = i[keep], j[keep]
    cost = parts_of_premises(premises, i, j).cost
    load = load_of(premises, i, j)
    estate, _, _ = listed_estate(premises.assets, premises.needs, premises.norms, i, j, cost, load)
    return replace(premises, estate=estate)


def _too_large(table: str, column: str, rows: pd.Series, areas_m2: list[Decimal | None]) -> list[Issue]:
    return [
        issue("area_range", table, int(row), column, area)
        for row, area in zip(rows, areas_m2, strict=True)
        if area is not None and area > _LARGEST_PLACE
    ]


def _unsummable(problem: Problem, premises: Premises) -> list[Issue]:
    """Report the largest amount where all together might leave 64 bits (``solver.patterns.estate``)."""
    if at_stake(premises.estate) < MONEY_RANGE:
        return []
    assets, needs = premises.assets, premises.needs
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
