"""Streams of events end when the service stops: no client would end them, and so no shutdown would."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Streams:
    """Knows the streams that are open."""

    def __init__(self) -> None:
        self._open: set[asyncio.Event] = set()
        self._stopped = False

    def stop(self) -> None:
        """End all streams, and those that begin later at once; called in the thread of the event loop."""
        self._stopped = True
        for ended in self._open:
            ended.set()

    def begin(self) -> asyncio.Event:
        """Return what is set when the stream is to end."""
        ended = asyncio.Event()
        if self._stopped:
            ended.set()
        self._open.add(ended)
        return ended

    def end(self, ended: asyncio.Event) -> None:
        """Forget a stream."""
        self._open.discard(ended)


class EndStreams:
    """Ends an answer of ``text/event-stream`` in good order when the service stops."""

    def __init__(self, app: ASGIApp, streams: Streams) -> None:
        self.app = app
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        # What is no stream is awaited to its end, whatever happens.
        begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        whole = False

        async def watch(message: Message) -> None:
            nonlocal whole
            if message["type"] == "http.response.start" and not begun.done() and _is_stream(message):
                begun.set_result(None)
            whole = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        answer: asyncio.Future[None] = asyncio.ensure_future(_finish(self.app(scope, receive, watch)))
        try:
            await asyncio.wait({answer, begun}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                await self._until_stopped(answer)
            if not answer.cancelled():
                await answer
            elif not whole:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            begun.cancel()
            if not answer.done():  # the server itself gives up
                answer.cancel()

    async def _until_stopped(self, answer: asyncio.Future[None]) -> None:
        ended = self._streams.begin()
        stop = asyncio.ensure_future(ended.wait())
        try:
            waiting: set[asyncio.Future[Any]] = {answer, stop}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                answer.cancel()
                await asyncio.wait({answer})
        finally:
            stop.cancel()
            self._streams.end(ended)


async def _finish(answer: Awaitable[None]) -> None:
    await answer


def _is_stream(message: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in message["headers"]
    )
