from __future__ import annotations

import hashlib
import random
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.service.store.actor import SYSTEM
from app.service.store.blobs import DamagedBlobError, load_blob, store_blob, store_files
from app.service.store.models import Blob

if TYPE_CHECKING:
    from app.service.store.database import Database


def count(database: Database) -> int:
    with database.reading(SYSTEM) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Blob)) or 0


def test_bytes_come_back_as_they_were_and_are_stored_once(database: Database, tmp_path: Path) -> None:
    content = b"asset_id\r\n\x00\xff" * 1000
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with database.writing(SYSTEM) as session:
        first = store_blob(session, content)
        empty = store_blob(session, b"")
    second, other = store_files(database, SYSTEM, [path, Path(__file__)])
    assert first == second == hashlib.sha256(content).hexdigest()
    assert other == hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    assert count(database) == 3
    with database.reading(SYSTEM) as session:
        assert load_blob(session, first) == content
        assert load_blob(session, empty) == b""
        row = session.get_one(Blob, first)
        assert (row.size, len(row.packed) < 200) == (len(content), True)


def test_two_transactions_that_store_the_same_bytes_at_once_both_succeed(database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def other() -> None:
        begun.wait(10)
        try:
            with database.writing(SYSTEM) as session:
                go_on.set()
                store_blob(session, b"the same")
        except BaseException as error:  # the thread tells the test whatever it was
            failures.append(error)

    thread = threading.Thread(target=other)
    thread.start()
    with database.writing(SYSTEM) as session:
        store_blob(session, b"the same")
        begun.set()
        # On SQLite the other waits before it begins; on PostgreSQL at the row.
        go_on.wait(0.5)
    thread.join(20)
    assert not thread.is_alive()
    assert not failures
    assert count(database) == 1


def test_bytes_that_are_missing_or_changed_on_the_disk_are_never_given(database: Database) -> None:
    with database.writing(SYSTEM) as session:
        one, two = store_blob(session, b"one"), store_blob(session, b"two")
        packed = session.get_one(Blob, two).packed
        session.execute(sa.update(Blob).where(Blob.sha256 == one).values(packed=packed))
        session.execute(sa.update(Blob).where(Blob.sha256 == two).values(packed=b"?"))
    with database.reading(SYSTEM) as session:
        for sha256 in (one, two, "0" * 64):
            with pytest.raises(DamagedBlobError):
                load_blob(session, sha256)


def test_large_files_of_every_kind_come_back_as_they_were(sqlite_database: Database, tmp_path: Path) -> None:
    dice = random.Random(1)
    digits = ",".join(str(dice.randrange(10**6)) for _ in range(300_000)).encode()
    text = b"V-0001,vehicle,car\n" * 80_000
    contents = {"digits": digits, "noise": dice.randbytes(1_500_000), "text": text}
    paths = []
    for name, content in contents.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(content)
    stored = store_files(sqlite_database, SYSTEM, paths)
    with sqlite_database.reading(SYSTEM) as session:
        assert [load_blob(session, sha256) for sha256 in stored] == list(contents.values())
        shares = [session.get_one(Blob, sha256) for sha256 in stored]
    digits_share, noise_share, text_share = (len(row.packed) / row.size for row in shares)
    assert digits_share < 0.5
    assert 1 <= noise_share < 1.001
    assert text_share < 0.02
