"""The first sheet of the workbook: the summary as labels and numbers, to be copied and calculated with."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from app.figures import (
    PLANNED,
    PREMISES,
    area_in_use,
    changes_vnd,
    communes_without_car,
    cost_parts,
    of_premises,
    transfers_vnd,
    units_by,
    unmet_vnd,
    worst_served,
)
from app.limits import level_words, levels_of, status_words
from app.texts import day, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from app.plans import PlanView
    from app.settings import Lang


@dataclass(frozen=True)
class Share:
    """A part of a whole (1 = everything), shown in percent."""

    value: float


Value = str | int | Decimal | Share | None


@dataclass(frozen=True)
class Row:
    """A line of the sheet: a label, how far it is indented, and values; or a heading."""

    label: str
    values: tuple[Value, ...] = ()
    role: Literal["title", "heading", "figures"] = "figures"
    indent: int = 0


def overview(plan: PlanView, lang: Lang) -> Iterator[Row]:
    """Yield the rows of the summary sheet."""
    yield from _head(plan, lang)
    yield from _money(plan, lang)
    yield from _coverage(plan, lang)
    yield from _levels(plan, lang)
    yield from _movements(plan, lang)
    yield from _counts("reasons", "reason", plan.shortfalls, "reason", lang)
    premises = of_premises(plan, plan.releases)
    yield from _counts("releases", "disposition", plan.releases[~premises], "disposition", lang)
    if PREMISES in plan.summary["parts"]["category"]:
        yield from _counts("premises_releases", "disposition", plan.releases[premises], "disposition", lang)


def _heading(key: str, lang: Lang, *columns: str) -> Row:
    return Row(say(lang, f"overview.{key}"), columns, "heading")


def _line(key: str, lang: Lang, *values: Value) -> Row:
    return Row(say(lang, f"overview.{key}"), values)


def _head(plan: PlanView, lang: Lang) -> Iterator[Row]:
    figures, scenario = plan.summary, plan.scenario
    yield Row(str(figures.get("scenario") or "-"), role="title")
    if figures["synthetic"]:
        yield Row(say(lang, "summary.synthetic"), role="title")
    yield _line("date", lang, day(lang, datetime.date.fromisoformat(str(scenario["date"]))))
    if scenario.get("scope_province"):
        yield Row(say(lang, "column.province_code"), (str(scenario["scope_province"]),))
    yield _line("status", lang, status_words(plan, lang))


def _money(plan: PlanView, lang: Lang) -> Iterator[Row]:
    figures = plan.summary
    yield _heading("money", lang)
    yield Row(say(lang, "column.objective_vnd"), (figures.get("objective_vnd"),))
    yield Row(say(lang, "overview.transfers_vnd"), (transfers_vnd(plan),), indent=1)
    for name, value in cost_parts(figures).items():
        yield Row(say(lang, f"cost.{name}"), (value,), indent=2)
    if figures["kpis"]["openings_vnd"]:
        yield Row(say(lang, "overview.openings_vnd"), (figures["kpis"]["openings_vnd"],), indent=1)
    yield Row(say(lang, "overview.unmet_vnd"), (unmet_vnd(plan),), indent=1)
    if plan.change_price:
        yield Row(say(lang, "overview.changes_vnd"), (changes_vnd(plan),), indent=1)
    yield _line("bound", lang, figures.get("bound_vnd"))
    yield _line("gap", lang, figures.get("gap_vnd"))
    if figures.get("cost_gap") is not None:
        key = "cost_gap_openings" if figures["kpis"]["openings_vnd"] else "cost_gap"
        yield _line(key, lang, Share(float(figures["cost_gap"])))
    yield Row(say(lang, "column.spend_vnd"), (figures["kpis"]["spend_vnd"],))
    yield _line("avoided", lang, figures["kpis"]["purchases_avoided_vnd"])


def _coverage(plan: PlanView, lang: Lang) -> Iterator[Row]:
    keys = ("needed", "met", "unmet", "coverage")
    yield Row(say(lang, "summary.header"), tuple(say(lang, f"summary.{key}") for key in keys), "heading")
    parts = plan.summary["parts"]["category"]
    rows = {name: parts[name] for name in PLANNED if name in parts}
    total = {key: sum(part[key] for part in rows.values()) for key in ("needed", "met", "unmet")}
    for name, part in {**rows, "total": total}.items():
        share = Share(part["met"] / part["needed"]) if part["needed"] else None
        yield Row(say(lang, f"category.{name}"), (part["needed"], part["met"], part["unmet"], share))
    provinces = plan.summary["parts"].get("province", {}).values()
    if sum(part["needed"] > 0 for part in provinces) > 1:
        for name, met, needed in worst_served(plan):
            yield _worst(name, met, needed, lang)


def _worst(name: str, met: int, needed: int, lang: Lang) -> Row:
    label = say(lang, "overview.worst", name=name)
    return Row(label, (needed, met, needed - met, Share(met / needed)), indent=1)


def _levels(plan: PlanView, lang: Lang) -> Iterator[Row]:
    levels = levels_of(plan)
    if levels:
        heads = tuple(say(lang, f"limits.level.{key}") for key in ("value", "bound"))
        yield Row(say(lang, "limits.level.heading"), heads, "heading")
    for level in levels:
        figures = (level.value, level.bound)
        values = tuple(Share(float(one)) if level.share else int(one) for one in figures)
        yield Row(level_words(level, lang), values)


def _movements(plan: PlanView, lang: Lang) -> Iterator[Row]:
    kpis = plan.summary["kpis"]
    before, after = communes_without_car(plan)
    yield _heading("movements", lang)
    yield _line("units", lang, int(plan.transfers["units"].sum()))
    yield _line("count", lang, len(plan.transfers))
    yield _line("cross", lang, kpis["cross_province_transfers"])
    if plan.replan:
        yield _line("changes", lang, kpis["changes"])
    for name in ("total", "mean", "max"):
        yield _line(f"km_{name}", lang, Decimal(str(kpis["distance_km"][name] or 0)))
    if PREMISES in plan.summary["parts"]["category"]:
        yield _line("premises_in_use", lang, kpis["premises_in_use"])
        yield _line("area_in_use", lang, area_in_use(plan))
    if before:
        yield _line("cars_before", lang, before)
        yield _line("cars_after", lang, after)


def _counts(key: str, prefix: str, table: pd.DataFrame, column: str, lang: Lang) -> Iterator[Row]:
    yield _heading(key, lang, say(lang, "column.units"))
    for code, units in units_by(table, column):
        yield Row(say(lang, f"{prefix}.{code}", default=code), (units,))
