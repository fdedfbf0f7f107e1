"""Rows of a store for tests: an inventory, its assets, needs and parts, with little in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.service.store.models import AssetRow, Inventory
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from app.service.store.scope import ScopedSession


def asset(province: str, name: str, commune: str | None = None, **cells: str) -> dict[str, Any]:
    """Return a row of an asset: a surplus car."""
    own = {"kind": "car", "status": "surplus", "official_id": None}
    return {
        **_row(province, commune),
        "asset_id": name,
        "plan_id": name,
        **own,
        "cells": {"asset_id": name, **cells},
    }


def need(province: str, name: str, category: str = "vehicle") -> dict[str, Any]:
    """Return a row of a need."""
    own = {"category": category, "purpose": None}
    return {**_row(province), "need_id": name, "plan_id": name, **own, "cells": {"need_id": name}}


def _row(province: str, commune: str | None = None) -> dict[str, Any]:
    return {
        "inventory_id": "inv_1",
        "province_code": province,
        "commune_code": commune,
        "since": 1,
        "digest": "0" * 64,
        "category": "vehicle",
        "lat": None,
        "lon": None,
        "tile": None,
    }


def part(province: str, assets: int) -> dict[str, Any]:
    """Return a row of a part without needs."""
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


def add_inventory(session: ScopedSession, assets: list[dict[str, Any]]) -> None:
    """Add an inventory with assets."""
    session.add(Inventory(id="inv_1", name="Xe", head=1, created_at=utc_now(), created_by="x"))
    session.flush()
    session.execute(sa.insert(AssetRow), assets)
