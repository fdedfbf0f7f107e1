"""The application: routers of all features, refusals, and what runs while it serves."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from importlib import metadata

from fastapi import APIRouter, FastAPI

from app.service.access import endpoints as access
from app.service.access import page
from app.service.http.hardening import harden
from app.service.http.problems import install
from app.service.http.state import State
from app.service.http.strict_route import StrictRoute
from app.service.inventories.routes import ROUTERS as INVENTORIES
from app.service.operations import endpoints as operations
from app.service.plans import endpoints as plans
from app.service.plans import file_endpoints as plan_files
from app.service.replans import endpoints as replans
from app.service.runs import endpoints as runs
from app.service.scenarios import endpoints as scenarios

PREFIX = "/v1"


def routers() -> list[APIRouter]:
    """Return the routers of all features, in the order of the document."""
    return [
        operations.router,
        access.router,
        *INVENTORIES,
        runs.router,
        scenarios.router,
        plan_files.router,
        plans.router,
        replans.router,
    ]


def create_app(state: State) -> FastAPI:
    """Return the application over a store.

    Parameters
    ----------
    state
        Store, settings, gate.
    """

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as closing:  # each is called, the last first, though another one fails
            for close in state.closers:
                closing.callback(close)
            yield

    app = FastAPI(
        title="Surplan",
        version=metadata.version("surplan"),
        summary="What a state does with what it no longer needs.",
        openapi_url="/openapi.json",
        generate_unique_id_function=lambda route: route.name,  # names of functions: no two are equal
        docs_url=None,  # its pages load scripts from elsewhere, which closed networks have not
        redoc_url=None,
        lifespan=life,
    )
    app.state.surplan = state
    app.router.route_class = StrictRoute
    install(app)
    harden(app)
    everything = APIRouter(prefix=PREFIX, route_class=StrictRoute)
    for router in routers():
        everything.include_router(router)
    app.include_router(everything)
    app.include_router(page.router)
    app.include_router(operations.metrics_router)
    return app
