"""Streams of events end with the service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from app.service.http.application import create_app
from app.service.http.state import State
from app.settings import read_settings
from tests.app.service.serving import NamingGate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import Message

    from app.service.store.database import Database


def test_a_stream_of_events_ends_when_the_service_stops(sqlite_database: Database) -> None:
    from starlette.responses import StreamingResponse

    state = State(sqlite_database, read_settings({}), NamingGate())
    made = create_app(state)
    cleaned = []

    async def for_ever() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"data: 1\n\n"
                await asyncio.sleep(0.01)
        finally:
            cleaned.append(True)

    @made.get("/v1/stream/events")
    async def stream() -> StreamingResponse:
        return StreamingResponse(for_ever(), media_type="text/event-stream")

    async def until_stopped() -> list[Message]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)
            if len(sent) == 3:
                state.streams.stop()

        async def receive() -> Message:
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        scope: dict[str, Any] = {
            "type": "http",
            "method": "GET",
            "path": "/v1/stream/events",
            "raw_path": b"",
            "query_string": b"",
            "headers": [],
            "client": None,
            "scheme": "http",
            "http_version": "1.1",
            "root_path": "",
        }
        await asyncio.wait_for(made(scope, receive, send), 5)
        return sent

    sent = asyncio.run(until_stopped())
    assert (sent[0]["status"], sent[-1]["body"], sent[-1]["more_body"]) == (200, b"", False)
    assert cleaned == [True]
