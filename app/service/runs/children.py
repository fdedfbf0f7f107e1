"""Handle on the process that solves one run, and one that stands by for the next."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import app
from app.service.runs.processes import (
    end_group,
    has_ended,
    in_group_of_its_own,
    memory_of,
    signal_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What solves.
COMMAND = (sys.executable, "-m", "app.service.runs.child")
_TAIL = 4000
#: Seconds for ending after the last word.
_PATIENCE_S = 5.0


class Child:
    """A process that solves; see `app.service.runs.child` for what is said to it and what it says.

    Parameters
    ----------
    command
        Program and arguments.

    Raises
    ------
    OSError
        When it cannot be started.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        home = str(Path(app.__file__).resolve().parent.parent)
        path = os.pathsep.join(part for part in (home, os.environ.get("PYTHONPATH", "")) if part)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `end`
        self._process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
            **in_group_of_its_own(),
        )
        #: What it says; None at its end.
        self.said: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="child", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return not has_ended(self._process)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with suppress(ValueError):  # a line that its death cut short
                self.said.put(json.loads(line))
        self.said.put(None)

    def send(self, message: Mapping[str, object]) -> None:
        """Say something to it; nothing happens where it has ended, which `said` tells."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()

    def memory(self) -> int:
        """Return the bytes that it and its own processes hold."""
        return memory_of(self.pid)

    def exit(self) -> dict[str, object]:
        """Return how it ended, exit code or name of the signal, once it says nothing any more."""
        patience = time.monotonic() + _PATIENCE_S
        while self.lives and time.monotonic() < patience:
            time.sleep(0.01)
        end_group(self.pid)
        code = self._process.wait()
        name = signal_name(code)
        return {"signal": name} if name else {"exit_code": code}

    def last_words(self) -> str:
        """Return the end of what it wrote on stderr."""
        size = os.fstat(self._errors.fileno()).st_size
        self._errors.seek(max(0, size - _TAIL))
        return self._errors.read().decode(errors="replace")

    def end(self) -> None:
        """End it and its own processes, whatever they do; a second time is none."""
        if self._errors.closed:
            return
        if self._process.returncode is None:
            end_group(self.pid)  # also where it ended by itself: its own processes may not have
            self._process.wait()
        self._reader.join()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):  # what was never read
            self._process.stdin.close()
        self._process.stdout.close()
        self._errors.close()


class Nursery:
    """Keeps a process ready, with everything imported, so that a run starts at once."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._ready: Child | None = None
        self._closed = False

    def prepare(self) -> None:
        """Start a process, where none stands by."""
        with self._lock:
            if self._ready is None and not self._closed:
                self._ready = Child(self._command)

    def take(self) -> Child:
        """Return the process that stands by, or a new one; the caller ends it."""
        with self._lock:
            child, self._ready = self._ready, None
        if child is not None and not child.lives:
            child.end()
            child = None
        return child or Child(self._command)

    def close(self) -> None:
        """End the process that stands by; there will be no other."""
        with self._lock:
            self._closed = True
            child, self._ready = self._ready, None
        if child is not None:
            child.end()
