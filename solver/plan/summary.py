"""plan.json: status, bounds, gaps, parts and key figures (docs/plan-folder.md)."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from solver.plan.changes_table import changes_table
from solver.plan.figures import add, by_province, gap_ratio, part
from solver.plan.result import Plan, Status, versions
from solver.plan.tables import (
    PART_COLUMNS,
    RELEASE_COLUMNS,
    SHORTFALL_COLUMNS,
    TRANSFER_COLUMNS,
    kilometres,
)
from solver.problem.numbers import half_up

if TYPE_CHECKING:
    from solver.limits.planning import Outcome
    from solver.plan.figures import Figures, Planned
    from solver.problem.problem import Problem

_EXACT = 100  # digits: those of any cell times any number of units
_NOTHING = dict.fromkeys(
    ("cost", "openings", "objective", "empty", "cash", "needed", "met", "unmet", "changes"), 0
)


def plan_of(
    problem: Problem, planned: list[Planned], seed: int, work: int, under: Outcome | None = None
) -> Plan:
    """Join the categories and write the summary; ``under`` : limits, what they add to it."""
    parts, whole = {}, _NOTHING
    levels = [] if under is None else under.levels
    for one in planned:
        sums = one.figures.sums()
        sums["empty"] += one.fixed - one.spared
        parts[one.name] = part(sums, one.bound)
        whole = add(whole, sums)
    bound = sum(one.bound or 0 for one in planned) if under is None else under.bound
    open_whole = whole["objective"] - bound
    for one in planned:
        gap = parts[one.name]["gap_vnd"]
        if gap if gap is not None else open_whole:  # these reasons rest on the category's plan being best
            one.shortfalls["reason"] = one.shortfalls["reason"].replace("outbid", "unproven")
            one.releases["reason"] = one.releases["reason"].replace("met", "unproven")
    transfers = _joined(
        [one.transfers for one in planned], (*TRANSFER_COLUMNS, "_price"), ["asset_id", "need_id"]
    )
    shortfalls = _joined([one.shortfalls for one in planned], SHORTFALL_COLUMNS, ["need_id"])
    if problem.baseline is not None:
        shortfalls = problem.baseline.as_told(shortfalls, {name for one in planned for name in one.still})
    releases = _joined([one.releases for one in planned], RELEASE_COLUMNS, ["asset_id"])
    total = part(whole, bound)
    proven = total["gap_vnd"] == 0 and all(level["value"] == level["bound"] for level in levels)
    figures = {one.name: one.figures for one in planned}
    summary = {
        "format_version": 1,
        "scenario": problem.scenario.name,
        "status": str(Status.OPTIMAL if proven else Status.FEASIBLE),
        "claimed": _claimed(whole, bound if under is None or not under.claimed else whole["objective"]),
        **{key: total[key] for key in ("objective_vnd", "bound_vnd", "gap_vnd")},
        "gap": gap_ratio(total["gap_vnd"], abs(total["objective_vnd"])),
        **{key: total[key] for key in ("cost_gap", "value_gap", "cash_vnd")},
        "parts": {"category": parts, "province": by_province(list(figures.values()))},
        "levels": levels,
        "kpis": _key_figures(figures, transfers, releases, explicit=problem.form == "matches"),
        "distances": {"provider": problem.provider, "version": problem.version},
        "solver": {"versions": versions(), "seed": seed, "work": work},
        "not_planned": {},
        "synthetic": problem.synthetic,
    }
    limits = None if under is None or under.limits.empty else under.limits
    changes = None
    if problem.baseline is not None:
        changes = changes_table(problem, [one.changed for one in planned if one.changed is not None])
    return Plan(transfers.drop(columns="_price"), shortfalls, releases, summary, limits, changes)


def _claimed(whole: dict[str, int], bound: int) -> dict[str, Any]:
    """Write what is believed: what is proven, or what an integer programme says beyond it."""
    return {"bound_vnd": bound, "value_gap": part(whole, bound)["value_gap"]}


def _joined(frames: list[pd.DataFrame], columns: tuple[str, ...], keys: list[str]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame({name: [] for name in columns})
    return pd.concat(filled, ignore_index=True).sort_values(keys, kind="stable", ignore_index=True)


def _key_figures(
    categories: dict[str, Figures], transfers: pd.DataFrame, releases: pd.DataFrame, *, explicit: bool
) -> dict[str, Any]:
    """Write needs by category, priority and province, distances, cost parts."""
    units = transfers["units"].tolist()
    renewal = [0] * len(units) if explicit else transfers["renewal_vnd"].tolist()
    prices = transfers["_price"].tolist()
    return {
        **{name: _counts(categories, name) for name in ("needed", "met", "unmet")},
        "distance_km": _distances(transfers),
        "cost_parts": {} if explicit else {name: sum(map(int, transfers[name])) for name in PART_COLUMNS},
        "openings_vnd": sum(figure.sums()["openings"] for figure in categories.values()),
        "premises_in_use": sum(len(figure.opening) for figure in categories.values()),
        "purchases_avoided_vnd": sum(
            int(u) * int(p) - int(r) for u, p, r in zip(units, prices, renewal, strict=True)
        ),
        "spend_vnd": sum(map(int, transfers["spend_vnd"])),
        "cross_province_transfers": sum(
            int(u) for u, far in zip(units, transfers["cross_province"], strict=True) if far
        ),
        "releases": sum(map(int, releases["units"])),
        "changes": sum(figure.sums()["changes"] for figure in categories.values()),
    }


def _counts(categories: dict[str, Figures], name: str) -> dict[str, Any]:
    """Count units needed, met or unmet in all, by category, priority and province."""
    column = "units" if name == "needed" else name
    by: dict[str, dict[str, int]] = {"category": {}, "priority": {}, "province": {}}
    for category, figure in categories.items():
        values = getattr(figure, column)
        by["category"][category] = int(values.sum())
        for key in ("priority", "province"):
            groups, code = np.unique(getattr(figure, key).astype("U"), return_inverse=True)
            sums = np.zeros(len(groups), np.int64)
            np.add.at(sums, code, values)
            for group, total in zip(groups.tolist(), sums.tolist(), strict=True):
                if group:
                    by[key][group] = by[key].get(group, 0) + total
    return {
        "total": sum(by["category"].values()),
        "category": by["category"],
        "priority": dict(sorted(by["priority"].items())),
        "province": dict(sorted(by["province"].items())),
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
