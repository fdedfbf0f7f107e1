"""Workbooks of the formats .xls and .ods, read in a process of its own that may use so much memory and time.

python-calamine reads them whole when it opens them. A cell in a far corner, or a value that is repeated
without end, makes it ask for more memory than there is, which ends the process: it must not be that of the
service. Patterns over the bytes, as for .xlsx (`solver.tables.sheet_scan`), cannot promise it: who means harm
writes his file otherwise.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from solver.tables.reasons import MEMORY, SLOW
from solver.tables.sheet_answer import NoSheets, read_answer

if TYPE_CHECKING:
    from solver.tables.sheet_answer import PlainSheet

#: What the process may use [bytes]; a full sheet of an .xls file takes a third. And how long [s].
MOST_MEMORY = 3 * 2**30
MOST_SECONDS = 120.0
#: With this the process ends when its memory, or its answer, grows too large.
NO_MEMORY = 91
_MODULE = "solver.tables.apart_process"
#: All that the process is told of our environment: it parses what anybody may have sent.
_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LD_LIBRARY_PATH")
#: How a process ends that asks for memory that there is not: Rust aborts it (on Windows: fails fast), or the
#: system kills it.
_STARVED = frozenset({NO_MEMORY, -signal.SIGABRT, -9, 0xC0000409})
_TAIL = 2000


class ReaderFaultError(RuntimeError):
    """The process that reads workbooks failed in a way that no file explains: a fault of ours."""


def read_apart(
    path: Path, content: bytes, memory: int = MOST_MEMORY, seconds: float = MOST_SECONDS
) -> list[PlainSheet]:
    """Return the sheets of cells of a workbook of any format.

    Parameters
    ----------
    path
        Where it lies.
    content
        The file's bytes.
    memory
        What the process may use [bytes]; only Linux holds it to that.
    seconds
        How long it may take [s].

    Raises
    ------
    python_calamine.PasswordError
        When it is protected by a password.
    ValueError
        When it cannot be read, or not with so much memory and time.
    ReaderFaultError
        When reading fails otherwise.
    """
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n") as told,
        tempfile.TemporaryFile() as errors,
    ):
        try:
            done = subprocess.run(
                command(path, memory, seconds),
                input=content,
                stdout=told,
                stderr=errors,
                check=False,
                timeout=seconds,
                env=environment(),
            )
        except subprocess.TimeoutExpired:
            raise ValueError(SLOW) from None
        except OSError as error:
            raise ReaderFaultError(str(error)) from error
        if done.returncode:
            errors.seek(max(0, errors.seek(0, os.SEEK_END) - _TAIL))
            raise fault(done.returncode, errors.read().decode("utf-8", "replace"))
        told.seek(0)
        try:
            answer = read_answer(told)
        except ValueError as error:
            raise ReaderFaultError(f"The reader of workbooks answered otherwise: {error}.") from error
    if isinstance(answer, NoSheets):
        if answer.locked:
            from python_calamine import PasswordError

            raise PasswordError(answer.reason)
        raise ValueError(answer.reason)
    return answer


def command(path: Path, memory: int, seconds: float) -> list[str]:
    """Return how the process is called."""
    # -P: nothing of the folder that we are in.
    limits = [str(memory), str(max(1, round(seconds)))]
    return [sys.executable, "-P", "-m", _MODULE, *limits, str(os.getpid()), str(path.absolute())]


def environment() -> dict[str, str]:
    """Return the environment of the process: no secrets of ours."""
    home = str(Path(__file__).resolve().parents[2])
    search = os.pathsep.join(part for part in (home, os.environ.get("PYTHONPATH", "")) if part)
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return {**kept, "PYTHONPATH": search, "PYTHONUTF8": "1"}


def fault(code: int, errors: str) -> ValueError | ReaderFaultError:
    """Return what it means that the process ended with a code, or by a signal (below 0)."""
    if code in _STARVED:
        return ValueError(MEMORY)
    if hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU:
        return ValueError(SLOW)
    return ReaderFaultError(f"The reader of workbooks ended with {code}: {errors.strip()}")
