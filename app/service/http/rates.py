"""How many requests an actor or an address may send: a moving window, counted in this process."""

from __future__ import annotations

import math
import time

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.service.refusals import TooManyError


class Rates:
    """The window of each actor.

    Parameters
    ----------
    rate
        Such as ``3000/minute``; None counts nothing.
    """

    def __init__(self, rate: str | None) -> None:
        self._rate = None if rate is None else parse(rate)
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def count(self, who: str) -> None:
        """Count a request.

        Raises
        ------
        TooManyError
            With the seconds after which there is room again as Retry-After.
        """
        if self._rate is None or self._windows.hit(self._rate, who):
            return
        free_at = self._windows.get_window_stats(self._rate, who).reset_time
        seconds = str(max(1, math.ceil(free_at - time.time())))
        raise TooManyError("rate", headers={"Retry-After": seconds}, rate=str(self._rate), seconds=seconds)
