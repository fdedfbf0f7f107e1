"""Routes whose bodies, paths and queries can be stored (`strict_json`), and whose parameters are known.

Their texts are NFC, as all texts that are stored: who types an id on another system finds it all the same.
"""

import unicodedata
from collections.abc import Callable, Coroutine, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.service.http.problems import invalid_fields
from app.service.http.state import Allow
from app.service.http.strict_json import StrictJsonError, check_text, in_nfc, strict_json

#: Bytes of a body that is read at once; a larger one in a thread, so that others are answered meanwhile.
_SMALL = 100_000


class StrictRequest(Request):
    """A request whose JSON is read strictly."""

    async def json(self) -> Any:  # noqa: ANN401  # any JSON value
        """Return the body's value; raises `StrictJsonError`."""
        if not hasattr(self, "_json"):
            body = await self.body()
            self._json = _read(body) if len(body) <= _SMALL else await run_in_threadpool(_read, body)
        return self._json


def _read(body: bytes) -> Any:  # noqa: ANN401  # any JSON value
    return in_nfc(strict_json(body))


class StrictRoute(APIRoute):
    """A route with strict requests; a parameter of the query that it does not know is refused.

    Who may not use it is told so before the body is read: FastAPI would read all of it first.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with the request read strictly."""
        handle = super().get_route_handler()
        declared = (self.openapi_extra or {}).get("parameters", ())
        known = _queries(self.dependant) | {one["name"] for one in declared} | {"lang"}

        allowed = [one.dependency for one in self.dependencies if isinstance(one.dependency, Allow)]

        async def strict(request: Request) -> Response:
            actor = getattr(request.state, "actor", None)  # the door asked; without one nobody is known
            if actor is not None:
                for allow in allowed:
                    allow(actor)
            _check_texts("path", request.path_params.items())
            _check_texts("query", request.query_params.multi_items())
            check_known(set(request.query_params), known)
            try:
                return await handle(StrictRequest(_in_nfc(request), request.receive))
            except HTTPException as error:
                if isinstance(error.__cause__, StrictJsonError):
                    raise error.__cause__ from None  # FastAPI makes a 400 of it, without its reason
                raise

        return strict


def _in_nfc(request: Request) -> MutableMapping[str, Any]:
    """Return the scope of a request with the texts of its path and its query in NFC."""
    asked = request.query_params.multi_items()
    query = [(name, unicodedata.normalize("NFC", value)) for name, value in asked]
    path = {
        name: unicodedata.normalize("NFC", value) if isinstance(value, str) else value
        for name, value in request.path_params.items()
    }
    if query == asked and path == request.path_params:
        return request.scope
    return {**request.scope, "path_params": path, "query_string": urlencode(query).encode("ascii")}


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


def check_known(given: set[str], known: set[str]) -> None:
    """Refuse unknown parameters: a mistyped dry_run must not store, a mistyped filter not show all.

    Raises
    ------
    InvalidError
        With an issue for each.
    """
    if given <= known:
        return
    wrong = {"type": "query_unknown", "msg": "", "ctx": {"known": ", ".join(sorted(known))}}
    raise invalid_fields([{"loc": ("query", name), "input": name, **wrong} for name in sorted(given - known)])
