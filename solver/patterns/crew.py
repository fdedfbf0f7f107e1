"""Tasks on several processors: worker processes, each fed by a thread; or none at all.

Processes are started as programs of their own, so that a script needs no guard and nothing is forked. A
worker that dies (a native library may abort) is started again and its task is given to the new one, once.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import solver
from solver.errors import BackendError
from solver.patterns.tasks import perform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: How often the caller's ``stop`` is asked while workers are busy [s].
_TICK = 0.05


class Crew:
    """Workers for tasks; with one processor the caller does them itself.

    Parameters
    ----------
    size : processes. stop : asked all the time; True makes every task under way come to an end.
    """

    def __init__(self, size: int, stop: Callable[[], bool]) -> None:
        self.size, self.stop = size, stop
        self.members: list[subprocess.Popen[bytes]] = []
        self.threads: list[threading.Thread] = []
        self.ended = False
        self.lock = threading.Lock()  # nobody is started once all are being ended

    def __enter__(self) -> Crew:
        """Start the workers."""
        if self.size > 1:
            self.members = [_start() for _ in range(self.size)]
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers."""
        with self.lock:
            self.ended = True
            for member in self.members:
                member.kill()  # the thread that waits for it goes on
        for thread in self.threads:
            thread.join()
        for member in self.members:
            _bury(member)

    def run(self, tasks: Iterable[tuple[str, tuple[Any, ...]]]) -> Iterator[tuple[int, Any]]:
        """Do the tasks in order; yield (number of the task, result) as they are done.

        Once ``stop`` says so, tasks not begun are left out.
        """
        if not self.members:
            for number, (name, arguments) in enumerate(tasks):
                if self.stop():
                    return
                yield number, perform(name, arguments, self.stop)
            return
        yield from self._spread(list(tasks))

    def _spread(self, tasks: list[tuple[str, tuple[Any, ...]]]) -> Iterator[tuple[int, Any]]:
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        done: queue.SimpleQueue[tuple[int, bool, Any]] = queue.SimpleQueue()
        halted = threading.Event()
        for number in range(len(tasks)):
            waiting.put(number)

        def feed(place: int) -> None:
            while not halted.is_set():
                try:
                    number = waiting.get_nowait()
                except queue.Empty:
                    break
                done.put((number, *self._give(place, tasks[number])))
            done.put((-1, True, None))

        self.threads = [
            threading.Thread(target=feed, args=(k,), daemon=True) for k in range(len(self.members))
        ]
        for thread in self.threads:
            thread.start()
        busy = len(self.threads)
        while busy:
            if halted.is_set() or self.stop():
                halted.set()
                for member in self.members:  # each time: a task may have been on its way
                    _send(member, None)
            try:
                number, good, result = done.get(timeout=_TICK)
            except queue.Empty:
                continue
            if number < 0:
                busy -= 1
            elif good:
                yield number, result
            else:
                halted.set()
                raise BackendError("a worker process", str(result))

    def _give(self, place: int, task: tuple[str, tuple[Any, ...]]) -> tuple[bool, Any]:
        for _ in range(2):
            member = self.members[place]
            try:
                _send(member, task)
                if member.stdout is None:
                    break
                answer: tuple[bool, Any] = pickle.load(member.stdout)
            except (EOFError, OSError, pickle.UnpicklingError):
                with self.lock:
                    if self.ended:
                        return False, "it was ended"
                    _bury(member)
                    self.members[place] = _start()
                continue
            return answer
        return False, "it died twice on the same task"


def _start() -> subprocess.Popen[bytes]:
    home = str(Path(solver.__file__).resolve().parent.parent)
    path = os.pathsep.join(part for part in (home, os.environ.get("PYTHONPATH", "")) if part)
    return subprocess.Popen(
        [sys.executable, "-m", "solver.patterns.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )


def _send(member: subprocess.Popen[bytes], message: object) -> None:
    if member.stdin is None:
        return
    try:
        member.stdin.write(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))  # at once: two threads write
        member.stdin.flush()
    except (BrokenPipeError, ValueError):
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
