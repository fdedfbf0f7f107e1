"""Figures of a stored plan that more than one output shows: the summary, the workbook."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from app.plans import PlanView

WORST_PROVINCES = 3
COST_PARTS = ("transport", "handover", "repair", "change_of_use", "build", "renewal", "travel", "surcharge")
PREMISES = "premises"
PLANNED = ("vehicle", "equipment", PREMISES)


def communes_without_car(plan: PlanView) -> tuple[int, int]:
    """Count the communes that want a car and have none in use, before and after the plan.

    A commune wants a car when one of its needs in scope accepts the kind `car`; it has one when an asset of
    that kind is in use there. Communes that want none (such as two island districts) do not count.
    """
    wanted = _codes(plan.needs[_accepts_car(plan.needs)])
    cars = plan.assets[(plan.assets["category"] == "vehicle") & (plan.assets["kind"] == "car")]
    scope = plan.scenario.get("scope_province")
    if scope:
        wanted &= _codes(plan.communes[plan.communes["province_code"] == scope])
    before = wanted - _codes(cars[cars["status"] == "in_use"])
    moved = plan.transfers[plan.transfers["asset_id"].isin(set(cars["asset_id"]))]
    return len(before), len(before - set(moved["to_commune_code"].dropna()))


def worst_served(plan: PlanView) -> list[tuple[str, int, int]]:
    """Return (province name, met, needed) of the provinces with the least share met, worst first.

    Provinces without unmet units do not count; equal shares: more unmet units first, then the smaller code.
    """
    provinces = plan.summary["parts"].get("province", {})
    names = dict(zip(plan.communes["province_code"], plan.communes["province_name"], strict=True))
    short = [
        (code, part["met"], part["needed"])
        for code, part in provinces.items()
        if part["met"] < part["needed"]
    ]
    short.sort(key=lambda part: (Fraction(part[1], part[2]), part[1] - part[2], part[0]))
    return [(str(names.get(code, code)), met, needed) for code, met, needed in short[:WORST_PROVINCES]]


def transfers_vnd(plan: PlanView) -> int:
    """Return what the transfers cost [VND]: a summand of the objective."""
    return sum(map(int, plan.transfers["cost_vnd"]))


def unmet_vnd(plan: PlanView) -> int:
    """Return the price of the units left unmet [VND]: a summand of the objective."""
    pairs = zip(plan.shortfalls["units"], plan.shortfalls["price_vnd"], strict=True)
    return sum(int(units) * int(price) for units, price in pairs)


def changes_vnd(plan: PlanView) -> int:
    """Return what the changes of a re-plan cost at their price [VND]: a summand of the objective."""
    return int(plan.summary["kpis"].get("changes") or 0) * plan.change_price


def cost_parts(figures: Mapping[str, Any]) -> dict[str, int]:
    """Return the parts of the transfers' cost that are not 0 [VND]; explicit matches have none."""
    parts = figures["kpis"]["cost_parts"]
    return {name: int(parts[f"{name}_vnd"]) for name in COST_PARTS if parts.get(f"{name}_vnd")}


def of_premises(plan: PlanView, table: pd.DataFrame) -> pd.Series[bool]:
    """Tell which rows of transfers or releases are of premises."""
    ids = plan.assets.loc[plan.assets["category"] == PREMISES, "asset_id"]
    return table["asset_id"].isin(set(ids))


def area_in_use(plan: PlanView) -> Decimal:
    """Return the area of all places in premises [m2]."""
    return sum(map(Decimal, plan.transfers["area_m2"].dropna()), Decimal(0))


def units_by(table: pd.DataFrame, column: str) -> list[tuple[str, int]]:
    """Sum the units by the values of `column`, most first; equal sums by name."""
    sums: Counter[str] = Counter()
    for name, units in zip(table[column], table["units"], strict=True):
        sums[str(name)] += int(units)
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))


def _accepts_car(needs: pd.DataFrame) -> pd.Series[bool]:
    kinds = needs["kinds"].fillna("").astype(str)
    accepts = (kinds == "") | kinds.str.split("|").map(lambda names: "car" in names)
    return (needs["category"] == "vehicle") & accepts


def _codes(frame: pd.DataFrame) -> set[str]:
    return set(frame["commune_code"].dropna())
