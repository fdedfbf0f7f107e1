from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from tests.app.service.http.hostile import BODIES, HEADERS, TEXTS
from tests.app.service.http.stocked import stock
from tests.app.service.serving import app_client, as_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.service.store.database import Database

AS = as_("admin")
READY = "/v1/ready"  # answers 503 by design: nobody works here


@dataclass
class Reached:
    """A client of a store with something behind every address."""

    client: TestClient
    known: dict[str, str]

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        paths = self.client.get("/openapi.json").json()["paths"]
        for path in sorted(paths.keys() - {READY}):
            for verb in ("get", "put", "post", "delete", "patch"):
                if verb in paths[path]:
                    yield verb, path, paths[path][verb]

    def filled(self, path: str, value: str | None = None) -> str:
        """Return an address that leads to something, or with a text in place of every parameter."""
        return re.sub(r"\{(\w+)\}", lambda one: value or self.known.get(one[1], "x"), path)

    def ask(self, verb: str, path: str, **more: Any) -> None:  # noqa: ANN401  # what httpx takes
        headers = {**AS, **more.pop("headers", {})}
        answer = self.client.request(verb.upper(), path, headers=headers, **more)
        assert answer.status_code < 500, (verb, path[:200], answer.status_code, answer.text[:500])
        if answer.status_code >= 400:
            assert answer.headers["content-type"].startswith("application/problem+json"), (verb, path[:200])
            document = answer.json()
            assert document["status"] == answer.status_code
            assert document["remedy"], (verb, path[:200])


@pytest.fixture
def reached(database: Database) -> Iterator[Reached]:
    with app_client(database) as client:
        known = stock(client)
        with TestClient(client.app, raise_server_exceptions=False) as quiet:
            yield Reached(quiet, known)


# PostgreSQL refuses more than SQLite does (NUL, texts and numbers out of range); the torture run asks both.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_no_body_makes_a_route_fail(reached: Reached) -> None:
    asked = 0
    for verb, path, _ in reached.operations():
        if verb == "get":
            continue
        for content in BODIES.values():
            for kind in ("application/json", "text/csv", "multipart/form-data; boundary=x"):
                reached.ask(verb, reached.filled(path), content=content, headers={"Content-Type": kind})
                asked += 1
    assert asked > 10 * len(BODIES)


def queries_of(operation: dict[str, Any]) -> list[str]:
    return [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_no_text_in_an_address_makes_a_route_fail(reached: Reached) -> None:
    for verb, path, operation in reached.operations():
        question = queries_of(operation)
        for text in TEXTS.values():
            if "{" in path and text:
                reached.ask(verb, reached.filled(path, text))
            if question:
                asked = "&".join(f"{name}={text}" for name in [*question, question[0]])
                reached.ask(verb, f"{reached.filled(path)}?{asked}")


@pytest.mark.torture
def test_no_body_makes_a_route_fail_on_any_database(reached: Reached) -> None:
    test_no_body_makes_a_route_fail(reached)


@pytest.mark.torture
def test_no_text_in_any_one_parameter_makes_a_route_fail(reached: Reached) -> None:
    asked = 0
    for verb, path, operation in reached.operations():
        for name in queries_of(operation):
            for text in TEXTS.values():
                reached.ask(verb, f"{reached.filled(path)}?{name}={text}")
                asked += 1
    assert asked > 2000


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_header_makes_a_route_fail(reached: Reached) -> None:
    for verb, path, _ in reached.operations():
        for headers in HEADERS.values():
            raw = {name: value.encode("latin-1") for name, value in headers.items()}
            reached.ask(verb, reached.filled(path), headers=raw, content=b"{}")
