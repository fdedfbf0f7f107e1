"""What stands before the routes, from the outside to the inside.

======================  ===========================================================================
`Envelope`              id of the request, headers of every answer
`Watch`                 figures and log (`app.service.operations.meter`)
`LoopbackHosts`         names of this machine alone, where the service is for this machine alone
`Door`                  who asks, how often, how many at once
`Sizes`                 how large and how slow a body may be
`EndStreams`            ends streams of events when the service stops
`Head`                  HEAD wherever GET answers
======================  ===========================================================================
"""

import logging

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.service.http.door import Door
from app.service.http.envelope import Envelope, add_headers
from app.service.http.head import Head
from app.service.http.hosts import LoopbackHosts
from app.service.http.problems import AWAY, problem_response
from app.service.http.sizes import Sizes
from app.service.http.streams import EndStreams
from app.service.operations.meter import watch
from app.service.refusals import RefusedError, UnavailableError

_log = logging.getLogger("surplan.http")


class InternalError(RefusedError):
    """A fault of ours."""

    status = 500

    def __init__(self, request_id: str) -> None:
        super().__init__("internal", request_id=request_id)


def harden(app: FastAPI) -> None:
    """Put all of it before an application that has its state."""
    state = app.state.surplan

    def failed(request: Request, error: Exception) -> Response:
        # Starlette raises the error again when this is sent: the server writes its traceback into the log.
        request_id = str(getattr(request.state, "request_id", "-"))
        _log.error("request %s failed: %s", request_id, type(error).__name__)
        answer = problem_response(request, InternalError(request_id))
        add_headers(answer.headers, request_id)
        return answer

    def away(request: Request, error: Exception) -> Response:
        # The driver's words alone: SQLAlchemy's have the statement and its values too.
        why = getattr(error, "orig", None) or error
        _log.error("request %s: no database: %s", getattr(request.state, "request_id", "-"), why)
        return problem_response(request, UnavailableError())

    app.add_exception_handler(Exception, failed)
    for kind in AWAY:
        app.add_exception_handler(kind, away)
    app.add_middleware(Head)
    app.add_middleware(EndStreams, streams=state.streams)
    app.add_middleware(Sizes, upload_bytes=state.settings.max_upload_mb * 2**20)
    app.add_middleware(Door, rate=state.settings.rate)
    if state.loopback_hosts is not None:
        app.add_middleware(LoopbackHosts, hosts=state.loopback_hosts)
    watch(app)
    app.add_middleware(Envelope)
