"""Routes of the tables of a whole inventory."""

import tempfile
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response

from app.service.http.addresses import address_of
from app.service.http.etags import quoted
from app.service.http.problems import documents
from app.service.http.state import Allow, CurrentActor, InTurn, Language, Reading, TheState
from app.service.http.strict_route import StrictRoute
from app.service.inventories.parameters import (
    DryRun,
    InventoryId,
    Version,
    answering,
    at_version,
    preconditions,
    upload_body,
    with_etag,
)
from app.service.inventories.preconditions import Preconditions
from app.service.inventories.receiving import Tables
from app.service.inventories.schemas import UploadDocument
from app.service.inventories.table_changes import delete_table, put_table
from app.service.inventories.tables import OF_ALL_ROWS, shared_tables
from app.service.refusals import ForbiddenError, MissingError
from app.service.store.actor import Role
from app.service.store.blobs import load_blob

router = APIRouter(prefix="/inventories", tags=["inventories"], route_class=StrictRoute)
Table = Literal["communes", "norms", "authorities", "distances", "matches"]
Conditions = Annotated[Preconditions, Depends(preconditions)]
_MINISTRY = [Depends(Allow(Role.PLANNER, Role.ADMIN))]
_CHANGES = documents(404, 409, 412, 413, 415, 428) | with_etag(200)


@router.get(
    "/{inventory_id}/tables/{name}",
    dependencies=[Depends(Allow())],
    response_class=Response,
    responses=documents(404)
    | {200: with_etag(200)[200] | {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def get_table(
    session: Reading, actor: CurrentActor, inventory_id: InventoryId, name: Table, version: Version = None
) -> Response:
    """Read a table of the whole inventory as CSV."""
    if actor.province_code is not None and name in OF_ALL_ROWS:
        raise ForbiddenError("table_rows")
    _, number = at_version(session, inventory_id, version)
    sha256 = shared_tables(session, inventory_id, number).get(name)
    if sha256 is None:
        raise MissingError("table", name)
    content = "\ufeff".encode() + load_blob(session, sha256)
    return Response(content, headers={"ETag": quoted(sha256)}, media_type="text/csv")


@router.put(
    "/{inventory_id}/tables/{name}",
    dependencies=_MINISTRY,
    response_model=UploadDocument,
    responses=_CHANGES
    | with_etag(201, "Location")
    | {201: {"model": UploadDocument, "description": "The table was not there before."}},
    openapi_extra=upload_body(),
)
def replace_shared_table(
    state: TheState,
    actor: CurrentActor,
    lang: Language,
    upload: Tables,
    request: Request,
    inventory_id: InventoryId,
    name: Table,
    conditions: Conditions,
    dry_run: DryRun = False,
) -> Response:
    """Replace a table of the whole inventory; all rows are checked with it."""
    made_at = address_of(request, "get_table", inventory_id=inventory_id, name=name)
    answer = answering(dry_run=dry_run, made_at=made_at)
    return put_table(
        state.database, actor, lang, upload, inventory_id, name, conditions, answer, dry_run=dry_run
    )


@router.delete(
    "/{inventory_id}/tables/{name}",
    dependencies=[*_MINISTRY, InTurn],
    response_model=UploadDocument,
    responses=_CHANGES,
)
def remove_shared_table(
    state: TheState,
    actor: CurrentActor,
    lang: Language,
    inventory_id: InventoryId,
    name: Table,
    conditions: Conditions,
    dry_run: DryRun = False,
) -> Response:
    """Take a table of the whole inventory away; all rows are checked without it."""
    with tempfile.TemporaryDirectory(prefix="surplan-table-", ignore_cleanup_errors=True) as folder:
        return delete_table(
            state.database,
            actor,
            lang,
            Path(folder),
            inventory_id,
            name,
            conditions,
            answering(dry_run=dry_run),
            dry_run=dry_run,
        )
