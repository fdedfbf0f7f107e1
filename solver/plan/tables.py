"""The three tables of a plan: transfers, shortfalls, releases (docs/plan-folder.md)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from solver.problem.files import cell
from solver.problem.numbers import integers
from solver.problem.pairs import parts_of

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.flow.survey import Survey
    from solver.plan.expand import Moves
    from solver.problem.problem import Category, Problem

PART_COLUMNS = (
    "transport_vnd",
    "handover_vnd",
    "repair_vnd",
    "change_of_use_vnd",
    "build_vnd",
    "renewal_vnd",
    "travel_vnd",
    "surcharge_vnd",
)
TRANSFER_COLUMNS = (
    "asset_id",
    "need_id",
    "units",
    "area_m2",
    "distance_km",
    "cost_vnd",
    *PART_COLUMNS,
    "spend_vnd",
    "from_commune_code",
    "to_commune_code",
    "cross_province",
    "recipient",
    "official_id",
    "form",
    "authority",
    "until",
    "state",
    "rank",
    "alternative_asset_id",
    "alternative_extra_vnd",
)
SHORTFALL_COLUMNS = ("need_id", "units", "price_vnd", "reason", "detail")
RELEASE_COLUMNS = ("asset_id", "units", "disposition", "value_vnd", "reason")

FORM = "điều chuyển"
STATE = "planned"


def kilometres(metres: int) -> str:
    """Write metres as kilometres with at most three digits and no trailing zeros."""
    return format(Decimal(metres).scaleb(-3).normalize(), "f")


def _shown_kilometres(problem: Problem, category: Category, i: Ints, j: Ints) -> list[str]:
    """Write the kilometres of pairs: of explicit matches as given, since metres would round them."""
    if problem.matches is None:
        far = category.metres.of(category.assets, category.needs, i, j)
        return ["" if metres < 0 else kilometres(metres) for metres in far.tolist()]
    listed = problem.matches[["asset_id", "need_id", "distance_km"]]
    given = {(asset, need): km for asset, need, km in listed.itertuples(index=False)}
    pairs = zip(category.assets.ids[i].tolist(), category.needs.ids[j].tolist(), strict=True)
    return [cell(given[pair]) for pair in pairs]


def times(each: Ints, units: Ints) -> np.ndarray:
    """Multiply money by units; Python integers where int64 might overflow."""
    if int(np.abs(each).max(initial=0)) * int(units.max(initial=0)) < 1 << 62:
        return each * units
    return np.array([one * count for one, count in zip(each.tolist(), units.tolist(), strict=True)], object)


def transfers_of(problem: Problem, category: Category, moves: Moves, survey: Survey) -> pd.DataFrame:
    """Write the transfers of a category, one row per pair of asset and need."""
    assets, needs = category.assets, category.needs
    i, j, units = moves.asset, moves.need, moves.units
    from_table, to_table = problem.assets.iloc[assets.rows[i]], problem.needs.iloc[needs.rows[j]]
    parts: dict[str, Any]
    if category.match_cost is None:
        part = parts_of(assets, needs, category.metres, i, j)
        unit_cost, unit_spend = part.cost, part.spend
        zero = np.zeros(len(i), np.int64)
        values = (part.transport, part.handover, part.repair, zero, zero, part.renewal, zero, part.surcharge)
        parts = {name: times(value, units) for name, value in zip(PART_COLUMNS, values, strict=True)}
    else:
        at = np.searchsorted(category.metres.pair_keys, i * category.metres.n_needs + j)
        unit_cost, unit_spend = category.match_cost[at], _spend(category)[at]
        parts = dict.fromkeys(PART_COLUMNS, "")
    other, extra = _alternatives(category, survey, i, j, unit_cost)
    frame = pd.DataFrame(
        {
            "asset_id": assets.ids[i],
            "need_id": needs.ids[j],
            "units": units,
            "area_m2": "",
            "distance_km": _shown_kilometres(problem, category, i, j),
            "cost_vnd": times(unit_cost, units),
            **parts,
            "spend_vnd": times(unit_spend, units),
            "from_commune_code": _text(from_table["commune_code"]),
            "to_commune_code": _text(to_table["commune_code"]),
            "cross_province": assets.province[i] != needs.province[j],
            "recipient": _text(to_table["recipient"]),
            "official_id": _text(from_table["official_id"]),
            "form": FORM,
            "authority": "",
            "until": ["" if day is None or day != day else day.isoformat() for day in to_table["until"]],
            "state": STATE,
            "rank": survey.rank[moves.pair],
            "alternative_asset_id": other,
            "alternative_extra_vnd": pd.array(extra, "Int64"),
        }
    )
    return frame[list(TRANSFER_COLUMNS)]


def _spend(category: Category) -> Ints:
    if category.match_spend is None:
        raise TypeError("explicit matches without their spending")
    return category.match_spend


def _text(column: pd.Series) -> list[str]:
    return column.fillna("").astype("str").tolist()


def _alternatives(
    category: Category, survey: Survey, i: Ints, j: Ints, cost: Ints
) -> tuple[list[str], list[int | None]]:
    """Find the cheapest other asset eligible for each need, and what a unit of it costs more."""
    want = category.classes.want_of[j]
    second = survey.best_asset[want, 0] == i
    place = second.astype(np.int64)
    asset = survey.best_asset[want, place]
    extra = survey.best_cost[want, place] - cost
    names = ["" if a < 0 else str(category.assets.ids[a]) for a in asset.tolist()]
    return names, [None if a < 0 else int(e) for a, e in zip(asset.tolist(), extra.tolist(), strict=True)]


def release_values(problem: Problem, category: Category) -> Ints:
    """Return the release value of one unit of each asset [VND]."""
    return integers(problem.assets["release_value_vnd"].iloc[category.assets.rows], 0)
