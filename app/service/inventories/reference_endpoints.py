"""Routes of what is the same for everybody: templates and today's register of communes."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

import geodata
from app.service.http.addresses import attachment
from app.service.http.etags import names, quoted
from app.service.http.pages import After, Limit, Page, decode_cursor, page_of
from app.service.http.problems import documents
from app.service.http.state import Allow
from app.service.http.strict_route import StrictRoute
from app.service.inventories.receiving import XLSX
from app.service.inventories.rows import digest_of
from app.service.inventories.schemas import CommuneDocument
from app.service.store.types import canonical_json
from app.settings import Lang
from app.workbook.template import write_template

router = APIRouter(tags=["reference"], route_class=StrictRoute)
_READERS = [Depends(Allow())]
_GEOJSON = "application/geo+json"


@router.get(
    "/templates/{lang}.xlsx",
    dependencies=_READERS,
    response_class=Response,
    responses=documents() | {200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_template(lang: Lang) -> Response:
    """Read the empty workbook, in English or Vietnamese, with drop-downs and notes."""
    name = {"Content-Disposition": attachment(f"surplan-{lang}.xlsx")}
    return Response(_template(lang), headers=name, media_type=XLSX)


@cache
def _template(lang: Lang) -> bytes:
    with tempfile.TemporaryDirectory(prefix="surplan-template-") as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, lang)
        return path.read_bytes()


@cache
def _communes() -> list[CommuneDocument]:
    columns = list(CommuneDocument.model_fields)
    frame = geodata.communes().sort_values("commune_code")[columns]
    return [CommuneDocument.model_validate(record) for record in frame.to_dict("records")]


@router.get("/communes", dependencies=_READERS, responses=documents())
def list_communes(
    province: Annotated[str | None, Query(max_length=40, description="Code of a province.")] = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[CommuneDocument]:
    """List today's communes by their codes."""
    behind = decode_cursor(after, str)
    found = [
        one
        for one in _communes()
        if province in (None, one.province_code) and (behind is None or one.commune_code > behind[0])
    ]
    items, following = page_of(found[: limit + 1], limit, lambda one: (one.commune_code,))
    return Page(items=items, next=following)


@router.get(
    "/communes.geojson",
    dependencies=_READERS,
    response_class=Response,
    responses=documents()
    | {
        200: {"content": {_GEOJSON: {"schema": {"type": "object"}}}},
        304: {"description": "If-None-Match names what would be sent."},
    },
)
def get_communes_geojson(request: Request) -> Response:
    """Read today's communes as points of their seats; polygons are not part of Surplan."""
    content, etag = _geojson()
    headers = {"ETag": quoted(etag)}
    if names(request.headers.get("if-none-match", ""), etag, weakly=True):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=_GEOJSON)


@cache
def _geojson() -> tuple[bytes, str]:
    features: list[dict[str, Any]] = []
    for one in _communes():
        properties = one.model_dump(exclude={"lat", "lon"})
        point = {"type": "Point", "coordinates": [one.lon, one.lat]}
        features.append({"type": "Feature", "geometry": point, "properties": properties})
    content = canonical_json({"type": "FeatureCollection", "features": features})
    return content.encode(), digest_of({"content": content})
