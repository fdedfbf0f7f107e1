"""Clients over an inventory of three provinces with rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.service.scenarios.stocked import stock

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from app.service.store.database import Database


@pytest.fixture
def serving(client: TestClient, database: Database) -> TestClient:
    """A client over an inventory of three provinces with rows, on each kind of database."""
    stock(database)
    return client


@pytest.fixture
def light(sqlite_client: TestClient, sqlite_database: Database) -> TestClient:
    """The same on SQLite, for what no database decides."""
    stock(sqlite_database)
    return sqlite_client
