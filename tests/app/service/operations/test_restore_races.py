"""A restore while others use the same store: nobody's rows are lost, whoever comes first."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.errors import InputError
from app.service.operations import migrating
from app.service.operations import restore as restoring
from app.service.operations.backup import back_up
from app.service.operations.restore import restore
from app.service.store import audit
from app.service.store.actor import SYSTEM
from app.service.store.database import Database
from app.service.store.models import Inventory
from app.service.store.types import utc_now
from tests.app.service.operations.filled import contents, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup with rows in every table."""
    source = Database(f"sqlite:///{(tmp_path / 'source' / 'surplan.sqlite').as_posix()}")
    migrating.make_if_empty(source)
    fill(source)
    back_up(source, tmp_path / "b.zip")
    source.close()
    return tmp_path / "b.zip"


@pytest.fixture
def stores() -> Iterator[Callable[[str], Database]]:
    """What opens a store as another process does; all are closed at the end."""
    opened: list[Database] = []

    def another(url: str) -> Database:
        opened.append(Database(url))
        return opened[-1]

    yield another
    for one in opened:
        one.close()


def write(database: Database) -> None:
    with database.writing(SYSTEM) as session:
        session.add(Inventory(id="inv", name="acknowledged", head=1, created_at=utc_now(), created_by="x"))
        audit.record(session, action="inventory.created", subject="inv")


def inventories(database: Database) -> list[str]:
    with database.reading(SYSTEM) as session:
        return list(session.scalars(sa.select(Inventory.id).order_by(Inventory.id)))


def first(act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let something happen after a restore has read its backup, and before it has the store for itself."""
    changing = migrating.changing

    def late(database: Database) -> AbstractContextManager[sa.Connection]:
        monkeypatch.undo()
        act()
        return changing(database)

    monkeypatch.setattr(migrating, "changing", late)


def test_a_refused_restore_leaves_the_store_that_a_service_made_meanwhile(
    database_url: str, stores: Callable[[str], Database], backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = stores(database_url)

    def serve() -> None:
        migrating.make_if_empty(service)
        write(service)

    first(serve, monkeypatch)
    with pytest.raises(InputError) as caught:
        restore(backup, stores(database_url))
    assert caught.value.key == "store_not_empty"
    assert inventories(stores(database_url)) == inventories(service) == ["inv"]


def test_the_second_of_two_restores_leaves_what_the_first_restored(
    database_url: str, stores: Callable[[str], Database], backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = stores(database_url), stores(database_url)
    first(lambda: restore(backup, one), monkeypatch)
    with pytest.raises(InputError) as caught:
        restore(backup, two)
    assert caught.value.key == "store_not_empty"
    assert contents(stores(database_url)) == contents(one)
    assert inventories(one) == ["inventories_id"]


def test_a_store_whose_restore_failed_takes_the_next_one(
    database_url: str, stores: Callable[[str], Database], backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = stores(database_url)

    def fails(*_: object) -> None:
        raise InputError("backup_chain", file="b.zip")

    with monkeypatch.context() as patched:
        patched.setattr(restoring, "_check_chain", fails)
        with pytest.raises(InputError):
            restore(backup, target)
    with target.engine.connect() as connection:
        assert migrating.schema(connection) is migrating.Schema.EMPTY
    restore(backup, target)
    assert inventories(target) == ["inventories_id"]


@pytest.mark.parametrize("holds", [False, True])
def test_what_is_written_while_a_store_with_tables_is_restored_is_kept_or_waits(
    database_url: str,
    stores: Callable[[str], Database],
    backup: Path,
    monkeypatch: pytest.MonkeyPatch,
    holds: bool,
) -> None:
    """A service without a worker writes after the look at its tables: only PostgreSQL would let it."""
    service, target = stores(database_url), stores(database_url)
    migrating.make_if_empty(service)
    back, done, failures = migrating.migrate_back, threading.Event(), list[BaseException]()

    def act() -> None:
        try:
            write(service)
        except BaseException as error:  # the test tells what it was
            failures.append(error)
        done.set()

    writer = threading.Thread(target=act)

    def late(connection: sa.Connection, to: str) -> None:
        writer.start()
        assert not done.wait(0.5)  # nothing is acknowledged that is about to be dropped
        back(connection, to)

    if holds:  # it has written, and not yet committed, when the restore begins
        with service.writing(SYSTEM) as session:
            session.add(Inventory(id="inv", name="held", head=1, created_at=utc_now(), created_by="x"))
            session.flush()
            restored = threading.Thread(target=lambda: _refused(backup, target, failures))
            restored.start()
            restored.join(0.5)
            assert restored.is_alive()
        restored.join(20)
        assert [getattr(one, "key", one) for one in failures] == ["store_not_empty"]
        assert inventories(service) == ["inv"]
        return
    monkeypatch.setattr(migrating, "migrate_back", late)
    restore(backup, target)
    writer.join(20)
    assert not failures
    assert inventories(target) == ["inv", "inventories_id"]
    with target.reading(SYSTEM) as session:
        assert audit.verify(session).ok


def _refused(backup: Path, target: Database, failures: list[BaseException]) -> None:
    try:
        restore(backup, target)
    except BaseException as error:  # the test tells what it was
        failures.append(error)


def until_one_waits(watching: Database) -> None:
    """Wait until somebody waits for a table of this database."""
    waits = sa.text(
        "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database "
        "WHERE datname = current_database() AND NOT granted AND locktype = 'relation')"
    )
    patience = time.monotonic() + 30
    while time.monotonic() < patience:
        with watching.engine.connect() as connection:
            if connection.scalar(waits):
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits for a table")


def test_a_restore_that_waits_for_whom_it_holds_up_says_that_the_store_is_busy(
    postgres_url: str, stores: Callable[[str], Database], backup: Path
) -> None:
    service, target, watching = (stores(postgres_url) for _ in range(3))
    migrating.make_if_empty(service)
    with watching.engine.connect() as connection:  # the restore looks for a circle once, after so long
        name = connection.engine.url.database
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET deadlock_timeout = '5s'")
        connection.commit()
    failures: list[BaseException] = []
    tables = ["inventories", "blobs"]
    with service.engine.connect() as connection:
        # It holds one table, and wants another that the restore has meanwhile: whichever that is.
        connection.exec_driver_sql("SET deadlock_timeout = '20s'")
        connection.exec_driver_sql(f"LOCK TABLE {max(tables)} IN ROW EXCLUSIVE MODE")
        restored = threading.Thread(target=lambda: _refused(backup, target, failures))
        restored.start()
        until_one_waits(watching)
        connection.exec_driver_sql(f"LOCK TABLE {min(tables)} IN ROW EXCLUSIVE MODE")
        restored.join(20)
        assert not restored.is_alive()
        connection.rollback()
    assert [getattr(one, "key", one) for one in failures] == ["database_busy"]
