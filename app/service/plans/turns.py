"""Turns: work that takes a processor for seconds is done once at a time, so that pages stay quick."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.service.refusals import TooManyError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Turn:
    """A turn that one has at a time.

    Parameters
    ----------
    patience_s
        Seconds that one waits for it.
    """

    def __init__(self, patience_s: float) -> None:
        self._lock = threading.Lock()
        self._patience_s = patience_s

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the turn.

        Raises
        ------
        TooManyError
            When others have it for too long.
        """
        if not self._lock.acquire(timeout=self._patience_s):
            raise TooManyError("others_first", headers={"Retry-After": "10"})
        try:
            yield
        finally:
            self._lock.release()
