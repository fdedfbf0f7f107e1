"""A process that solves as the real one does, but first does what its test says (see `Acts`).

``python -m tests.app.service.runs.acting_child ACT FOLDER``: a file ``reached-<pid>`` in the folder says that
a run is under way.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import solver
from app.service.runs import child

if TYPE_CHECKING:
    from collections.abc import Callable

ACT, FOLDER = sys.argv[1], Path(sys.argv[2])


def work(given: dict[str, Any], teller: child.Teller, stop: Callable[[], bool]) -> None:
    """Act, then solve."""
    (FOLDER / f"reached-{os.getpid()}").touch()
    teller.progress(solver.Progress("solve", "office", 0.5, 1, 1000, 900, "0.1"))
    if ACT == "segfault":
        ctypes.string_at(0)
    elif ACT == "abort":
        os.abort()
    elif ACT == "exit":
        os._exit(3)
    elif ACT == "grow":
        held = bytearray(os.urandom(1 << 20) * 400)
        time.sleep(60)
        del held
    elif ACT == "memory_error":
        raise_memory()
    elif ACT == "deaf":
        time.sleep(600)
    elif ACT == "wait":
        while not ((FOLDER / "go").exists() or stop()):
            time.sleep(0.02)
    elif ACT == "chatter":
        time.sleep(0.5)
        for number in range(8):
            teller.say(progress={"phase": "solve", "round": number})
            time.sleep(0.3)
    real(given, teller, stop)


def raise_memory() -> None:
    """Make the reading of tables fail for want of memory."""

    def no_memory(_folder: Path) -> None:
        raise MemoryError

    setattr(child, "read_inputs", no_memory)  # noqa: B010  # it is imported there


real = child.work
child.work = work
if __name__ == "__main__":
    child.main()
