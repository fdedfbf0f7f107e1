"""How problems, plans and results show themselves: one line in a console, a small table in Jupyter.

Plain HTML without colours of its own, scripts or files, so that it reads on light and on dark pages.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from solver.plan.moves import Sides
    from solver.plan.result import Plan, Result
    from solver.problem.problem import Problem

_ORDER = ("vehicle", "equipment", "premises")
_WARNINGS = 5
_LONG = 80


def problem_line(problem: Problem) -> str:
    """Return a problem in one line."""
    sizes = ", ".join(f"{name} {assets} x {needs}" for name, assets, needs in _sizes(problem))
    return f"<Problem {_cut(problem.scenario.name)!r}: {sizes or 'nothing to plan'}>"


def plan_line(plan: Plan) -> str:
    """Return a plan in one line."""
    counts = (len(plan.transfers), len(plan.shortfalls), len(plan.releases))
    return "<Plan {}: {:,} transfers, {:,} shortfalls, {:,} releases>".format(plan.summary["status"], *counts)


def result_line(result: Result) -> str:
    """Return a result in one line."""
    return f"<Result {result.status}: objective {result.objective:,} VND, bound {result.bound:,} VND>"


def problem_html(problem: Problem) -> str:
    """Return what a problem holds: scenario, sizes by category, warnings."""
    scenario = problem.scenario
    scope = f", province {scenario.scope_province}" if scenario.scope_province else ""
    rows = [(name, f"{assets:,}", f"{needs:,}") for name, assets, needs in _sizes(problem)]
    parts = [
        _title(f"Problem: {_cut(scenario.name)} ({scenario.date.isoformat()}{scope})"),
        _synthetic(made_up=problem.synthetic),
        _table(("planned", "assets that may move", "needs"), rows),
    ]
    if problem.warnings:
        shown = "".join(f"<li>{escape(_cut(str(issue), 200))}</li>" for issue in problem.warnings[:_WARNINGS])
        more = len(problem.warnings) - _WARNINGS
        rest = f"<li>and {more:,} more</li>" if more > 0 else ""
        parts.append(f"<p>Warnings: {len(problem.warnings):,}</p><ul>{shown}{rest}</ul>")
    return _box(parts)


def plan_html(plan: Plan) -> str:
    """Return a plan's figures: coverage by category, and how many rows its tables have."""
    return _box([_title(f"Plan: {_cut(str(plan.summary['scenario']))}"), *_figures(plan)])


def result_html(result: Result) -> str:
    """Return a result's status, proof and the figures of its plan."""
    summary = result.plan.summary
    proof = [
        ("objective", _vnd(summary["objective_vnd"])),
        ("proven bound", _vnd(summary["bound_vnd"])),
        ("gap", _vnd(summary["gap_vnd"])),
    ]
    title = _title(f"Result: {result.status}, {_cut(str(summary['scenario']))}")
    return _box([title, _table(("", "VND"), proof), *_figures(result.plan)])


def _figures(plan: Plan) -> list[str]:
    summary = plan.summary
    parts = summary["parts"]["category"]
    rows = [
        (name, *(f"{parts[name][key]:,}" for key in ("needed", "met", "unmet")))
        for name in _ORDER
        if name in parts
    ]
    counts = [
        f"{len(table):,} {name}"
        for name, table in (
            ("transfers", plan.transfers),
            ("shortfalls", plan.shortfalls),
            ("releases", plan.releases),
        )
    ]
    return [
        _synthetic(made_up=bool(summary["synthetic"])),
        _table(("units", "needed", "met", "unmet"), rows),
        f"<p>Rows: {', '.join(counts)}</p>",
    ]


def _sizes(problem: Problem) -> list[tuple[str, int, int]]:
    """Name, assets that may move and needs of every category that is planned."""
    sides: list[Sides] = [*problem.categories.values()]
    if problem.premises is not None:
        sides.append(problem.premises)
    return [(side.name, len(side.assets.ids), len(side.needs.ids)) for side in sides]


def _box(parts: Iterable[str]) -> str:
    return f"<div>{''.join(parts)}</div>"


def _title(text: str) -> str:
    return f"<p><b>{escape(text)}</b></p>"


def _synthetic(*, made_up: bool) -> str:
    return (
        "<p><b>SYNTHETIC DATA</b>: made up for demonstration; describes no real asset.</p>" if made_up else ""
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _vnd(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"


def _cut(text: str, length: int = _LONG) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
