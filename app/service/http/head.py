"""HEAD wherever GET answers: the same rules and the same headers, and no body (RFC 9110, 9.3.2).

Load balancers ask so. The routes know GET alone; what asks for HEAD is asked as GET below this, so nothing
can hold for the one and not for the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MARK = "head"


class _EnoughError(Exception):
    """Ends an answer whose headers are sent: a stream of events would go on for ever."""


class Head:
    """Answers HEAD with the headers of GET."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})[_MARK] = True
        # A copy: the server must see HEAD to the end, or it waits for the bytes that Content-Length names.
        asked = {**scope, "method": "GET"}
        ended = False

        async def without_body(message: Message) -> None:
            nonlocal ended
            if message["type"] != "http.response.body":
                await send(message)
                return
            if not ended:
                ended = True
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            if message.get("more_body", False):
                raise _EnoughError

        try:
            await self.app(asked, receive, without_body)
        except _EnoughError:
            pass
        finally:
            if "route" in asked:
                scope["route"] = asked["route"]  # for the figures


def wants_headers_alone(request: Request) -> bool:
    """Tell whether a request is HEAD: what is dear to make need not be made for it."""
    return bool(getattr(request.state, _MARK, False))
