"""``surplan compare PLAN PLAN ...``: key figures side by side, and what changed between two plans."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.console import emit, note, visible
from app.errors import UsageError
from app.failures import DONE
from app.figures import PLANNED, communes_without_car, transfers_vnd
from app.plan_changes import changed_files, changed_keys, changed_lines, gains_and_losses
from app.plans import PlanView, view_plan
from app.settings import Lang
from app.talk import Talk
from app.texts import number, say

MOST_SHOWN = 20
_CHANGES = ("added", "removed", "other_units", "other_terms")
#: A figure by its name: whole numbers, kilometres as decimals, None where a plan has none.
Figures = dict[str, int | Decimal | None]


def compare(plans: list[Path], talk: Talk) -> int:
    """Print the key figures of plans side by side; of exactly two plans also every kind of change.

    Parameters
    ----------
    plans
        Plan folders, at least two; the first is what the others are compared with.
    talk
        Language and manner. As JSON: all figures, and all changed lines.

    Raises
    ------
    UsageError
        When fewer than two plans are given.
    solver.PlanFolderError
        When one of them can't be read.
    """
    if len(plans) < 2:
        raise UsageError("compare_two")
    for folder in plans:
        talk.work("reading", folder=str(folder))
    views = [view_plan(folder) for folder in plans]
    figures = [figures_of(view) for view in views]
    inputs = [
        {"files": changed_files(views[0], view), "scenario_keys": changed_keys(views[0], view)}
        for view in views[1:]
    ]
    changes = changes_of(*views) if len(views) == 2 else None
    if talk.as_json:
        emit(json.dumps(_as_dict(plans, views, figures, inputs, changes), ensure_ascii=False, default=str))
        return DONE
    for folder, differs in zip(plans[1:], inputs, strict=True):
        _warn(str(plans[0]), str(folder), differs, talk.lang)
    for line in _table(plans, views, figures, talk.lang):
        emit(line)
    if changes is not None:
        for line in _change_lines(changes, talk.lang):
            emit(line)
    return DONE


def figures_of(plan: PlanView) -> Figures:
    """Return the key figures that plans are compared by, in the order they are shown."""
    summary, kpis = plan.summary, plan.summary["kpis"]
    parts = summary["parts"]["category"]
    units: Figures = {
        f"{key}.{name}": parts[name][key] if name in parts else None
        for name in PLANNED
        for key in ("needed", "met", "unmet")
    }
    return {
        **{name: summary[name] for name in ("objective_vnd", "bound_vnd", "gap_vnd")},
        "transfers_vnd": transfers_vnd(plan),
        **{name: kpis[name] for name in ("openings_vnd", "spend_vnd")},
        "cash_vnd": summary["cash_vnd"],
        "purchases_avoided_vnd": kpis["purchases_avoided_vnd"],
        **units,
        "communes_without_car": communes_without_car(plan)[1],
        "premises_in_use": kpis["premises_in_use"],
        "cross_province_transfers": kpis["cross_province_transfers"],
        "distance_km": Decimal(str(kpis["distance_km"]["total"] or 0)),
        "releases": kpis["releases"],
    }


def changes_of(one: PlanView, other: PlanView) -> dict[str, Any]:
    """Return what changed between two plans: counts, units, all lines, needs by province."""
    lines = changed_lines(one, other)
    counts = Counter(line["change"] for line in lines)
    moved = Counter[str]()
    for line in lines:
        more = line["units_after"] - line["units_before"]
        moved[line["change"]] += abs(more) or line["units_after"]
    return {
        "lines": {name: counts[name] for name in _CHANGES},
        "units": {name: moved[name] for name in _CHANGES},
        "transfers": lines,
        "provinces": gains_and_losses(one, other),
    }


def _difference(first: Figures, other: Figures) -> Figures:
    return {
        name: None if (old := first[name]) is None or (new := other[name]) is None else new - old
        for name in first
    }


def _as_dict(
    plans: Sequence[Path],
    views: Sequence[PlanView],
    figures: Sequence[Figures],
    inputs: Sequence[dict[str, list[str]]],
    changes: dict[str, Any] | None,
) -> dict[str, Any]:
    columns = [
        {"plan": str(folder), "scenario": view.summary["scenario"], "status": view.summary["status"], **one}
        for folder, view, one in zip(plans, views, figures, strict=True)
    ]
    differences = [
        {"plan": str(folder), **differs, "figures": _difference(figures[0], one)}
        for folder, differs, one in zip(plans[1:], inputs, figures[1:], strict=True)
    ]
    return {"plans": columns, "differences": differences, "changes": changes}


def _warn(first: str, other: str, differs: dict[str, list[str]], lang: Lang) -> None:
    words = {"first": visible(first), "other": visible(other)}
    for key, names in differs.items():
        if names:
            shown = ", ".join(names[:MOST_SHOWN])
            if len(names) > MOST_SHOWN:
                shown = say(
                    lang, "compare.and_more", names=shown, count=number(lang, len(names) - MOST_SHOWN)
                )
            note(say(lang, f"compare.differ_{key}", names=visible(shown), **words))


def _table(
    plans: Sequence[Path], views: Sequence[PlanView], figures: Sequence[Figures], lang: Lang
) -> list[str]:
    """Return the figures as a table: a column for each plan, and after each but the first its difference."""
    heads, status = [say(lang, "compare.figure"), visible(str(plans[0]))], [say(lang, "compare.status")]
    status.append(str(views[0].summary["status"]))
    for folder, view in zip(plans[1:], views[1:], strict=True):
        heads += [visible(str(folder)), say(lang, "compare.difference")]
        status += [str(view.summary["status"]), ""]
    rows = [heads, status]
    differences = [_difference(figures[0], one) for one in figures[1:]]
    for name, value in figures[0].items():
        if all(one[name] is None for one in figures):
            continue
        row = [_label(name, lang), _shown(value, lang)]
        for one, difference in zip(figures[1:], differences, strict=True):
            row += [_shown(one[name], lang), _signed(difference[name], lang)]
        rows.append(row)
    return _aligned(rows)


def _aligned(rows: list[list[str]], texts: int = 1) -> list[str]:
    """Return rows as lines: the first columns are texts and stand left, the others figures."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [*map(str.ljust, row[:texts], widths[:texts]), *map(str.rjust, row[texts:], widths[texts:])]
        ).rstrip()
        for row in rows
    ]


def _label(name: str, lang: Lang) -> str:
    key, dot, category = name.partition(".")
    if not dot:
        return say(lang, f"compare.{name}")
    return say(
        lang, "compare.units", category=say(lang, f"category.{category}"), figure=say(lang, f"summary.{key}")
    )


def _shown(value: int | Decimal | None, lang: Lang) -> str:
    if value is None:
        return "-"
    return number(lang, value, 1 if isinstance(value, Decimal) else 0)


def _signed(value: int | Decimal | None, lang: Lang) -> str:
    text = _shown(value, lang)
    return f"+{text}" if value is not None and value > 0 else text


def _change_lines(changes: dict[str, Any], lang: Lang) -> list[str]:
    lines = [""]
    for name in _CHANGES:
        words = {part: number(lang, changes[part][name]) for part in ("lines", "units")}
        lines.append(say(lang, f"compare.change_{name}", **words))
    shown = changes["transfers"][:MOST_SHOWN]
    if shown:
        rest = len(changes["transfers"]) - len(shown)
        key = "compare.largest_of" if rest else "compare.largest"
        lines += ["", say(lang, key, count=number(lang, len(shown)), all=number(lang, len(shown) + rest))]
        lines += _aligned(_transfer_rows(shown, lang), texts=3)
    if changes["provinces"]:
        lines += ["", say(lang, "compare.provinces"), *_aligned(_province_rows(changes["provinces"], lang))]
    return lines


def _transfer_rows(shown: list[dict[str, Any]], lang: Lang) -> list[list[str]]:
    heads = ("change", "asset", "need", "units_before", "units_after", "cost_before", "cost_after")
    rows = [[say(lang, f"compare.{name}") for name in heads]]
    for line in shown:
        figures = ("units_before", "units_after", "cost_before_vnd", "cost_after_vnd")
        rows.append(
            [
                say(lang, f"compare.{line['change']}", columns=_columns(line["columns"], lang)),
                *(visible(line[name]) for name in ("asset_id", "need_id")),
                *(number(lang, line[name]) for name in figures),
            ]
        )
    return rows


def _columns(names: list[str], lang: Lang) -> str:
    return ", ".join(say(lang, f"column.{name}").partition(" (")[0].lower() for name in names)


def _province_rows(provinces: list[dict[str, Any]], lang: Lang) -> list[list[str]]:
    figures = ("needs_gained", "units_gained", "needs_lost", "units_lost")
    rows = [[say(lang, "compare.province"), *(say(lang, f"compare.{name}") for name in figures)]]
    for province in provinces:
        name = " ".join(filter(None, [province["province_code"], province["province_name"]])) or "-"
        rows.append([visible(name), *(number(lang, province[key]) for key in figures)])
    return rows
