"""Before a request is read: who asks, how often, and how many at once.

A body is only read from one who may come in: strangers cannot fill the places of uploads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from app.service.http.problems import AWAY, problem_response
from app.service.http.rates import Rates
from app.service.http.sizes import is_upload
from app.service.http.state import bearer_of, state_of
from app.service.refusals import RefusedError, TooManyError, UnavailableError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

#: Requests in work at once; streams of events count by themselves, for they last.
AT_ONCE = 256
STREAMS_AT_ONCE = 256
UPLOADS_AT_ONCE = 2
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Door:
    """Finds out who asks, counts the request, and holds back what is too much at once.

    Parameters
    ----------
    rate
        Requests of one actor, and of one address that sends no valid key.
    """

    def __init__(self, app: ASGIApp, rate: str | None) -> None:
        self.app = app
        self._rates = Rates(rate)
        self._places = {"requests": AT_ONCE, "streams": STREAMS_AT_ONCE, "uploads": UPLOADS_AT_ONCE}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        kinds = _kinds(request)
        full = next((kind for kind in kinds if self._places[kind] == 0), None)
        if full is not None:
            await problem_response(request, _at_once(full))(scope, receive, send)
            return
        for kind in kinds:
            self._places[kind] -= 1
        try:
            refusal = await self._refusal(request)
            if refusal is None:
                await self.app(scope, receive, send)
            else:
                await problem_response(request, refusal)(scope, receive, send)
        finally:
            for kind in kinds:
                self._places[kind] += 1

    async def _refusal(self, request: Request) -> RefusedError | None:
        """Return why the request may not come in, and note who asks where it may."""
        stranger: RefusedError | None = None
        try:
            gate = state_of(request).gate
            actor = await run_in_threadpool(gate.actor, request, bearer_of(request))
            request.state.actor = actor
            who = f"actor {actor.id}"
        except (RefusedError, *AWAY) as error:
            # Without a database nobody is known; health is told all the same.
            stranger = error if isinstance(error, RefusedError) else UnavailableError()
            who = f"address {request.client.host if request.client else ''}"
        try:
            self._rates.count(who)
        except TooManyError as error:
            return error
        # A route may be open to all; but none that takes a body is.
        return None if request.method in _READS else stranger


def _kinds(request: Request) -> list[str]:
    if request.method in _READS:
        return ["streams" if request.url.path.endswith("/events") else "requests"]
    return ["requests", "uploads"] if is_upload(request.scope) else ["requests"]


def _at_once(kind: str) -> TooManyError:
    return TooManyError("at_once" if kind != "uploads" else "uploads_at_once", headers={"Retry-After": "1"})
