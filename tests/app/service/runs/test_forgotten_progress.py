"""Progress of runs that ended long ago is removed, and nothing else of their diaries."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.runs import diary, forgetting
from app.service.runs.chores import SWEEP_S, Chores
from app.service.runs.forgetting import KEPT_PROGRESS, forget_progress
from app.service.runs.queue import queue_run
from app.service.store.actor import SYSTEM
from app.service.store.models import RunEvent, Scenario
from app.service.store.models.runs import Cause, RunState
from app.service.store.types import utc_now
from tests.app.service.runs.stage import seed
from tests.app.service.serving import as_

if TYPE_CHECKING:
    import pytest
    from starlette.testclient import TestClient

    from app.service.store.database import Database

LONG_AGO, LATELY = KEPT_PROGRESS + timedelta(minutes=1), KEPT_PROGRESS - timedelta(minutes=1)


def ran(database: Database, scenario_id: str, ended: timedelta | None, reports: int = 3) -> str:
    """Return the id of a run with a diary: two states, progress, and its end where it has one."""
    with database.writing(SYSTEM) as session:
        run = queue_run(
            session,
            scenario=session.get_one(Scenario, scenario_id),
            inventory_version=1,
            baseline_plan_id=None,
            cause=Cause.ASKED,
            actor=SYSTEM,
        )
        diary.enter(session, run, RunState.RUNNING)
        rows = [
            {"run_id": run.id, "number": number, "kind": diary.PROGRESS, "data": {"round": number}}
            | {"at": utc_now(), "province_code": None}
            for number in range(3, 3 + reports)
        ]
        session.execute(sa.insert(RunEvent), rows)
        if ended is not None:
            diary.enter(session, run, RunState.FAILED, "no_plan")
            run.finished_at = utc_now() - ended
        return run.id


def numbers(database: Database, run_id: str) -> list[int]:
    with database.reading(SYSTEM) as session:
        query = sa.select(RunEvent.number).where(RunEvent.run_id == run_id).order_by(RunEvent.number)
        return list(session.scalars(query))


def test_progress_of_runs_that_ended_long_ago_is_removed_and_nothing_else(database: Database) -> None:
    scenario = seed(database)
    old, other, young, going = (
        ran(database, scenario, ended) for ended in (LONG_AGO, LONG_AGO, LATELY, None)
    )
    assert sum(forget_progress(database)) == 6
    assert numbers(database, old) == numbers(database, other) == [1, 2, 6]
    assert numbers(database, young) == [1, 2, 3, 4, 5, 6]
    assert numbers(database, going) == [1, 2, 3, 4, 5]
    assert list(forget_progress(database)) == []


def test_a_long_diary_is_emptied_in_several_transactions(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "_ENTRIES", 4)
    monkeypatch.setattr(forgetting, "_RUNS", 2)
    scenario = seed(database)
    runs = [ran(database, scenario, LONG_AGO, reports) for reports in (5, 1, 8)]
    assert list(forget_progress(database)) == [4, 2, 4, 4, 0]
    assert [len(numbers(database, run)) for run in runs] == [3, 3, 3]


def test_two_workers_that_remove_it_at_once_do_no_harm(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "_ENTRIES", 10)
    scenario = seed(database)
    runs = [ran(database, scenario, LONG_AGO, 30) for _ in range(5)]
    removed, failures = list[int](), list[BaseException]()

    def sweep() -> None:
        try:
            removed.extend(forget_progress(database))
        except BaseException as error:  # the test tells what it was
            failures.append(error)

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
    assert sum(removed) == 150
    assert [numbers(database, run) for run in runs] == [[1, 2, 33]] * 5


def test_who_reads_a_diary_with_gaps_gets_each_entry_that_is_left_once(
    client: TestClient, database: Database
) -> None:
    run = ran(database, seed(database), LONG_AGO)
    assert sum(forget_progress(database)) == 3
    address, who = f"/v1/runs/{run}/events", as_("auditor")
    read, after, ended = list[int](), 0, False
    while not ended:
        page = client.get(f"{address}?limit=1&after={after}", headers=who).json()
        read += [entry["number"] for entry in page["items"]]
        after, ended = page["next"], page["ended"]
    assert read == [1, 2, 6]
    # A stream that broke off at an entry which is gone goes on behind it.
    told = client.get(address, headers=who | {"Accept": "text/event-stream", "Last-Event-ID": "4"})
    assert [line for line in told.text.splitlines() if line.startswith("id:")] == ["id: 6"]
    last = client.get(address, headers=who | {"Accept": "text/event-stream", "Last-Event-ID": "6"})
    assert last.status_code == 204


def test_the_chores_of_workers_remove_it_once_an_hour(database: Database) -> None:
    chores = Chores(database)
    run = ran(database, seed(database), LONG_AGO)
    for now in (0.0, 2.0, 4.0, 6.0, 8.0, 10.0):
        chores.do(now)
    assert numbers(database, run) == [1, 2, 6]


def test_a_sweep_that_takes_longer_than_an_hour_comes_to_its_end(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands behind a long one in the list would else never be reached."""
    monkeypatch.setattr("app.service.runs.chores.sweep_blobs", lambda _database: iter(range(3)))
    run = ran(sqlite_database, seed(sqlite_database), LONG_AGO)
    chores = Chores(sqlite_database)
    for hour in range(10):
        chores.do(hour * SWEEP_S)
    assert numbers(sqlite_database, run) == [1, 2, 6]
