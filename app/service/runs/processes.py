"""Processes for solving: their group, priority, memory and end, on POSIX and on Windows."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import psutil

_NICE = 10
#: How far a clock that is set anew may move the time at which a process was born [s].
_CLOCK_S = 60


def in_group_of_its_own() -> dict[str, Any]:
    """Return the arguments of `subprocess.Popen` for a process that leads a group of its own.

    Ctrl-C of a terminal does not reach it, and the processes that it starts end with it (`end_group`).
    """
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def lower_priority() -> None:
    """Let everything else on this machine go first: pages are read while plans are made."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(_NICE)


def end_group(leader: int) -> None:
    """End a process and all that it started, at once.

    Parameters
    ----------
    leader
        Process id of one that was started with `in_group_of_its_own`, and was not yet waited for.
    """
    if sys.platform == "win32":
        for process in _family(leader)[::-1]:
            with suppress(psutil.Error):
                process.kill()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Tell whether a process has ended, and leave its id taken, so that `end_group` ends nobody else."""
    if sys.platform == "win32":
        return process.poll() is not None
    if process.returncode is not None:
        return True
    if hasattr(os, "waitid"):
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    try:  # macOS before Python 3.13
        return bool(psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def end_own_group() -> None:
    """End this process, the leader of its group, and all that it started. Does not return."""
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    for process in _family(os.getpid())[:0:-1]:
        with suppress(psutil.Error):
            process.kill()
    os._exit(1)


def memory_of(leader: int) -> int:
    """Return the bytes of memory that a process and all that it started hold; 0 when it has ended."""
    held = 0
    for process in _family(leader):
        with suppress(psutil.Error):
            held += process.memory_info().rss
    return held


def mark_of(pid: int) -> str:
    """Return a word that names a process among all that had or will have its id; "" where there is none.

    It also says, on Linux, of which boot and container the id is: there they count from the beginning.
    """
    born = _born(pid)
    if born is None:
        return ""
    return "-".join(part for part in (str(pid), f"{born:.0f}", _here()) if part)


def may_live(mark: str) -> bool:
    """Tell whether the process of a word of `mark_of` lives; of other boots and containers nobody knows."""
    pid, _, rest = mark.partition("-")
    born, _, where = rest.partition("-")
    if not (pid.isdecimal() and born.isdecimal()):
        return False
    if where not in ("", _here()):
        return True
    now = _born(int(pid))
    return now is not None and abs(now - int(born)) <= _CLOCK_S


@cache
def _here() -> str:
    """Return a word for what gives out process ids here; "" where the system does not say."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        space = Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        return ""
    return hashlib.sha256(f"{boot} {space}".encode()).hexdigest()[:8]


def _born(pid: int) -> float | None:
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return None


def signal_name(code: int) -> str | None:
    """Return the name of the signal that ended a process with this exit code, None where none did."""
    if code >= 0:
        return None
    try:
        return signal.Signals(-code).name
    except ValueError:
        return str(-code)


def _family(leader: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(leader)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []
