"""Routes of re-plans."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Path, Request, Response

from app.service.http.addresses import address_of
from app.service.http.idempotency import Answer, TheOnce
from app.service.http.problems import documents
from app.service.http.state import PLANNERS, Allow, Language, Reading, TheState, Writing
from app.service.http.strict_route import StrictRoute
from app.service.replans.batches import ask_batch, batch_document
from app.service.replans.schemas import BatchDocument, ReplanRequest

router = APIRouter(prefix="/replans", tags=["replans"], route_class=StrictRoute)

#: When to ask again, in seconds.
_RETRY = "1"


@router.post(
    "",
    status_code=202,
    response_model=BatchDocument,
    dependencies=[Depends(Allow(*PLANNERS))],
    responses=documents(404, 409),
)
def post_replans(
    body: ReplanRequest,
    request: Request,
    session: Writing,
    state: TheState,
    lang: Language,
    once: TheOnce,
    background: BackgroundTasks,
) -> Response:
    """Plan scenarios again beside their newest plans; send an Idempotency-Key, and it is done once."""

    def queue() -> Answer:
        document = batch_document(session, ask_batch(session, body), lang)
        address = address_of(request, "get_replans", batch_id=document.batch_id)
        return Answer(202, document, {"Location": address, "Retry-After": _RETRY})

    answer = once.answer(session, queue)
    background.add_task(state.wake)  # runs after the commit and the answer
    answer.background = background
    return answer


@router.get("/{batch_id}", dependencies=[Depends(Allow())], responses=documents(404))
def get_replans(
    batch_id: Annotated[str, Path(min_length=1, max_length=40)],
    session: Reading,
    lang: Language,
    response: Response,
) -> BatchDocument:
    """Return how the runs of a batch stand, and what their plans changed."""
    document = batch_document(session, batch_id, lang)
    if not document.ended:
        response.headers["Retry-After"] = _RETRY
    return document
