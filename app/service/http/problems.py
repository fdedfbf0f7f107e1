"""Every refusal as a problem document (RFC 9457), in the language that is asked for."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from app.service.http.state import lang_of
from app.service.http.strict_json import StrictJsonError
from app.service.refusals import ForbiddenError, InvalidError, RefusedError
from app.service.store.scope import OutOfScopeError
from app.settings import LANGS, Lang
from app.texts import catalogue, say

MEDIA_TYPE = "application/problem+json"
#: What the database raises that is away, held by others for too long, or has no connection free.
AWAY = (InterfaceError, OperationalError, PoolTimeoutError)


class IssueDocument(BaseModel):
    """One thing that is wrong, with its place, code and remedy."""

    file: str | None = Field(None, description="File, table, or part of the request (body, query, path).")
    sheet: str | None = None
    row: int | None = Field(None, description="Row of the file; the heading is row 1.")
    id: str | None = Field(None, description="Plan id of the asset or need, in issues of runs.")
    cell: str | None = None
    column: str | None = Field(None, description="Column, or dotted key.")
    code: str
    severity: str = "error"
    value: str = ""
    message: str
    remedy: str


class ProblemDocument(BaseModel):
    """What went wrong, in the language asked for."""

    type: str = Field(examples=["urn:surplan:problem:missing"])
    title: str
    status: int
    detail: str
    remedy: str
    code: str
    request_id: str | None = None
    issues: list[IssueDocument] = []


def documents(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what a route declares of its refusals: these statuses, and those that every route may give."""
    wanted = sorted({400, 401, 403, 422, 429, *statuses})
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
        }
        for status in wanted
    }


def problem_response(request: Request, refusal: RefusedError) -> JSONResponse:
    """Return the answer for a refusal."""
    document = refusal.document(lang_of(request))
    document["request_id"] = getattr(request.state, "request_id", None)
    headers = {"Content-Language": lang_of(request), **refusal.headers}
    return JSONResponse(document, refusal.status, headers, MEDIA_TYPE)


class _FrameworkError(RefusedError):
    """A refusal of the framework itself: no such route, a method that it has not."""

    def __init__(self, status: int, headers: Mapping[str, str] | None) -> None:
        code = f"http_{status}" if f"problem.http_{status}.title" in catalogue("en") else "http"
        super().__init__(code, headers=headers, phrase=HTTPStatus(status).phrase)
        self.status = status


def _issue(lang: Lang, found: Mapping[str, Any]) -> dict[str, object]:
    place, *rest = [str(part) for part in found["loc"]] or ["body"]
    kind = str(found["type"])
    # A list of words reads alike in all languages: without the English "or" of the framework.
    words = {name: str(value).replace("' or '", "', '") for name, value in (found.get("ctx") or {}).items()}
    fallback = say(lang, "problem.field.other", said=str(found["msg"]))
    given = found.get("input")
    return {
        "file": place,
        "column": ".".join(rest) or None,
        "code": kind,
        "severity": "error",
        "value": "" if isinstance(given, dict | list) or given is None else str(given)[:80],
        "message": say(lang, f"problem.field.{kind}", default=fallback, **words),
        "remedy": say(lang, "problem.field.remedy"),
    }


def invalid_fields(errors: Sequence[Mapping[str, Any]]) -> InvalidError:
    """Return the refusal for fields of a request, each with its place."""
    issues = {lang: [_issue(lang, found) for found in errors] for lang in LANGS}
    return InvalidError("fields", issues=issues, count=str(len(errors)))


def _methods(request: Request) -> list[str]:
    """Return the methods of an address: those of all its routes, where the framework names those of one."""
    names = ("type", "path", "root_path", "headers", "app")
    asked = {name: request.scope[name] for name in names if name in request.scope}
    routes = request.app.router.routes
    found = [
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**asked, "method": method})[0] is Match.FULL for route in routes)
    ]
    return ["HEAD", *found] if "GET" in found else found


def install(app: FastAPI) -> None:
    """Make the application answer with problem documents alone."""

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, RefusedError)
        return problem_response(request, error)

    def wrong_fields(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem_response(request, invalid_fields(error.errors()))

    def wrong_json(request: Request, error: Exception) -> Response:
        assert isinstance(error, StrictJsonError)
        why = say(lang_of(request), f"problem.json.{error.key}")
        return problem_response(request, InvalidError("body_json", why=why))

    def framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        headers = error.headers
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers = {"Allow": ", ".join(_methods(request))}
        return problem_response(request, _FrameworkError(error.status_code, headers))

    def out_of_scope(request: Request, _error: Exception) -> Response:
        return problem_response(request, ForbiddenError("province"))

    app.add_exception_handler(RefusedError, refused)
    app.add_exception_handler(RequestValidationError, wrong_fields)
    app.add_exception_handler(StrictJsonError, wrong_json)
    app.add_exception_handler(HTTPException, framework)
    app.add_exception_handler(OutOfScopeError, out_of_scope)
