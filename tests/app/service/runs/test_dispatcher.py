"""Which runs are given to the job engine, however many wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
import sqlalchemy as sa

from app.service.runs import dispatcher
from app.service.runs.dispatcher import Dispatcher
from app.service.runs.jobs import Fate
from app.service.runs.ledger import Ledger
from app.service.runs.roster import Roster
from app.service.store.actor import SYSTEM
from app.service.store.models import Run
from app.service.store.types import utc_now
from tests.app.service.runs.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.service.runs.jobs import Jobs
    from app.service.store.database import Database


class Engine:
    """A job engine that takes what it is given, but for some runs that it never begins, or refuses."""

    def __init__(self, dead: Iterable[str] = (), refused: Iterable[str] = ()) -> None:
        self.dead, self.refused = set(dead), set(refused)
        self.given: list[tuple[str, int]] = []

    def dispatch(self, run_id: str, dispatch: int) -> None:
        if run_id in self.refused:
            raise RuntimeError("a row that the engine cannot read")
        self.given.append((run_id, dispatch))

    def fates(self, dispatches: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Fate]:
        waits = Fate(waits=True, worker=None, version="1")
        done = Fate(waits=False, worker=None, version="1")
        return {one: done if one[0] in self.dead else waits for one in dispatches if one in self.given}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """A look that takes few runs, and cares for all of them at once."""
    monkeypatch.setattr(dispatcher, "MOST", 5)
    monkeypatch.setattr(dispatcher, "CARE_S", 0.0)
    return 5


def made(database: Database, engine: Engine) -> Dispatcher:
    roster = Roster(database, "one", "1", 60)
    return Dispatcher(Ledger(database, "one", "1"), cast("Jobs", engine), roster, lambda _one: False)


def queued(database: Database, folder: Path, count: int) -> list[str]:
    """Queue runs of one instant, as those of a batch may be; their ids decide."""
    runs = Stage(database, folder).queue(count)
    with database.writing(SYSTEM) as session:
        session.execute(sa.update(Run).values(created_at=utc_now()))
    return sorted(runs)


def test_runs_that_nobody_can_begin_do_not_hide_the_others(
    database: Database, tmp_path: Path, small: int
) -> None:
    runs = queued(database, tmp_path, small + 1)
    engine = Engine(dead=runs[:small])
    looking = made(database, engine)
    for _ in range(4):
        looking.look()
    assert {run for run, _ in engine.given} == set(runs)
    # The dead ones are tried again and again, each time under a new number; what waits is given once.
    assert [dispatch for run, dispatch in engine.given if run == runs[0]] == [0, 1]
    assert [dispatch for run, dispatch in engine.given if run == runs[-1]] == [0]


def test_a_run_that_the_engine_refuses_holds_no_other_up(sqlite_database: Database, tmp_path: Path) -> None:
    runs = queued(sqlite_database, tmp_path, 3)
    engine = Engine(refused=runs[:1])
    made(sqlite_database, engine).look()
    assert [run for run, _ in engine.given] == runs[1:]


@pytest.mark.parametrize("count", [4, 5, 10, 13])
def test_each_run_is_given_once_in_the_order_of_the_queue(
    database: Database, tmp_path: Path, small: int, count: int
) -> None:
    runs = queued(database, tmp_path, count)
    engine = Engine()
    looking = made(database, engine)
    for _ in range(3 * (count // small + 1)):
        looking.look()
    order = [run for run, _ in Ledger(database, "one", "1").waiting(100)]
    assert [run for run, _ in engine.given] == order
    assert sorted(order) == runs
