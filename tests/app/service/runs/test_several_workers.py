"""Several ``surplan worker`` processes over one PostgreSQL."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.cli import application
from app.service.operations.migrating import make_if_empty
from app.service.store.actor import SYSTEM
from app.service.store.database import Database
from app.service.store.models import Run, Worker
from tests.app.service.runs.stage import Stage, uploaded
from tests.app.service.serving import app_client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def migrated(postgres_url: str, tmp_path: Path) -> Iterator[Stage]:
    """A PostgreSQL as ``surplan db upgrade`` makes it."""
    database = Database(postgres_url)
    make_if_empty(database)
    stage = Stage(database, tmp_path)
    with app_client(database) as client:
        stage.scenario_id = uploaded(client)
    yield stage
    assert len(list(stage.close())) == len(stage.workers)
    database.close()


def start(stage: Stage, *options: str) -> Any:  # noqa: ANN401  # a process
    home, url = str(stage.home), stage.database.url
    return stage.spawn(
        "app", "worker", *options, ready="Worker ", SURPLAN_HOME=home, SURPLAN_DATABASE_URL=url
    )


def test_three_workers_share_nine_runs_and_publish_each_once(migrated: Stage) -> None:
    stage = migrated
    runs = stage.queue(9)
    workers = [start(stage) for _ in range(2)] + [start(stage, "--slot", "mine")]
    for run in runs:
        found = stage.until_settled(run)
        assert (found.state, found.attempts, found.dispatch) == ("SUCCEEDED", 1, 0), found.detail
    assert sorted(stage.plans()) == sorted(runs)
    with stage.database.reading(SYSTEM) as session:
        used = session.scalars(sa.select(Run.worker).distinct()).all()
        names = session.scalars(sa.select(Worker.name)).all()
    assert len(names) == 3
    assert "mine" in names
    assert set(used) == set(names)  # all three had some of them
    for worker, how in zip(workers, (signal.SIGTERM, signal.SIGTERM, signal.SIGINT), strict=True):
        worker.send_signal(how)
    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    with stage.database.reading(SYSTEM) as session:
        assert session.scalars(sa.select(Worker.name)).all() == []


@pytest.mark.parametrize("slot", ["", "a b", "../x", "-x", "x" * 65, "đ"])
def test_a_slot_is_a_plain_name(slot: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        application(["worker", f"--slot={slot}"])
    assert ended.value.code == 2
    assert "--slot" in capsys.readouterr().err
