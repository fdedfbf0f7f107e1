"""Calls of scenarios and their variants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.client import types
from app.client.calls import Calls, without_none

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ROOT = "/v1/scenarios"


class Scenarios(Calls):
    """Freeze scenarios and read them; whatever happens to the connection, each is made once."""

    def create_scenario(
        self,
        name: str,
        inventory_id: str,
        scenario: Mapping[str, Any],
        replan: types.ReplanWish | None = None,
    ) -> types.ScenarioDocument:
        """Freeze a scenario: the keys of scenario.toml."""
        body = {"name": name, "inventory_id": inventory_id, "scenario": dict(scenario)}
        more = without_none(replan=replan)
        return self._document(types.ScenarioDocument, "POST", _ROOT, json=body | more, idempotent=True)

    def create_variant(
        self,
        scenario_id: str,
        name: str,
        changes: Mapping[str, Any],
        replan: types.ReplanWish | None = None,
    ) -> types.ScenarioDocument:
        """Freeze a scenario that differs from another in some keys; None takes one away."""
        body = {"name": name, "changes": dict(changes), **without_none(replan=replan)}
        path = f"{_ROOT}/{scenario_id}/variants"
        return self._document(types.ScenarioDocument, "POST", path, json=body, idempotent=True)

    def create_province_variants(
        self,
        scenario_id: str,
        name: str,
        changes: Mapping[str, Any] | None = None,
        replan: types.ReplanWish | None = None,
    ) -> list[types.ScenarioItem]:
        """Freeze a variant for each province that has rows; by code, all of them or none."""
        body = {"name": name, "changes": dict(changes or {}), "by_province": True}
        path, more = f"{_ROOT}/{scenario_id}/variants", without_none(replan=replan)
        made = self._document(types.VariantList, "POST", path, json=body | more, idempotent=True)
        return made["items"]

    def scenario(self, scenario_id: str) -> types.ScenarioDocument:
        """Return a scenario as it was sent, and with every default."""
        return self._document(types.ScenarioDocument, "GET", f"{_ROOT}/{scenario_id}")

    def scenarios(
        self, *, inventory_id: str | None = None, province: str | None = None
    ) -> Iterator[types.ScenarioItem]:
        """Yield scenarios, the oldest first: of an inventory, of a province."""
        filters = without_none(inventory_id=inventory_id, province=province)
        return self._items(types.ScenarioItem, _ROOT, filters)
