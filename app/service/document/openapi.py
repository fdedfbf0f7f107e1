"""``docs/openapi.json``: what the service promises; a test compares it, so every change of it is seen."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.service.http.application import create_app
from app.service.http.state import State
from app.service.refusals import UnknownActorError
from app.service.store.database import Database
from app.settings import read_settings

if TYPE_CHECKING:
    from fastapi import Request

    from app.service.store.actor import Actor


class _ClosedGate:
    """Lets nobody in: the document is made without a request."""

    def actor(self, request: Request, bearer: str | None) -> Actor:  # noqa: ARG002  # the protocol's signature
        """Refuse."""
        raise UnknownActorError


def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI document; the version of Surplan, which changes by itself, is not told."""
    with tempfile.TemporaryDirectory(prefix="surplan-openapi-") as folder:
        database = Database(f"sqlite:///{Path(folder, 'empty.sqlite').as_posix()}")
        app = create_app(State(database, read_settings({"SURPLAN_HOME": folder}), _ClosedGate()))
        document: dict[str, Any] = app.openapi()
        database.close()
    document["info"]["version"] = "1"
    return document


def as_text(document: dict[str, Any]) -> str:
    """Return the document as it is committed: sorted, a line each, so that a change is a line."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
