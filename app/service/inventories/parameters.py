"""Parameters that routes of inventories share, and how outcomes are answered."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import Header, Path, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.service.http.etags import quoted
from app.service.http.idempotency import Answer
from app.service.http.problems import invalid_fields
from app.service.inventories.changing import Outcome
from app.service.inventories.preconditions import Preconditions
from app.service.inventories.receiving import BODIES
from app.service.inventories.schemas import RowDocument, UploadDocument
from app.service.inventories.versions import inventory_of
from app.service.store.models import AssetRow, Inventory, NeedRow
from app.service.store.types import STANDING

InventoryId = Annotated[str, Path(max_length=40, description="Id of the inventory.")]
Province = Annotated[
    str, Path(max_length=40, description="Code of the province, or `national` for rows without a commune.")
]
DryRun = Annotated[bool, Query(description="Check everything, store nothing.")]
CommuneCodes = Annotated[
    Literal["auto", "2025", "pre-2025"], Query(description="How codes of communes are read.")
]
Version = Annotated[
    int | None, Query(ge=1, lt=STANDING, description="Number of a version; default the newest.")
]
Headers = dict[int | str, dict[str, Any]]

_FILES = ("assets", "needs", "communes", "norms", "authorities", "distances", "matches", "file")
_ROWS = {"type": "array", "items": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}}  # fmt: skip  # noqa: E501  # one schema


def upload_body() -> dict[str, Any]:
    """Return what the OpenAPI document says of bodies with tables."""
    binary = {"type": "string", "format": "binary"}
    form = {"type": "object", "properties": {"name": {"type": "string"}, **dict.fromkeys(_FILES, binary)}}
    document = {
        "type": "object",
        "properties": {"name": {"type": "string"}, **dict.fromkeys(_FILES[:-1], _ROWS)},
    }
    schemas = {"multipart/form-data": form, "application/json": document}
    content = {kind: {"schema": schemas.get(kind, binary)} for kind in BODIES}
    return {"requestBody": {"content": content}}


def preconditions(
    if_match: Annotated[
        str | None,
        Header(max_length=1000, description="ETag of the state that the change was made from, or *."),
    ] = None,
    if_none_match: Annotated[
        str | None, Header(max_length=1000, description="* to make only what is not there yet.")
    ] = None,
) -> Preconditions:
    """Return what the sender says of the state that he read."""
    return Preconditions(if_match, if_none_match)


def with_etag(status: int, *more: str) -> Headers:
    """Return what a route declares of the headers of an answer."""
    return {status: {"headers": {name: {"schema": {"type": "string"}} for name in ("ETag", *more)}}}


def answering(*, dry_run: bool, made_at: str = "") -> Callable[[Outcome], Response]:
    """Return what makes the whole answer for an outcome, to be called before that is committed.

    Parameters
    ----------
    made_at
        Address of what was made, where it was not there before.
    """

    def answer(outcome: Outcome) -> Response:
        headers = {} if outcome.etag is None else {"ETag": quoted(outcome.etag)}
        made = outcome.stored and outcome.fresh
        if made:
            headers["Location"] = made_at
        return Answer(201 if made else 200, upload_document(outcome, dry_run=dry_run), headers).response()

    return answer


def upload_document(outcome: Outcome, *, dry_run: bool) -> UploadDocument:
    """Return the document of an outcome."""
    return UploadDocument.model_validate(
        {
            "inventory_id": outcome.inventory_id,
            "version": outcome.version,
            "etag": outcome.etag,
            "dry_run": dry_run,
            "stored": outcome.stored,
            "changed": asdict(outcome.changed),
            "assets": outcome.assets,
            "needs": outcome.needs,
            "warnings": outcome.warnings.listed,
            "warning_counts": outcome.warnings.counts,
        }
    )


def at_version(session: Session, inventory_id: str, number: int | None) -> tuple[Inventory, int]:
    """Return an inventory and the number of one of its versions, the newest by default.

    Raises
    ------
    MissingError
        When there is no such inventory.
    InvalidError
        When it has no such version.
    """
    found = inventory_of(session, inventory_id)
    _check_versions(found, {"version": number})
    return found, number or found.head


def check_versions(session: Session, inventory_id: str, **numbers: int) -> None:
    """Refuse versions that an inventory has not.

    Parameters
    ----------
    numbers
        Parameter -> the version that it names.

    Raises
    ------
    MissingError
        When there is no such inventory.
    InvalidError
        When it has no such version; with an issue for each of these parameters.
    """
    _check_versions(inventory_of(session, inventory_id), numbers)


def _check_versions(inventory: Inventory, numbers: Mapping[str, int | None]) -> None:
    words = {"type": "version", "msg": "", "ctx": {"head": inventory.head}}
    wrong = [
        {"loc": ("query", name), "input": number} | words
        for name, number in numbers.items()
        if number is not None and not 1 <= number <= inventory.head  # a cursor may hold any
    ]
    if wrong:
        raise invalid_fields(wrong)


def row_document(row: AssetRow | NeedRow) -> RowDocument:
    """Return a row as it is sent."""
    return RowDocument(
        plan_id=row.plan_id, province_code=row.province_code, commune_code=row.commune_code, cells=row.cells
    )


def box_of(text: str | None) -> tuple[float, float, float, float] | None:
    """Return the box of ``minlon,minlat,maxlon,maxlat``.

    Raises
    ------
    InvalidError
        When it is none.
    """
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = math.nan
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # false for NaN too
        raise invalid_fields([{"loc": ("query", "bbox"), "type": "bbox", "msg": "", "input": text}])
    return west, south, east, north
