"""Routes of the files of a plan. They stand before those of the plan itself: an id has no ending."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from app.service.http.addresses import attachment
from app.service.http.etags import names, quoted
from app.service.http.head import wants_headers_alone
from app.service.http.problems import documents
from app.service.http.state import Allow, CurrentActor, Language, TheState
from app.service.http.strict_route import StrictRoute
from app.service.plans.downloads import KINDS, Download, download

router = APIRouter(prefix="/plans", tags=["plans"], route_class=StrictRoute)

PlanId = Annotated[str, Path(max_length=40, description="Id of the plan.")]


def answered(request: Request, found: Download) -> Response:
    """Return a file, or 304 to who has it."""
    headers = {
        # Everybody asks anew (a key may be revoked), and gets 304 where nothing changed.
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization, Cookie, Accept-Language",
        "Content-Disposition": attachment(found.name),
    }
    if found.content is None:  # HEAD of what is not made for that: tag and length are not known
        answer = Response(media_type=found.media_type, headers=headers)
        del answer.headers["Content-Length"]
        return answer
    tag = hashlib.sha256(found.content).hexdigest()
    headers["ETag"] = quoted(tag)
    if names(request.headers.get("if-none-match", ""), tag, weakly=True):
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)


def _add(kind: str, description: str) -> None:
    def get_file(
        plan_id: PlanId, request: Request, state: TheState, actor: CurrentActor, lang: Language
    ) -> Response:
        make = not wants_headers_alone(request)
        return answered(request, download(state, actor, plan_id, kind, lang, make=make))

    binary = {"schema": {"type": "string", "format": "binary"}}
    router.add_api_route(
        f"/{{plan_id}}.{kind}",
        get_file,
        name=f"get_plan_{kind}",
        description=description,
        dependencies=[Depends(Allow())],
        response_class=Response,
        responses={
            200: {"content": {KINDS[kind].split(";")[0]: binary}},
            304: {"description": "Not Modified"},
            **documents(404, 409),
        },
    )


for _kind, _description in {
    "xlsx": "Return the workbook of the plan, in the language asked for.",
    "geojson": "Return the plan for map programs.",
    "csv": "Return the transfers; a province gets its own ones of a plan of the country.",
    "docx": "Return the report, for a word processor.",
    "pdf": "Return the report.",
    "zip": "Return the plan folder; unzipped, `surplan verify` checks it.",
}.items():
    _add(_kind, _description)
