"""How large a body may be, counted as it comes: what it says of its length is not believed alone."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from fastapi import Request

from app.service.http.problems import problem_response
from app.service.refusals import RefusedError, TooLargeError, UnreadableError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Bytes of a body anywhere but where tables are uploaded.
SMALL = 1_000_000
#: Paths below which tables are uploaded.
UPLOADS = ("/v1/inventories",)
#: Bytes of single rows that are changed: 20,000 of them (`inventories.schemas`) with all their columns.
CHANGES = 16_000_000
#: Seconds within which the next piece of a body must come.
PATIENCE_S = 30.0
#: Seconds that a body may take as a whole, and the bytes for which it may take one second more. Only what is
#: waited for counts, not what is done with a piece.
GRACE_S = 60.0
LEAST_RATE = 10_000.0


class SlowError(RefusedError):
    """A body whose next piece does not come, or that comes in drips."""

    status = 408


class _StopReadingError(Exception):
    """Ends the reading of a body; the answer is made by who wrapped it."""


class Sizes:
    """Refuses bodies that are too large, too slow, or whose length is no number.

    Parameters
    ----------
    upload_bytes
        Most bytes of uploaded tables.
    """

    def __init__(
        self, app: ASGIApp, upload_bytes: int, patience_s: float = PATIENCE_S, grace_s: float = GRACE_S
    ) -> None:
        self.app = app
        self._upload_bytes = upload_bytes
        self._patience_s, self._grace_s = patience_s, grace_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse the body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most, too_large = self._most(scope)
        length = _length(scope)
        if length is None:
            await self._refuse(UnreadableError("content_length"), scope, receive, send)
            return
        if length > most:
            await self._refuse(too_large, scope, receive, send)
            return
        body = _Body(receive, too_large, most, self._patience_s, self._grace_s)
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            # The framework takes our end of reading for an unreadable body; what it says then is not sent.
            if body.refusal is not None and not started:
                return
            started = True
            await send(message)

        try:
            await self.app(scope, body.receive, watch)
        except _StopReadingError:
            if started:
                raise
        if body.refusal is not None and not started:
            await self._refuse(body.refusal, scope, receive, send)

    def _most(self, scope: Scope) -> tuple[int, TooLargeError]:
        """Return how many bytes a body may have, and the refusal of more."""
        if not _takes_tables(scope):
            return SMALL, TooLargeError("body_too_large", megabytes=f"{SMALL / 1_000_000:g}")
        most = self._upload_bytes
        if scope["method"] == "PATCH" and most > CHANGES:
            return CHANGES, TooLargeError("changes_too_large", megabytes=f"{CHANGES / 1_000_000:g}")
        return most, TooLargeError("too_large", mebibytes=f"{most / 2**20:g}")  # in the unit of the setting

    async def _refuse(self, refusal: RefusedError, scope: Scope, receive: Receive, send: Send) -> None:
        refusal.headers["Connection"] = "close"  # the rest of the body is not read
        await problem_response(Request(scope), refusal)(scope, receive, send)


class _Body:
    def __init__(
        self, receive: Receive, too_large: RefusedError, most: int, patience_s: float, grace_s: float
    ) -> None:
        self._receive = receive
        self._too_large = too_large
        self._most = most
        self._patience_s, self._grace_s = patience_s, grace_s
        self._read = 0
        self._waited_s = 0.0
        self._whole = False
        self.refusal: RefusedError | None = None

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()  # waits for the end of the connection, however long
        left_s = self._grace_s + self._read / LEAST_RATE - self._waited_s
        began = time.monotonic()
        try:
            message = await asyncio.wait_for(self._receive(), min(self._patience_s, max(left_s, 0.001)))
        except TimeoutError as error:
            if left_s < self._patience_s:
                self.refusal = SlowError("dripping", kilobytes=f"{LEAST_RATE / 1000:g}")
            else:
                self.refusal = SlowError("slow", seconds=f"{self._patience_s:g}")
            raise _StopReadingError from error
        self._waited_s += time.monotonic() - began
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
        else:
            self._whole = True
        if self._read > self._most:
            self.refusal = self._too_large
            raise _StopReadingError
        return message


def is_upload(scope: Scope) -> bool:
    """Tell whether a request may bring more than a small body."""
    length = _length(scope)
    chunked = any(name == b"transfer-encoding" for name, _ in scope["headers"])
    return _takes_tables(scope) and (chunked or length is None or length > SMALL)


def _takes_tables(scope: Scope) -> bool:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return scope["method"] in ("POST", "PUT", "PATCH") and str(path).startswith(UPLOADS)


def _length(scope: Scope) -> int | None:
    """Return the length that the headers name, 0 without one; None where it is no number."""
    values = {value for name, value in scope["headers"] if name == b"content-length"}
    if not values:
        return 0
    text = values.pop()
    return int(text) if not values and text.isdigit() and len(text) < 19 else None
