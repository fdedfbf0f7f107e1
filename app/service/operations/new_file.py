"""A new file that is there as a whole or not at all, after a power cut too, and that is nobody else's."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)  # Windows has the last one
_OWNER = 0o600
# What file systems answer that give a file no second name, or cannot be asked to write a folder to the disk.
_UNKNOWN = frozenset(
    {errno.EPERM, errno.EACCES, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK}
)


@contextlib.contextmanager
def new_file(out: Path) -> Iterator[IO[bytes]]:
    """Yield a file to write, for its owner alone; at the end it has its name, and the disk has both.

    Folders that are missing are made. The name of the part is random: processes of two containers have the
    same id, and may write into the same folder.

    Raises
    ------
    FileExistsError
        When another file has the name by the end.
    OSError
        When the disk does not take it.
    """
    folders = _make(out.parent)
    part = out.with_name(f"{out.name}.part-{secrets.token_hex(4)}")
    descriptor = os.open(part, _NEW, _OWNER)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _name(part, out)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    try:
        for folder in folders:
            _sync(folder)
    except OSError:
        out.unlink()
        raise


def _make(folder: Path) -> list[Path]:
    """Make a folder, and return those with a new entry: itself, and what holds each that was missing."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return [folder, *(one.parent for one in missing)]


def _name(part: Path, out: Path) -> None:
    """Give the part its name, which must be free: renaming would put it in another's place."""
    try:
        os.link(part, out)
    except OSError as error:
        if error.errno not in _UNKNOWN:
            raise
    else:
        return
    os.close(os.open(out, _NEW, _OWNER))  # from here on the name is ours
    try:
        part.replace(out)
    except OSError:
        out.unlink()
        raise


def _sync(folder: Path) -> None:
    """Have the disk keep the names in a folder; Windows opens none, and sees to it itself."""
    if os.name == "nt":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _UNKNOWN:
            raise
