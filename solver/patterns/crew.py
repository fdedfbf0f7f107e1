"""Tasks on several processors: worker processes, each fed by a thread; or none at all.

Processes are started as programs of their own, so that a script needs no guard and nothing is forked. A
worker that dies (a native library may abort) is started again and its task is given to the new one, once.
A task that brings no result is told of like a result (``Failed``): the others go on.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
import traceback
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import solver
from solver.patterns.tasks import perform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from solver.patterns.estate import Estate
    from solver.patterns.tasks import Standing

    Task = tuple[str, tuple[Any, ...]]

#: Estates with as many hosts times guests surely have more pairs than a crew takes.
_SURELY = 1 << 20
#: Workers without a task, where a ``reserve`` is open: the next crew takes them.
_KEPT: ContextVar[list[subprocess.Popen[bytes]] | None] = ContextVar("kept", default=None)
#: How often the caller's ``stop`` is asked while workers are busy [s].
_TICK = 0.05


@contextmanager
def reserve(size: int) -> Iterator[None]:
    """Start workers now, while the caller does something else, and keep them from one crew to the next.

    Where a reserve is open already, nothing is started.

    Parameters
    ----------
    size : processes; fewer than two are none.
    """
    if _KEPT.get() is not None:
        yield
        return
    kept: list[subprocess.Popen[bytes]] = []
    token = _KEPT.set(kept)
    try:
        if size > 1:
            _start(kept, size)
        yield
    finally:
        _KEPT.reset(token)
        for member in kept:
            _bury(member)


def workers_for(estate: Estate, processes: int) -> AbstractContextManager[None]:
    """Start the workers that ``house`` will ask for (``solver.patterns.search``); keep them between calls.

    Parameters
    ----------
    processes : 0 for all cores.
    """
    many = estate.n_hosts * estate.n_guests >= _SURELY
    return reserve((processes or os.cpu_count() or 1) if many else 0)


def _start(members: list[subprocess.Popen[bytes]], size: int) -> None:
    """Start workers until there are so many, as far as there is room."""
    with suppress(OSError):
        while len(members) < size:
            members.append(start_worker())


@dataclass(frozen=True)
class Failed:
    """A task that brought no result; ``reason`` : a traceback, or what became of the workers."""

    reason: str


class Crew:
    """Workers for tasks; with one processor, or where none can be started, the caller does them itself.

    Parameters
    ----------
    size : processes. stop : asked all the time; True makes every task under way come to an end.
    """

    def __init__(self, size: int, stop: Callable[[], bool]) -> None:
        self.size, self.stop = size, stop
        self.members: list[subprocess.Popen[bytes]] = []
        self.threads: list[threading.Thread] = []
        self.ended = False
        self.idle = True  # every task that was given is done
        self.lock = threading.Lock()  # nobody is started once all are being ended

    def __enter__(self) -> Crew:
        """Take the workers that are kept, and start what is missing."""
        if self.size > 1:
            kept = _KEPT.get()
            while kept and len(self.members) < self.size:
                self.members.append(kept.pop())
            _start(self.members, self.size)
        return self

    def __exit__(self, *_: object) -> None:
        """Keep the workers for the next crew, or end them."""
        kept = _KEPT.get()
        with self.lock:
            self.ended = True
            if self.idle and kept is not None:
                kept += [member for member in self.members if member.poll() is None]
            gone = [member for member in self.members if member not in (kept or ())]
            for member in gone:
                member.kill()  # the thread that waits for it goes on
        for thread in self.threads:
            thread.join()
        for member in gone:
            _bury(member)

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[int, Standing | Failed]]:
        """Do the tasks in order; yield (number of the task, result) as they are done.

        Once ``stop`` says so, tasks not begun are left out.
        """
        if not self.members:
            for number, (name, arguments) in enumerate(tasks):
                if self.stop():
                    return
                yield number, self._do(name, arguments)
            return
        yield from self._spread(list(tasks))

    def _do(self, name: str, arguments: tuple[Any, ...]) -> Standing | Failed:
        try:
            return perform(name, arguments, self.stop)
        except Exception:  # as in a worker
            return Failed(traceback.format_exc())

    def _spread(self, tasks: list[Task]) -> Iterator[tuple[int, Standing | Failed]]:
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        done: queue.SimpleQueue[tuple[int, Standing | Failed] | None] = queue.SimpleQueue()
        halted = threading.Event()
        for number in range(len(tasks)):
            waiting.put(number)

        def feed(place: int) -> None:
            number = -1
            try:
                while not halted.is_set():
                    number = waiting.get_nowait()
                    done.put((number, self._give(place, tasks[number])))
            except queue.Empty:
                pass
            except Exception as error:  # the worker cannot be replaced: the others do what is left
                done.put((number, Failed(f"no worker could be started: {error!r}")))
            finally:
                done.put(None)  # whatever happens, somebody waits for it

        self.threads, self.idle = [], False
        with suppress(RuntimeError):  # no room for as many threads
            for place in range(len(self.members)):
                thread = threading.Thread(target=feed, args=(place,), daemon=True)
                thread.start()
                self.threads.append(thread)
        busy = len(self.threads)
        while busy:
            if halted.is_set() or self.stop():
                halted.set()
                for member in self.members:  # each time: a task may have been on its way
                    send(member, None)
            try:
                result = done.get(timeout=_TICK)
            except queue.Empty:
                continue
            if result is None:
                busy -= 1
            else:
                yield result
        self.idle = not halted.is_set() and len(self.threads) == len(self.members)
        while not halted.is_set():
            try:
                yield waiting.get_nowait(), Failed("no worker is left")
            except queue.Empty:
                return

    def _give(self, place: int, task: Task) -> Standing | Failed:
        said = ""
        for _ in range(2):
            member = self.members[place]
            try:
                send(member, task)
                good, result = pickle.load(member.stdout)  # type: ignore[arg-type]  # it is a pipe
            except Exception as error:  # no answer, or one that cannot be read: neither can those after it
                said = repr(error)
                with self.lock:
                    if self.ended:
                        return Failed("the crew was ended")
                    _bury(member)
                    self.members[place] = start_worker()
                continue
            return result if good else Failed(str(result))
        return Failed(f"its worker died twice on the same task: {said}")


def start_worker() -> subprocess.Popen[bytes]:
    """Start a worker process.

    Raises
    ------
    OSError
        When there is no room for it.
    """
    home = str(Path(solver.__file__).resolve().parent.parent)
    path = os.pathsep.join(part for part in (home, os.environ.get("PYTHONPATH", "")) if part)
    return subprocess.Popen(
        [sys.executable, "-m", "solver.patterns.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )


def send(member: subprocess.Popen[bytes], message: object) -> None:
    """Send a worker a task, or None: to one that has died that is no matter."""
    if member.stdin is None:
        return
    try:
        member.stdin.write(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))  # at once: two threads write
        member.stdin.flush()
    except (OSError, ValueError):  # ValueError: the pipe is closed
        if message is not None:
            raise


def _bury(member: subprocess.Popen[bytes]) -> None:
    """End a worker and close the pipes to it."""
    member.kill()
    member.wait()
    for pipe in (member.stdin, member.stdout):
        if pipe is not None:
            with suppress(OSError):  # what was not sent is of no use to the dead
                pipe.close()
