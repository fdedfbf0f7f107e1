"""A frontier for people (a table of lines) and for programs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from app.comparison.lists import aligned
from app.console import visible
from app.texts import money, number, percent, say

if TYPE_CHECKING:
    from collections.abc import Hashable

    import solver
    from app.settings import Lang


CHANGES = "changes"


def title_of(found: solver.Frontier, lang: Lang) -> str:
    """Return what is traded."""
    what = say(lang, f"category.{found.category}") if found.category else say(lang, "frontier.all")
    return say(lang, f"frontier.title_{found.axis}", what=what)


def scenario_of(found: solver.Frontier) -> str:
    """Return the name of the scenario, safe to show."""
    return visible(str(found.results[0].problem.scenario.name)) or "-"


def lines_of(found: solver.Frontier, lang: Lang) -> list[str]:
    """Return the table of the points and what it proves."""
    lines = [title_of(found, lang), say(lang, "frontier.scenario", name=scenario_of(found))]
    if found.results[0].problem.synthetic:
        lines.append(say(lang, "summary.synthetic"))
    lines += [*aligned(_rows(found, lang), texts=0), *proofs_of(found, lang)]
    return lines


def proofs_of(found: solver.Frontier, lang: Lang) -> list[str]:
    """Return what is known of the points together."""
    if not found.complete:
        return [say(lang, "frontier.stopped")]
    of = "_changes" if found.axis == CHANGES else ""
    if len(found) == 1 and found.proven:
        return [say(lang, f"frontier.one{of}")]
    closed = all(status == "OPTIMAL" for status in found.points["status"])
    if closed and found.proven:
        return [say(lang, f"frontier.proven{of}")]
    keys = [*["open"] * (not closed), *[f"unproven_end{of}"] * (not found.proven)]
    return [say(lang, f"frontier.{key}") for key in keys]


def _rows(found: solver.Frontier, lang: Lang) -> list[list[str]]:
    own = ("changes",) if found.axis == CHANGES else (f"share_{found.axis}", "counts")
    heads = ("point", *own, "met", "objective", "extra", "gap", "status")
    rows = [[say(lang, f"frontier.head.{name}") for name in heads]]
    for one in found.points.to_dict("records"):
        gap = say(lang, "summary.none") if pd.isna(one["gap_vnd"]) else money(lang, int(one["gap_vnd"]))
        rows.append(
            [
                str(one["point"]),
                *_measure(one, lang),
                number(lang, one["met_units"]),
                money(lang, one["objective_vnd"]),
                money(lang, one["extra_vnd"]),
                gap,
                str(one["status"]),
            ]
        )
    return rows


def _measure(one: dict[Hashable, Any], lang: Lang) -> list[str]:
    """Return what a point has of the axis."""
    if CHANGES in one:
        return [number(lang, one[CHANGES])]
    counts = (number(lang, one[name]) for name in ("share_met", "share_of"))
    return [percent(lang, Decimal(one["share"])), "/".join(counts)]


def records_of(found: solver.Frontier) -> dict[str, Any]:
    """Return a frontier as JSON takes it; what is empty is null."""
    points = [
        {str(name): None if pd.isna(cell) or cell == "" else cell for name, cell in one.items()}
        for one in found.points.astype(object).to_dict("records")
    ]
    return {
        "axis": found.axis,
        "category": found.category,
        "complete": found.complete,
        "proven": found.proven,
        "points": points,
    }
