"""Asks the application over the seeded store, and reads whatever it answers."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any

import pypdfium2

from tests.app.service.access.routes import HEADERS, PATH_VALUES, QUERIES, Route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx2 import Response
    from starlette.testclient import TestClient


def _next(values: Iterator[str], _place: re.Match[str]) -> str:
    return next(values)


class Seeded:
    """A client over the seeded store, and the ids in it."""

    def __init__(self, client: TestClient, ids: dict[str, str]) -> None:
        self.client = client
        self.ids = ids

    def addresses(self, route: Route) -> list[str]:
        """Return the route's address for each thing that it may be asked about."""
        found = []
        for query in QUERIES.get(route.path, ("",)):
            template = route.path + query
            names = re.findall(r"{(\w+)(?::\w+)?}", template)
            for values in itertools.product(*(PATH_VALUES[name] for name in names)):
                filled = iter(value[1:] if value[0] == "=" else self.ids[value] for value in values)
                found.append(re.sub(r"{\w+(?::\w+)?}", partial(_next, filled), template))
        return found

    def ask(self, route: Route, address: str, headers: dict[str, str]) -> Response:
        """Ask; what changes something gets an empty object."""
        headers = headers | HEADERS.get(route.path, {})
        body: dict[str, Any] = {} if route.method == "GET" else {"json": {}}
        answer: Response = self.client.request(route.method, address, headers=headers, **body)
        return answer


def text_of(answer: Response) -> str:
    """Return all text of an answer: of the files in a packed one, of the pages of a PDF."""
    content: bytes = answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    elif content.startswith(b"%PDF"):
        with pypdfium2.PdfDocument(content) as document:
            pages = [page.get_textpage().get_text_bounded() for page in document]
        content = "\n".join(pages).encode()
    return content.decode("utf-8", "replace")
