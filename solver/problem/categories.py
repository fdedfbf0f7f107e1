"""One category of movables: its sides, distances, norm rows and market; what premises share with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from solver.errors import Issue, issue
from solver.problem.classes import dense_classes, listed_classes
from solver.problem.metres import commune_metres, listed_metres
from solver.problem.norms import norm_rows, units_in_use
from solver.problem.numbers import half_up, integers
from solver.problem.positions import ban_keys, positions, uncounted
from solver.problem.prices import need_prices
from solver.problem.problem import Category
from solver.problem.sides import asset_side, need_side

if TYPE_CHECKING:
    import pandas as pd

    from solver.flow.market import Ints
    from solver.problem.metres import Between, Metres
    from solver.problem.norms import NormRows
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
    norms = norms_of(problem, rows[1], right.units, prices)
    bans = ban_keys(problem.scenario, left.ids, right.ids)
    if between is not None:
        metres = commune_metres(provider, between, left, right, bans)
        classes = dense_classes(left, right, metres, norms, provider)
        return Category(name, left, right, metres, prices, norms, classes), []
    listed = listed_pairs(problem, pairs, left.ids, right.ids)
    metres = metres_of_pairs(problem, listed, len(right.ids), bans)
    if problem.form == "pairs":
        classes = listed_classes(left, right, metres, norms, None)
        return Category(name, left, right, metres, prices, norms, classes), []
    cost, spend = given_costs(listed)
    classes = listed_classes(left, right, metres, norms, cost)
    issues = uncounted(listed.table, left, listed.asset, prices.norms, listed.need, problem.scenario, name)
    return Category(name, left, right, metres, prices, norms, classes, cost, spend), issues


def norms_of(problem: Problem, rows: Ints, units: Ints, prices: NeedPrices) -> NormRows:
    """Make the norm rows of the needs at ``rows``."""
    codes = problem.needs["commune_code"].fillna("").astype("str").iloc[rows].tolist()
    return norm_rows(prices.norms, codes, units, units_in_use(problem.assets))


def metres_of_pairs(problem: Problem, listed: Listed, n_needs: int, bans: Ints) -> Metres:
    """Take the metres of listed pairs as given."""
    return listed_metres(listed.asset, listed.need, listed.metres, len(problem.communes), n_needs, bans)
