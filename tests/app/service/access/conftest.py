"""A seeded store for each module that asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.service.access.asking import Seeded
from tests.app.service.access.seeded import seed
from tests.app.service.databases import sqlite_url, with_tables
from tests.app.service.serving import app_client

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    """The application over a store with rows of two provinces."""
    folder = tmp_path_factory.mktemp("seeded")
    with with_tables(sqlite_url(folder)) as database:
        ids = seed(database, folder / "plans")
        with app_client(database) as client:
            yield Seeded(client, ids)
