"""The application: routers of all features, refusals, and what runs while it serves."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import metadata

from fastapi import APIRouter, FastAPI

from app.service.http.problems import install
from app.service.http.state import State
from app.service.http.strict_route import StrictRoute

PREFIX = "/v1"


def routers() -> list[APIRouter]:
    """Return the routers of all features, in the order of the document."""
    return []


def create_app(state: State, *, root_path: str = "") -> FastAPI:
    """Return the application over a store.

    Parameters
    ----------
    state
        Store, settings, gate.
    root_path
        Path below which a proxy shows it, such as ``/surplan``.
    """

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        yield
        closers: list[Callable[[], None]] = state.closers[::-1]
        for close in closers:
            close()

    app = FastAPI(
        title="Surplan",
        version=metadata.version("surplan"),
        summary="What a state does with what it no longer needs.",
        openapi_url="/openapi.json",
        root_path=root_path,
        lifespan=life,
        separate_input_output_schemas=False,
    )
    app.state.surplan = state
    app.router.route_class = StrictRoute
    install(app)
    everything = APIRouter(prefix=PREFIX, route_class=StrictRoute)
    for router in routers():
        everything.include_router(router)
    app.include_router(everything)
    return app
