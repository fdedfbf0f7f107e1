"""The provinces' own scenarios, all at once: after one upload, and one by one as parts change."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import geodata
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PLANNER = as_("planner")


def country() -> dict[str, list[dict[str, str]]]:
    """Return a car and a need of one in each province."""
    first = geodata.communes().groupby("province_code").first().reset_index()
    pairs = list(zip(first["province_code"], first["commune_code"], strict=True))
    car = {"category": "vehicle", "kind": "car", "condition_pct": "80", "year": "2020", "units": "1"}
    need = {"category": "vehicle", "kinds": "car", "units": "1"}
    return {
        "assets": [{**car, "asset_id": f"V-{code}", "commune_code": commune} for code, commune in pairs],
        "needs": [{**need, "need_id": f"N-{code}", "commune_code": commune} for code, commune in pairs],
    }


def test_thirty_four_provinces_are_planned_again_after_one_upload(sqlite_client: TestClient) -> None:
    client, tables = sqlite_client, country()
    stored = client.post("/v1/inventories", json={"name": "Cả nước", **tables}, headers=PLANNER)
    assert stored.status_code == 201, stored.text
    inventory = stored.json()["inventory_id"]
    body = {"name": "Xe", "inventory_id": inventory, "scenario": {}}
    parent = client.post("/v1/scenarios", json=body, headers=PLANNER).json()["id"]
    wish = {"name": "Theo tỉnh", "by_province": True, "replan": {"on_new_version": True}}
    made = client.post(f"/v1/scenarios/{parent}/variants", json=wish, headers=PLANNER)
    assert made.status_code == 201, made.text
    variants = {one["id"]: one["province_code"] for one in made.json()["items"]}
    assert len(variants) == len(set(variants.values())) == 34

    asked = {"inventory_id": inventory, "scenario_ids": list(variants)}
    batch = client.post("/v1/replans", json=asked, headers=PLANNER)
    assert batch.status_code == 202, batch.text
    runs = [item["run"] for item in batch.json()["items"]]
    assert {run["scenario_id"]: run["province_code"] for run in runs} == variants
    assert batch.json()["states"]["QUEUED"] == 34
    # Each province sees its own run of the batch, and the auditor all.
    address = f"/v1/replans/{batch.json()['batch_id']}"
    mine = client.get(address, headers=as_("province_planner", "12")).json()["items"]
    assert [item["run"]["province_code"] for item in mine] == ["12"]
    assert len(client.get(address, headers=as_("auditor")).json()["items"]) == 34

    # A part that changes plans its own province again; a table of all, all provinces.
    part = f"/v1/inventories/{inventory}/provinces/12"
    tag = client.get(part, headers=PLANNER).headers["ETag"]
    change = {"assets": {"upsert": [{"asset_id": "V-12", "condition_pct": 70}]}}
    patched = client.patch(part, json=change, headers=as_("province_planner", "12") | {"If-Match": tag})
    assert patched.status_code == 200, patched.text
    queued = client.get("/v1/runs?state=QUEUED&limit=1000", headers=PLANNER).json()["items"]
    assert Counter(run["cause"] for run in queued) == {"batch": 34, "new_version": 1}
    (new,) = [run for run in queued if run["cause"] == "new_version"]
    assert (new["province_code"], new["inventory_version"]) == ("12", 2)
