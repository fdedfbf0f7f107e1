"""Answers as what the service says that they are."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from app.client.errors import StrangeAnswerError

Document = TypeVar("Document")


def document_of(kind: type[Document], text: str | bytes, source: str) -> Document:
    """Return the document that a JSON text is; as `as_document`."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    return as_document(kind, value, source)


def as_document(kind: type[Document], value: Any, source: str) -> Document:  # noqa: ANN401  # any JSON value
    """Return a JSON value as a document.

    Parameters
    ----------
    kind
        What it is: of its members the service's word is taken (a test compares `app.client.types` with it).
    value, source
        The value, and what answered it.

    Raises
    ------
    StrangeAnswerError
        When it is no JSON object: somebody else answered.
    """
    found: Document = value
    if not isinstance(found, dict):
        raise StrangeAnswerError(f"{source}: the answer is no {kind.__name__}")
    return found
