"""The body of POST /v1/scenarios, as JSON or TOML, read without losing a digit."""

from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool

from app.service.http.problems import invalid_fields
from app.service.http.strict_route import check_known
from app.service.refusals import UnknownTypeError, UnreadableError
from app.service.scenarios.create import Wish
from app.service.scenarios.exact import read_json_body, read_toml
from app.service.scenarios.schemas import NewScenario, NewVariant

Model = TypeVar("Model", bound=BaseModel)
JSON, TOML = "application/json", "application/toml"


@dataclass(frozen=True)
class Posted:
    """What was posted to make a scenario, and in which inventory."""

    inventory_id: str
    wish: Wish


async def posted_scenario(request: Request) -> Posted:
    """Return what the body of a request asks for.

    Raises
    ------
    UnknownTypeError, UnreadableError
        When it is neither JSON nor TOML, or no UTF-8.
    InvalidError
        When fields are missing or wrong, or the query says what a body of JSON says itself; what is wrong
        with the scenario is said later.
    """
    body = await request.body()
    if _type_of(request, JSON, TOML) == JSON:
        check_known(set(request.query_params), {"lang"})
        new = _valid(NewScenario, read_json_body(body), "body")
        wish = Wish(new.name, new.scenario, new.replan.on_new_version, new.replan.schedule)
        return Posted(inventory_id=new.inventory_id, wish=wish)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("toml_utf8") from error
    query = {
        name: request.query_params[name] for name in ("name", "inventory_id") if name in request.query_params
    }
    new = _valid(NewScenario, query, "query")
    keys, found = await run_in_threadpool(read_toml, text)  # a megabyte takes a second
    return Posted(inventory_id=new.inventory_id, wish=Wish(new.name, keys, found=found))


async def posted_variant(request: Request) -> NewVariant:
    """Return what the body asks for; raises as `posted_scenario`."""
    _type_of(request, JSON)
    return _valid(NewVariant, read_json_body(await request.body()), "body")


def body_of(model: type[BaseModel], *more: str) -> dict[str, Any]:
    """Return what the OpenAPI document says of a body that is read here."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)  # ReplanWish stands among the document's schemas already: it is answered too
    texts = {kind: {"schema": {"type": "string"}} for kind in more}
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema}, **texts}}}


def toml_query() -> dict[str, Any]:
    """Return what the OpenAPI document says of the query that goes with a body of TOML."""
    about = "Of a scenario that is sent as TOML."
    names = ("name", "inventory_id")
    schema = {"type": "string"}
    return {
        "parameters": [{"name": one, "in": "query", "schema": schema, "description": about} for one in names]
    }


def _type_of(request: Request, *known: str) -> str:
    kind = request.headers.get("content-type", JSON).split(";")[0].strip().lower()
    if kind not in known:
        raise UnknownTypeError("scenario_type", known=", ".join(known))
    return kind


def _valid(model: type[Model], value: object, place: str) -> Model:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise invalid_fields([{**one, "loc": (place, *one["loc"])} for one in error.errors()]) from error
