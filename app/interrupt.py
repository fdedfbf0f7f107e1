"""Ctrl-C while solving: the first one asks for the best plan so far, the second one aborts."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


@contextmanager
def first_interrupt_stops(on_stop: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Within the block, let the first Ctrl-C set a flag in place of raising KeyboardInterrupt.

    Parameters
    ----------
    on_stop
        Called once, at the first Ctrl-C; tells the user what happens now.

    Yields
    ------
    Callable returning bool
        Whether Ctrl-C was pressed; what the solver asks between two rounds.
    """
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped.is_set  # only the main thread may set a handler, and only it receives Ctrl-C
        return

    def handle(_signal: int, _frame: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()
        on_stop()

    previous = signal.signal(signal.SIGINT, handle)
    try:
        yield stopped.is_set
    finally:
        signal.signal(signal.SIGINT, previous)
