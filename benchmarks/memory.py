"""Peak memory of processes, as the operating system counts it."""

from __future__ import annotations

import sys
from pathlib import Path


def _status_bytes(process: str, field: str) -> int | None:
    try:
        lines = Path("/proc", process, "status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:  # no such file system, or the process has just ended
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:")), None)


def peak_of_self() -> int:
    """Greatest resident memory of this process so far [bytes]; 0 where the system does not tell.

    On Linux from /proc: ``ru_maxrss`` there also counts what the parent held when it made the process.
    """
    peak = _status_bytes("self", "VmHWM")
    if peak is not None:
        return peak
    if sys.platform == "win32":
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def resident(pid: int) -> int:
    """Resident memory of a running process now [bytes]; 0 where the system does not tell."""
    return _status_bytes(str(pid), "VmRSS") or 0


def resident_tree(pid: int) -> int:
    """Resident memory now of a process and of all that it started [bytes]; shared pages count for each."""
    total, waiting = 0, [pid]
    while waiting:
        process = waiting.pop()
        total += resident(process)
        for file in Path("/proc", str(process), "task").glob("*/children"):
            try:
                waiting += map(int, file.read_text(encoding="ascii").split())
            except OSError:  # the thread has just ended
                continue
    return total
