"""Workers' names, beats and takeovers, and the fence of every change to a run."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.service.runs import dispatcher
from app.service.runs.dispatcher import Dispatcher, will_begin
from app.service.runs.jobs import Fate
from app.service.runs.ledger import MOST_ATTEMPTS, Claim, Ledger, Standing
from app.service.runs.roster import ReplacedError, Roster
from app.service.store.actor import SYSTEM
from app.service.store.models import Run, Worker
from tests.app.service.runs.stage import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.service.store.database import Database


class Team:
    """A run, and two workers that may have it."""

    def __init__(self, database: Database, home: Path) -> None:
        self.database = database
        self.stage = Stage(database, home)
        self.now = 0.0
        self.rosters = {name: Roster(database, name, "1", 10, lambda: self.now) for name in ("one", "two")}
        self.ledgers = {name: Ledger(database, name, "1") for name in self.rosters}
        (self.run,) = self.stage.queue()

    def claim(self, name: str = "one") -> Claim | None:
        run = self.stage.run(self.run)
        return self.ledgers[name].claim(run.id, run.dispatch, self.rosters[name].incarnation)

    def claimed(self, name: str = "one") -> Claim:
        found = self.claim(name)
        assert found is not None
        return found

    def watch_in_vain(self) -> None:
        """Let worker two see nothing new of worker one, so that it is dead at the next look."""
        for _ in range(3):
            assert self.rosters["two"].reap() == []
            self.now += 4


@pytest.fixture
def team(database: Database, tmp_path: Path) -> Team:
    return Team(database, tmp_path)


def no_plan(_session: Session, _run: Run) -> str:
    raise AssertionError("a plan was to be written")


def test_a_run_is_begun_once_and_by_those_alone_who_are_on_the_roster(team: Team) -> None:
    run = team.stage.run(team.run)
    assert team.ledgers["one"].claim(run.id, run.dispatch, "another process") is None
    assert team.ledgers["one"].claim(run.id, run.dispatch + 1, team.rosters["one"].incarnation) is None
    claim = team.claimed()
    assert (claim.attempts, claim.time_limit_s, claim.given_time_limit_s) == (1, 60.0, None)
    assert team.claim("two") is None
    assert team.ledgers["one"].strays() == [(run.id, 0)]
    assert team.ledgers["one"].waiting(10) == []


def test_whoever_lost_its_run_changes_nothing_of_it(team: Team) -> None:
    old = team.claimed()
    team.watch_in_vain()
    assert team.rosters["two"].reap() == [team.run]
    new = team.claimed("two")
    before = team.stage.events(team.run)
    one = team.ledgers["one"]
    assert one.look(old) is one.progress(old, {"phase": "late"}) is Standing.LOST
    assert one.publish(old, no_plan) is None
    one.fail(old, "crashed")
    one.stumble(old, "Error")
    one.give_back(team.run, old.dispatch)
    one.again(team.run, old.dispatch)
    assert team.stage.events(team.run) == before
    assert team.ledgers["two"].look(new) is Standing.MINE


def test_one_of_those_who_see_a_dead_worker_takes_its_runs(team: Team) -> None:
    team.claimed()
    team.watch_in_vain()
    taken: list[list[str]] = []
    begin = threading.Barrier(4)

    def reap() -> None:
        begin.wait()
        taken.append(team.rosters["two"].reap())

    threads = [threading.Thread(target=reap) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [[], [], [], [team.run]]
    assert team.stage.run(team.run).dispatch == 1
    assert set(team.rosters["two"].alive()) == {"two"}


def test_a_run_of_a_worker_that_is_on_no_roster_is_taken_too(team: Team) -> None:
    team.claimed()
    with team.database.writing(SYSTEM) as session:
        session.execute(sa.delete(Worker).where(Worker.name == "one"))
    assert team.rosters["two"].reap() == [team.run]
    assert team.rosters["two"].reap() == []


def test_a_worker_that_was_thought_dead_comes_back_but_not_into_a_slot_that_is_taken(team: Team) -> None:
    one = team.rosters["one"]
    one.beat()
    team.watch_in_vain()
    team.rosters["two"].reap()
    assert set(one.alive()) == {"two"}
    one.beat()
    assert set(one.alive()) == {"one", "two"}
    heir = Roster(team.database, "one", "2", 10)
    with pytest.raises(ReplacedError):
        one.beat()
    one.leave()  # takes nothing away from the heir
    assert heir.alive() == {"one": "2", "two": "1"}
    heir.leave()
    assert heir.alive() == {"two": "1"}


def test_the_same_slot_started_again_takes_its_runs_over_at_once(team: Team) -> None:
    team.claimed()
    heir = Roster(team.database, "one", "1", 10)
    assert heir.taken == [team.run]
    assert team.stage.states(team.run) == ["QUEUED", "RUNNING", "QUEUED"]


def test_workers_without_a_name_take_the_first_slot_that_no_process_has(database: Database) -> None:
    first, second = (Roster(database, None, "1", 10) for _ in range(2))
    host = first.name.rpartition("-")[0]
    assert (first.name, second.name) == (f"{host}-1", f"{host}-2")
    with database.writing(SYSTEM) as session:
        session.get_one(Worker, first.name).incarnation = "4194305-1-dead"
    assert Roster(database, None, "1", 10).name == first.name


def test_a_worker_that_fails_with_a_run_tries_again_and_then_gives_up(team: Team) -> None:
    for _ in range(MOST_ATTEMPTS):
        team.ledgers["one"].stumble(team.claimed(), "OSError")
    found = team.stage.run(team.run)
    assert (found.state, found.reason, found.detail) == ("FAILED", "internal", {"error": "OSError"})
    assert team.claim() is None


def test_giving_back_counts_no_attempt_and_ends_what_was_cancelled(team: Team) -> None:
    one = team.ledgers["one"]
    for _ in range(MOST_ATTEMPTS + 1):
        one.give_back(team.run, team.claimed().dispatch)
    found = team.stage.run(team.run)
    assert (found.state, found.attempts, found.dispatch) == ("QUEUED", 0, MOST_ATTEMPTS + 1)
    claim = team.claimed()
    team.stage.cancel(team.run)
    assert one.look(claim) is one.progress(claim, {}) is Standing.CANCELLED
    one.give_back(team.run, claim.dispatch)
    found = team.stage.run(team.run)
    assert (found.state, found.reason, found.finished_at is None) == ("CANCELLED", "cancelled_lost", False)


CASES: list[tuple[Fate, bool]] = [
    (Fate(waits=True, worker=None, version="1"), True),
    (Fate(waits=True, worker=None, version="0"), False),  # nobody of that version lives
    (Fate(waits=False, worker="one", version="1"), True),
    (Fate(waits=False, worker="one", version="0"), False),  # its slot was started again by another version
    (Fate(waits=False, worker="dead", version="1"), False),
    (Fate(waits=False, worker=None, version="1"), False),  # done, as far as the engine knows
]


@pytest.mark.parametrize(("fate", "expected"), CASES)
def test_a_dispatch_is_made_anew_where_nobody_will_begin_it(fate: Fate, *, expected: bool) -> None:
    assert will_begin(fate, {"one": "1", "two": "1"}) is expected


class DeadEnd:
    """A job engine that says of every dispatch that worker one has it, and begins none."""

    def __init__(self) -> None:
        self.given: list[tuple[str, int]] = []

    def dispatch(self, run_id: str, dispatch: int) -> None:
        self.given.append((run_id, dispatch))

    def fates(self, dispatches: list[tuple[str, int]]) -> dict[tuple[str, int], Fate]:
        return dict.fromkeys(dispatches, Fate(waits=False, worker="one", version="1"))


def test_a_dispatch_that_the_engine_never_brought_is_made_anew_by_the_worker_that_should_have_it(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "CARE_S", 0.0)
    held: set[tuple[str, int]] = {(team.run, 0)}
    jobs = DeadEnd()
    engine: Any = jobs
    one, two = (
        Dispatcher(team.ledgers[name], engine, team.rosters[name], held.__contains__)
        for name in ("one", "two")
    )
    for _ in range(3):
        one.look()
        two.look()
    assert team.stage.run(team.run).dispatch == 0  # it waits for a place
    held.clear()
    two.look()
    two.look()
    one.look()
    assert team.stage.run(team.run).dispatch == 0  # it may be about to begin
    one.look()
    assert team.stage.run(team.run).dispatch == 1
    one.look()
    assert jobs.given == [(team.run, 0), (team.run, 0), (team.run, 1)]


def forget(database: Database, run_id: str, **more: Any) -> None:  # noqa: ANN401  # columns of a run
    """Let a run wait again under the dispatch that it had, as in a database that was restored."""
    values = {"state": "QUEUED", "finished_at": None, "plan_id": None, **more}
    with database.writing(SYSTEM) as session:
        for name, value in values.items():
            setattr(session.get_one(Run, run_id), name, value)


def test_a_run_that_is_done_for_the_engine_alone_is_dispatched_again(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    worker = stage.start("one", act="exit")
    (run,) = stage.queue()
    stage.until_run(run, "FAILED")
    forget(stage.database, run)
    assert stage.until_run(run, "FAILED").dispatch == 1
    worker.terminate()
    assert worker.wait(30) == 0
    for file in stage.home.glob("jobs.sqlite*"):
        file.unlink()
    forget(stage.database, run)
    stage.start("one")
    assert stage.until_run(run, "SUCCEEDED", "FAILED").state == "SUCCEEDED"
