"""A store with something behind every address: what hostile requests must reach to do harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.app.service.serving import as_

if TYPE_CHECKING:
    from starlette.testclient import TestClient

ASSETS = (
    "asset_id,category,kind,commune_code,units,condition_pct,year\n"
    "V-1,vehicle,car,03388,1,80,2020\nV-2,vehicle,car,03390,1,70,2019\n"
)
NEEDS = "need_id,category,kinds,commune_code,units\nN-1,vehicle,car,03390,1\n"


def stock(client: TestClient) -> dict[str, str]:
    """Store an inventory, a scenario and a waiting run; return a value for each parameter of an address."""
    planner = as_("planner")
    files = {"assets": ("assets.csv", ASSETS), "needs": ("needs.csv", NEEDS)}
    stored = client.post("/v1/inventories?name=Xe", files=files, headers=planner)
    assert stored.status_code == 201, stored.text
    inventory = stored.json()["inventory_id"]
    body = {"name": "Xe", "inventory_id": inventory, "scenario": {}}
    scenario = client.post("/v1/scenarios", json=body, headers=planner)
    assert scenario.status_code == 201, scenario.text
    run = client.post("/v1/runs", json={"scenario_id": scenario.json()["id"]}, headers=planner)
    assert run.status_code == 202, run.text
    key = client.post("/v1/keys", json={"name": "k", "role": "auditor"}, headers=as_("admin"))
    assert key.status_code == 201, key.text
    return {
        "inventory_id": inventory,
        "scenario_id": scenario.json()["id"],
        "run_id": run.json()["id"],
        "key_id": key.json()["id"],
        "code": "12",
        "name": "norms",
        "lang": "vi",
    }
