"""Parameters of paths and queries that nothing is stored with are refused by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from unicodedata import normalize
from urllib.parse import quote

import pytest
from fastapi import APIRouter, FastAPI, Query
from starlette.testclient import TestClient

from app.service.http.problems import install
from app.service.http.state import State
from app.service.http.strict_route import StrictRoute
from app.settings import read_settings
from tests.app.service.serving import NamingGate, as_

if TYPE_CHECKING:
    from httpx2 import Response

    from app.service.store.database import Database


def issues(answer: Response) -> list[tuple[Any, ...]]:
    document = answer.json()
    assert (answer.status_code, document["code"]) == (422, "fields")
    return [(one["file"], one["column"], one["code"], one["value"]) for one in document["issues"]]


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("/v1/runs?scenario_id=a%00b", [("query", "scenario_id", "text_nul", "a\ufffdb")]),
        (
            "/v1/runs?scenario_id=%00&batch_id=%00",
            [
                ("query", "scenario_id", "text_nul", "\ufffd"),
                ("query", "batch_id", "text_nul", "\ufffd"),
            ],
        ),
        ("/v1/runs?scenario_id=%00&scenario_id=a", [("query", "scenario_id", "text_nul", "\ufffd")]),
        ("/v1/runs?a%00=1", [("query", "a\ufffd", "text_nul", "1")]),
        ("/v1/runs/a%00", [("path", "run_id", "text_nul", "a\ufffd")]),
    ],
)
def test_nul_is_refused_with_the_parameter_that_holds_it(
    sqlite_client: TestClient, address: str, wanted: list[tuple[str, ...]]
) -> None:
    assert issues(sqlite_client.get(address, headers=as_("admin"))) == wanted


def test_the_text_is_of_the_parameter_in_both_languages(sqlite_client: TestClient) -> None:
    for lang, word in (("en", "character NUL"), ("vi", "ký tự NUL")):
        answer = sqlite_client.get(f"/v1/runs?batch_id=%00&lang={lang}", headers=as_("admin"))
        assert word in answer.json()["issues"][0]["message"]
        assert "body" not in answer.text


def test_half_a_character_is_refused_in_an_answer_that_can_be_sent(sqlite_database: Database) -> None:
    # No server of ours lets one through; another one may.
    made = FastAPI()
    made.state.surplan = State(sqlite_database, read_settings({}), NamingGate())
    install(made)
    router = APIRouter(route_class=StrictRoute)

    @router.get("/things/{name}")
    def thing(name: str) -> str:
        raise AssertionError(name)

    made.include_router(router)

    async def spoil(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401  # ASGI
        if scope["type"] == "http":
            scope = {**scope, "path": "/things/a\ud800"}
        await made(scope, receive, send)

    with TestClient(spoil) as client:
        assert issues(client.get("/")) == [("path", "name", "text_surrogate", "a?")]


def test_path_query_and_body_are_in_nfc_whoever_sent_them(sqlite_database: Database) -> None:
    made = FastAPI()
    made.state.surplan = State(sqlite_database, read_settings({}), NamingGate())
    install(made)
    router = APIRouter(route_class=StrictRoute)

    @router.post("/things/{name:path}")
    def thing(name: str, q: str, more: Annotated[list[str], Query()], body: dict[str, Any]) -> list[Any]:
        return [name, q, more, body]

    made.include_router(router)
    text = "Hà Nội & 50% + một"
    other = normalize("NFD", text)
    with TestClient(made) as client:
        body = {other: [other, {other: other}, 1, None]}
        query = {"q": other, "more": [other, text, "a=b"]}
        answer = client.post(f"/things/{quote(other)}/x", params=query, json=body)
    assert answer.json() == [f"{text}/x", text, [text, text, "a=b"], {text: [text, {text: text}, 1, None]}]
