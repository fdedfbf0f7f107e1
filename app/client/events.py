"""Server-sent events: what the service says of a run as it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.client.answers import Document, document_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def read_events(kind: type[Document], lines: Iterable[str]) -> Iterator[Document]:
    """Yield the data of the events of a ``text/event-stream``, each a JSON object.

    Parameters
    ----------
    kind
        Type of their data.
    lines
        Of the body, without their ends. Comments and other fields are skipped: number and kind of an event
        are in its data too. What the stream's end cuts off is no event.
    """
    data: list[str] = []
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            if name == "data":
                data.append(value.removeprefix(" "))
            continue
        if data:
            yield document_of(kind, "\n".join(data), "an event")
        data = []
