"""plan.json.

Status, bounds, gaps, parts and key figures, from the tables and the certificate (docs/plan-folder.md).
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.plan.tables import PART_COLUMNS, kilometres
from solver.problem.numbers import half_up

if TYPE_CHECKING:
    import pandas as pd

    from solver.flow.market import Ints
    from solver.plan.expand import Moves
    from solver.problem.problem import Category, Problem

_DIGITS = 9
_EXACT = 100  # digits: those of any cell times any number of units


def ratio(part: int, whole: int) -> str | None:
    """Write part / whole with nine digits, rounded half up; None where the whole is zero or less."""
    if whole <= 0:
        return None
    scaled = half_up(Fraction(part * 10**_DIGITS, whole))
    return f"{scaled // 10**_DIGITS}.{scaled % 10**_DIGITS:0{_DIGITS}d}"


def gap_ratio(gap: int, whole: int) -> str | None:
    """Write a gap as a ratio: zero whenever the gap is zero."""
    return "0." + "0" * _DIGITS if gap == 0 else ratio(gap, whole)


class Figures:
    """Sums of one category by need: the base of every part of plan.json.

    Attributes are Python integers or object arrays of them, so that nothing overflows.
    """

    def __init__(self, problem: Problem, category: Category, moves: Moves, transfers: pd.DataFrame) -> None:
        needs = category.needs
        self.units = needs.units
        self.met = np.zeros(len(needs.ids), np.int64)
        np.add.at(self.met, moves.need, moves.units)
        self.unmet = self.units - self.met
        self.price, self.base, self.priority = needs.price, needs.base, needs.priority
        self.province = _provinces(problem, category)
        self.need_of = moves.need
        self.cost = transfers["cost_vnd"].to_numpy(object)
        self.spend = transfers["spend_vnd"].to_numpy(object)

    def sums(self, mask: np.ndarray | None = None) -> dict[str, int]:
        """Objective and its pieces over the needs of a mask [VND, units]."""
        chosen = np.ones(len(self.units), bool) if mask is None else mask
        moved = chosen[self.need_of]
        cost = sum(map(int, self.cost[moved]))
        dot = _dot
        return {
            "cost": cost,
            "objective": cost + dot(self.unmet[chosen], self.price[chosen]),
            "empty": dot(self.units[chosen], self.price[chosen]),
            "cash": sum(map(int, self.spend[moved])) + dot(self.unmet[chosen], self.base[chosen]),
            "needed": int(self.units[chosen].sum()),
            "met": int(self.met[chosen].sum()),
            "unmet": int(self.unmet[chosen].sum()),
        }


def _dot(units: Ints, each: Ints) -> int:
    return sum(u * e for u, e in zip(units.tolist(), each.tolist(), strict=True) if u)


def _provinces(problem: Problem, category: Category) -> np.ndarray:
    """Province code of every need, "" where it has no commune."""
    code = problem.needs["commune_code"].iloc[category.needs.rows].fillna("").astype("str")
    table = dict(
        zip(problem.communes["commune_code"].astype("str"), problem.communes["province_code"], strict=True)
    )
    return np.array([str(table.get(one, "")) for one in code], object)


def part(sums: dict[str, int], bound: int | None) -> dict[str, Any]:
    """Write one part of plan.json."""
    gap = None if bound is None else sums["objective"] - bound
    return {
        "objective_vnd": sums["objective"],
        "bound_vnd": bound,
        "gap_vnd": gap,
        "cost_gap": None if gap is None else gap_ratio(gap, sums["cost"]),
        "value_gap": None if gap is None or bound is None else gap_ratio(gap, sums["empty"] - bound),
        "cash_vnd": sums["cash"],
        "needed": sums["needed"],
        "met": sums["met"],
        "unmet": sums["unmet"],
    }


def add(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    """Add two sums key by key."""
    return {key: one.get(key, 0) + other.get(key, 0) for key in {*one, *other}}


def by_province(figures: list[Figures]) -> dict[str, dict[str, Any]]:
    """Write the parts by receiving province; bounds are null, since matches may cross every border."""
    found: dict[str, dict[str, int]] = {}
    for figure in figures:
        for code in np.unique(figure.province.astype("U")):
            if str(code):
                found[str(code)] = add(found.get(str(code), {}), figure.sums(figure.province == code))
    return {code: part(sums, None) for code, sums in sorted(found.items())}


def kpis(
    categories: dict[str, Figures], transfers: pd.DataFrame, releases: pd.DataFrame, *, explicit: bool
) -> dict[str, Any]:
    """Write the key figures: needs by category, priority and province, distances, cost parts."""
    counts: dict[str, dict[str, Any]] = {}
    for name in ("needed", "met", "unmet"):
        column = {"needed": "units", "met": "met", "unmet": "unmet"}[name]
        by: dict[str, Any] = {"total": 0, "category": {}, "priority": {}, "province": {}}
        for category, figure in categories.items():
            values = getattr(figure, column)
            by["total"] += int(values.sum())
            by["category"][category] = int(values.sum())
            for key, group in (("priority", figure.priority), ("province", figure.province)):
                for member in np.unique(group.astype("U")):
                    if str(member):
                        total = by[key].get(str(member), 0) + int(values[group.astype("U") == member].sum())
                        by[key][str(member)] = total
        counts[name] = {
            **by,
            "priority": dict(sorted(by["priority"].items())),
            "province": dict(sorted(by["province"].items())),
        }
    units = transfers["units"].tolist()
    renewal = [0] * len(units) if explicit else transfers["renewal_vnd"].tolist()
    prices = transfers["_price"].tolist()
    return {
        **counts,
        "distance_km": _distances(transfers),
        "cost_parts": {} if explicit else {name: sum(map(int, transfers[name])) for name in PART_COLUMNS},
        "purchases_avoided_vnd": sum(
            int(u) * int(p) - int(r) for u, p, r in zip(units, prices, renewal, strict=True)
        ),
        "spend_vnd": sum(map(int, transfers["spend_vnd"])),
        "cross_province_transfers": sum(
            int(u) for u, far in zip(units, transfers["cross_province"], strict=True) if far
        ),
        "releases": sum(map(int, releases["units"])),
        "changes": 0,
    }


def _distances(transfers: pd.DataFrame) -> dict[str, str | None]:
    """Total, mean and greatest kilometres of the units moved, as exact decimals; the mean to three digits."""
    rows = [
        (int(units), Decimal(km))
        for units, km in zip(transfers["units"], transfers["distance_km"], strict=True)
        if km != ""
    ]
    # Distances of explicit matches may have any number of digits: nothing is rounded in their sum.
    with localcontext(prec=_EXACT):
        total = sum((units * km for units, km in rows), Decimal(0))
    units = sum(units for units, _ in rows)
    mean = half_up(Fraction(total) * 1000 / units) if units else None
    return {
        "total": _plain(total),
        "mean": None if mean is None else kilometres(mean),
        "max": _plain(max(km for _, km in rows)) if rows else None,
    }


def _plain(value: Decimal) -> str:
    with localcontext(prec=_EXACT):
        return format(value.normalize(), "f")


def not_planned(problem: Problem) -> dict[str, dict[str, int]]:
    """Count the premises rows that would take part."""
    scope = problem.scenario.scope_province
    provinces = problem.communes.set_index(problem.communes["commune_code"].astype("str"))["province_code"]
    counts = {}
    for table, frame in (("assets", problem.assets), ("needs", problem.needs)):
        mask = frame["category"] == "premises"
        if table == "assets":
            mask &= frame["status"].isin(("surplus", "handed_idle"))
        if scope is not None:
            mask &= frame["commune_code"].map(provinces) == scope
        counts[table] = int(mask.sum())
    return {"premises": counts}
