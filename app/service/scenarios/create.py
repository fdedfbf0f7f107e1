"""From what was posted to a frozen scenario, or to every issue of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.service.refusals import InvalidError
from app.service.scenarios.exact import storable
from app.service.scenarios.place import date_of, has_matches, provinces_of
from app.service.scenarios.schedule import ScheduleError, next_time
from app.service.store.audit import record
from app.service.store.models import Scenario
from app.service.store.scope import actor_of
from app.service.store.types import canonical_json, new_id, utc_now
from app.settings import LANGS
from app.texts import say
from solver.errors import Issue, issue
from solver.scenario.load import REGISTER_DATE, read_scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from app.service.store.models import Inventory
    from app.settings import Lang

Documents = dict["Lang", list[dict[str, object]]]
_SCOPE = "scope_province"


@dataclass(frozen=True)
class Wish:
    """A scenario that is to be made.

    Attributes
    ----------
    name
        What people call it; the plan's name too, where the scenario has none.
    scenario
        Its keys, as they were read: numbers int, Decimal or float.
    on_version, schedule
        When it is planned again.
    found
        Issues of reading it.
    """

    name: str
    scenario: Mapping[str, Any]
    on_version: bool = False
    schedule: str | None = None
    found: Sequence[Issue] = ()


@dataclass(frozen=True)
class Made:
    """A scenario, and the warnings about it by language."""

    scenario: Scenario
    warnings: Documents


def create_scenario(
    session: Session, inventory: Inventory, wish: Wish, zone: ZoneInfo, parent: Scenario | None = None
) -> Made:
    """Check a scenario, fill in every default, and keep it.

    Raises
    ------
    InvalidError
        With every issue: of reading, of each key, of the province, of the schedule.
    """
    raw = {"name": wish.name, **wish.scenario}
    checked, found = read_scenario(
        raw,
        explicit_matches=has_matches(session, inventory),
        inventory_date=_day(session, inventory, raw, parent),
    )
    scope = checked.scope_province
    found = [*wish.found, *found, *_scope_issues(session, inventory, scope)]
    due_at = None
    if wish.schedule is not None:
        try:
            due_at = next_time(wish.schedule, utc_now(), zone)
        except ScheduleError:
            found.append(schedule_issue("replan.schedule", wish.schedule))
    documents = as_documents(found)
    errors = sum(one.severity == "error" for one in set(found))
    if errors:
        raise InvalidError("scenario", issues=documents, count=str(errors))
    resolved = json.loads(checked.to_json())
    scenario = Scenario(
        id=new_id("scn"),
        name=wish.name,
        inventory_id=inventory.id,
        parent_id=parent.id if parent else None,
        province_code=scope,
        given=storable(wish.scenario),
        resolved=resolved,
        sha256=hashlib.sha256(canonical_json(resolved).encode()).hexdigest(),
        replan_on_version=wish.on_version,
        replan_schedule=wish.schedule,
        replan_due_at=due_at,
        created_at=utc_now(),
        created_by=actor_of(session).name,
    )
    session.add(scenario)
    session.flush()
    record(
        session,
        action="scenario.created",
        subject=scenario.id,
        province_code=scenario.province_code,
        details={"inventory_id": inventory.id, "sha256": scenario.sha256, "parent_id": scenario.parent_id},
    )
    return Made(scenario, documents)


def _day(session: Session, inventory: Inventory, raw: Mapping[str, Any], parent: Scenario | None) -> dt.date:
    """Return the day that stands in for a missing one: a variant's is its parent's, so that they compare."""
    if parent is not None:
        return dt.date.fromisoformat(parent.resolved["date"])
    # To look through all rows takes a moment; a day that is given spares it.
    return REGISTER_DATE if raw.get("date") is not None else date_of(session, inventory)


def _scope_issues(session: Session, inventory: Inventory, scope: str | None) -> list[Issue]:
    """Return what is wrong with the province: none that there is, or another one's."""
    mine = actor_of(session).province_code
    if mine is not None and scope != mine:
        return [_ours("scope_not_yours", _SCOPE, scope or "", province=mine)]
    if scope is None or scope in provinces_of(session, inventory):
        return []
    return [issue("province_unknown", "scenario", None, _SCOPE, scope)]


def schedule_issue(column: str, schedule: str) -> Issue:
    """Return the issue of a schedule that is none."""
    return _ours("schedule_wrong", column, schedule)


def _ours(code: str, column: str, value: str, **words: str) -> Issue:
    """Return an issue that only the service has."""
    texts = {
        f"{part}_{lang}": say(lang, f"scenario_issue.{code}.{part}", value=value, **words)
        for part in ("message", "remedy")
        for lang in LANGS
    }
    return Issue("scenario", None, column, code, value=value, texts=texts)


def as_documents(found: Iterable[Issue]) -> Documents:
    """Return issues of the solver as issues of problem documents."""
    ordered = sorted(set(found))
    return {
        lang: [
            {
                "file": one.table,
                "row": one.row,
                "column": one.column,
                "code": one.code,
                "severity": one.severity,
                "value": one.value,
                "message": one.message(lang),
                "remedy": one.remedy(lang),
            }
            for one in ordered
        ]
        for lang in LANGS
    }
