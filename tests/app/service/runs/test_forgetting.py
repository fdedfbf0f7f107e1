"""The job engine forgets what it was done with a day ago, and nothing that waits."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.service.runs import jobs
from app.service.runs.chores import Chores
from app.service.runs.jobs import Jobs, jobs_file
from app.service.store.engine import full_url
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.service.store.database import Database

DONE = [("run_a", 0), ("run_a", 1), ("run_b", 0)]
WAIT = [("run_c", 0), ("run_c", 1)]
TABLES = ("workflow_status", "workflow_input", "workflow_output", "operation_outputs")


@pytest.fixture
def held() -> threading.Event:
    """What the runs of `WAIT` wait for."""
    return threading.Event()


@pytest.fixture
def engine(database: Database, held: threading.Event) -> Iterator[Jobs]:
    """The job engine, which has done with three dispatches, has one in hand and one in the queue."""

    def execute(run_id: str, _dispatch: int) -> None:
        if run_id == "run_c":
            held.wait(30)

    found = Jobs(database, "one", "1", 1, execute)
    for one in [*DONE, *WAIT]:
        found.dispatch(*one)
    patience = time.monotonic() + 30
    while [found.fates([one])[one].waits for one in WAIT] != [False, True]:
        assert time.monotonic() < patience
        time.sleep(0.05)
    yield found
    held.set()
    found.stop()


def rows(database: Database) -> dict[str, int]:
    """Return how many rows the engine has of our runs, by table."""
    query = "select count(*) from {} where workflow_uuid like 'run\\_%' escape '\\'"
    if database.is_sqlite:
        with closing(sqlite3.connect(jobs_file(database))) as connection:
            return {name: connection.execute(query.format(name)).fetchone()[0] for name in TABLES}
    server = sa.create_engine(full_url(database.url), poolclass=sa.NullPool)
    with server.connect() as connection_:
        return {
            name: connection_.exec_driver_sql(query.format(f"dbos.{name}").replace("%", "%%")).scalar_one()
            for name in TABLES
        }


def test_what_was_done_with_long_ago_is_forgotten_in_pieces(
    database: Database, engine: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_FORGOTTEN_AT_ONCE", 2)
    assert engine.forget(utc_now() - timedelta(days=1)) == 0
    assert set(engine.fates([*DONE, *WAIT])) == {*DONE, *WAIT}
    assert rows(database)["workflow_status"] == 5
    later = utc_now() + timedelta(minutes=1)
    assert [engine.forget(later), engine.forget(later), engine.forget(later)] == [2, 1, 0]
    # What it has in hand and what waits is left, with what they were given.
    assert set(engine.fates([*DONE, *WAIT])) == set(WAIT)
    assert rows(database) == {
        "workflow_status": 2,
        "workflow_input": 2,
        "workflow_output": 0,
        "operation_outputs": 0,
    }
    # A dispatch that is forgotten may be given again: it is new to the engine.
    engine.dispatch(*DONE[0])
    assert engine.fates(DONE)[DONE[0]].waits


def test_the_chores_of_workers_forget_it(
    database: Database, engine: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.service.runs.chores.KEPT", timedelta(minutes=-1))
    one, two = Chores(database, jobs=engine), Chores(database, jobs=engine)
    for now in (0.0, 2.0, 4.0):
        one.do(now)
        two.do(now)
    assert set(engine.fates([*DONE, *WAIT])) == set(WAIT)
