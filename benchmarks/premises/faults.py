"""What must not be among records of premises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.premises.methods import OURS
from benchmarks.premises.schedule import key

if TYPE_CHECKING:
    from collections.abc import Iterator

    Record = dict[str, Any]

#: What a peer that counts in doubles may be wrong by, relative to the plan that contradicts it.
_TOLERANCE = 1_000_000


def faults(found: list[Record]) -> list[str]:
    """Say what must not be: errors, and bounds above a plan, ours or of the literature."""
    wrong = []
    groups: dict[tuple[Any, ...], list[Record]] = {}
    for record in found:
        low, high = record.get("known", [None, None])
        if record["status"] == "error":
            wrong.append(f"{_where(record)}: {record.get('note', '')}")
        if None not in (low, record["objective"]) and record["objective"] < low:
            wrong.append(f"{_where(record)}: {record['objective']:,} is below the published bound {low:,}")
        if high is not None:
            wrong += _above(record, high)
        groups.setdefault(key(record)[:3], []).append(record)
    for members in groups.values():
        plans = [record["objective"] for record in members if record["objective"] is not None]
        if plans:
            wrong += [text for record in members for text in _above(record, min(plans))]
    return wrong


def _above(record: Record, plan: int) -> Iterator[str]:
    slack = 0 if record["method"] == OURS else plan // _TOLERANCE
    for kind in ("claimed", "certified"):
        if record[kind] is not None and record[kind] > plan + slack:
            yield f"{_where(record)}: {kind} bound {record[kind]:,} lies above a plan of {plan:,}"


def _where(record: Record) -> str:
    return f"{record['set']} {record['instance']}, {record['method']}"
