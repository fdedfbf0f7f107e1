"""What a re-plan changed of one need or one asset, from changes.csv."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from solver.explanation.needs import asset_brief, need_brief
from solver.explanation.tables import rows

if TYPE_CHECKING:
    from solver.explanation.tables import Facts, Row, Tables


def change_facts(tables: Tables, **wanted: str) -> list[Facts]:
    """Return the changed lines of an asset or a need; none where the plan is no re-plan.

    Parameters
    ----------
    wanted : ``asset_id`` or ``need_id``.
    """
    if tables.changes is None:
        return []
    found = rows(tables.changes, **wanted)
    lines = Counter(row["group"] for row in rows(tables.changes)) if found else Counter()
    return [_change(tables, row, lines[row["group"]]) for row in found]


def _change(tables: Tables, row: Row, lines: int) -> Facts:
    """Return a changed line; ``lines`` : with its group, or without one."""
    group = row["group"]
    return {
        "asset": asset_brief(tables, row["asset_id"]),
        "need": need_brief(tables, row["need_id"]),
        "units_before": int(row["units_before"]),
        "units_after": int(row["units_after"]),
        "reason": row["reason"],
        "group": int(group) if group else None,
        "group_lines": lines if group else 0,
        "saves_vnd": int(row["saves_vnd"]) if group else None,
    }
