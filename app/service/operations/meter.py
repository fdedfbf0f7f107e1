"""Counts what this process answers, and writes a line of the log for each request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog
from fastapi.routing import iter_route_contexts
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = structlog.get_logger("surplan.http")
disable_created_metrics()  # type: ignore[no-untyped-call]  # a line more for every figure, which nobody reads
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
#: Route of a request that no route was found for: addresses of strangers are no labels.
UNMATCHED = "(none)"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120)


class Meter:
    """The figures of one application; those of the store are read when somebody asks (`metrics`)."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "surplan_http_requests",
            "Requests that this process answered.",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "surplan_http_request_seconds",
            "Time to the last byte of an answer; streams of events are left out.",
            ["route", "method"],
            buckets=_SECONDS,
            registry=self.registry,
        )


class Watch:
    """Watches all requests; stands right inside what gives them their ids."""

    def __init__(self, app: ASGIApp, meter: Meter) -> None:
        self.app = app
        self._meter = meter
        self._templates: dict[int, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, then count and tell."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note)
        except Exception:
            status = status or 500  # what stands before us says so
            raise
        finally:
            self._tell(scope, status, time.perf_counter() - begun)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = self._route_of(scope), scope["method"] if scope["method"] in _METHODS else "OTHER"
        # 499, as proxies say it: whoever asked went away before there was an answer.
        self._meter.requests.labels(route, method, str(status or 499)).inc()
        if not route.endswith("/events"):
            self._meter.seconds.labels(route, method).observe(seconds)
        state = scope.get("state", {})
        actor = state.get("actor")
        _log.info(
            "request",
            request_id=state.get("request_id"),
            actor=None if actor is None else actor.id,
            method=method,
            route=route,
            status=status or 499,
            ms=round(seconds * 1000, 1),
        )

    def _route_of(self, scope: Scope) -> str:
        """Return the template of the route that a request found; a route itself does not know its prefix."""
        if not self._templates:
            contexts = iter_route_contexts(scope["app"].routes)
            self._templates = {id(one.original_route): str(one.path) for one in contexts}
        return self._templates.get(id(scope.get("route")), UNMATCHED)


def watch(app: FastAPI) -> None:
    """Watch the requests of an application; its meter is ``app.state.meter``."""
    app.state.meter = Meter()
    app.add_middleware(Watch, meter=app.state.meter)
