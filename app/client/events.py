"""Server-sent events: the diary of a run as it is written, resumed where it broke off."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True)
class Event:
    """One entry.

    Attributes
    ----------
    number
        Its place in the diary; rises by one.
    kind
        ``state`` or ``progress``.
    data
        What happened.
    """

    number: int
    kind: str
    data: dict[str, Any]


def read_events(lines: Iterable[str]) -> Iterator[Event]:
    """Yield the events of a ``text/event-stream``.

    Parameters
    ----------
    lines
        Of the body, without their ends. Comments and unknown fields are skipped; what the stream's end cuts
        off is no event.
    """
    number, kind, data = 0, "message", list[str]()
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "id" and value.isdigit():
                number = int(value)
            elif name == "event":
                kind = value
            elif name == "data":
                data.append(value)
            continue
        if data:
            yield Event(number, kind, json.loads("\n".join(data)))
        kind, data = "message", []
