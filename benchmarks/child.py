"""Run one method on one instance in a process of its own, within limits of time and memory."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import tempfile
import time
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.memory import peak_of_self, resident
from benchmarks.methods import method

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from benchmarks.outcome import Outcome

#: Runs shorter than this are repeated [s], so often in all.
SHORT = 10.0
REPEATS = 3
#: The instance that warms a method up: cars, communes.
WARM = (200, 100)
#: Time for what is not measured: imports, the warm-up, drawing the instance [s].
PREPARATION = 900.0
#: How much longer than its limit a method that keeps limits itself may take to stop [s].
GRACE = 20.0
#: How often memory and time are looked at [s].
LOOK = 0.02


@dataclass(frozen=True)
class Task:
    """What to run.

    Attributes
    ----------
    method : key of ``METHODS``; family : key of ``FAMILIES``; cars : N; communes : how many, None = all;
    seed : of the draw.
    """

    method: str
    family: str
    cars: int
    communes: int | None = None
    seed: int = 1


@dataclass(frozen=True)
class Limits:
    """What one run may use: seconds, and bytes of resident memory of its process; runs : at most so many."""

    seconds: float = 300.0
    memory: int = 12 * 10**9
    runs: int = REPEATS


@dataclass(frozen=True)
class Report:
    """What became of a task.

    Attributes
    ----------
    status : finished (proven optimal in time) | time | memory | error; outcomes : one per run that came to
    an end; peak : greatest resident memory [bytes]; base : the same before the first run (libraries,
    warm-up, coordinates); seconds : spent on the run that did not finish; note : what an error said.
    """

    status: str
    outcomes: list[Outcome]
    peak: int
    base: int
    seconds: float
    note: str = ""


def run(task: Task, limits: Limits) -> Report:
    """Run a task; the process is ended when it exceeds a limit.

    The clock runs from coordinates in memory to the plan; imports, the warm-up and drawing the instance are
    before it. Memory is everything the process holds, so those are within it.
    """
    context = multiprocessing.get_context("spawn")  # a fork would share and count the parent's memory
    ours, theirs = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(prefix="surplan-bench-") as folder:
        said = Path(folder) / "stderr"
        process = context.Process(target=_work, args=(task, limits, theirs, str(said)), daemon=True)
        process.start()
        theirs.close()
        try:
            return _watch(process, ours, limits, said)
        finally:
            if process.is_alive():
                process.kill()
            process.join()


def _watch(process: BaseProcess, pipe: Connection, limits: Limits, said: Path) -> Report:
    outcomes: list[Outcome] = []
    base = peak = 0
    start, limit = time.monotonic(), PREPARATION

    def report(status: str, note: str = "") -> Report:
        return Report(status, outcomes, peak, base, time.monotonic() - start, note)

    def cut_short(status: str, note: str = "") -> Report:
        # a first run that finished counts, though a repeat did not
        return report("finished" if outcomes else status, note)

    while True:
        if pipe.poll(LOOK):
            try:
                name, value = pipe.recv()
            except EOFError:
                process.join()
                return report(*cause_of_death(process.exitcode or 0, said))
            if name == "ready":
                base, start, limit = value, time.monotonic(), limits.seconds + GRACE
            elif name == "outcome":
                if sum(value.laps.values()) > limits.seconds or not value.proven:
                    if outcomes:
                        return report("finished")
                    outcomes.append(value)
                    return report(*_verdict(value, limits))
                outcomes.append(value)
                start = time.monotonic()
            elif name == "peak":
                peak = max(peak, value)
            elif name == "error":
                return report(*value)
            else:
                return report("finished")
        peak = max(peak, resident(process.pid or 0))
        if peak > limits.memory:
            return cut_short("memory")
        if time.monotonic() - start > limit:
            return cut_short("time", "" if base else "preparation took too long")


def _verdict(outcome: Outcome, limits: Limits) -> tuple[str, str]:
    """Judge a first run that came too late or proved nothing."""
    spent = sum(outcome.laps.values())
    if spent > 0.8 * limits.seconds:  # methods that keep the limit themselves stop before it
        return "time", ""
    return "error", f"stopped after {spent:.1f} s without a proof"


def cause_of_death(exit_code: int, said: Path) -> tuple[str, str]:
    """Judge a process that ended without a word."""
    text = said.read_text(encoding="utf-8", errors="replace") if said.exists() else ""
    killed = hasattr(signal, "SIGKILL") and exit_code == -signal.SIGKILL
    if killed or "bad_alloc" in text or "MemoryError" in text:
        return "memory", f"ended by the system (exit code {exit_code})"
    return "error", f"exit code {exit_code}: {text[-2000:]}"


def _work(task: Task, limits: Limits, pipe: Connection, said: str) -> None:
    """Be the child: warm up, draw, run, tell."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and ends this process
    with Path(said).open("w", encoding="utf-8") as errors:
        os.dup2(errors.fileno(), 2)
    try:
        from benchmarks.instances import make

        solve = method(task.method)
        solve(make(task.family, WARM[0], communes=WARM[1]), 60.0)
        instance = make(task.family, task.cars, seed=task.seed, communes=task.communes)
        gc.collect()
        pipe.send(("ready", peak_of_self()))
        for _ in range(limits.runs):
            outcome = solve(instance, limits.seconds)
            pipe.send(("peak", peak_of_self()))
            pipe.send(("outcome", outcome))
            if sum(outcome.laps.values()) > SHORT:
                break
            gc.collect()
        pipe.send(("end", None))
    except MemoryError as error:
        pipe.send(("peak", peak_of_self()))
        pipe.send(("error", ("memory", str(error))))
    except Exception:
        pipe.send(("error", ("error", traceback.format_exc())))


def as_record(task: Task, report: Report) -> dict[str, Any]:
    """Put a report as JSON: the run of median time stands for all."""
    record: dict[str, Any] = {**asdict(task), "status": report.status, "runs": len(report.outcomes)}
    record |= {"peak_bytes": report.peak, "base_bytes": report.base}
    if report.note:
        record["note"] = report.note
    if not report.outcomes:
        return record | {"seconds": round(report.seconds, 3)}
    ranked = sorted(report.outcomes, key=lambda outcome: sum(outcome.laps.values()))
    middle = ranked[(len(ranked) - 1) // 2]
    return record | {
        "seconds": round(sum(middle.laps.values()), 4),
        "laps": {name: round(seconds, 4) for name, seconds in middle.laps.items()},
        "spread": [round(sum(outcome.laps.values()), 4) for outcome in (ranked[0], ranked[-1])],
        "objective": middle.objective,
        "bound": middle.bound,
        "facts": middle.facts,
    }
