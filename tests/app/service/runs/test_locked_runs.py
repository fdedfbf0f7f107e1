"""Runs whose rows are locked: a worker lost its power in a transaction, and the server does not know yet."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.service.runs.ledger import Ledger
from app.service.runs.roster import Roster
from app.service.store.engine import OF_SESSION
from app.service.store.models import Run
from tests.app.service.databases import with_tables
from tests.app.service.runs.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.service.store.database import Database


@pytest.fixture
def server(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database on PostgreSQL, SQLite has one writer at a time; who waits for a lock there fails soon."""
    monkeypatch.setitem(OF_SESSION, "lock_timeout", "2s")
    with with_tables(postgres_url) as found:
        yield found


@pytest.fixture
def stage(server: Database, tmp_path: Path) -> Stage:
    """A store with a scenario."""
    return Stage(server, tmp_path)


@contextmanager
def lost(server: Database, run: str) -> Iterator[None]:
    """Lock the row of a run as a worker does that has lost its power."""
    with server.engine.connect() as connection, connection.begin() as transaction:
        query = sa.select(Run.id).where(Run.id == run).with_for_update()
        assert connection.execute(query).all() == [(run,)]
        yield
        transaction.rollback()


def test_a_locked_run_holds_nobody_up_who_takes_over_and_is_taken_later(
    server: Database, stage: Stage
) -> None:
    held, free = stage.queue(2)
    now = 0.0
    one, two = (Roster(server, name, "1", 10, lambda: now) for name in ("one", "two"))
    for run in (held, free):
        assert Ledger(server, "one", "1").claim(run, 0, one.incarnation) is not None
    for _ in range(3):
        assert two.reap() == []
        now += 4
    with lost(server, held):
        assert two.reap() == [free]
        assert set(two.alive()) == {"two"}
        assert two.reap() == []
    assert two.reap() == [held]
    assert stage.states(held) == stage.states(free) == ["QUEUED", "RUNNING", "QUEUED"]


def test_a_slot_starts_again_beside_its_locked_run_and_gives_it_back_later(
    server: Database, stage: Stage
) -> None:
    (run,) = stage.queue()
    one = Roster(server, "one", "1", 10)
    book = Ledger(server, "one", "1")
    assert book.claim(run, 0, one.incarnation) is not None
    with lost(server, run):
        heir = Roster(server, "one", "1", 10)
        assert heir.taken == []
        book.give_back(run, 0, waits=False)
        assert book.strays() == [(run, 0)]
    book.give_back(run, 0, waits=False)
    assert book.strays() == []
    assert stage.run(run).state == "QUEUED"


def test_a_slot_is_given_up_beside_its_locked_run_and_others_take_that_later(
    server: Database, stage: Stage
) -> None:
    (run,) = stage.queue()
    one, two = (Roster(server, name, "1", 10) for name in ("one", "two"))
    assert Ledger(server, "one", "1").claim(run, 0, one.incarnation) is not None
    with lost(server, run):
        one.leave()
        assert two.reap() == []
    assert two.reap() == [run]
