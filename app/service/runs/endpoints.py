"""Routes of runs."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.service.http.addresses import address_of
from app.service.http.idempotency import Answer, TheOnce
from app.service.http.pages import After, Limit, Page
from app.service.http.problems import documents
from app.service.http.state import PLANNERS, Allow, CurrentActor, Language, Reading, TheState, Writing
from app.service.http.strict_route import StrictRoute
from app.service.runs.queue import ask_run, cancel_run
from app.service.runs.schemas import EventPage, RunDocument, RunRequest, State
from app.service.runs.shown import events_page, run_document, run_of, runs_page
from app.service.runs.stream import MEDIA_TYPE, stream

router = APIRouter(prefix="/runs", tags=["runs"], route_class=StrictRoute)

RunId = Annotated[str, Path(min_length=1, max_length=40)]
_Word = Annotated[str | None, Query(max_length=40)]
_Number = Annotated[int, Query(ge=0, le=2**31 - 1, description="Number of the last event that is known.")]
#: When to ask again, in seconds.
_RETRY = "1"


@router.post(
    "",
    status_code=202,
    response_model=RunDocument,
    dependencies=[Depends(Allow(*PLANNERS))],
    responses=documents(404, 409),
)
def post_run(
    body: RunRequest,
    request: Request,
    session: Writing,
    state: TheState,
    lang: Language,
    once: TheOnce,
    background: BackgroundTasks,
) -> Response:
    """Queue a run; send an Idempotency-Key, and a repeated request queues no second one."""

    def queue() -> Answer:
        run = ask_run(session, **body.model_dump())
        document = run_document(run, lang)
        address = address_of(request, "get_run", run_id=run.id)
        return Answer(202, document, {"Location": address, "Retry-After": _RETRY})

    answer = once.answer(session, queue)
    background.add_task(state.wake)  # runs after the commit and the answer
    answer.background = background
    return answer


@router.get("", dependencies=[Depends(Allow())], responses=documents())
def get_runs(
    session: Reading,
    lang: Language,
    limit: Limit = 100,
    after: After = None,
    state: State | None = None,
    scenario_id: _Word = None,
    batch_id: _Word = None,
) -> Page[RunDocument]:
    """List runs, the newest first; their issues are in the run alone."""
    runs, following = runs_page(
        session, state=state, scenario_id=scenario_id, batch_id=batch_id, limit=limit, after=after
    )
    return Page(items=[run_document(run, lang, issues=False) for run in runs], next=following)


@router.get("/{run_id}", dependencies=[Depends(Allow())], responses=documents(404))
def get_run(run_id: RunId, session: Reading, lang: Language, response: Response) -> RunDocument:
    """Return a run: state, reason, progress, plan."""
    document = run_document(run_of(session, run_id), lang)
    if document.finished_at is None:
        response.headers["Retry-After"] = _RETRY
    return document


@router.get(
    "/{run_id}/events",
    response_model=EventPage,
    dependencies=[Depends(Allow())],
    responses={
        200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}},
        204: {"description": "A stream that has nothing more to tell: do not ask again."},
        **documents(404),
    },
)
def get_run_events(
    run_id: RunId,
    session: Reading,
    state: TheState,
    actor: CurrentActor,
    lang: Language,
    after: _Number = 0,
    limit: Limit = 100,
    accept: Annotated[str, Header(max_length=1000)] = "",
    last_event_id: Annotated[int | None, Header(ge=0, le=2**31 - 1)] = None,
) -> Response | EventPage:
    """Return the diary of a run: a page as JSON, or with `Accept: text/event-stream` as it grows."""
    if MEDIA_TYPE not in accept.lower():
        return events_page(session, run_id, after, limit, lang)
    begin = after if last_event_id is None else last_event_id
    page = events_page(session, run_id, begin, 1, lang)
    if page.ended and not page.items:
        return Response(status_code=204)  # a browser's EventSource would come back for ever
    return StreamingResponse(
        stream(state.database, actor, run_id, begin, lang),
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.post("/{run_id}/cancel", dependencies=[Depends(Allow(*PLANNERS))], responses=documents(404, 409))
def post_cancel(run_id: RunId, session: Writing, lang: Language) -> RunDocument:
    """Cancel a run; the best plan so far is kept and comes a moment later. Cancelling twice is once."""
    return run_document(cancel_run(session, run_id), lang)
