from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.service.runs.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.service.store.database import Database


@pytest.fixture
def stage(database: Database, tmp_path: Path) -> Iterator[Stage]:
    """Workers over each kind of database."""
    found = Stage(database, tmp_path)
    yield found
    assert len(list(found.close())) == len(found.workers)


@pytest.fixture
def sqlite_stage(sqlite_database: Database, tmp_path: Path) -> Iterator[Stage]:
    """Workers over SQLite, for what no database decides."""
    found = Stage(sqlite_database, tmp_path)
    yield found
    assert len(list(found.close())) == len(found.workers)
