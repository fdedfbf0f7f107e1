"""Run a method on some instances in a process of its own, within limits of time and memory."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.child import cause_of_death
from benchmarks.memory import resident_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

#: Time for what is not measured: imports, the warm-up, making the instance [s].
PREPARATION = 1800.0
#: How much longer than its limit a method may take to stop [s].
GRACE = 60.0
#: How often memory and time are looked at [s].
LOOK = 0.05
#: Greatest resident memory of a run, of the process and all that it started [bytes].
MEMORY = 12 * 10**9


class Source(NamedTuple):
    """Where an instance comes from.

    Attributes
    ----------
    kind : reference, province, gap_orlib or gap_yagiura; path : of its file or folder; name : in records;
    number : scale of the reference inventory, or of the problem in its file.
    """

    kind: str
    path: str
    name: str
    number: int = 1


@dataclass(frozen=True)
class Job:
    """One process: a method, instances one after the other, and seconds for each."""

    method: str
    sources: tuple[Source, ...]
    seconds: float


@dataclass
class Run:
    """What became of one instance.

    Attributes
    ----------
    status : finished (came to an end by itself or at its limit) | time | memory | error; base, peak :
    resident memory when the clock started, and the greatest after it [bytes]; facts : of the instance; news :
    steps of ours (``benchmarks.premises.ours``); result : plan and bounds, empty where there are none.
    """

    source: Source
    status: str = "finished"
    base: int = 0
    peak: int = 0
    note: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    news: list[tuple[float, int, int]] = field(default_factory=list)
    result: dict[str, Any] = field(default_factory=dict)


def run(job: Job, memory: int = MEMORY) -> Iterator[Run]:
    """Run a job; yield what became of each instance. The process is ended when it exceeds a limit."""
    context = multiprocessing.get_context("spawn")  # a fork would share and count the parent's memory
    ours, theirs = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(prefix="surplan-bench-") as folder:
        said = Path(folder) / "said"
        process = context.Process(target=_work, args=(job, theirs, str(said)), daemon=True)
        process.start()
        theirs.close()
        try:
            for source in job.sources:
                found = _watch(process, ours, Run(source), job.seconds, memory, said)
                yield found
                if found.status != "finished":
                    return
        finally:
            if process.is_alive():
                process.kill()
            process.join()


def _watch(
    process: BaseProcess, pipe: Connection, found: Run, seconds: float, memory: int, said: Path
) -> Run:
    start, limit = time.monotonic(), PREPARATION
    while True:
        if pipe.poll(LOOK):
            try:
                name, value = pipe.recv()
            except EOFError:
                process.join()
                found.status, found.note = cause_of_death(process.exitcode or 0, said)
                return found
            if name == "ready":
                found.facts, found.base = value, resident_tree(process.pid or 0)
                start, limit = time.monotonic(), seconds + GRACE
            elif name == "news":
                found.news.append(value)
            elif name == "error":
                found.status, found.note = value
                return found
            else:
                found.result = value
                return found
        found.peak = max(found.peak, resident_tree(process.pid or 0))
        if found.peak > memory:
            found.status = "memory"
            return found
        if time.monotonic() - start > limit:
            found.status = "time"
            return found


def _work(job: Job, pipe: Connection, said: str) -> None:
    """Be the child: warm up, make each instance, run, judge, tell."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and ends this process
    with Path(said).open("w", encoding="utf-8") as talk:
        os.dup2(talk.fileno(), 1)  # solvers talk of their own accord
        os.dup2(talk.fileno(), 2)
    try:
        from benchmarks.premises.work import facts_of, make, measure, warm

        def tell(*step: float | None) -> None:
            pipe.send(("news", step))

        warm(job.method)
        for source in job.sources:
            instance = make(source)
            facts = facts_of(instance)
            gc.collect()
            pipe.send(("ready", facts))
            pipe.send(("result", measure(job.method, instance, job.seconds, tell)))
    except MemoryError as error:
        pipe.send(("error", ("memory", str(error))))
    except Exception:
        pipe.send(("error", ("error", traceback.format_exc())))
