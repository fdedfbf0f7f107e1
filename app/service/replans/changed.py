"""What a re-plan changed, counted from ``changes.csv`` once and then remembered: plans do not change."""

from __future__ import annotations

import csv
import io
from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING

from app.service.plans.files import sees_whole
from app.service.replans.schemas import ChangesDocument
from app.service.store.blobs import load_blob
from app.service.store.scope import actor_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from app.service.store.models import Plan

#: Path of the file in a plan folder; only plans that were made beside another have it.
FILE = "changes.csv"
#: Plans whose counts are remembered, some hundred bytes each: several batches of the largest size.
_KEPT = 5000
_counted: dict[tuple[str, str], ChangesDocument] = {}
_lock = Lock()


def changes_of(session: Session, plan: Plan, sha256: str | None) -> ChangesDocument | None:
    """Return what a plan changed against the plan before it.

    Parameters
    ----------
    sha256
        Of the bytes of its ``changes.csv``; None where it has none (a proof that there is no plan).

    Returns
    -------
    ChangesDocument or None
        None without a plan before, and where not all of the plan is for the session's actor to see.
    """
    if plan.baseline_plan_id is None or sha256 is None or not sees_whole(actor_of(session), plan):
        return None
    key = (plan.id, sha256)
    found = _counted.get(key)
    if found is None:
        found = _count(load_blob(session, sha256), plan.summary["kpis"]["changes"])
        with _lock:
            if len(_counted) >= _KEPT:
                del _counted[next(iter(_counted))]  # the one that was counted first
            _counted[key] = found
    return found


def _count(content: bytes, units: int) -> ChangesDocument:
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    # What a group saves stands in each of its lines.
    groups = {row["group"]: int(row["saves_vnd"]) for row in rows if row["group"]}
    return ChangesDocument(
        units=units,
        lines=len(rows),
        saves_vnd=sum(groups.values()),
        reasons=dict(Counter(row["reason"] for row in rows)),
    )


def sum_of(found: Iterable[ChangesDocument]) -> ChangesDocument | None:
    """Return the sums over plans; None of none."""
    every = list(found)
    if not every:
        return None
    reasons: Counter[str] = Counter()
    for one in every:
        reasons.update(one.reasons)
    return ChangesDocument(
        units=sum(one.units for one in every),
        lines=sum(one.lines for one in every),
        saves_vnd=sum(one.saves_vnd for one in every),
        reasons=dict(reasons),
    )
