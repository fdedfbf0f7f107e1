"""What every answer has: the id of its request, and headers that keep browsers from guessing and keeping."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = "X-Request-Id"
_KNOWN = re.compile(rb"[A-Za-z0-9._-]{1,64}")
#: Only what is not set already: a page or a file may know better.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Envelope:
    """Gives each request an id (the caller's own where it is one), and each answer its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        request_id = given.decode() if _KNOWN.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id

        async def seal(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_headers(MutableHeaders(scope=message), request_id)
            await send(message)

        await self.app(scope, receive, seal)


def add_headers(headers: MutableHeaders, request_id: str) -> None:
    """Add what every answer has."""
    headers[REQUEST_ID] = request_id
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
