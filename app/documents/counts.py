"""What the report counts, by province; definitions in docs/documents.md."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from app.figures import PREMISES, communes_without_car
from app.replacing import cars_to_replace
from solver.tables.kinds import PURPOSES, codes

if TYPE_CHECKING:
    import pandas as pd

    from app.plans import PlanView

_HANDLED = "handled"
_TO_HANDLE = ("surplus", "handed_idle", _HANDLED)
REPLACE_YEARS = 4  # single years of the table of cars, from the scenario's on


@dataclass(frozen=True)
class Handling:
    """Premises of one province (or all): how far the handling is.

    Attributes
    ----------
    to_handle
        With status surplus, handed_idle or handled.
    handled
        Of these, with status handled.
    planned
        Of the rest, those in which the plan places a need.
    other
        Of the rest, those that the plan releases: land fund, housing body and so on.
    """

    to_handle: int
    handled: int
    planned: int
    other: int

    @property
    def left(self) -> int:
        """To handle and not yet handled."""
        return self.to_handle - self.handled

    @property
    def undecided(self) -> int:
        """Left, and neither placed nor released by this plan."""
        return self.left - self.planned - self.other


def provinces(plan: PlanView) -> dict[str, str]:
    """Return name by code of the provinces that the plan covers, sorted by code."""
    names = dict(zip(plan.communes["province_code"], plan.communes["province_name"], strict=True))
    scope = plan.scenario.get("scope_province")
    present = {scope} if scope else _present(plan)
    return {code: str(names[code]) for code in sorted(present & set(names))}


def _present(plan: PlanView) -> set[str]:
    of = province_of(plan)
    present = set(plan.assets["commune_code"].dropna()) | set(plan.needs["commune_code"].dropna())
    return {of[code] for code in present if code in of}


def province_of(plan: PlanView) -> dict[str, str]:
    """Return province code by commune code."""
    return dict(zip(plan.communes["commune_code"], plan.communes["province_code"], strict=True))


def handling(plan: PlanView) -> dict[str, Handling]:
    """Return the premises to handle and how far that is, by province code; provinces without any left out."""
    of = province_of(plan)
    table = plan.assets[(plan.assets["category"] == PREMISES) & plan.assets["status"].isin(_TO_HANDLE)]
    placed, released = set(plan.transfers["asset_id"]), set(plan.releases["asset_id"])
    counted: dict[str, Counter[str]] = {code: Counter() for code in provinces(plan)}
    for name, commune, status in zip(table["asset_id"], table["commune_code"], table["status"], strict=True):
        count = counted.get(of.get(commune, ""))
        if count is None:
            continue
        count["to_handle"] += 1
        if status == _HANDLED:
            count["handled"] += 1
        elif name in placed:
            count["planned"] += 1
        elif name in released:
            count["other"] += 1
    names = ("to_handle", "handled", "planned", "other")
    return {code: Handling(*(count[name] for name in names)) for code, count in counted.items() if count}


def cars_by_province(plan: PlanView) -> dict[str, tuple[int, int]]:
    """Return the communes that want a car and have none, before and after the plan, by province code."""
    of = province_of(plan)
    cars = plan.assets[(plan.assets["category"] == "vehicle") & (plan.assets["kind"] == "car")]
    needs = plan.needs[plan.needs["category"] == "vehicle"]
    home = needs["commune_code"].map(of)
    small = replace(plan, assets=cars, scenario={**plan.scenario, "scope_province": ""})
    return {code: communes_without_car(replace(small, needs=needs[home == code])) for code in provinces(plan)}


def short_of_equipment(plan: PlanView) -> dict[str, tuple[int, int]]:
    """Return the communes with a need of equipment, and with one that the plan leaves unmet, by province."""
    of = province_of(plan)
    needs = plan.needs[plan.needs["category"] == "equipment"]
    short = needs[needs["need_id"].isin(set(plan.shortfalls["need_id"]))]
    before, after = (_by_province(table, of) for table in (needs, short))
    return {code: (before[code], after[code]) for code in provinces(plan)}


def _by_province(table: pd.DataFrame, of: dict[str, str]) -> Counter[str]:
    return Counter(of.get(code, "") for code in set(table["commune_code"].dropna()))


def replacements(plan: PlanView) -> dict[str, list[int]]:
    """Return cars in use that are to be replaced, by province: in each of the first years, later, unknown."""
    of = province_of(plan)
    first = int(str(plan.scenario["date"])[:4])
    cars = cars_to_replace(plan)
    counts = {code: [0] * (REPLACE_YEARS + 2) for code in provinces(plan)}
    unknown = cars["replace_year"].isna()
    years = cars["replace_year"].fillna(0)
    for commune, year, missing in zip(cars["commune_code"], years, unknown, strict=True):
        place = REPLACE_YEARS + 1 if missing else min(max(int(year) - first, 0), REPLACE_YEARS)
        if of.get(commune) in counts:
            counts[of[commune]][place] += 1
    return counts


def uses(plan: PlanView) -> list[tuple[str, int, int, str]]:
    """Return (purpose, premises, places, area in m2) of what is placed in premises."""
    purpose = dict(zip(plan.needs["need_id"], plan.needs["purpose"].fillna(""), strict=True))
    premises = set(plan.assets.loc[plan.assets["category"] == PREMISES, "asset_id"])
    moved = plan.transfers[plan.transfers["asset_id"].isin(premises)]
    grouped = moved.assign(purpose=moved["need_id"].map(purpose)).groupby("purpose")
    found = [
        (str(code), int(rows["asset_id"].nunique()), int(rows["units"].sum()), _area(rows["area_m2"]))
        for code, rows in grouped
    ]
    order = {code: place for place, code in enumerate(codes(PURPOSES))}
    return sorted(found, key=lambda use: (order.get(use[0], len(order)), use[0]))


def _area(areas: pd.Series[str]) -> str:
    return str(sum(map(Decimal, areas.dropna()), Decimal(0)))


def by_category(
    plan: PlanView, table: pd.DataFrame, column: str, id_column: str
) -> dict[str, dict[str, int]]:
    """Return units by the values of `column` and by category; `id_column` says where the category stands."""
    rows = plan.assets if id_column == "asset_id" else plan.needs
    category = dict(zip(rows[id_column], rows["category"], strict=True))
    found: dict[str, Counter[str]] = {}
    for name, code, units in zip(table[id_column], table[column].fillna(""), table["units"], strict=True):
        found.setdefault(str(code), Counter())[str(category.get(name, ""))] += int(units)
    return {code: dict(found[code]) for code in sorted(found)}
