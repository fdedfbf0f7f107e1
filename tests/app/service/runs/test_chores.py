from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.service.runs.chores import SCHEDULE_S, SWEEP_S, Chores
from app.service.store.actor import SYSTEM
from app.service.store.models import IdempotentAnswer, Run, Scenario
from app.service.store.types import utc_now
from tests.app.service.runs.stage import Stage, seed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import pytest

    from app.service.runs.jobs import Jobs
    from app.service.store.database import Database

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def due(database: Database, scenario: str) -> None:
    values = {"replan_schedule": "* * * * *", "replan_due_at": utc_now() - timedelta(seconds=1)}
    with database.writing(SYSTEM) as session:
        session.execute(sa.update(Scenario).where(Scenario.id == scenario).values(**values))


def causes(database: Database) -> list[str]:
    with database.reading(SYSTEM) as session:
        return list(session.scalars(sa.select(Run.cause)))


def test_a_schedule_is_kept_once_by_however_many_workers(database: Database) -> None:
    due(database, seed(database))
    one, two = Chores(database, ZONE), Chores(database, ZONE)
    assert [one.do(0.0), two.do(0.0), one.do(SCHEDULE_S)] == [1, 0, 0]
    assert causes(database) == ["schedule"]


def test_schedules_are_looked_at_every_few_seconds(database: Database) -> None:
    scenario, chores = seed(database), Chores(database, ZONE)
    assert chores.do(0.0) == 0
    due(database, scenario)
    assert chores.do(SCHEDULE_S - 0.1) == 0
    assert chores.do(SCHEDULE_S) == 1


def test_old_answers_are_removed_once_an_hour(sqlite_database: Database) -> None:
    chores = Chores(sqlite_database, ZONE)
    for at, left in ((0.0, 0), (SWEEP_S - 1, 1), (SWEEP_S, 0)):
        with sqlite_database.writing(SYSTEM) as session:
            old = {"created_at": utc_now() - timedelta(days=30), "status": 202, "headers": {}, "body": {}}
            if session.get(IdempotentAnswer, ("a", "k")) is None:
                session.add(IdempotentAnswer(actor_id="a", key="k", request_sha256="0" * 64, **old))
        chores.do(at)
        with sqlite_database.reading(SYSTEM) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(IdempotentAnswer)) == left


class Forgetful:
    """A job engine that has so much to forget, piece by piece."""

    def __init__(self, *pieces: int) -> None:
        self.pieces = list(pieces)

    def forget(self, before: datetime) -> int:
        assert utc_now() - before >= timedelta(days=1)
        return self.pieces.pop(0)


def test_the_sweep_is_done_in_pieces_and_one_that_fails_holds_nothing_else_up(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_database: Database) -> Iterator[int]:
        yield from iter(lambda: Path("/nowhere").stat().st_size, 0)

    monkeypatch.setattr("app.service.runs.chores.sweep_blobs", fails)
    engine = Forgetful(200, 3, 0)
    chores = Chores(sqlite_database, ZONE, cast("Jobs", engine))
    left = []
    for now in (0.0, 2.0, 4.0, 6.0, SWEEP_S - 1):
        chores.do(now)
        left.append(len(engine.pieces))
    assert left == [3, 2, 1, 0, 0]


def test_the_job_engine_is_not_asked_while_the_database_is_away(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would ask again for ever, and its worker could not stop."""
    engine = Forgetful(200, 0)
    chores = Chores(sqlite_database, ZONE, cast("Jobs", engine))
    chores.do(0.0)
    with monkeypatch.context() as patched:
        patched.setattr(sqlite_database, "engine", sa.create_engine("sqlite:////nowhere/at/all.sqlite"))
        for now in (1.0, 2.0, 3.0, 4.0):  # no schedule is due, and every piece fails
            chores.do(now)
    assert engine.pieces == [200, 0]
    for now in (SWEEP_S, SWEEP_S + 1, SWEEP_S + 2, SWEEP_S + 3):
        chores.do(now)
    assert engine.pieces == []


def test_a_worker_keeps_schedules(sqlite_stage: Stage) -> None:
    due(sqlite_stage.database, sqlite_stage.scenario_id)
    sqlite_stage.start("one")
    sqlite_stage.until(lambda: causes(sqlite_stage.database) == ["schedule"], "a run of the schedule")
