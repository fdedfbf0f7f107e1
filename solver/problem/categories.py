"""One category of movables: its sides, distances, norm rows and market; what premises share with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from solver.errors import Issue, issue
from solver.problem.baseline import FIXED, fixed_pins, refused_keys
from solver.problem.classes import Free, dense_classes, listed_classes
from solver.problem.freedom import scope_of
from solver.problem.groups import groups_of
from solver.problem.metres import commune_metres, listed_metres
from solver.problem.norms import norm_rows, units_in_use
from solver.problem.numbers import half_up, integers
from solver.problem.pairs import STAGES, stage_of
from solver.problem.pins import exceeds, faults, pins_of
from solver.problem.positions import ban_keys, positions, uncounted
from solver.problem.prices import need_prices
from solver.problem.problem import PREMISES, Category
from solver.problem.sides import asset_side, need_side
from solver.problem.tree import tree_of

if TYPE_CHECKING:
    import pandas as pd

    from solver.flow.market import Ints
    from solver.problem.groups import Groups
    from solver.problem.metres import Between, Metres
    from solver.problem.norms import NormRows
    from solver.problem.pins import Pins
    from solver.problem.prices import NeedPrices
    from solver.problem.problem import Problem
    from solver.problem.sides import AssetSide, NeedSide

Provider: TypeAlias = Any  # a DistanceProvider, a frame of pairs, or None


class Listed(NamedTuple):
    """Pairs of a table of distances or matches whose ends take part.

    Attributes
    ----------
    table : their rows; asset, need : positions in the sides; metres : -1 not given; order : of the pairs by
    asset and need.
    """

    table: pd.DataFrame
    asset: Ints
    need: Ints
    metres: Ints
    order: Ints


def sides_of(
    problem: Problem, name: str, rows: tuple[Ints, Ints], place: dict[str, Ints]
) -> tuple[AssetSide, NeedSide, NeedPrices]:
    """Make the two sides of a category and the prices of its needs.

    Parameters
    ----------
    rows : positions of the assets and needs that take part; place : commune of every row of the tables.
    """
    scenario, communes = problem.scenario, problem.communes
    prices = need_prices(problem.needs, rows[1], name, scenario)[0]
    provinces = np.unique(communes["province_code"].astype("str"), return_inverse=True)[1].astype(np.int64)
    provinces = np.append(provinces, -1)  # explicit matches need no commune, and then no province
    seats = communes[["lat", "lon"]].to_numpy(np.float64, na_value=np.nan)
    left = asset_side(problem.assets, rows[0], name, scenario, place["assets"], provinces, seats)
    right = need_side(problem.needs, rows[1], scenario, place["needs"], provinces, seats, prices)
    return left, right, prices


def listed_pairs(
    problem: Problem, pairs: pd.DataFrame | None, asset_ids: np.ndarray, need_ids: np.ndarray
) -> Listed:
    """Find the rows of the table of matches, or of distances by pair, between the assets and needs."""
    table = problem.matches if problem.form == "matches" else pairs
    if table is None:
        raise TypeError("a listed problem without its table")
    i, j = positions(asset_ids, table["asset_id"]), positions(need_ids, table["need_id"])
    far = np.array([-1 if km is None or km != km else half_up(km * 1000) for km in table["distance_km"]])
    keep = (i >= 0) & (j >= 0)
    if problem.form == "pairs":
        keep &= far >= 0
    i, j = i[keep].astype(np.int64), j[keep].astype(np.int64)
    return Listed(table[keep], i, j, far[keep].astype(np.int64), np.argsort(i * len(need_ids) + j))


def given_costs(listed: Listed) -> tuple[Ints, Ints]:
    """Return cost and spend of one unit as explicit matches give them, in the order of the pairs [VND]."""
    cost = integers(listed.table["cost_vnd"], 0)[listed.order]
    spend = integers(listed.table["spend_vnd"], -1)[listed.order]
    return cost, np.where(spend < 0, cost, spend)


def build_category(
    problem: Problem,
    name: str,
    rows: tuple[Ints, Ints],
    place: dict[str, Ints],
    pairs: pd.DataFrame | None,
    provider: Provider,
    between: Between | None,
) -> tuple[Category | None, list[Issue]]:
    """Make a category of movables; None where none take part, or where an issue is an error.

    Parameters
    ----------
    rows, place : as of ``sides_of``; pairs : table of distances by pair; provider, between : of distances
    between communes.
    """
    if not len(rows[0]) and not len(rows[1]):
        return None, []
    left, right, prices = sides_of(problem, name, rows, place)
    peak = max((rate.numerator for rate in left.kinds.per_metre), default=0)
    if peak * 2 * 10**9 > 1 << 62:
        return None, [issue("money_range", "scenario", None, "prices.per_km")]
    scenario = problem.scenario
    bans = bans_and_refused(problem, left.ids, right.ids)
    pins = pins_of(scenario, left.ids, right.ids, lambda i, j: np.minimum(left.units[i], right.units[j]))
    pins = pins_and_fixed(problem, pins, left.ids, right.ids)
    listed = None
    if between is not None:
        metres = commune_metres(provider, between, left, right, bans)
    else:
        listed = listed_pairs(problem, pairs, left.ids, right.ids)
        metres = metres_of_pairs(problem, listed, len(right.ids), bans)
    metres = replace(metres, scope=scope_of(problem, left.ids, right))
    issues = _pin_faults(problem, left, right, metres, pins)
    if issues:
        return None, issues
    supply = left.units - pins.sent(len(left.ids))
    demand = right.units - pins.got(len(right.ids))
    norms, issues = norms_beside(problem, rows[1], demand, prices, left, right, pins)
    if issues:
        return None, issues
    groups = groups_of_needs(problem, name, right)
    tree = tree_of(norms, groups, demand)
    apart = [*groups.of.T] if groups.ids else []
    if scenario["objective"] == "coverage_first":
        apart.append(right.priority)
    free = Free(supply, demand, tree, apart)
    if between is not None:
        classes = dense_classes(left, right, metres, free, provider)
        return Category(name, left, right, metres, prices, norms, groups, tree, pins, classes), []
    if listed is None:
        raise TypeError("a category without distances")
    if problem.form == "pairs":
        classes = listed_classes(left, right, metres, free, None)
        return Category(name, left, right, metres, prices, norms, groups, tree, pins, classes), []
    cost, spend = given_costs(listed)
    classes = listed_classes(left, right, metres, free, cost)
    issues = uncounted(listed.table, left, listed.asset, prices.norms, listed.need, scenario, name)
    return Category(
        name, left, right, metres, prices, norms, groups, tree, pins, classes, cost, spend
    ), issues


def _pin_faults(
    problem: Problem, left: AssetSide, right: NeedSide, metres: Metres, pins: Pins
) -> list[Issue]:
    """Report pins of movables that are not eligible, or ask for more than there is."""
    i, j = pins.asset, pins.need
    if problem.form == "matches":
        stages = given_stages(metres, i, j)
    else:
        stages = np.array([*STAGES, ""], object)[stage_of(left, right, metres, i, j)]
    sent = pins.sent(len(left.ids)), left.units
    return faults(problem.scenario, pins, left.ids, right.ids, stages.tolist(), sent, right.units, "asset")


def given_stages(metres: Metres, i: Ints, j: Ints) -> np.ndarray:
    """Return the stage that pairs of positions fail with explicit matches, "" where they are eligible."""
    outside = np.where(metres.outside(i, j), "freedom", "")
    banned = np.where(metres.banned(i, j), "banned", outside)
    stages: np.ndarray = np.where(metres.listed(i, j)[1], banned, "no_asset").astype(object)
    return stages


def bans_and_refused(problem: Problem, asset_ids: np.ndarray, need_ids: np.ndarray) -> Ints:
    """Return the keys of the pairs that the scenario bans or that were refused, sorted."""
    bans = ban_keys(problem.scenario, asset_ids, need_ids)
    if problem.baseline is None:
        return bans
    return np.union1d(bans, refused_keys(problem.baseline, asset_ids, need_ids))


def pins_and_fixed(problem: Problem, pins: Pins, asset_ids: np.ndarray, need_ids: np.ndarray) -> Pins:
    """Add the fixed lines of the plan before to the pins."""
    if problem.baseline is None:
        return pins
    return fixed_pins(pins, problem.baseline.between(asset_ids, need_ids, FIXED))


def groups_of_needs(problem: Problem, name: str, needs: NeedSide) -> Groups:
    """Make the groups of the needs of a category that floors look at."""
    table = problem.needs.iloc[needs.rows]
    provinces = np.append(problem.communes["province_code"].astype("str").to_numpy(object), "")[needs.place]
    purposes = table["purpose"].fillna("").astype("str").tolist()
    kinds = table["kinds"].fillna("").astype("str").tolist()
    specific = [
        f"{name}/{purpose}"
        if name == PREMISES and purpose
        else f"{name}/{kind}"
        if kind and "|" not in kind
        else ""
        for purpose, kind in zip(purposes, kinds, strict=True)
    ]
    return groups_of(problem.scenario, name, specific, provinces, needs.priority, needs.units)


def norms_beside(
    problem: Problem,
    rows: Ints,
    units: Ints,
    prices: NeedPrices,
    assets: AssetSide,
    needs: NeedSide,
    pins: Pins,
) -> tuple[NormRows, list[Issue]]:
    """Make the norm rows of the needs at ``rows``: what pins leave of their caps; report pins beyond them.

    Parameters
    ----------
    units : that each need still wants beside the pins.
    """
    codes = problem.needs["commune_code"].fillna("").astype("str").iloc[rows].tolist()
    held = units_in_use(problem.assets)
    category = str(problem.needs["category"].iloc[rows[0]]) if len(rows) else ""
    issues = []
    for at, (i, j, count) in enumerate(
        zip(pins.asset.tolist(), pins.need.tolist(), pins.units.tolist(), strict=True)
    ):
        kind = assets.kinds.names[assets.kind[i]]
        for name in (kind, "*"):
            place = (codes[j], category, name)
            held[place] = held.get(place, 0) + count
        for key, most in prices.norms[j]:
            taken = held.get((codes[j], category, key.partition("/")[2] or "*"), 0)
            if taken > most:
                issues.append(
                    exceeds(
                        problem.scenario,
                        pins,
                        at,
                        assets.ids,
                        needs.ids,
                        f"norm|{codes[j]}|{key}",
                        taken,
                        most,
                    )
                )
    return norm_rows(prices.norms, codes, units, held), issues


def metres_of_pairs(problem: Problem, listed: Listed, n_needs: int, bans: Ints) -> Metres:
    """Take the metres of listed pairs as given."""
    return listed_metres(listed.asset, listed.need, listed.metres, len(problem.communes), n_needs, bans)
