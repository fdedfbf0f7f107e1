"""A second PostgreSQL database, beside the one that `database_url` may be."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.service.store.engine import full_url

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def other_postgres_url(postgres: str) -> Iterator[str]:
    """The address of an empty database of its own."""
    name = f"o{secrets.token_hex(6)}"
    server = sa.create_engine(full_url(postgres), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql(f"create database {name}")
    yield full_url(postgres).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(f"drop database {name} with (force)")
    server.dispose()
