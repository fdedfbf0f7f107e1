"""Plans that were really solved, published in a store of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.app.service.plans.published import (
    LAI_CHAU,
    Folders,
    add_inventory,
    add_scenario,
    publish,
)
from tests.app.service.serving import app_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from app.service.store.database import Database


@dataclass(frozen=True)
class Published:
    """A client, and the ids of the plans that are there."""

    client: TestClient
    database: Database
    folders: Folders
    country: str
    other: str
    province: str
    conflict: str


def _published(database: Database, folders: Folders, client: TestClient) -> Published:
    add_inventory(database)
    add_scenario(database, "scn_country")
    add_scenario(database, "scn_other")
    add_scenario(database, "scn_province", LAI_CHAU)
    add_scenario(database, "scn_conflict")
    return Published(
        client,
        database,
        folders,
        publish(database, folders.country, "scn_country"),
        publish(database, folders.other, "scn_other"),
        publish(database, folders.province, "scn_province"),
        publish(database, folders.conflict, "scn_conflict"),
    )


@pytest.fixture
def published(database: Database, folders: Folders) -> Iterator[Published]:
    """The plans in a store of each kind."""
    with app_client(database) as client:
        yield _published(database, folders, client)


@pytest.fixture
def light(sqlite_database: Database, folders: Folders) -> Iterator[Published]:
    """The plans in SQLite, for what no database decides."""
    with app_client(sqlite_database) as client:
        yield _published(sqlite_database, folders, client)
