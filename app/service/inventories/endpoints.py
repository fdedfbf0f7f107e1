"""Routes of inventories: make one, list them, see one and its versions."""

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request, Response

from app.service.http.addresses import address_of
from app.service.http.etags import quoted
from app.service.http.idempotency import Answer
from app.service.http.pages import After, Limit, Page, decode_cursor, page_of
from app.service.http.problems import documents
from app.service.http.state import Allow, CurrentActor, Language, Reading, TheState
from app.service.http.strict_route import StrictRoute
from app.service.inventories.creating import check_new, store_new
from app.service.inventories.parameters import (
    CommuneCodes,
    DryRun,
    InventoryId,
    Version,
    at_version,
    upload_body,
    upload_document,
    with_etag,
)
from app.service.inventories.parts import vector
from app.service.inventories.receiving import OnceUploaded, Tables, name_of
from app.service.inventories.schemas import (
    HeadDocument,
    InventoryDocument,
    PartDocument,
    TableDocument,
    UploadDocument,
    VersionDocument,
)
from app.service.inventories.tables import shared_tables
from app.service.inventories.versions import inventory_of
from app.service.store.actor import Role
from app.service.store.models import Inventory, InventoryVersion

router = APIRouter(prefix="/inventories", tags=["inventories"], route_class=StrictRoute)
_READERS = [Depends(Allow())]


@router.post(
    "",
    status_code=201,
    response_model=UploadDocument,
    dependencies=[Depends(Allow(Role.PLANNER, Role.ADMIN))],
    responses=documents(409, 413, 415)
    | with_etag(201, "Location")
    | {200: {"model": UploadDocument, "description": "A dry run."}},
    openapi_extra=upload_body(),
)
def post_inventory(
    request: Request,
    state: TheState,
    actor: CurrentActor,
    lang: Language,
    upload: Tables,
    once: OnceUploaded,
    name: Annotated[
        str | None, Query(max_length=200, description="Name; also a member of JSON or a field of a form.")
    ] = None,
    commune_codes: CommuneCodes = "auto",
    dry_run: DryRun = False,
) -> Response:
    """Make an inventory from tables, or an empty one for the provinces to fill.

    Send an Idempotency-Key, and a repeated request makes no second one; of a dry run nothing is kept.
    """
    if not upload.is_sound:
        check_new(lang, upload, commune_codes)  # which says what is wrong with the document
    title = name_of(upload, name)
    if dry_run:
        outcome = check_new(lang, upload, commune_codes).outcome(None)
        return Answer(200, upload_document(outcome, dry_run=True)).response()
    with state.database.reading(actor) as session:
        kept = once.kept(session)
    if kept is not None:
        return kept
    new = check_new(lang, upload, commune_codes)
    with state.database.writing(actor) as session:

        def store() -> Answer:
            outcome = store_new(session, new, title)
            made_at = address_of(request, "get_inventory", inventory_id=str(outcome.inventory_id))
            headers = {"ETag": quoted(str(outcome.version)), "Location": made_at}
            return Answer(201, upload_document(outcome, dry_run=False), headers)

        return once.answer(session, store)


@router.get("", dependencies=_READERS, responses=documents())
def list_inventories(session: Reading, limit: Limit = 100, after: After = None) -> Page[InventoryDocument]:
    """List the inventories, the newest first."""
    behind = decode_cursor(after, str)
    query = sa.select(Inventory).order_by(Inventory.id.desc()).limit(limit + 1)
    if behind is not None:
        query = query.where(Inventory.id < behind[0])
    items, following = page_of(session.scalars(query).all(), limit, lambda one: (one.id,))
    return Page(items=[_document(one) for one in items], next=following)


@router.get("/{inventory_id}", dependencies=_READERS, responses=documents(404) | with_etag(200))
def get_inventory(
    session: Reading, response: Response, inventory_id: InventoryId, version: Version = None
) -> HeadDocument:
    """Show an inventory with the vector of its parts and their ETags, in the newest or another version."""
    found, number = at_version(session, inventory_id, version)
    response.headers["ETag"] = quoted(str(number))
    parts = [
        PartDocument(
            province_code=part.province_code,
            number=part.number,
            since=part.since,
            etag=part.etag,
            assets=part.assets,
            needs=part.needs,
            created_at=part.created_at,
            created_by=part.created_by,
        )
        for part in vector(session, inventory_id, number)
    ]
    tables = shared_tables(session, inventory_id, number).items()
    return HeadDocument(
        **_document(found).model_dump(),
        version=number,
        parts=parts,
        tables=[TableDocument(name=name, etag=sha256) for name, sha256 in tables],
    )


@router.get("/{inventory_id}/versions", dependencies=_READERS, responses=documents(404))
def list_versions(
    session: Reading, actor: CurrentActor, inventory_id: InventoryId, limit: Limit = 100, after: After = None
) -> Page[VersionDocument]:
    """List the accepted changes, the newest first."""
    inventory_of(session, inventory_id)
    behind = decode_cursor(after, int)
    query = sa.select(InventoryVersion).where(InventoryVersion.inventory_id == inventory_id)
    if behind is not None:
        query = query.where(InventoryVersion.number < behind[0])
    query = query.order_by(InventoryVersion.number.desc()).limit(limit + 1)
    items, following = page_of(session.scalars(query).all(), limit, lambda one: (one.number,))
    return Page(items=[_version(one, actor.province_code) for one in items], next=following)


def _document(found: Inventory) -> InventoryDocument:
    return InventoryDocument(
        id=found.id,
        name=found.name,
        head=found.head,
        created_at=found.created_at,
        created_by=found.created_by,
    )


def _version(found: InventoryVersion, province: str | None) -> VersionDocument:
    """Return a version; how much another province changed is for that province and the ministry."""
    mine = province in (None, found.province_code)
    return VersionDocument.model_validate(
        {
            "number": found.number,
            "cause": found.cause,
            "province_code": found.province_code,
            "changed": found.changed if mine else None,
            "created_at": found.created_at,
            "created_by": found.created_by,
        }
    )
