"""A database under pressure: no connection is free, a table is held, a statement fails with its values."""

from __future__ import annotations

import io
import logging
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from app.errors import InputError
from app.service.http.application import create_app
from app.service.http.state import State
from app.service.operations import logs, migrating
from app.service.operations.opening import shown_url
from app.service.store import engine
from app.service.store.actor import SYSTEM
from app.service.store.database import Database
from app.service.store.models import Inventory
from app.service.store.types import Base, utc_now
from app.settings import read_settings
from tests.app.service.serving import NamingGate, as_

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(read_settings({}), stream)
    yield stream
    root.handlers[:], root.level = before, level


def test_without_a_free_connection_one_is_told_to_come_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_POOL", {"pool_size": 2, "max_overflow": 0, "pool_timeout": 0.1})
    database = Database(database_url)
    Base.metadata.create_all(database.engine)
    app = create_app(State(database, read_settings({}), NamingGate()))
    with TestClient(app) as client, ExitStack() as taken:
        for _ in range(2):
            taken.enter_context(database.reading(SYSTEM))
        answer = client.get("/v1/keys", headers=as_("admin"))
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        ready = client.get("/v1/ready")
        assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
        figures = client.get("/metrics", headers=as_("admin"))
        assert (figures.status_code, "surplan_database_up 0.0" in figures.text) == (200, True)
        assert client.get("/v1/health").status_code == 200
        taken.close()
        assert client.get("/v1/keys", headers=as_("admin")).status_code == 200
    database.close()


def test_rows_of_a_statement_that_failed_are_not_in_the_log(database: Database, log: io.StringIO) -> None:
    row = {"id": "inv_1", "name": "bí mật", "head": 1, "created_at": utc_now(), "created_by": "x"}
    wrong = {**row, "id": "inv_2", "head": None}  # PostgreSQL tells the whole row
    for rows in ([row, row], [wrong]):
        try:
            with database.writing(SYSTEM) as session:
                session.execute(sa.insert(Inventory), rows)
        except sa.exc.IntegrityError:
            logging.getLogger("surplan.runs").exception("run.not_claimed")
    written = log.getvalue()
    assert written.count("IntegrityError") >= 2
    assert "bí mật" not in written
    # What the driver of PostgreSQL says of the row is cut by us, what SQLAlchemy says by itself.
    assert logs.HIDDEN in written or "SQL parameters hidden" in written


def test_a_table_that_is_held_ends_a_change_in_good_order(postgres_url: str) -> None:
    database = Database(postgres_url)
    migrating.make_if_empty(database)

    def change() -> None:
        with migrating.changing(database) as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
            connection.exec_driver_sql("DROP TABLE idempotent_answers")

    with database.reading(SYSTEM) as session:
        session.connection().exec_driver_sql("SELECT 1 FROM idempotent_answers")
        with pytest.raises(InputError, match="holds the database for long"):
            change()
    with database.engine.connect() as connection:
        assert migrating.schema(connection) is migrating.Schema.CURRENT
        assert migrating.drift(connection) == []
    database.close()


def test_a_password_behind_the_question_mark_is_not_shown() -> None:
    assert shown_url("postgresql://host/name?user=a&password=hush") == "postgresql://host/name"
