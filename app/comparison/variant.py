"""One of the plans that are compared: its folder, and what each need and each asset gets in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from app.comparison.limits import Limit, read_limits
from app.errors import InputError
from app.plans import PlanView, view_plan

#: Code and name of a province; both empty where a row has no commune.
Province = tuple[str, str]
NOWHERE: Province = ("", "")
#: Reason of what has no row in the tables of a plan.
NO_ROW = "no_row"
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError)


@dataclass
class Moved:
    """What a need receives, or an asset gives.

    Attributes
    ----------
    units
        Their number; of premises, places.
    cost, spend
        Cost and spend of their transfers [VND].
    partners
        Ids on the other side: assets of a need, needs of an asset.
    """

    units: int = 0
    cost: int = 0
    spend: int = 0
    partners: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Short:
    """What a need lacks: units, their value at price x priority factor [VND], and why."""

    units: int = 0
    value: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Variant:
    """A plan under the name of its folder.

    Attributes
    ----------
    name
        Folder as the user named it.
    view
        The plan.
    limits
        Rows of ``limits.csv`` by id; empty where the plan has none.
    levels
        Values of the levels by name, in their order: units, or the smallest share met; empty without levels.
    """

    name: str
    view: PlanView
    limits: dict[str, Limit] = field(default_factory=dict)
    levels: dict[str, int | Fraction | None] = field(default_factory=dict)

    @cached_property
    def provinces(self) -> dict[str, Province]:
        """Province by commune code."""
        return {
            code: (province, name)
            for code, province, name in _texts(
                self.view.communes, "commune_code", "province_code", "province_name"
            )
        }

    @cached_property
    def need_rows(self) -> dict[str, tuple[str, str, Province]]:
        """Category, recipient and province by need."""
        rows = _texts(self.view.needs, "need_id", "category", "recipient", "commune_code")
        return {
            need: (category, body, self.provinces.get(code, NOWHERE)) for need, category, body, code in rows
        }

    @cached_property
    def asset_rows(self) -> dict[str, tuple[str, str, Province]]:
        """Category, name and province by asset."""
        rows = _texts(self.view.assets, "asset_id", "category", "name", "commune_code")
        return {
            asset: (category, name, self.provinces.get(code, NOWHERE)) for asset, category, name, code in rows
        }

    @cached_property
    def received(self) -> dict[str, Moved]:
        """What each need receives."""
        return self._moved("need_id", "asset_id")

    @cached_property
    def given(self) -> dict[str, Moved]:
        """What each asset gives."""
        return self._moved("asset_id", "need_id")

    @cached_property
    def short(self) -> dict[str, Short]:
        """What each need lacks."""
        table = self.view.shortfalls
        rows = zip(table["units"], table["price_vnd"], _texts(table, "need_id", "reason"), strict=True)
        return {
            need: Short(int(units), int(units) * int(price), reason) for units, price, (need, reason) in rows
        }

    @cached_property
    def left(self) -> dict[str, str]:
        """Why units of an asset stay, by asset."""
        ids, reasons = (self.view.releases[name].fillna("").astype(str) for name in ("asset_id", "reason"))
        return dict(zip(ids, reasons, strict=True))

    def _moved(self, key: str, partner: str) -> dict[str, Moved]:
        table = self.view.transfers
        figures = zip(*(table[name] for name in ("units", "cost_vnd", "spend_vnd")), strict=True)
        found: dict[str, Moved] = {}
        for (one, other), (units, cost, spend) in zip(_texts(table, key, partner), figures, strict=True):
            sums = found.setdefault(one, Moved())
            sums.units += int(units)
            sums.cost += int(cost)
            sums.spend += int(spend)
            sums.partners.add(other)
        return found


def read_variant(folder: Path) -> Variant:
    """Read a plan folder.

    Raises
    ------
    InputError
        When it is no plan folder, or holds other than a plan does.
    solver.PlanFolderError
        When it can't be read, or proves that there is no plan.
    """
    if not (folder / "plan.json").is_file():
        raise InputError("no_plan_folder", folder=str(folder))
    try:
        view = view_plan(folder)
        _require_parts(view)
        return Variant(str(folder), view, read_limits(folder / "limits.csv"), levels_of(view.summary))
    except _UNREADABLE as error:
        raise InputError(
            "compare_unreadable", folder=str(folder), reason=f"{type(error).__name__}: {error}"
        ) from error


def levels_of(summary: dict[str, Any]) -> dict[str, int | Fraction | None]:
    """Return the values of the levels of a plan.json by name."""
    found: dict[str, int | Fraction | None] = {}
    for level in summary.get("levels") or []:
        name, value = str(level["name"]), level.get("value")
        share = None if value is None else Fraction(str(value))
        found[name] = share if share is None or name.startswith("max_min|") else int(share)
    return found


def _require_parts(view: PlanView) -> None:
    """Fail on a plan that lacks what every plan has, whatever else it lacks."""
    if not isinstance(view.scenario, dict):
        raise TypeError("inputs/scenario.json")
    for name in ("kpis", "parts"):
        if not isinstance(view.summary[name], dict):
            raise TypeError(f"plan.json: {name}")
    figures = {"transfers": ("units", "cost_vnd", "spend_vnd"), "shortfalls": ("units", "price_vnd")}
    for name, columns in figures.items():
        table: pd.DataFrame = getattr(view, name)
        for column in columns:
            if table[column].isna().any():
                raise ValueError(f"{name}.csv: {column}")


def _texts(table: pd.DataFrame, *columns: str) -> Iterator[tuple[str, ...]]:
    """Yield cells as texts, "" where empty or where the table has no such column."""
    lists = [
        table[name].fillna("").astype(str).tolist() if name in table else [""] * len(table)
        for name in columns
    ]
    return zip(*lists, strict=True)
