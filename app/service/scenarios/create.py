"""From what was posted to a frozen scenario, or to every issue of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.service.refusals import InvalidError
from app.service.scenarios.exact import storable
from app.service.scenarios.issues import as_documents, own_issue
from app.service.scenarios.place import date_of, has_matches, provinces_of
from app.service.scenarios.references import reference_issues
from app.service.scenarios.schedule import due_of
from app.service.store.audit import record
from app.service.store.models import Scenario
from app.service.store.scope import actor_of
from app.service.store.types import canonical_json, new_id, utc_now
from solver.errors import issue
from solver.scenario.load import REGISTER_DATE, read_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.service.scenarios.issues import Documents
    from app.service.store.models import Inventory
    from app.settings import Settings
    from solver import Issue

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
    session: Session, inventory: Inventory, wish: Wish, settings: Settings, parent: Scenario | None = None
) -> Made:
    """Check a scenario, fill in every default, and keep it.

    Raises
    ------
    InvalidError
        With every issue: of reading, of each key, of the province, of what it names, of the schedule.
    """
    raw = {"name": wish.name, **wish.scenario}
    if parent is not None and raw.get("date") is None:
        raw["date"] = parent.resolved["date"]  # so that the plans of both compare
    # To look through all rows takes a moment; a day that is given spares it.
    given = raw.get("date") is not None
    checked, found = read_scenario(
        raw,
        explicit_matches=has_matches(session, inventory),
        inventory_date=REGISTER_DATE if given else date_of(session, inventory),
    )
    scope = checked.scope_province
    misplaced = _scope_issues(session, inventory, scope)
    # In a province that is not there, or not one's own, nothing of what it names would be found.
    found = [*wish.found, *found, *(misplaced or reference_issues(session, inventory, checked))]
    due_at, wrong = due_of(wish.schedule, "replan.schedule", settings)
    documents = as_documents([*found, *wrong])
    errors = sum(one["severity"] == "error" for one in documents["en"])
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


def _scope_issues(session: Session, inventory: Inventory, scope: str | None) -> list[Issue]:
    """Return what is wrong with the province: none that there is, or another one's."""
    mine = actor_of(session).province_code
    if mine is not None and scope != mine:
        return [own_issue("scope_not_yours", _SCOPE, scope or "", province=mine)]
    if scope is None or scope in provinces_of(session, inventory):
        return []
    return [issue("province_unknown", "scenario", None, _SCOPE, scope)]
