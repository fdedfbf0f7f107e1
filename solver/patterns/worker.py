"""A worker process: ``python -m solver.patterns.worker``; takes tasks from its input, answers on its output.

A message is a pickle: (function of ``solver.patterns.tasks``, arguments) or None, which asks the task
under way to come to an end. The end of the input ends the worker.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable


def _listen(source: BinaryIO, tasks: queue.SimpleQueue[Any], halt: threading.Event) -> None:
    while True:
        try:
            message = pickle.load(source)
        except Exception:  # the end of the input, or what cannot be read: whoever waits starts another
            halt.set()
            tasks.put(None)
            return
        if message is None:
            halt.set()
        else:
            halt.clear()
            tasks.put(message)


def serve(source: BinaryIO, sink: BinaryIO, perform: Callable[..., Any]) -> None:
    """Answer each task with (True, result) or (False, traceback)."""
    halt = threading.Event()
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(source, tasks, halt), daemon=True).start()
    while (message := tasks.get()) is not None:
        name, arguments = message
        try:
            answer: tuple[bool, Any] = (True, perform(name, arguments, halt.is_set))
        except Exception:  # whatever it is, the other side must hear of it
            answer = (False, traceback.format_exc())
        pickle.dump(answer, sink, pickle.HIGHEST_PROTOCOL)
        sink.flush()


def main() -> None:
    """Serve until the input ends; Ctrl-C is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may speak on the output
    from solver.patterns.tasks import perform, warm_up  # after the signal: importing takes a second

    warm_up()
    serve(sys.stdin.buffer, sink, perform)


if __name__ == "__main__":
    main()
