"""A seeded store for each module that asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import app.service.store.models  # noqa: F401  # makes the tables known
from app.service.store.database import Database
from app.service.store.types import Base
from tests.app.service.access.asking import Seeded
from tests.app.service.access.seeded import seed
from tests.app.service.serving import app_client

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    """The application over a store with rows of two provinces."""
    folder = tmp_path_factory.mktemp("seeded")
    database = Database(f"sqlite:///{(folder / 'surplan.sqlite').as_posix()}")
    Base.metadata.create_all(database.engine)
    ids = seed(database, folder / "plans")
    with app_client(database) as client:
        yield Seeded(client, ids)
    database.close()
