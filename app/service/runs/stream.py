"""A run's diary as server-sent events: the same entries as polling, with their numbers as ids."""

from collections.abc import AsyncIterator
from time import monotonic

import anyio
from starlette.concurrency import run_in_threadpool

from app.service.runs.schemas import EventDocument, EventPage
from app.service.runs.shown import events_page
from app.service.store.actor import Actor
from app.service.store.database import Database
from app.settings import Lang

MEDIA_TYPE = "text/event-stream"
#: How often the diary is looked at, and how often a silent stream says that it is alive [s].
LOOK_S, BEAT_S = 0.3, 15.0
_MOST = 500


async def stream(
    database: Database, actor: Actor, run_id: str, after: int, lang: Lang, *, beat_s: float = BEAT_S
) -> AsyncIterator[str]:
    """Yield the diary from an entry on, as it grows, until the run has ended and all is told.

    Each look is a short transaction of its own: an open stream holds nothing of the store.
    """

    def look() -> EventPage:
        with database.reading(actor) as session:
            return events_page(session, run_id, after, _MOST, lang)

    yield ": surplan\n\n"
    told = monotonic()
    while True:
        page = await run_in_threadpool(look)
        after = page.next
        for event in page.items:
            yield frame(event)
        if page.ended:
            return
        if page.items:
            told = monotonic()
        elif monotonic() - told >= beat_s:
            told = monotonic()
            yield ": \n\n"
        await anyio.sleep(LOOK_S)


def frame(event: EventDocument) -> str:
    """Return an entry as server-sent event; its data is the entry as polling gives it."""
    return f"id: {event.number}\nevent: {event.kind}\ndata: {event.model_dump_json()}\n\n"
