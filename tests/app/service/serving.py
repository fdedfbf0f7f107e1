"""The application over a store, for tests: whoever asks is named by the token itself.

::

    with app_client(database) as client:
        client.get("/v1/inventories", headers=as_("planner"))
        client.put(address, json=rows, headers=as_("province_planner", "12") | {"If-Match": tag})
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.testclient import TestClient

from app.service.http.application import create_app
from app.service.http.state import State
from app.service.refusals import UnknownActorError
from app.service.store.actor import Actor, Role
from app.settings import read_settings

if TYPE_CHECKING:
    from fastapi import Request

    from app.service.store.database import Database


class NamingGate:
    """Believes a token that names role, province and commune: ``province_planner:12:``."""

    def actor(self, request: Request, bearer: str | None) -> Actor:  # noqa: ARG002  # the protocol's signature
        """Return the actor that the token names."""
        if not bearer:
            raise UnknownActorError
        role, province, commune = bearer.split(":")
        name = f"{role} {province}".strip()
        return Actor(f"key_{role}_{province}", name, Role(role), province or None, commune or None)


def as_(role: str, province: str | None = None, commune: str | None = None) -> dict[str, str]:
    """Return the headers of an actor."""
    return {"Authorization": f"Bearer {role}:{province or ''}:{commune or ''}"}


def app_client(database: Database) -> TestClient:
    """Return a client of the application over a store; use it in a ``with``, which starts and stops it."""
    home = Path(tempfile.gettempdir()) / "surplan-tests"
    state = State(database, read_settings({"SURPLAN_HOME": str(home), "SURPLAN_RATE": "off"}), NamingGate())
    return TestClient(create_app(state), base_url="http://testserver", raise_server_exceptions=True)
