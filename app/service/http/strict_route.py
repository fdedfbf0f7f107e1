"""Routes whose bodies, paths and queries can be stored (`strict_json`), and whose parameters are known."""

from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.service.http.problems import invalid_fields
from app.service.http.strict_json import StrictJsonError, check_text, strict_json


class StrictRequest(Request):
    """A request whose JSON is read strictly."""

    async def json(self) -> Any:  # noqa: ANN401  # any JSON value
        """Return the body's value; raises `StrictJsonError`."""
        if not hasattr(self, "_json"):
            self._json = strict_json(await self.body())
        return self._json


class StrictRoute(APIRoute):
    """A route with strict requests; a parameter of the query that it does not know is refused."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with the request read strictly."""
        handle = super().get_route_handler()
        declared = (self.openapi_extra or {}).get("parameters", ())
        known = _queries(self.dependant) | {one["name"] for one in declared} | {"lang"}

        async def strict(request: Request) -> Response:
            _check_texts("path", request.path_params.items())
            _check_texts("query", request.query_params.multi_items())
            _check_known(set(request.query_params), known)
            try:
                return await handle(StrictRequest(request.scope, request.receive))
            except HTTPException as error:
                if isinstance(error.__cause__, StrictJsonError):
                    raise error.__cause__ from None  # FastAPI makes a 400 of it, without its reason
                raise

        return strict


def _queries(dependant: Dependant) -> set[str]:
    """Return the names of all parameters of the query that a route and what it depends on read."""
    below = (name for one in dependant.dependencies for name in _queries(one))
    return {one.alias for one in dependant.query_params}.union(below)


def _check_texts(place: str, given: Iterable[tuple[str, object]]) -> None:
    """Refuse text that cannot be stored, with the parameters that hold it, all of them."""
    wrong = []
    for name, value in given:
        try:
            check_text(f"{name}{value}")
        except StrictJsonError as error:
            loc = (place, _sendable(name))
            wrong.append({"loc": loc, "type": f"text_{error.key}", "msg": "", "input": _sendable(str(value))})
    if wrong:
        raise invalid_fields(wrong)


def _sendable(text: str) -> str:
    """Return a text as an answer can hold it: with a sign for each that cannot be sent."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def _check_known(given: set[str], known: set[str]) -> None:
    """Refuse unknown parameters: a mistyped dry_run must not store, a mistyped filter not show all."""
    if given <= known:
        return
    wrong = {"type": "query_unknown", "msg": "", "ctx": {"known": ", ".join(sorted(known))}}
    raise invalid_fields([{"loc": ("query", name), "input": name, **wrong} for name in sorted(given - known)])
