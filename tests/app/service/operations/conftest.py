"""A second PostgreSQL database, beside the one that `database_url` may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.service.databases import empty_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def other_postgres_url(postgres: str) -> Iterator[str]:
    """The address of an empty database of its own."""
    with empty_postgres(postgres) as url:
        yield url
