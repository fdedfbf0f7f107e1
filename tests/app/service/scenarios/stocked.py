"""An inventory of three provinces with rows, and requests for scenarios over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.store.actor import SYSTEM
from app.service.store.models import NeedRow, Part
from tests.app.service.serving import as_
from tests.app.service.store.rows import add_inventory, asset, need, part

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

    from app.service.store.database import Database

PLANNER = as_("planner")
LAI_CHAU = as_("province_planner", "12")


def stock(database: Database) -> None:
    """Add the inventory."""
    with database.writing(SYSTEM) as session:
        rows = [asset("12", "A", year="2026"), asset("01", "B", available_from="2027-03-01")]
        add_inventory(session, [*rows, asset("91", "C")])
        wanted = [need("12", "N-1"), need("91", "N-2"), need("12", "N-3", "equipment")]
        session.execute(sa.insert(NeedRow), wanted)
        session.execute(sa.insert(Part), [part("12", 1), part("01", 1), part("91", 1), part("04", 0)])


def post(client: TestClient, scenario: object, who: dict[str, str] = PLANNER, **more: object) -> Response:
    """Ask for a scenario."""
    body = {"name": "Xe", "inventory_id": "inv_1", "scenario": scenario, **more}
    return client.post("/v1/scenarios", json=body, headers=who)
