"""A worker in this process: what its threads may not hold up, and what it leaves behind."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.service.runs import engine as engine_module
from app.service.runs.chores import Chores
from app.service.runs.engine import Engine
from app.service.runs.ledger import Ledger
from app.service.runs.roster import Roster
from app.service.runs.scratch import Scratch
from app.service.store.actor import SYSTEM
from app.service.store.models import Worker
from app.service.store.types import utc_now
from tests.app.service.runs.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from app.service.store.database import Database

#: A process that stands by and ends when nobody speaks to it any more.
STANDS_BY = (sys.executable, "-c", "import sys; sys.stdin.read()")


def working(database: Database, home: Path) -> Engine:
    return Engine(database, home, "en", slot="one", dead_after_s=1.0, command=STANDS_BY)


@pytest.fixture
def blocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Whether a chore waits for a lock, and what lets it go on."""
    waits, free = threading.Event(), threading.Event()

    def do(_chores: Chores, _now: float) -> int:
        waits.set()
        free.wait(60)
        return 0

    monkeypatch.setattr(engine_module, "CHORES_S", 0.05)
    monkeypatch.setattr(Chores, "do", do)
    yield waits, free
    free.set()


def seen(database: Database) -> datetime:
    with database.reading(SYSTEM) as session:
        return session.scalars(sa.select(Worker.seen_at).where(Worker.name == "one")).one()


def test_a_worker_lives_while_its_chores_wait(
    sqlite_database: Database, tmp_path: Path, blocked: tuple[threading.Event, threading.Event]
) -> None:
    waits, free = blocked
    engine = working(sqlite_database, tmp_path)
    try:
        assert waits.wait(30)
        begun = utc_now()
        patience = time.monotonic() + 30
        while seen(sqlite_database) <= begun:
            assert time.monotonic() < patience, "it beats no more"
            time.sleep(0.05)
    finally:
        free.set()
        engine.stop()


def test_a_worker_leaves_the_folders_of_those_alone_whom_its_database_does_not_know(
    sqlite_database: Database, tmp_path: Path
) -> None:
    other = Scratch(tmp_path / "scratch", "of another database")
    attempt = other.folder / "run_a.0"
    attempt.mkdir()
    engine = working(sqlite_database, tmp_path)
    assert attempt.exists()
    engine.stop()
    assert sorted(path.name for path in (tmp_path / "scratch").iterdir()) == [
        "of another database",
        "of another database.lock",
    ]
    other.close()


def test_a_worker_that_leaves_does_not_take_back_what_another_of_its_slot_has_begun(
    sqlite_database: Database, tmp_path: Path
) -> None:
    stage = Stage(sqlite_database, tmp_path)
    engine = working(sqlite_database, tmp_path)
    try:
        heir = Roster(sqlite_database, "one", "1", 60)
        (run,) = stage.queue()
        claim = Ledger(sqlite_database, "one", "1").claim(run, 0, heir.incarnation)
        assert claim is not None
        assert engine.wait(30)
        engine._begin(run, 0)  # noqa: SLF001  # as the job engine calls it
    finally:
        engine.stop()
    found = stage.run(run)
    assert (found.state, found.dispatch, found.attempts) == ("RUNNING", 0, 1)
    assert heir.alive() == {"one": "1"}


def test_a_worker_that_leaves_beats_until_its_runs_have_ended(
    sqlite_database: Database, tmp_path: Path
) -> None:
    engine = working(sqlite_database, tmp_path)
    leaving = threading.Thread(target=engine.stop)
    engine._active.add(("run_a", 0))  # noqa: SLF001  # one that is being published
    try:
        leaving.start()
        patience = time.monotonic() + 30
        while engine._leaving_since is None:  # noqa: SLF001  # there is no other sign of it
            assert time.monotonic() < patience, "it does not leave"
            time.sleep(0.01)
        time.sleep(0.5)  # longer than the beat that may just have been on its way
        begun = utc_now()
        while seen(sqlite_database) <= begun:
            assert time.monotonic() < patience, "it beats no more"
            time.sleep(0.05)
    finally:
        engine._active.clear()  # noqa: SLF001  # as above
        leaving.join()
    with sqlite_database.reading(SYSTEM) as session:
        assert not session.scalars(sa.select(Worker)).all()


def test_a_chore_that_never_ends_does_not_keep_its_worker(
    sqlite_database: Database,
    tmp_path: Path,
    blocked: tuple[threading.Event, threading.Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine_module, "_ENDS_S", 0.2)
    waits, free = blocked
    engine = working(sqlite_database, tmp_path)
    assert waits.wait(30)
    engine.stop()
    assert not free.is_set()
    assert [one.name for one in threading.enumerate() if one.name.startswith("runs-")] == ["runs-chores"]
    free.set()
