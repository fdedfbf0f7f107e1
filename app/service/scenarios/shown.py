"""A scenario as an actor may see it.

All may read the country's scenarios. Their pins and bans name assets and needs, though, and those of other
provinces are nobody's business: whoever belongs to a province does not see them.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from app.service.http.problems import IssueDocument
from app.service.scenarios.schemas import ReplanWish, ScenarioDocument, ScenarioItem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.service.store.actor import Actor
    from app.service.store.models import Scenario

_SECTION = "stability"
_NAMING = ("pins", "bans")


def without_hidden(
    scenario: Scenario, keys: Mapping[str, Any], actor: Actor
) -> tuple[dict[str, Any], list[str]]:
    """Return keys of a scenario without those that name others' rows, and which these are."""
    found: dict[str, Any] = copy.deepcopy(dict(keys))
    if actor.province_code is None or (scenario.province_code is not None and actor.commune_code is None):
        return found, []
    section = found.get(_SECTION)
    hidden = [name for name in _NAMING if isinstance(section, dict) and section.get(name)]
    for name in hidden:
        del found[_SECTION][name]
    return found, [f"{_SECTION}.{name}" for name in hidden]


def item_of(scenario: Scenario) -> ScenarioItem:
    """Return a scenario for a list."""
    return ScenarioItem(**_common(scenario))


def document_of(
    scenario: Scenario, actor: Actor, warnings: Sequence[Mapping[str, object]] = ()
) -> ScenarioDocument:
    """Return a scenario with its keys."""
    given, _ = without_hidden(scenario, scenario.given, actor)
    resolved, hidden = without_hidden(scenario, scenario.resolved, actor)
    return ScenarioDocument(
        **_common(scenario),
        given=given,
        resolved=resolved,
        hidden=hidden,
        sha256=scenario.sha256,
        warnings=[IssueDocument.model_validate(one) for one in warnings],
    )


def _common(scenario: Scenario) -> dict[str, Any]:
    return {
        "id": scenario.id,
        "name": scenario.name,
        "inventory_id": scenario.inventory_id,
        "parent_id": scenario.parent_id,
        "province_code": scenario.province_code,
        "replan": ReplanWish(on_new_version=scenario.replan_on_version, schedule=scenario.replan_schedule),
        "next_replan_at": scenario.replan_due_at,
        "created_at": scenario.created_at,
        "created_by": scenario.created_by,
    }
