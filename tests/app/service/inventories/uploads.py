"""Tables and requests that the tests of inventories share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.app.service.serving import as_

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

ROOT = "/v1/inventories"
MINISTRY = as_("planner")
LAI_CHAU, HA_NOI = as_("province_planner", "12"), as_("province_planner", "01")
#: Communes: two of Lai Châu, one of Hà Nội.
SIN_SUOI_HO, DOAN_KET, BA_DINH = "03394", "03388", "00004"


def car(asset_id: str, commune: str = SIN_SUOI_HO, **cells: object) -> dict[str, Any]:
    """Return a surplus car."""
    base = {"asset_id": asset_id, "category": "vehicle", "kind": "car", "commune_code": commune}
    return base | {"units": 1, "condition_pct": 60, "year": 2018} | cells


def house(name: str, lat: float, lon: float, area: float, **cells: object) -> dict[str, Any]:
    """Return surplus premises with a point."""
    base = {"asset_id": name, "category": "premises", "kind": "office", "commune_code": SIN_SUOI_HO}
    return (
        base
        | {"units": 1, "lat": lat, "lon": lon, "area_m2": area, "condition_pct": 60, "year": 2000}
        | cells
    )


def need(name: str, commune: str = SIN_SUOI_HO, **cells: object) -> dict[str, Any]:
    """Return a need of a car."""
    return {
        "need_id": name,
        "category": "vehicle",
        "kinds": "car",
        "commune_code": commune,
        "units": 1,
    } | cells


def post(client: TestClient, assets: list[Any], needs: list[Any], **tables: object) -> Response:
    """Send a new inventory as JSON."""
    body = {"name": "Xe công", "assets": assets, "needs": needs, **tables}
    return client.post(ROOT, json=body, headers=MINISTRY)


def made(client: TestClient, assets: list[Any], needs: list[Any], **tables: object) -> str:
    """Make an inventory and return its address."""
    answer = post(client, assets, needs, **tables)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def etag_of(client: TestClient, address: str, province: str) -> str:
    """Return the ETag of a part."""
    answer = client.get(f"{address}/provinces/{province}", headers=MINISTRY)
    assert answer.status_code == 200, answer.text
    return str(answer.headers["ETag"])


def codes_of(answer: Response) -> set[str]:
    """Return the codes of a refusal's issues that are errors."""
    assert answer.status_code == 422, answer.text
    return {one["code"] for one in answer.json()["issues"] if one["severity"] == "error"}
