"""An inventory of three provinces with rows, and requests for scenarios over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.service.store.actor import SYSTEM
from app.service.store.models import AssetRow, Inventory, Part
from app.service.store.types import utc_now
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

    from app.service.store.database import Database

PLANNER = as_("planner")
LAI_CHAU = as_("province_planner", "12")


def asset(province: str, name: str, **cells: str) -> dict[str, Any]:
    """Return a row of an asset."""
    return {
        "inventory_id": "inv_1",
        "province_code": province,
        "commune_code": None,
        "asset_id": name,
        "plan_id": name,
        "since": 1,
        "digest": "0" * 64,
        "category": "vehicle",
        "kind": "car",
        "status": "surplus",
        "lat": None,
        "lon": None,
        "tile": None,
        "official_id": None,
        "cells": {"asset_id": name, **cells},
    }


def part(province: str, assets: int) -> dict[str, Any]:
    """Return a row of a part."""
    return {
        "inventory_id": "inv_1",
        "province_code": province,
        "number": 1,
        "since": 1,
        "etag": "0" * 64,
        "assets": assets,
        "needs": 0,
        "unknown": [],
        "created_at": utc_now(),
        "created_by": "x",
    }


def stock(database: Database) -> None:
    """Add the inventory."""
    with database.writing(SYSTEM) as session:
        session.add(Inventory(id="inv_1", name="Xe", head=1, created_at=utc_now(), created_by="x"))
        session.flush()
        rows = [asset("12", "A", year="2026"), asset("01", "B", available_from="2027-03-01")]
        session.execute(sa.insert(AssetRow), [*rows, asset("91", "C")])
        session.execute(sa.insert(Part), [part("12", 1), part("01", 1), part("91", 1), part("04", 0)])


def post(client: TestClient, scenario: object, who: dict[str, str] = PLANNER, **more: object) -> Response:
    """Ask for a scenario."""
    body = {"name": "Xe", "inventory_id": "inv_1", "scenario": scenario, **more}
    return client.post("/v1/scenarios", json=body, headers=who)
