"""Requests that make something, one of each kind that takes an Idempotency-Key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.app.service.http.stocked import ASSETS, NEEDS
from tests.app.service.inventories.uploads import car, need
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

PLANNER = as_("planner")
INVENTORIES = "/v1/inventories"
TOML = {"Content-Type": "application/toml"}
FORM = {"assets": ("assets.csv", ASSETS), "needs": ("needs.csv", NEEDS)}
#: Requests that make something: address, and what is sent there.
MAKING: dict[str, tuple[str, dict[str, Any]]] = {
    "an inventory from a form": (f"{INVENTORIES}?name=Xe", {"files": FORM}),
    "an inventory with its name in the form": (INVENTORIES, {"files": FORM, "data": {"name": "Xe"}}),
    "an inventory from JSON": (
        INVENTORIES,
        {"json": {"name": "Xe", "assets": [car("A")], "needs": [need("N")]}},
    ),
    "an inventory from one table": (
        f"{INVENTORIES}?name=Xe&table=assets",
        {"content": ASSETS, "headers": {"Content-Type": "text/csv"}},
    ),
    "an empty inventory": (INVENTORIES, {"json": {"name": "Trống"}}),
    "an empty inventory without a body": (f"{INVENTORIES}?name=x", {}),
    "a scenario": ("/v1/scenarios", {"json": {"name": "Xe", "inventory_id": "INVENTORY", "scenario": {}}}),
    "a scenario as TOML": (
        "/v1/scenarios?name=Xe&inventory_id=INVENTORY",
        {"content": 'objective = "net_cost"', "headers": TOML},
    ),
    "a variant": ("/v1/scenarios/SCENARIO/variants", {"json": {"name": "Xe 2"}}),
    "variants of provinces": (
        "/v1/scenarios/SCENARIO/variants",
        {"json": {"name": "Tỉnh", "by_province": True}},
    ),
    "a run": ("/v1/runs", {"json": {"scenario_id": "SCENARIO"}}),
    "re-plans": ("/v1/replans", {"json": {"inventory_id": "INVENTORY", "all": True}}),
}
#: Requests that are not the first one of `MAKING`.
OTHERS: dict[str, tuple[str, dict[str, Any]]] = {
    "other bytes": (f"{INVENTORIES}?name=Xe", {"files": FORM | {"needs": ("needs.csv", NEEDS + "\n")}}),
    "another name": (f"{INVENTORIES}?name=Xe+2", {"files": FORM}),
    "another name in the form": (f"{INVENTORIES}?name=Xe", {"files": FORM, "data": {"name": "y"}}),
    "another file name": (f"{INVENTORIES}?name=Xe", {"files": FORM | {"needs": ("other.csv", NEEDS)}}),
    "a file less": (f"{INVENTORIES}?name=Xe", {"files": {"assets": FORM["assets"]}}),
    "nothing": (f"{INVENTORIES}?name=Xe", {}),
    "another address": ("/v1/scenarios", {"json": {"name": "Xe", "inventory_id": "INVENTORY"}}),
}


def filled(value: Any, known: dict[str, str]) -> Any:  # noqa: ANN401  # what httpx takes
    """Return a request about what is there."""
    if isinstance(value, str):
        text = value.replace("INVENTORY", known["inventory_id"])
        return text.replace("SCENARIO", known["scenario_id"])
    if isinstance(value, tuple):
        return tuple(filled(one, known) for one in value)
    if isinstance(value, dict):
        return {name: filled(one, known) for name, one in value.items()}
    return value


def ask(client: TestClient, address: str, idempotency_key: str, **more: Any) -> Response:  # noqa: ANN401  # as above
    headers = PLANNER | {"Idempotency-Key": idempotency_key} | more.pop("headers", {})
    return client.post(address, headers=headers, **more)
