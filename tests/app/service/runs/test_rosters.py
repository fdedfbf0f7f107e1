"""Who lives and who has which slot, where clocks, containers and other databases mislead."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.service.runs import ledger, roster
from app.service.runs.ledger import Ledger, held
from app.service.runs.roster import Roster
from app.service.store.actor import SYSTEM
from app.service.store.models import Run, Worker
from app.service.store.types import utc_now
from tests.app.service.runs.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.service.store.database import Database


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_clock_that_is_set_forward_ends_no_living_worker(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run,) = Stage(database, tmp_path).queue()
    clock = Clock()
    one, two = Roster(database, "one", "1", 10, clock), Roster(database, "two", "1", 10, clock)
    assert Ledger(database, "one", "1").claim(run, 0, one.incarnation) is not None
    assert two.reap() == []
    monkeypatch.setattr(roster, "now_of", lambda _session: utc_now() + timedelta(hours=1))
    clock.now += 2
    two.beat()
    assert two.reap() == []
    clock.now += 2
    one.beat()
    for _ in range(4):  # the hour is over again, and its beats seem to be of the future
        monkeypatch.setattr(roster, "now_of", lambda _session: utc_now())
        clock.now += 4
        one.beat()
        assert two.reap() == []
    for _ in range(2):
        clock.now += 4
        assert two.reap() == []
    clock.now += 4
    assert two.reap() == [run]


def test_a_watcher_that_slept_watches_anew(database: Database, tmp_path: Path) -> None:
    (run,) = Stage(database, tmp_path).queue()
    clock = Clock()
    one, two = Roster(database, "one", "1", 10, clock), Roster(database, "two", "1", 10, clock)
    assert Ledger(database, "one", "1").claim(run, 0, one.incarnation) is not None
    taken = []
    for seconds in (
        0,
        4,
        4,
        6,
        4,
        4,
        4,
    ):  # the sixth look is twelve seconds after the first of all but the third
        clock.now += seconds
        taken.append(two.reap())
    assert taken == [[], [], [], [], [], [], [run]]


def test_a_beat_just_before_the_takeover_keeps_the_worker(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run,) = Stage(database, tmp_path).queue()
    clock = Clock()
    one, two = Roster(database, "one", "1", 10, clock), Roster(database, "two", "1", 10, clock)
    assert Ledger(database, "one", "1").claim(run, 0, one.incarnation) is not None
    look: Callable[[Roster, Session], Mapping[str, object]] = Roster._silent  # noqa: SLF001  # to come in between

    def then_beat(self: Roster, session: Session) -> Mapping[str, object]:
        found = look(self, session)
        if found:
            threading.Thread(target=one.beat).run()
        return found

    monkeypatch.setattr(Roster, "_silent", then_beat)
    for _ in range(5):
        assert two.reap() == []
        clock.now += 4
    assert set(two.alive()) == {"one", "two"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_slot_that_starts_again_while_others_reap_it_blocks_nobody(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run,) = Stage(database, tmp_path).queue()
    clock = Clock()
    one, two = Roster(database, "one", "1", 10, clock), Roster(database, "two", "1", 10, clock)
    assert Ledger(database, "one", "1").claim(run, 0, one.incarnation) is not None
    for _ in range(3):
        assert two.reap() == []
        clock.now += 4
    take, reaps, entered = ledger.take_from, threading.Event(), threading.Event()

    def slowly(session: Session, criterion: sa.ColumnElement[bool]) -> list[str]:
        session.connection().exec_driver_sql("SET LOCAL lock_timeout = '10s'")
        if threading.current_thread().name == "reap" and not reaps.is_set():
            reaps.set()  # it has the worker's row, and wants the run
            entered.wait(1)
        taken = take(session, criterion)
        if threading.current_thread().name == "enter":
            entered.set()
        return taken

    monkeypatch.setattr(roster, "take_from", slowly)
    taken: dict[str, list[str]] = {}

    def enter() -> None:
        reaps.wait(10)
        taken["enter"] = Roster(database, "one", "1", 10).taken

    def reap() -> None:
        taken["reap"] = two.reap()

    threads = [threading.Thread(target=act, name=act.__name__) for act in (reap, enter)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == ["enter", "reap"]
    assert [*taken["enter"], *taken["reap"]] == [run]
    assert Roster(database, None, "1", 10).alive().keys() >= {"one", "two"}


def test_a_slot_of_another_container_is_taken_when_it_was_watched_dying(database: Database) -> None:
    clock = Clock()
    first = Roster(database, None, "1", 10, clock)
    with database.writing(SYSTEM) as session:  # a process that is not among those that we see
        foreign = f"4194305-1-{'0' * 8}-beef"
        session.get_one(Worker, first.name).incarnation = foreign
    host = first.name.rpartition("-")[0]
    second = Roster(database, None, "1", 10, clock)
    assert second.name == f"{host}-2"
    for _ in range(4):
        second.reap()
        clock.now += 4
    assert Roster(database, None, "1", 10).name == first.name


def test_a_process_that_was_replaced_does_not_give_its_heirs_run_back(
    database: Database, tmp_path: Path
) -> None:
    stage = Stage(database, tmp_path)
    (run,) = stage.queue()
    Roster(database, "one", "1", 10)
    heir = Roster(database, "one", "1", 10)
    book = Ledger(database, "one", "1")
    book.give_back(run, 0)  # both were given it
    assert stage.run(run).dispatch == 0
    claim = book.claim(run, 0, heir.incarnation)
    assert claim is not None
    book.again(run, 0)  # what a process does with a dispatch that it does not begin
    found = stage.run(run)
    assert (found.state, found.dispatch, found.attempts) == ("RUNNING", 0, 1)


def test_runs_that_a_worker_has_are_found_without_a_look_at_all_others(
    database: Database, tmp_path: Path
) -> None:
    Stage(database, tmp_path).queue(2)
    for criterion in (Run.worker == "one", Run.worker.not_in(sa.select(Worker.name))):
        query = held(sa.select(Run.id).where(criterion))
        text = str(query.compile(database.engine, compile_kwargs={"literal_binds": True}))
        with database.engine.connect() as connection:
            if not database.is_sqlite:  # which reads few rows faster than an index
                connection.exec_driver_sql("SET enable_seqscan = off")
            explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
            assert "ix_runs_unsettled" in str(connection.exec_driver_sql(f"{explain} {text}").all())
