"""What nothing names any more is removed, and nothing else, whoever stores the same bytes at that moment."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.operations import sweeping
from app.service.operations.sweeping import naming_columns, sweep_blobs
from app.service.store.actor import SYSTEM
from app.service.store.blobs import KEPT, load_blob, store_blob, store_files
from app.service.store.models import Blob, Inventory, SharedTable
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from app.service.store.database import Database
    from app.service.store.scope import ScopedSession

OLD, YOUNG = KEPT + timedelta(minutes=1), KEPT - timedelta(minutes=1)


def stored(database: Database, content: bytes, age: timedelta = OLD) -> str:
    with database.writing(SYSTEM) as session:
        sha256 = store_blob(session, content)
        aged = sa.update(Blob).where(Blob.sha256 == sha256).values(created_at=utc_now() - age)
        session.execute(aged)
    return sha256


def name(session: ScopedSession, sha256: str) -> None:
    """Let an inventory name bytes."""
    if session.get(Inventory, "inv_1") is None:
        session.add(Inventory(id="inv_1", name="Xe", head=1, created_at=utc_now(), created_by="test"))
        session.flush()
    session.add(SharedTable(inventory_id="inv_1", name=sha256[:8], since=1, sha256=sha256))
    session.flush()


def left(database: Database) -> set[str]:
    with database.reading(SYSTEM) as session:
        return set(session.scalars(sa.select(Blob.sha256)))


def test_every_column_that_names_bytes_is_known() -> None:
    assert {str(column) for column in naming_columns()} >= {"plan_files.sha256", "shared_tables.sha256"}


def test_only_old_bytes_that_nothing_names_are_removed(database: Database) -> None:
    young, named = stored(database, b"young", YOUNG), stored(database, b"named")
    doomed = {stored(database, b"%d" % number) for number in range(12)}
    with database.writing(SYSTEM) as session:
        name(session, named)
    removed = list(sweep_blobs(database))
    assert (sum(removed), len(removed) > 1) == (len(doomed), True)  # in several transactions
    assert left(database) == {young, named}
    assert sum(sweep_blobs(database)) == 0


def test_bytes_that_are_found_again_are_kept_for_as_long_as_new_ones(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "transfers.csv"
    path.write_bytes(b"of a file")
    ours = [stored(database, b"of a file"), stored(database, b"of an upload")]
    stored(database, b"of nobody")
    assert store_files(database, SYSTEM, [path]) == ours[:1]
    with database.writing(SYSTEM) as session:
        assert store_blob(session, b"of an upload") == ours[1]
    assert sum(sweep_blobs(database)) == 1
    assert left(database) == set(ours)


def test_bytes_that_are_found_again_soon_are_not_written(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "transfers.csv"
    path.write_bytes(b"of a file")
    sha256 = stored(database, b"of a file", KEPT / 2 - timedelta(minutes=1))
    with database.reading(SYSTEM) as session:
        before = session.get_one(Blob, sha256).created_at
    store_files(database, SYSTEM, [path])
    with database.writing(SYSTEM) as session:
        store_blob(session, b"of a file")
    with database.reading(SYSTEM) as session:
        assert session.get_one(Blob, sha256).created_at == before


def in_a_thread(act: Callable[[], object], failures: list[BaseException]) -> threading.Thread:
    def run() -> None:
        try:
            act()
        except BaseException as error:  # the thread tells the test whatever it was
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_sweep_leaves_bytes_that_are_renewed_and_named_at_this_moment(database: Database) -> None:
    sha256, failures = stored(database, b"shared"), list[BaseException]()
    with database.writing(SYSTEM) as session:
        store_blob(session, b"shared")
        sweeping_ = in_a_thread(lambda: list(sweep_blobs(database)), failures)
        sweeping_.join(1 if database.is_sqlite else 20)
        if not database.is_sqlite:
            assert not sweeping_.is_alive()  # it waits for nobody
        name(session, sha256)
    sweeping_.join(20)
    assert not sweeping_.is_alive()
    assert not failures
    assert left(database) == {sha256}


def test_bytes_that_are_being_swept_are_stored_anew(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep has deleted, and not committed, when two others find the same bytes: both wait for it."""
    path = tmp_path / "plan.json"
    path.write_bytes(b"{}")
    sha256, failures = stored(database, b"{}"), list[BaseException]()
    remove = sweeping.remove_unnamed
    threads = []

    def slowly(session: ScopedSession, some: list[str]) -> int:
        removed = remove(session, some)
        threads.append(in_a_thread(lambda: store_files(database, SYSTEM, [path]), failures))
        threads.append(in_a_thread(store_in_a_transaction, failures))
        for thread in threads:
            thread.join(0.5)
            assert thread.is_alive()
        return removed

    def store_in_a_transaction() -> None:
        with database.writing(SYSTEM) as session:
            name(session, store_blob(session, b"{}"))

    monkeypatch.setattr(sweeping, "remove_unnamed", slowly)
    assert list(sweep_blobs(database)) == [1]
    for thread in threads:
        thread.join(20)
    assert not failures
    with database.reading(SYSTEM) as session:
        assert load_blob(session, sha256) == b"{}"
        assert utc_now() - session.get_one(Blob, sha256).created_at < timedelta(minutes=5)


def test_two_sweeps_at_once_do_no_harm(database: Database) -> None:
    doomed = [stored(database, b"%d" % number) for number in range(30)]
    with database.writing(SYSTEM) as session:
        name(session, doomed[7])
    failures: list[BaseException] = []
    removed: list[int] = []
    threads = [in_a_thread(lambda: removed.extend(sweep_blobs(database)), failures) for _ in range(2)]
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert not failures
    assert sum(removed) == 29
    assert left(database) == {doomed[7]}
