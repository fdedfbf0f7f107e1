"""Folders of attempts: each process has one of its own, and a lock on it for as long as it lives.

Several databases, containers and machines' users may have one home, and none of them knows of the workers of
the others. The system does: it lets go of the lock of a process that has ended, and of no other.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from pathlib import Path

_LOCK = ".lock"
#: Seconds that a process tries to lock its own folder.
_PATIENCE_S = 5.0
#: What says that another has a lock; Windows says that there is no permission for it.
_TAKEN: tuple[type[OSError], ...] = (BlockingIOError, FileNotFoundError)
if sys.platform == "win32":
    _TAKEN = (*_TAKEN, PermissionError)


class Scratch:
    """The folder of one process.

    Parameters
    ----------
    parent
        Folder of all such folders; made where it is missing.
    name
        Of this one; no other process has the same.

    Raises
    ------
    OSError
        When it cannot be made.
    """

    def __init__(self, parent: Path, name: str) -> None:
        self._parent = parent
        self.folder = parent / name
        parent.mkdir(parents=True, exist_ok=True)
        self._lock: int | None = None
        with suppress(OSError):  # a file system without locks: nobody tidies up there
            patience = time.monotonic() + _PATIENCE_S
            # Somebody tidies up, and found it before we had it; who has it for longer does something else.
            while (lock := _locked(self._lock_of(name))) is None and time.monotonic() < patience:
                time.sleep(0.01)
            self._lock = lock
        self.folder.mkdir()

    def _lock_of(self, name: str) -> Path:
        return self._parent / f"{name}{_LOCK}"

    def tidy(self) -> None:
        """Remove the folders of processes that have ended."""
        names = {path.name.removesuffix(_LOCK) for path in self._parent.iterdir()} - {self.folder.name}
        for name in sorted(names):
            try:
                lock = _locked(self._lock_of(name))
            except OSError:
                continue  # of another user, or nobody knows whether its process lives
            if lock is not None:
                self._remove(name, lock)

    def close(self) -> None:
        """Remove the folder; a second time is none."""
        lock, self._lock = self._lock, None
        self._remove(self.folder.name, lock)

    def _remove(self, name: str, lock: int | None) -> None:
        shutil.rmtree(self._parent / name, ignore_errors=True)
        if sys.platform == "win32" and lock is not None:
            os.close(lock)  # Windows removes no file that is open
            lock = None
        if not (self._parent / name).exists():
            with suppress(OSError):
                self._lock_of(name).unlink()
        if lock is not None:
            os.close(lock)


def _locked(file: Path) -> int | None:
    """Return an open file that is locked, or None where a living process has it.

    Raises
    ------
    OSError
        When it cannot be opened, or its file system knows no locks.
    """
    opened = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if sys.platform == "win32":
            msvcrt.locking(opened, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(opened), file.stat()):
            return opened
    except _TAKEN:
        pass  # another has it, or it was removed before it was ours
    except OSError:
        os.close(opened)
        raise
    os.close(opened)
    return None
