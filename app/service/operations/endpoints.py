"""Whether the service lives, whether it is ready, and its figures."""

from functools import cache
from typing import Annotated, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, Field

from app.service.http.problems import documents
from app.service.http.state import Allow, Open, TheState
from app.service.http.strict_route import StrictRoute
from app.service.operations import migrating
from app.service.operations.meter import Meter
from app.service.operations.metrics import alive, exposition
from app.service.store.actor import SYSTEM, Role
from app.service.store.database import Database

router = APIRouter(tags=["operations"], route_class=StrictRoute)
#: Outside of ``/v1``, where Prometheus looks.
metrics_router = APIRouter(tags=["operations"], route_class=StrictRoute)

_OPEN = [Depends(Open())]
_READERS = [Depends(Allow(Role.AUDITOR, Role.ADMIN))]


class Health(BaseModel):
    """The process lives."""

    status: Literal["ok"] = "ok"


class Details(BaseModel):
    """What makes it ready, or not."""

    database: bool = Field(description="Whether it answers.")
    schema_current: bool = Field(description="Whether it has the tables of this version.")
    workers_alive: int = Field(description="Workers that were seen within the last seconds.")


class Readiness(BaseModel):
    """Whether requests can be served; why not is told to those with a key."""

    status: Literal["ready", "degraded", "unavailable"] = Field(
        description="degraded: everything but solving, for no worker lives."
    )
    details: Details | None = Field(None, description="For those with a key.")


@router.get("/health", dependencies=_OPEN)
def health() -> Health:
    """Answer, which is all there is to say; it asks nobody else."""
    return Health()


@router.get("/ready", dependencies=_OPEN, responses={503: {"model": Readiness}})
def ready(request: Request, response: Response, state: TheState) -> Readiness:
    """Tell whether the database answers with the right tables, and whether a worker lives."""
    found = _look(state.database)
    if not (found.database and found.schema_current):
        response.status_code = 503
        status: Literal["ready", "degraded", "unavailable"] = "unavailable"
    else:
        status = "ready" if found.workers_alive else "degraded"
    known = getattr(request.state, "actor", None) is not None
    return Readiness(status=status, details=found if known else None)


_newest = cache(migrating.newest)  # it reads the folder of migrations


def _look(database: Database) -> Details:
    try:
        with database.reading(SYSTEM) as session:
            current = migrating.revision(session.connection()) == _newest()
            workers = alive(session) if current else 0
    except (sa.exc.DBAPIError, sa.exc.TimeoutError):  # away, or no connection is free
        return Details(database=False, schema_current=False, workers_alive=0)
    return Details(database=True, schema_current=current, workers_alive=workers)


def _meter(request: Request) -> Meter:
    found: Meter = request.app.state.meter
    return found


@metrics_router.get(
    "/metrics",
    dependencies=_READERS,
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {}}}, **documents()},
)
def metrics(meter: Annotated[Meter, Depends(_meter)], state: TheState) -> Response:
    """Return the figures for Prometheus: of this process's requests, and of the store."""
    return Response(exposition(meter.registry, state.database), media_type=CONTENT_TYPE_LATEST)
