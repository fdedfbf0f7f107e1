"""Issues of limits, floors and pins that show once the problem is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.errors import Issue, issue
from solver.limits.rows import members, side_rows
from solver.problem.pins import unknown_pins

if TYPE_CHECKING:
    from solver.problem.problem import Problem
    from solver.scenario import Scenario

_PLACE = "scenario"


def unknown_provinces(scenario: Scenario, provinces: set[str]) -> list[Issue]:
    """Report budgets of provinces that the register does not know."""
    return [
        issue("province_unknown", _PLACE, None, f"limits.budget_vnd_by_province.{code}", code)
        for code in scenario["limits.budget_vnd_by_province"]
        if code not in provinces
    ]


def pin_issues(problem: Problem) -> list[Issue]:
    """Report pins of what does not take part, and pins that together break a budget or a cap."""
    scenario = problem.scenario
    parts = members(problem)
    found = unknown_pins(scenario, [(part.assets.ids, part.needs.ids) for part in parts])
    if found or (not scenario["stability.pins"] and problem.baseline is None):
        return found
    rows = side_rows(problem, {})
    return [
        issue(
            "pin_exceeds",
            _PLACE,
            None,
            "stability.pins",
            what=row.id,
            asked=str(used),
            available=str(row.limit),
        )
        for row, used in zip(rows.rows, rows.pinned, strict=True)
        if not row.floor and used > row.limit
    ]
