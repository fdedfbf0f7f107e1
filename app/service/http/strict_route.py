"""Routes whose bodies, paths and queries can be stored: see `strict_json`."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.service.http.strict_json import StrictJsonError, check_text, strict_json


class StrictRequest(Request):
    """A request whose JSON is read strictly."""

    async def json(self) -> Any:  # noqa: ANN401  # any JSON value
        """Return the body's value; raises `StrictJsonError`."""
        if not hasattr(self, "_json"):
            self._json = strict_json(await self.body())
        return self._json


class StrictRoute(APIRoute):
    """A route with strict requests."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with the request read strictly."""
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            for value in [
                *request.path_params.values(),
                *request.query_params.values(),
                *request.query_params,
            ]:
                check_text(str(value))
            try:
                return await handle(StrictRequest(request.scope, request.receive))
            except HTTPException as error:
                if isinstance(
                    error.__cause__, StrictJsonError
                ):  # FastAPI makes a 400 of it, without its reason
                    raise error.__cause__ from None
                raise

        return strict
