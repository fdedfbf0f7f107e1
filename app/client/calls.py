"""What calls are made of: typed answers, lists over their pages, uploads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from app.client.answers import Document, as_document, document_of
from app.client.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from os import PathLike

_PAGE = 1000


class _Page(TypedDict):
    items: list[Any]
    next: str | None


class Calls(Transport):
    """Requests whose answers are of known types: those of `app.client.types`, which the service declares."""

    def _document(
        self,
        kind: type[Document],
        method: str,
        path: str,
        **more: Any,  # noqa: ANN401  # as of `request`
    ) -> Document:
        """Send a request and return its answer.

        Parameters
        ----------
        kind
            Type of the answer.
        method, path, more
            As of `request`.

        Raises
        ------
        RefusedError, ServiceUnreachableError
            As of `request`.
        StrangeAnswerError
            When the answer is no document.
        """
        return document_of(kind, self.request(method, path, **more).content, f"{method} {path}")

    def _items(
        self, kind: type[Document], path: str, params: Mapping[str, str | int] | None = None
    ) -> Iterator[Document]:
        """Yield the items of a list, over all its pages; `kind` and errors as of `_document`."""
        after: dict[str, str] = {}
        while True:
            asked = {"limit": _PAGE, **(params or {}), **after}
            page = self._document(_Page, "GET", path, params=asked)
            for item in page["items"]:
                yield as_document(kind, item, f"GET {path}")
            if page["next"] is None:
                return
            after = {"after": page["next"]}


def parts_of(files: Sequence[str | PathLike[str]]) -> list[tuple[str, tuple[str, bytes]]]:
    """Return the parts of a form with files; bytes and no streams: what is sent again must begin anew."""
    return [("file", (file.name, file.read_bytes())) for file in map(Path, files)]


def if_match(etag: str | None) -> dict[str, str]:
    """Return the header of a change that was made from a state; of a first one there is none."""
    return {} if etag is None else {"If-Match": "*" if etag == "*" else f'"{etag}"'}


def without_none(**values: object) -> dict[str, Any]:
    """Return the values that are given."""
    return {name: value for name, value in values.items() if value is not None}
