"""Plan folders are stored while they are still being drawn, and as they are at the end."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.folders import build, read_inputs
from app.service.plans import tables as tables_module
from app.service.plans.publish import read_plan_tables
from app.service.runs import gathering as gathering_module
from app.service.runs.attempt import Bounds, Place, attempt
from app.service.runs.children import Nursery
from app.service.runs.gathering import Gathering
from app.service.runs.ledger import Ledger
from app.service.runs.roster import Roster
from app.service.store.actor import SYSTEM
from app.service.store.blobs import load_blob, store_files
from app.service.store.models import Blob, Plan, Run
from app.solving import solve_into
from app.talk import Talk
from tests.app.service.runs.stage import Stage
from tests.app.service.runs.worker_process import SCENARIO, FolderWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.service.runs.gathering import Gathered
    from app.service.runs.ledger import Claim
    from app.service.store.actor import Actor
    from app.service.store.database import Database


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder of a plan as it is before it is drawn, and when it is complete."""
    early = tmp_path_factory.mktemp("early") / "plan"
    whole = tmp_path_factory.mktemp("whole") / "plan"
    problem = build(read_inputs(SCENARIO))

    def copy(staged: Path) -> None:
        shutil.copytree(staged, early)

    solve_into(whole, problem, Talk("en", quiet=True), before_drawing=copy)
    return early, whole


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are given to the store, in order."""
    found: list[str] = []

    def note(database: Database, actor: Actor, paths: list[Path]) -> list[str]:
        found.extend(path.name for path in paths)
        return store_files(database, actor, paths)

    monkeypatch.setattr(gathering_module, "store_files", note)
    return found


def until_stored(folder: Path, database: Database) -> None:
    """Wait until the store has all files of a folder."""
    wanted, end = set(contents(folder).values()), time.monotonic() + 60
    while time.monotonic() < end:
        with database.reading(SYSTEM) as session:
            if wanted <= set(session.scalars(sa.select(Blob.sha256))):
                return
        time.sleep(0.01)
    raise AssertionError("they are not stored")


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def ends_as(gathered: Gathered, folder: Path, database: Database) -> None:
    """Assert that all files of a folder are stored as they are, and that its tables are read."""
    assert gathered.files == contents(folder)
    assert gathered.tables == read_plan_tables(folder)
    assert gathered.summary == json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    with database.reading(SYSTEM) as session:
        for name, sha256 in gathered.files.items():
            assert load_blob(session, sha256) == folder.joinpath(*name.split("/")).read_bytes()


def test_a_plan_is_told_before_it_is_drawn_with_every_other_file(solved: tuple[Path, Path]) -> None:
    early, whole = (contents(folder) for folder in solved)
    assert set(whole) - set(early) == {"plan.xlsx", "plan.geojson"}
    assert {name: whole[name] for name in early} == early


def test_what_stands_before_the_drawing_is_stored_then_and_not_again(
    sqlite_database: Database, tmp_path: Path, solved: tuple[Path, Path], sent: list[str]
) -> None:
    early, whole = solved
    shutil.copytree(early, tmp_path / "staged")
    with Gathering(sqlite_database) as ahead:
        ahead.begin(tmp_path / "staged")
        until_stored(early, sqlite_database)
        (tmp_path / "staged").rename(tmp_path / "plan")
        for name in ("plan.xlsx", "plan.geojson"):
            shutil.copy2(whole / name, tmp_path / "plan" / name)
        gathered = ahead.finish(tmp_path / "plan")
    ends_as(gathered, whole, sqlite_database)
    assert sent[-2:] == ["plan.geojson", "plan.xlsx"]
    assert len(sent) == len(contents(whole))
    with Gathering(sqlite_database) as alone:
        again = alone.finish(tmp_path / "plan")
    assert again == gathered


def test_a_file_that_changes_after_it_was_stored_is_stored_as_it_is_at_the_end(
    sqlite_database: Database, tmp_path: Path, solved: tuple[Path, Path]
) -> None:
    early, _whole = solved
    shutil.copytree(early, tmp_path / "plan")
    with Gathering(sqlite_database) as gathering:
        gathering.begin(tmp_path / "plan")
        until_stored(early, sqlite_database)
        (tmp_path / "plan" / "transfers.csv").write_bytes(b"asset_id,need_id,units,cost_vnd\r\n")
        (tmp_path / "plan" / "inputs" / "distances.json").unlink()
        gathered = gathering.finish(tmp_path / "plan")
    ends_as(gathered, tmp_path / "plan", sqlite_database)
    assert gathered.tables.transfers == []


@pytest.mark.parametrize("fault", ["the folder is renamed", "the store is away", "the folder is gone"])
def test_what_goes_wrong_before_the_end_is_done_again_at_the_end(
    sqlite_database: Database,
    tmp_path: Path,
    solved: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    _early, whole = solved
    shutil.copytree(whole, tmp_path / "staged")
    going = threading.Event()
    faults: list[str] = []

    def disturbed(database: Database, actor: Actor, paths: list[Path]) -> list[str]:
        if not faults:
            faults.append(fault)
            going.wait()
            if fault == "the store is away":
                raise sa.exc.OperationalError("x", {}, Exception("away"))
        return store_files(database, actor, paths)

    monkeypatch.setattr(gathering_module, "store_files", disturbed)
    with Gathering(sqlite_database) as gathering:
        if fault == "the folder is gone":
            faults.append(fault)
            gathering.begin(tmp_path / "never")
        else:
            gathering.begin(tmp_path / "staged")
        (tmp_path / "staged").rename(tmp_path / "plan")
        going.set()
        gathered = gathering.finish(tmp_path / "plan")
    assert faults == [fault]
    ends_as(gathered, whole, sqlite_database)


def test_tables_that_are_gone_while_they_are_read_are_no_proof_without_tables(
    sqlite_database: Database,
    tmp_path: Path,
    solved: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _early, whole = solved
    shutil.copytree(whole, tmp_path / "staged")
    places = tables_module._places  # noqa: SLF001  # the moment between two files is the test

    def renamed_meanwhile(path: Path, key: str, communes: dict[str, str]) -> object:
        found = places(path, key, communes)
        if path.parts[-3:] == ("staged", "inputs", "needs.csv"):
            until_stored(whole, sqlite_database)
            (tmp_path / "staged").rename(tmp_path / "plan")
        return found

    monkeypatch.setattr(tables_module, "_places", renamed_meanwhile)
    with Gathering(sqlite_database) as gathering:
        gathering.begin(tmp_path / "staged")
        end = time.monotonic() + 60
        while not (tmp_path / "plan").exists() and time.monotonic() < end:
            time.sleep(0.01)
        gathered = gathering.finish(tmp_path / "plan")
    assert gathered.tables.transfers
    ends_as(gathered, whole, sqlite_database)


class Away(FolderWork):
    """Publishes when the store has been away a few times."""

    def __init__(self, database: Database, times: int, error: Exception) -> None:
        super().__init__(database)
        self.left, self.error, self.solved = times, error, 0

    def materialise(self, claim: Claim, inputs: Path, baseline: Path) -> bool:
        """Count."""
        self.solved += 1
        return super().materialise(claim, inputs, baseline)

    def publish(self, session: Session, run: Run, gathered: Gathered) -> str:
        """Fail, or publish."""
        if self.left:
            self.left -= 1
            raise self.error
        return super().publish(session, run, gathered)


@pytest.fixture
def tried(sqlite_database: Database, tmp_path: Path) -> Iterator[Callable[[Away, Bounds], Run]]:
    """Return what becomes of a run that is attempted once."""
    stage = Stage(sqlite_database, tmp_path)
    (run,) = stage.queue()
    nursery = Nursery()

    def go(work: Away, bounds: Bounds) -> Run:
        roster, ledger = Roster(sqlite_database, "one", "1", 60), Ledger(sqlite_database, "one", "1")
        claim = ledger.claim(run, 0, roster.incarnation)
        assert claim is not None
        attempt(Place(ledger, work, nursery, tmp_path / "scratch", "en", bounds), claim)
        return stage.run(run)

    yield go
    nursery.close()


@pytest.mark.parametrize(
    "error",
    [sa.exc.OperationalError("x", {}, Exception("database is locked")), sa.exc.TimeoutError("no connection")],
    ids=["locked", "no connection"],
)
def test_a_plan_is_kept_while_the_store_is_away_for_a_moment(
    sqlite_database: Database, tried: Callable[[Away, Bounds], Run], error: Exception
) -> None:
    work = Away(sqlite_database, 2, error)
    run = tried(work, Bounds())
    assert (run.state, run.attempts, work.solved, work.left) == ("SUCCEEDED", 1, 1, 0)
    with sqlite_database.reading(SYSTEM) as session:
        assert session.scalars(sa.select(Plan.id)).all() == [run.plan_id]


def test_a_store_that_stays_away_is_not_tried_for_ever(
    sqlite_database: Database, tried: Callable[[Away, Bounds], Run]
) -> None:
    away = sa.exc.OperationalError("x", {}, Exception("database is locked"))
    work = Away(sqlite_database, 99, away)
    with pytest.raises(sa.exc.OperationalError):
        tried(work, Bounds(publish_s=1.5))
    assert 90 < work.left < 99


def test_what_the_store_refuses_is_not_tried_again(
    sqlite_database: Database, tried: Callable[[Away, Bounds], Run]
) -> None:
    work = Away(sqlite_database, 99, sa.exc.IntegrityError("x", {}, Exception("UNIQUE")))
    with pytest.raises(sa.exc.IntegrityError):
        tried(work, Bounds())
    assert work.left == 98
