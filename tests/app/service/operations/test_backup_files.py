"""The file of a backup: it takes nobody else's place, and the disk has it when it is reported."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from app.errors import InputError
from app.service.operations import backup, migrating
from app.service.operations.backup import back_up
from app.service.operations.restore import check_backup
from app.service.store.database import Database

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.service.operations.archive import Manifest


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite store: no other database changes what becomes of the file."""
    found = Database(f"sqlite:///{(tmp_path / 'store' / 'surplan.sqlite').as_posix()}")
    migrating.make_if_empty(found)
    yield found
    found.close()


def refuse(name: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a call of the operating system fail."""

    def fails(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, name, fails)


def meanwhile(act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let something happen while a backup is written."""
    write = backup._write  # noqa: SLF001  # the moment between the look at the file and its name

    def writes(database: Database, archive: zipfile.ZipFile) -> Manifest:
        manifest = write(database, archive)
        act()
        return manifest

    monkeypatch.setattr(backup, "_write", writes)


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_came_while_the_backup_was_written_is_not_overwritten(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    out = tmp_path / "b" / "b.zip"
    if not links:
        refuse("link", errno.EPERM, monkeypatch)
    meanwhile(lambda: out.write_text("another's"), monkeypatch)
    with pytest.raises(InputError) as caught:
        back_up(store, out)
    assert caught.value.key == "backup_exists"
    assert out.read_text() == "another's"
    assert [path.name for path in out.parent.iterdir()] == ["b.zip"]


def test_where_no_file_can_have_two_names_a_backup_is_written_all_the_same(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse("link", errno.EPERM, monkeypatch)
    manifest = back_up(store, tmp_path / "b" / "b.zip")
    assert check_backup(tmp_path / "b" / "b.zip") == manifest
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["b.zip"]


def test_the_part_of_another_process_with_the_same_id_is_left_alone(store: Database, tmp_path: Path) -> None:
    other = tmp_path / f"b.zip.part-{os.getpid()}"
    other.write_text("of another container")
    back_up(store, tmp_path / "b.zip")
    assert other.read_text() == "of another container"


@pytest.mark.skipif(os.name != "posix", reason="Windows opens no folder as a file")
def test_the_disk_has_the_name_of_a_backup_and_of_each_new_folder_before_it_is_reported(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, synced = tmp_path / "new" / "backups" / "b.zip", list[tuple[int, bool]]()
    sync = os.fsync

    def syncs(descriptor: int) -> None:
        synced.append((os.fstat(descriptor).st_ino, out.exists()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", syncs)
    back_up(store, out)
    assert synced[0] == (out.stat().st_ino, False)  # the content before its name
    named = {inode for inode, there in synced if there}
    assert named >= {path.stat().st_ino for path in (out.parent, out.parent.parent, tmp_path)}


@pytest.mark.skipif(os.name != "posix", reason="Windows opens no folder as a file")
@pytest.mark.parametrize("code", [errno.EIO, errno.EINVAL])
def test_a_folder_that_the_disk_does_not_take_is_told_and_one_that_cannot_be_asked_is_not(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    sync, calls = os.fsync, list[int]()

    def fails_for_folders(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > 1:
            raise OSError(code, os.strerror(code))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fails_for_folders)
    out = tmp_path / "b" / "b.zip"
    if code == errno.EINVAL:
        back_up(store, out)
        assert [path.name for path in out.parent.iterdir()] == ["b.zip"]
        return
    with pytest.raises(InputError) as caught:
        back_up(store, out)
    assert caught.value.key == "backup_unwritable"
    assert list(out.parent.iterdir()) == []
