"""A store is backed up while workers work, and restored: real workers finish every run once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.service.operations import migrating
from app.service.operations.backup import back_up
from app.service.operations.restore import restore
from app.service.store.database import Database
from tests.app.service.runs.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class RestoredStage(Stage):
    """Workers over a store that holds a scenario already."""

    def __init__(self, database: Database, home: Path) -> None:
        self.database, self.home, self.workers = database, home, []


@pytest.fixture
def stages(
    database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Stage, Stage]]:
    """Workers over a migrated store, and over an empty one of the same kind."""
    empty = f"sqlite:///{(tmp_path / 'clean' / 'surplan.sqlite').as_posix()}"
    if not database_url.startswith("sqlite"):
        empty = request.getfixturevalue("other_postgres_url")
    database, clean = Database(database_url), Database(empty)
    migrating.make_if_empty(database)
    for name in ("home", "clean_home"):
        (tmp_path / name).mkdir()
    found = Stage(database, tmp_path / "home"), RestoredStage(clean, tmp_path / "clean_home")
    yield found
    for stage in found:
        assert len(list(stage.close())) == len(stage.workers)
        stage.database.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_after_a_restore_no_run_is_executed_twice_and_none_is_lost(
    stages: tuple[Stage, Stage], tmp_path: Path
) -> None:
    before, after = stages
    worker = before.start("one")
    (finished,) = before.queue()
    before.until_run(finished, "SUCCEEDED")
    worker.terminate()
    assert worker.wait(30) == 0
    worker = before.start("one", act="wait")
    (running,) = before.queue()
    before.until_reached()
    (queued,) = before.queue()
    assert [before.run(run).state for run in (finished, running, queued)] == [
        "SUCCEEDED",
        "RUNNING",
        "QUEUED",
    ]
    back_up(before.database, tmp_path / "b.zip")
    before.kill(worker)

    _, requeued = restore(tmp_path / "b.zip", after.database)
    assert sorted(requeued) == sorted([running, queued])
    after.start("one")
    for run in (running, queued):
        assert after.until_run(run, "SUCCEEDED", "FAILED").state == "SUCCEEDED"
    # It would have begun anything else by now: a run that comes later is done.
    after.scenario_id = before.scenario_id
    (later,) = after.queue()
    after.until_run(later, "SUCCEEDED")
    assert after.plans() == {run: after.run(run).plan_id for run in (finished, running, queued, later)}
    assert after.plans()[finished] == before.plans()[finished]
    assert after.events(finished) == before.events(finished)
    dispatches = {
        run: after.run(run).dispatch - before.run(run).dispatch for run in (finished, running, queued)
    }
    assert dispatches == {finished: 0, running: 1, queued: 1}
    assert [after.run(run).attempts for run in (finished, running, queued)] == [1, 2, 1]
    assert after.states(running) == ["QUEUED", "RUNNING", "QUEUED", "RUNNING", "SUCCEEDED"]
    assert after.states(queued) == ["QUEUED", "RUNNING", "SUCCEEDED"]


@pytest.mark.torture
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_after_a_restore_of_postgresql_neither(stages: tuple[Stage, Stage], tmp_path: Path) -> None:
    test_after_a_restore_no_run_is_executed_twice_and_none_is_lost(stages, tmp_path)
