"""``surplan worker``: solve runs of the service's database until told to stop."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

from app.console import note
from app.errors import UsageError
from app.failures import DONE, WRONG_INPUT
from app.service.commands.opening import opened
from app.service.operations import logs
from app.service.runs.attempt import Bounds
from app.service.runs.engine import Engine
from app.service.runs.roster import SLOT
from app.settings import read_settings
from app.texts import say

if TYPE_CHECKING:
    from types import FrameType

    from app.talk import Talk


def work(slot: str | None, concurrency: int | None, talk: Talk) -> int:
    """Solve runs until SIGTERM or Ctrl-C; returns the exit code.

    Parameters
    ----------
    slot
        Stable name of the worker; None: the first of this machine that no process has.
    concurrency
        Runs at the same time; None: the setting's.

    Raises
    ------
    UsageError
        When the name is none.
    InputError
        When the database cannot be used.
    """
    if slot is not None and not SLOT.fullmatch(slot):
        raise UsageError("worker_slot", value=repr(slot))
    settings = read_settings()
    logs.configure(settings)
    at_once = concurrency or settings.run_concurrency
    told = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        told.set()

    with opened(settings) as database:
        before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            engine = Engine(
                database,
                settings.home,
                settings.lang,
                slot=slot,
                concurrency=at_once,
                bounds=Bounds(memory_mb=settings.run_memory_mb),
                zone=settings.timezone,
            )
            words = {"slot": engine.name, "concurrency": str(at_once)}
            note(say(talk.lang, "worker.started", **words))
            replaced = False
            # A wait without an end would not be interrupted by a signal on Windows.
            while not told.is_set() and not replaced:
                replaced = engine.wait(0.5)
            note(say(talk.lang, "error.worker_replaced" if replaced else "worker.stopping", **words))
            engine.stop()
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
    note(say(talk.lang, "worker.stopped", **words))
    return WRONG_INPUT if replaced else DONE
