"""Turns: work that takes memory and a processor for seconds, so many at once; others wait for theirs.

Who waits holds no thread: there are 40, they answer all requests, and would soon all be waiting.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from app.service.refusals import TooManyError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

#: Uploads that are checked at once in a process: unpacked, a workbook takes hundreds of megabytes.
CHECKED_AT_ONCE = 2
#: Seconds that one waits for it: the smaller uploads of all provinces pass in them.
PATIENCE_S = 20.0
#: Seconds after which one who sent tables may come again.
AGAIN_S = 5


class Turns:
    """Turns of which so many are had at once, the first who asks first.

    Parameters
    ----------
    at_once
        Turns at once.
    patience_s
        Seconds that one waits for a turn.
    """

    def __init__(self, at_once: int = CHECKED_AT_ONCE, patience_s: float = PATIENCE_S) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._at_once, self._patience_s = at_once, patience_s

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Have a turn.

        Raises
        ------
        TooManyError
            When others have all of them for too long.
        """
        try:
            async with asyncio.timeout(self._patience_s):
                await self._free.acquire()
        except TimeoutError as error:
            headers = {"Retry-After": str(AGAIN_S)}
            raise TooManyError("checked_at_once", headers=headers, most=str(self._at_once)) from error
        try:
            yield
        finally:
            self._free.release()
