"""The three tables of a plan: transfers, shortfalls, releases (docs/plan-folder.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from solver.problem.authorities import Authorities
from solver.problem.baseline import FIXED, PLANNED
from solver.problem.files import cell
from solver.problem.numbers import integers

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.flow.market import Bits, Ints
    from solver.plan.moves import Moves, Sides
    from solver.problem.problem import Problem

    #: Reason of a need left unmet, and the figures behind it, by the need's position.
    Reason = Callable[[int], tuple[str, dict[str, Any]]]

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

TRANSFER, ALLOTMENT = "điều chuyển", "giao"
CHANGE_OF_USE, TEMPORARY_USE = "chuyển đổi công năng", "tạm sử dụng"


def kilometres(metres: int) -> str:
    """Write metres as kilometres with at most three digits and no trailing zeros."""
    return format(Decimal(metres).scaleb(-3).normalize(), "f")


@dataclass(frozen=True)
class Lines:
    """What a category says of its transfers, one entry per move.

    Attributes
    ----------
    cost, spend : of one unit or place [VND]; parts : of one, by column, None with explicit matches; area :
    of the row, as text; rank : 1 + the number of cheaper eligible assets; other :
    position of the cheapest other eligible asset, -1 none; extra : what one unit of it costs more [VND].
    """

    cost: Ints
    spend: Ints
    parts: dict[str, Ints] | None
    area: list[str]
    rank: Ints
    other: Ints
    extra: Ints


def _shown_kilometres(problem: Problem, sides: Sides, i: Ints, j: Ints) -> list[str]:
    """Write the kilometres of pairs: of explicit matches as given, since metres would round them."""
    if problem.matches is None:
        far = sides.metres.of(sides.assets, sides.needs, i, j)
        return ["" if metres < 0 else kilometres(metres) for metres in far.tolist()]
    listed = problem.matches[["asset_id", "need_id", "distance_km"]]
    given = {(asset, need): km for asset, need, km in listed.itertuples(index=False)}
    pairs = zip(sides.assets.ids[i].tolist(), sides.needs.ids[j].tolist(), strict=True)
    return [cell(given[pair]) for pair in pairs]


def times(each: Ints, units: Ints) -> np.ndarray:
    """Multiply money by units; Python integers where int64 might overflow."""
    if int(np.abs(each).max(initial=0)) * int(units.max(initial=0)) < 1 << 62:
        return each * units
    return np.array([one * count for one, count in zip(each.tolist(), units.tolist(), strict=True)], object)


def transfers_of(problem: Problem, sides: Sides, moves: Moves, lines: Lines) -> pd.DataFrame:
    """Write the transfers of a category, one row per pair of asset and need.

    Column ``_price`` beside those of the plan: price of one unit without the factor [VND].
    """
    assets, needs = sides.assets, sides.needs
    i, j, units = moves.asset, moves.need, moves.units
    crosses = assets.province[i] != needs.province[j]
    from_table, to_table = problem.assets.iloc[assets.rows[i]], problem.needs.iloc[needs.rows[j]]
    none: dict[str, Any] = dict.fromkeys(PART_COLUMNS, "" if lines.parts is None else 0)
    parts = {name: times(each, units) for name, each in (lines.parts or {}).items()}
    frame = pd.DataFrame(
        {
            "asset_id": assets.ids[i],
            "need_id": needs.ids[j],
            "units": units,
            "area_m2": lines.area,
            "distance_km": _shown_kilometres(problem, sides, i, j),
            "cost_vnd": times(lines.cost, units),
            **none,
            **parts,
            "spend_vnd": times(lines.spend, units),
            "from_commune_code": _text(from_table["commune_code"]),
            "to_commune_code": _text(to_table["commune_code"]),
            "cross_province": crosses,
            "recipient": _text(to_table["recipient"]),
            "official_id": _text(from_table["official_id"]),
            "form": _forms(from_table, to_table, crosses, lines.parts),
            "authority": Authorities(problem.authorities, problem.communes).of(
                sides.name, from_table, crosses.tolist()
            ),
            "until": ["" if day is None or day != day else day.isoformat() for day in to_table["until"]],
            "state": states_of(problem, assets.ids[i], needs.ids[j]),
            "rank": lines.rank,
            "alternative_asset_id": ["" if a < 0 else str(assets.ids[a]) for a in lines.other.tolist()],
            "alternative_extra_vnd": pd.array(
                [
                    None if a < 0 else extra
                    for a, extra in zip(lines.other.tolist(), lines.extra.tolist(), strict=True)
                ],
                "Int64",
            ),
            "_price": needs.base[j],
        }
    )
    return frame[[*TRANSFER_COLUMNS, "_price"]]


def states_of(problem: Problem, asset_ids: np.ndarray, need_ids: np.ndarray) -> list[str]:
    """Say how far each transfer is: fixed lines of the plan before stay what they are."""
    if problem.baseline is None:
        return [PLANNED] * len(asset_ids)
    fixed = problem.baseline.only(FIXED)
    known = dict(zip(zip(fixed["asset_id"], fixed["need_id"], strict=True), fixed["state"], strict=True))
    pairs = zip(asset_ids.tolist(), need_ids.tolist(), strict=True)
    return [known.get(pair, PLANNED) for pair in pairs]


def _forms(
    from_table: pd.DataFrame, to_table: pd.DataFrame, crosses: Bits, parts: dict[str, Ints] | None
) -> np.ndarray:
    """Name the legal form of each transfer (docs/plan-folder.md)."""
    forms = np.full(len(crosses), TRANSFER, object)
    forms[(from_table["status"] == "handed_idle").to_numpy(bool) & (crosses == 0)] = ALLOTMENT
    if parts and "change_of_use_vnd" in parts:
        forms[parts["change_of_use_vnd"] > 0] = CHANGE_OF_USE
    forms[to_table["until"].notna().to_numpy(bool)] = TEMPORARY_USE
    return forms


def _text(column: pd.Series) -> list[str]:
    return column.fillna("").astype("str").tolist()


def shortfalls_of(sides: Sides, got: Ints, class_of: Ints, reason: Reason) -> pd.DataFrame:
    """Write one row per need with unmet units, with its reason and the figures behind it.

    Parameters
    ----------
    got : units received by each need; class_of : needs of one class have one reason; reason : finds it.
    """
    needs = sides.needs
    told: dict[int, tuple[str, str]] = {}
    rows = []
    for n in np.flatnonzero(got < needs.units).tolist():
        group = int(class_of[n])
        if group not in told:
            name, detail = reason(n)
            told[group] = (name, json.dumps(detail, ensure_ascii=False, sort_keys=True))
        rows.append((str(needs.ids[n]), int(needs.units[n] - got[n]), int(needs.price[n]), *told[group]))
    return pd.DataFrame(rows, columns=list(SHORTFALL_COLUMNS))


def releases_of(
    problem: Problem, sides: Sides, kept: Ints, left: Ints, disposition: np.ndarray, reason: np.ndarray
) -> pd.DataFrame:
    """Write one row per asset with units left over: where it goes and why no need took it.

    Parameters
    ----------
    kept : positions of the assets; left, disposition, reason : of each of them.
    """
    value = integers(problem.assets["release_value_vnd"].iloc[sides.assets.rows[kept]], 0)
    return pd.DataFrame(
        {
            "asset_id": sides.assets.ids[kept],
            "units": left,
            "disposition": disposition,
            "value_vnd": times(value, left),
            "reason": reason,
        },
        columns=list(RELEASE_COLUMNS),
    )
