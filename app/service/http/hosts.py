"""Only this machine's own names: a page that points its own name at 127.0.0.1 is refused (DNS rebinding)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Request

from app.service.http.problems import problem_response
from app.service.refusals import ForbiddenError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class LoopbackHosts:
    """Refuses requests whose Host is no name of this machine.

    Parameters
    ----------
    hosts
        Names besides `LOOPBACK`.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] = frozenset()) -> None:
        self.app = app
        self._hosts = LOOPBACK | hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse the name."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(given) == 1 and host_of(given[0]) in self._hosts:
            await self.app(scope, receive, send)
        else:
            await problem_response(Request(scope), ForbiddenError("host"))(scope, receive, send)


def host_of(text: str) -> str:
    """Return the name of a Host header, without port and brackets."""
    text = text.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0].rstrip(".")
