"""Routes of a province's part: read it, replace it, change single rows of it."""

import tempfile
from pathlib import Path
from typing import Annotated, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from app.service.http.addresses import address_of, attachment
from app.service.http.etags import quoted
from app.service.http.problems import documents
from app.service.http.state import PLANNERS, Allow, CurrentActor, InTurn, Language, Reading, TheState
from app.service.http.strict_route import StrictRoute
from app.service.inventories.changing import put_part
from app.service.inventories.parameters import (
    CommuneCodes,
    DryRun,
    InventoryId,
    Province,
    Version,
    answering,
    at_version,
    preconditions,
    upload_body,
    with_etag,
)
from app.service.inventories.parts import standing_part
from app.service.inventories.patching import Patch, patch_part
from app.service.inventories.preconditions import Preconditions
from app.service.inventories.receiving import XLSX, Tables
from app.service.inventories.rows import MODEL, SIDES
from app.service.inventories.schemas import PartRowsDocument, PatchDocument, UploadDocument
from app.service.inventories.writing import csv_of, xlsx_of
from app.service.refusals import MissingError
from app.service.store.models.inventories import stands

router = APIRouter(prefix="/inventories", tags=["inventories"], route_class=StrictRoute)
Conditions = Annotated[Preconditions, Depends(preconditions)]
_CSV = "text/csv"
_WRITERS = [Depends(Allow(*PLANNERS))]
_CHANGES = documents(404, 409, 412, 413, 415, 428) | with_etag(200)
_BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.get(
    "/{inventory_id}/provinces/{code}",
    dependencies=[Depends(Allow())],
    response_model=PartRowsDocument,
    responses=documents(404, 409) | {200: with_etag(200)[200] | {"content": {_CSV: _BINARY, XLSX: _BINARY}}},
)
def get_part(
    request: Request,
    session: Reading,
    lang: Language,
    inventory_id: InventoryId,
    code: Province,
    version: Version = None,
    format: Annotated[  # noqa: A002  # the parameter's name
        Literal["json", "csv", "xlsx"] | None, Query(description="Else the header Accept decides.")
    ] = None,
    table: Annotated[Literal["assets", "needs"], Query(description="Table of the CSV file.")] = "assets",
) -> Response:
    """Read a part's rows: JSON, one table as CSV, or a workbook. What is read can be sent back by PUT.

    A workbook that would not give back each cell as it stands is refused, and the cells are named.
    """
    _, number = at_version(session, inventory_id, version)
    part = standing_part(session, inventory_id, code, number)
    if part is None:
        raise MissingError("part", code)
    wanted = format or _accepted(request.headers.get("accept", ""))
    tables: dict[str, list[dict[str, str]]] = {
        side: list(
            session.scalars(
                sa.select(MODEL[side].cells)
                .where(
                    MODEL[side].inventory_id == inventory_id,
                    MODEL[side].province_code == code,
                    stands(MODEL[side], number),
                )
                .order_by(MODEL[side].plan_id)
            )
        )
        for side in SIDES
    }
    headers = {"ETag": quoted(part.etag), "Vary": "Accept"}
    if wanted == "json":
        content = {
            "inventory_id": inventory_id,
            "version": number,
            "province_code": code,
            "etag": part.etag,
            **tables,
        }
        return JSONResponse(content, headers=headers)
    name = f"{inventory_id}-{number}-{code}"
    if wanted == "csv":
        headers["Content-Disposition"] = attachment(f"{name}-{table}.csv")
        return Response(csv_of(table, tables[table], part.unknown[table]), headers=headers, media_type=_CSV)
    headers["Content-Disposition"] = attachment(f"{name}.xlsx")
    return Response(xlsx_of(tables, part.unknown, lang), headers=headers, media_type=XLSX)


def _accepted(header: str) -> Literal["json", "csv", "xlsx"]:
    kinds = [part.split(";")[0].strip().lower() for part in header.split(",")]
    for kind in kinds:
        if kind in (_CSV, XLSX):
            return "csv" if kind == _CSV else "xlsx"
    return "json"


@router.put(
    "/{inventory_id}/provinces/{code}",
    dependencies=_WRITERS,
    response_model=UploadDocument,
    responses=_CHANGES
    | with_etag(201, "Location")
    | {201: {"model": UploadDocument, "description": "The part was not there before."}},
    openapi_extra=upload_body(),
)
def replace_part_of(
    state: TheState,
    actor: CurrentActor,
    lang: Language,
    upload: Tables,
    request: Request,
    inventory_id: InventoryId,
    code: Province,
    conditions: Conditions,
    commune_codes: CommuneCodes = "auto",
    dry_run: DryRun = False,
) -> Response:
    """Replace a province's part: all its assets and all its needs."""
    made_at = address_of(request, "get_part", inventory_id=inventory_id, code=code)
    return put_part(
        state.database,
        actor,
        lang,
        upload,
        inventory_id,
        code,
        commune_codes,
        conditions,
        answering(dry_run=dry_run, made_at=made_at),
        dry_run=dry_run,
    )


@router.patch(
    "/{inventory_id}/provinces/{code}",
    dependencies=[*_WRITERS, InTurn],
    response_model=UploadDocument,
    responses=_CHANGES,
)
def change_rows(
    state: TheState,
    actor: CurrentActor,
    lang: Language,
    inventory_id: InventoryId,
    code: Province,
    body: PatchDocument,
    conditions: Conditions,
    commune_codes: CommuneCodes = "auto",
    dry_run: DryRun = False,
) -> Response:
    """Change single rows of a part; the whole part is checked again."""
    patches = {
        "assets": Patch(body.assets.upsert, body.assets.remove),
        "needs": Patch(body.needs.upsert, body.needs.remove),
    }
    with tempfile.TemporaryDirectory(prefix="surplan-patch-", ignore_cleanup_errors=True) as folder:
        return patch_part(
            state.database,
            actor,
            lang,
            Path(folder),
            patches,
            inventory_id,
            code,
            commune_codes,
            conditions,
            answering(dry_run=dry_run),
            dry_run=dry_run,
        )
