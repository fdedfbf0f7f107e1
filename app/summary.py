"""The summary of a plan for the terminal and the workbook: at most 25 lines, English or Vietnamese.

Works on a stored plan (`solver.read_plan`): its ``plan.json`` as a dictionary, its tables, and its inputs.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.conflict import title_lines
from app.console import visible
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
from app.limits import limit_lines, status_words
from app.texts import money, number, percent, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pandas as pd

    from app.plans import PlanView
    from app.settings import Lang

MOST_LINES = 25
_REASONS = 8


def summarise(plan: PlanView, lang: Lang) -> list[str]:
    """Return everything a planner wants to know first, as lines without their ends."""
    figures = plan.summary
    return [
        *_head(plan, lang),
        *_coverage(figures, lang),
        *_gaps(figures, lang),
        *_cars(plan, lang),
        *_worst(plan, lang),
        *_transfers(figures, plan.transfers, lang),
        *_cost(plan, lang),
        *map(visible, limit_lines(plan, lang)),
        *_reasons(plan.shortfalls, lang),
        *_releases(plan, lang),
        *_premises(plan, lang),
    ]


def where(folder: Path, files: Iterable[str], inputs: Path, lang: Lang) -> list[str]:
    """Return the lines that say where the plan is; `inputs` is the scenario folder it was made from."""
    words = {"folder": visible(str(folder)), "inputs": visible(str(inputs))}
    return [
        say(lang, "summary.files", files=", ".join(files), **words),
        say(lang, "summary.check_it", **words),
    ]


def gap_text(figures: Mapping[str, Any], lang: Lang) -> str:
    """Return the gap in VND and, where there are transfers, as a share of their cost and that of openings."""
    gap, share = figures.get("gap_vnd"), figures.get("cost_gap")
    if gap is None:
        return say(lang, "summary.none")
    if share is None:
        return money(lang, gap)
    key = "summary.gaps_openings" if figures["kpis"]["openings_vnd"] else "summary.gaps"
    return say(lang, key, gap=money(lang, gap), cost_gap=percent(lang, share, digits=4))


def _head(plan: PlanView, lang: Lang) -> list[str]:
    figures = plan.summary
    lines = title_lines(plan, lang)
    lines.append(say(lang, "summary.status", status=status_words(plan, lang)))
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
        lines.append(_objective(plan, lang))
    return lines


def _objective(plan: PlanView, lang: Lang) -> str:
    """Return what the objective is made of."""
    kpis = plan.summary["kpis"]
    summands = {
        "transfers": transfers_vnd(plan),
        "openings": kpis["openings_vnd"],
        "unmet": unmet_vnd(plan),
        "changes": changes_vnd(plan),
    }
    words = {name: money(lang, value) for name, value in summands.items()}
    if summands["changes"]:
        return say(lang, "replan.objective", units=number(lang, kpis["changes"]), **words)
    return say(lang, "summary.objective_openings" if summands["openings"] else "summary.objective", **words)


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


def _gaps(figures: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return whose gap it is, where not all is proven and there is more than one category."""
    parts = figures["parts"]["category"]
    ones = [
        say(
            lang,
            "summary.gap_one",
            category=say(lang, f"category.{name}"),
            gap=money(lang, parts[name]["gap_vnd"]),
            value_gap=percent(lang, parts[name]["value_gap"] or "0", digits=4),
        )
        for name in PLANNED
        if name in parts and parts[name]["gap_vnd"]
    ]
    return [say(lang, "summary.gap_of", gaps="; ".join(ones))] if ones and len(parts) > 1 else []


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


def _releases(plan: PlanView, lang: Lang) -> list[str]:
    if plan.summary["parts"]["category"].keys() == {PREMISES}:
        return []
    rows = plan.releases[~of_premises(plan, plan.releases)]
    return [say(lang, "summary.releases", releases=_dispositions(rows, lang))]


def _premises(plan: PlanView, lang: Lang) -> list[str]:
    if PREMISES not in plan.summary["parts"]["category"]:
        return []
    housed = plan.transfers[of_premises(plan, plan.transfers)]
    words = {
        "in_use": number(lang, plan.summary["kpis"]["premises_in_use"]),
        "area": number(lang, area_in_use(plan)),
        "places": number(lang, int(housed["units"].sum())),
        "releases": _dispositions(plan.releases[of_premises(plan, plan.releases)], lang),
    }
    return [say(lang, "summary.premises", **words)]


def _dispositions(releases: pd.DataFrame, lang: Lang) -> str:
    counts = units_by(releases, "disposition")
    words = [
        f"{say(lang, f'disposition.{name}', default=name)} {number(lang, units)}" for name, units in counts
    ]
    return "; ".join(words) or say(lang, "summary.none")
