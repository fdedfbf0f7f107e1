"""The summary of a plan for the terminal and the workbook: at most 25 lines, English or Vietnamese.

Works on a stored plan (`solver.read_plan`): its ``plan.json`` as a dictionary, its tables, and its inputs.
"""

from __future__ import annotations

import datetime
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.console import visible
from app.texts import day, money, number, percent, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pandas as pd

    from app.plans import PlanView
    from app.settings import Lang

MOST_LINES = 25
WORST_PROVINCES = 3
COST_PARTS = ("transport", "handover", "repair", "change_of_use", "build", "renewal", "travel", "surcharge")
PLANNED = ("vehicle", "equipment", "premises")
_NAME_LENGTH = 80
_REASONS = 8


def summarise(plan: PlanView, lang: Lang) -> list[str]:
    """Return everything a planner wants to know first, as lines without their ends."""
    figures = plan.summary
    return [
        *_head(plan, lang),
        *_coverage(figures, lang),
        *_cars(plan, lang),
        *_worst(plan, lang),
        *_transfers(figures, plan.transfers, lang),
        *_cost(plan, lang),
        *_reasons(plan.shortfalls, lang),
        *_releases(plan.releases, lang),
        *_not_planned(figures, lang),
    ]


def where(folder: Path, files: Iterable[str], inputs: Path, lang: Lang) -> list[str]:
    """Return the lines that say where the plan is; `inputs` is the scenario folder it was made from."""
    words = {"folder": visible(str(folder)), "inputs": visible(str(inputs))}
    return [
        say(lang, "summary.files", files=", ".join(files), **words),
        say(lang, "summary.check_it", **words),
    ]


def gap_text(figures: Mapping[str, Any], lang: Lang) -> str:
    """Return the gap in VND and, where there are transfers, as a share of their cost."""
    gap, share = figures.get("gap_vnd"), figures.get("cost_gap")
    if gap is None:
        return say(lang, "summary.none")
    if share is None:
        return money(lang, gap)
    return say(lang, "summary.gaps", gap=money(lang, gap), cost_gap=percent(lang, share, digits=4))


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
    """Return what the transfers cost [VND]: the first of the two summands of the objective."""
    return sum(map(int, plan.transfers["cost_vnd"]))


def unmet_vnd(plan: PlanView) -> int:
    """Return the price of the units left unmet [VND]: the other summand."""
    pairs = zip(plan.shortfalls["units"], plan.shortfalls["price_vnd"], strict=True)
    return sum(int(units) * int(price) for units, price in pairs)


def _head(plan: PlanView, lang: Lang) -> list[str]:
    figures, scenario = plan.summary, plan.scenario
    name = visible(str(figures.get("scenario") or "-"))
    name = name if len(name) <= _NAME_LENGTH else name[: _NAME_LENGTH - 1] + "…"
    date = day(lang, datetime.date.fromisoformat(str(scenario["date"])))
    scope = scenario.get("scope_province")
    key = "summary.title_province" if scope else "summary.title"
    lines = [say(lang, key, name=name, date=date, province=str(scope))]
    if figures["synthetic"]:
        lines.append(say(lang, "summary.synthetic"))
    lines.append(say(lang, "summary.status", status=say(lang, f"status.{figures['status']}")))
    if figures.get("objective_vnd") is not None:
        lines.append(
            say(
                lang,
                "summary.proof",
                objective=money(lang, figures["objective_vnd"]),
                bound=money(lang, figures["bound_vnd"]),
                gap=gap_text(figures, lang),
            )
        )
        summands = {"transfers": money(lang, transfers_vnd(plan)), "unmet": money(lang, unmet_vnd(plan))}
        lines.append(say(lang, "summary.objective", **summands))
    return lines


def _coverage(figures: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return a small table: needed, met, unmet and the share met, by category and in all."""
    parts = figures["parts"]["category"]
    rows = [(say(lang, f"category.{name}"), parts[name]) for name in PLANNED if name in parts]
    total = {key: sum(part[key] for _, part in rows) for key in ("needed", "met", "unmet")}
    rows.append((say(lang, "category.total"), total))
    table = [[say(lang, f"summary.{key}") for key in ("header", "needed", "met", "unmet", "coverage")]]
    for label, part in rows:
        share = number(lang, Decimal(100 * part["met"]) / part["needed"], 1) if part["needed"] else "-"
        table.append([label, *(number(lang, part[key]) for key in ("needed", "met", "unmet")), share])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in table
    ]


def _cars(plan: PlanView, lang: Lang) -> list[str]:
    before, after = communes_without_car(plan)
    if not before:
        return []
    return [say(lang, "summary.cars", before=number(lang, before), after=number(lang, after))]


def _worst(plan: PlanView, lang: Lang) -> list[str]:
    provinces = plan.summary["parts"].get("province", {}).values()
    if sum(part["needed"] > 0 for part in provinces) <= 1:
        return []  # one province can't be the worst; the table of units says how it is served
    ones = [
        say(
            lang,
            "summary.worst_one",
            name=visible(name),
            met=number(lang, met),
            needed=number(lang, needed),
            coverage=percent(lang, Decimal(met) / needed),
        )
        for name, met, needed in worst_served(plan)
    ]
    return [say(lang, "summary.worst", provinces="; ".join(ones) or say(lang, "summary.none"))]


def _transfers(figures: Mapping[str, Any], transfers: pd.DataFrame, lang: Lang) -> list[str]:
    kpis = figures["kpis"]
    units = int(transfers["units"].sum())
    distance = {name: Decimal(str(value or 0)) for name, value in kpis["distance_km"].items()}
    return [
        say(
            lang,
            "summary.transfers",
            units=number(lang, units),
            count=number(lang, len(transfers)),
            cross=number(lang, kpis["cross_province_transfers"]),
            total=number(lang, distance["total"]),
            mean=number(lang, distance["mean"], 1),
            max=number(lang, distance["max"], 1),
        )
    ]


def cost_parts(figures: Mapping[str, Any]) -> dict[str, int]:
    """Return the parts of the transfers' cost that are not 0 [VND]; explicit matches have none."""
    parts = figures["kpis"]["cost_parts"]
    return {name: int(parts[f"{name}_vnd"]) for name in COST_PARTS if parts.get(f"{name}_vnd")}


def _cost(plan: PlanView, lang: Lang) -> list[str]:
    kpis = plan.summary["kpis"]
    amounts = cost_parts(plan.summary)
    parts = [f"{say(lang, f'cost.{name}')} {number(lang, value)}" for name, value in amounts.items()]
    return [
        say(
            lang,
            "summary.cost",
            total=money(lang, transfers_vnd(plan)),
            parts=f" ({'; '.join(parts)})" if parts else "",
            spend=money(lang, kpis["spend_vnd"]),
        ),
        say(lang, "summary.avoided", value=money(lang, kpis["purchases_avoided_vnd"])),
    ]


def _reasons(shortfalls: pd.DataFrame, lang: Lang) -> list[str]:
    if shortfalls.empty:
        return []
    counts = units_by(shortfalls, "reason")
    words = [
        f"{say(lang, f'reason.{reason}', default=reason)} {number(lang, units)}"
        for reason, units in counts[:_REASONS]
    ]
    rest = sum(units for _, units in counts[_REASONS:])
    return [
        say(
            lang,
            "summary.reasons",
            reasons=", ".join([*words, *([f"… {number(lang, rest)}"] if rest else [])]),
        )
    ]


def _releases(releases: pd.DataFrame, lang: Lang) -> list[str]:
    counts = units_by(releases, "disposition")
    words = [
        f"{say(lang, f'disposition.{name}', default=name)} {number(lang, units)}" for name, units in counts
    ]
    return [say(lang, "summary.releases", releases=", ".join(words) or say(lang, "summary.none"))]


def _not_planned(figures: Mapping[str, Any], lang: Lang) -> list[str]:
    premises = figures["not_planned"].get("premises", {})
    if not any(premises.values()):
        return []
    words = {name: number(lang, count) for name, count in premises.items()}
    return [say(lang, "summary.not_planned", **words)]


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
