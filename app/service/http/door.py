"""Before a request is read: who asks, how often, and how many at once.

A body is only read from one who may come in: strangers cannot fill the places of uploads, and nobody alone.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from app.service.http.problems import AWAY, problem_response
from app.service.http.rates import Rates
from app.service.http.sizes import is_upload
from app.service.http.state import bearer_of, state_of
from app.service.http.turns import AGAIN_S
from app.service.refusals import RefusedError, TooManyError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

#: Requests in work at once; streams of events count by themselves, for they last.
AT_ONCE = 256
STREAMS_AT_ONCE = 256
UPLOADS_AT_ONCE = 8
#: The same of one actor: there are runs of 34 provinces that one may want to follow.
STREAMS_OF_ONE = 40
UPLOADS_OF_ONE = 4  # nobody alone has all places
_SOON = {"Retry-After": "1"}
_LATER = {"Retry-After": str(AGAIN_S)}
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
        self._held: Counter[tuple[str, str]] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        with ExitStack() as places:  # held until the request is answered
            try:
                await self._let_in(request, places)
            except RefusedError as refusal:
                await problem_response(request, refusal)(scope, receive, send)
            else:
                await self.app(scope, receive, send)

    async def _let_in(self, request: Request, places: ExitStack) -> None:
        stream = request.method in _READS and request.scope["path"].endswith("/events")
        busy = TooManyError("at_once", headers=_SOON)
        places.enter_context(self._place("streams" if stream else "requests", busy))
        who = await self._who(request)
        if stream:
            full = TooManyError("streams_of_one", headers=_SOON, most=str(STREAMS_OF_ONE))
            places.enter_context(self._own_place(("streams", who), STREAMS_OF_ONE, full))
        elif is_upload(request.scope):
            full = TooManyError("uploads_of_one", headers=_LATER, most=str(UPLOADS_OF_ONE))
            places.enter_context(self._own_place(("uploads", who), UPLOADS_OF_ONE, full))
            full = TooManyError("uploads_at_once", headers=_LATER, most=str(UPLOADS_AT_ONCE))
            places.enter_context(self._place("uploads", full))

    @contextmanager
    def _place(self, kind: str, full: TooManyError) -> Iterator[None]:
        if self._places[kind] == 0:
            raise full
        self._places[kind] -= 1
        try:
            yield
        finally:
            self._places[kind] += 1

    @contextmanager
    def _own_place(self, place: tuple[str, str], most: int, full: TooManyError) -> Iterator[None]:
        if self._held[place] >= most:
            raise full
        self._held[place] += 1
        try:
            yield
        finally:
            self._held[place] -= 1
            if self._held[place] == 0:
                del self._held[place]

    async def _who(self, request: Request) -> str:
        """Return and note who asks; raise a `RefusedError` where the request may not come in."""
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
        self._rates.count(who)
        # A route may be open to all; but none that takes a body is.
        if stranger is not None and request.method not in _READS:
            raise stranger
        return who
