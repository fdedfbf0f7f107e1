"""Databases of the service for tests: where empty ones are, and ones with all tables."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

import app.service.store.models  # noqa: F401  # makes the tables known
from app.service.store.database import Database
from app.service.store.engine import full_url
from app.service.store.types import Base

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def sqlite_url(folder: Path) -> str:
    """Return the address of the SQLite file that a service keeps in a folder."""
    return f"sqlite:///{(folder / 'surplan.sqlite').as_posix()}"


@contextmanager
def empty_postgres(server: str) -> Iterator[str]:
    """Yield the address of an empty database of its own on a server, which is dropped at the end."""
    name = f"t{secrets.token_hex(6)}"
    engine = sa.create_engine(full_url(server), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"create database {name}")
    try:
        yield full_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"drop database {name} with (force)")
        engine.dispose()


@contextmanager
def with_tables(url: str) -> Iterator[Database]:
    """Yield an empty database with all tables; it is closed at the end."""
    database = Database(url)
    try:
        Base.metadata.create_all(database.engine)
        yield database
    finally:
        database.close()
