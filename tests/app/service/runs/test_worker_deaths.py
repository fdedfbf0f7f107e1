"""Workers that are killed, frozen, replaced and stopped in the middle of a run."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from app.service.runs.ledger import MOST_ATTEMPTS
from tests.app.service.runs.stage import exists

if TYPE_CHECKING:
    from tests.app.service.runs.stage import Stage


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_run_whose_worker_is_killed_finishes_once_on_another(stage: Stage) -> None:
    first = stage.start("one", act="wait", dead_after_s=4)
    (run,) = stage.queue()
    child = stage.until_reached()
    stage.start("two", dead_after_s=4)
    assert (stage.run(run).state, stage.run(run).worker) == ("RUNNING", "one")
    stage.kill(first)
    stage.until(lambda: not exists(child), "the death of the process that solved")
    found = stage.until_run(run, "SUCCEEDED", "FAILED")
    assert (found.state, found.worker, found.dispatch, found.attempts) == ("SUCCEEDED", "two", 1, 2)
    assert stage.plans() == {run: found.plan_id}
    assert stage.states(run) == ["QUEUED", "RUNNING", "QUEUED", "RUNNING", "SUCCEEDED"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_run_whose_worker_is_killed_finishes_once_on_the_restarted_one(stage: Stage) -> None:
    first = stage.start("one", act="wait")
    (run,) = stage.queue()
    stage.until_reached()
    stage.until(lambda: stage.run(run).progress is not None, "progress")
    stage.kill(first)
    assert stage.run(run).state == "RUNNING"
    stage.start("one")
    found = stage.until_run(run, "SUCCEEDED", "FAILED")
    assert (found.state, found.dispatch, found.attempts) == ("SUCCEEDED", 1, 2)
    assert stage.plans() == {run: found.plan_id}
    # The folder goes a moment after the run has ended.
    stage.until(lambda: not list((stage.home / "scratch").glob("*/*")), "an empty scratch folder")


# Who takes over from another slot is on another machine, so on PostgreSQL; the torture run has SQLite too.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_frozen_worker_that_wakes_up_changes_nothing(stage: Stage) -> None:
    frozen = stage.start("one", act="wait", dead_after_s=1.5)
    (run,) = stage.queue()
    child = stage.until_reached()
    frozen.send_signal(signal.SIGSTOP)
    stage.start("two", dead_after_s=1.5)
    found = stage.until_run(run, "SUCCEEDED", "FAILED")
    assert (found.state, found.worker) == ("SUCCEEDED", "two")
    told = stage.events(run)
    stage.go()  # its process has a whole plan to publish when it wakes up
    stage.until(lambda: not exists(child), "the end of the process that solved")
    frozen.send_signal(signal.SIGCONT)
    (other,) = stage.queue()  # and it works again
    stage.until_run(other, "SUCCEEDED")
    stage.until(lambda: not list((stage.home / "scratch").glob("*/run*")), "the frozen attempt's end")
    assert stage.events(run) == told
    assert stage.plans() == {run: found.plan_id, other: stage.run(other).plan_id}


@pytest.mark.torture
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nor_does_it_on_sqlite(stage: Stage) -> None:
    test_a_frozen_worker_that_wakes_up_changes_nothing(stage)


def test_a_run_whose_workers_keep_dying_is_given_up(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    (run,) = stage.queue()
    seen: frozenset[int] = frozenset()
    for attempt in range(1, MOST_ATTEMPTS + 1):
        worker = stage.start("one", act="wait")
        stage.until_reached(seen)
        seen = stage.reached()
        assert stage.run(run).attempts == attempt
        stage.kill(worker)
    (healthy,) = stage.queue()
    stage.start("one")
    found = stage.until_run(run, "FAILED", "SUCCEEDED")
    assert (found.state, found.reason, found.attempts) == ("FAILED", "poison", MOST_ATTEMPTS)
    stage.until_run(healthy, "SUCCEEDED")
    assert set(stage.plans()) == {healthy}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_stopped_worker_gives_its_run_back_and_no_attempt_is_counted(stage: Stage) -> None:
    worker = stage.start("one", act="wait", bounds={"leave_s": 0.2})
    (run,) = stage.queue()
    child = stage.until_reached()
    worker.terminate()
    assert worker.wait(30) == 0
    assert not exists(child)
    found = stage.run(run)
    assert (found.state, found.worker, found.attempts, found.dispatch) == ("QUEUED", None, 0, 1)
    stage.start("two")
    assert stage.until_run(run, "SUCCEEDED", "FAILED").state == "SUCCEEDED"


def test_a_second_process_of_a_slot_replaces_the_first(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    first = stage.start("one", act="wait", dead_after_s=2)
    (run,) = stage.queue()
    child = stage.until_reached()
    stage.start("one", dead_after_s=2)
    assert stage.until_run(run, "SUCCEEDED", "FAILED").state == "SUCCEEDED"
    assert first.wait(30) == 0  # it stopped by itself
    assert not exists(child)
    assert set(stage.plans()) == {run}


def test_a_cancelled_run_whose_worker_dies_ends_without_its_plan(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    worker = stage.start("one", act="deaf")
    (run,) = stage.queue()
    stage.until_reached()
    stage.cancel(run)
    assert stage.run(run).finished_at is None
    stage.kill(worker)
    stage.start("one")
    found = stage.until_settled(run)
    assert (found.state, found.reason, found.plan_id) == ("CANCELLED", "cancelled_lost", None)
