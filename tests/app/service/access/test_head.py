"""HEAD answers wherever GET does, as GET does, without a body: load balancers ask so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.service.http.application import create_app
from app.service.http.state import State
from app.service.plans import downloads
from app.settings import read_settings
from tests.app.service.access.routes import HEADERS, ROUTES, Route
from tests.app.service.serving import NamingGate, app_client, as_

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

    from app.service.store.database import Database
    from tests.app.service.access.asking import Seeded

GETS = [route for route in ROUTES if route.method == "GET"]
#: What differs from one answer to the next.
OWN = {"x-request-id"}
#: Of what is not made for HEAD: known only when it is made (RFC 9110, 9.3.2).
OF_CONTENT = {"etag", "content-length"}


def headers_of(answer: Response, without: set[str] = OWN) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in without}


@pytest.mark.parametrize("route", GETS, ids=lambda one: one.path)
@pytest.mark.parametrize("who", [None, ("admin",), ("province_planner", "12")], ids=str)
def test_head_is_answered_as_get_is_without_a_body(
    seeded: Seeded, route: Route, who: tuple[str, ...] | None
) -> None:
    sent = (as_(*who) if who else {}) | HEADERS.get(route.path, {})
    # The last one too: the first is of one thing, and some things are hidden from provinces.
    addresses = seeded.addresses(route)
    for address in {addresses[0], addresses[-1]}:
        head = seeded.client.head(address, headers=sent)
        get = seeded.client.get(address, headers=sent)
        again = seeded.client.head(address, headers=sent)
        assert head.status_code == again.status_code == get.status_code
        assert head.content == again.content == b""
        moving = {*OWN, "content-length"} if route.path == "/metrics" else OWN
        wanted = headers_of(get, moving)
        if "{plan_id}." in route.path:
            assert headers_of(head, moving | OF_CONTENT) == headers_of(get, moving | OF_CONTENT)
            continue
        assert headers_of(head, moving) == headers_of(again, moving) == wanted


def test_a_file_of_a_plan_is_not_made_for_head(seeded: Seeded, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: object) -> bytes:
        raise AssertionError("a file was made")

    monkeypatch.setattr(downloads, "_zip", fails)
    route = next(route for route in GETS if route.path.endswith("{plan_id}.zip"))
    head = seeded.client.head(seeded.addresses(route)[0], headers=as_("planner"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"] == "application/zip"
    assert not OF_CONTENT & {name.lower() for name in head.headers}


def test_what_get_refuses_head_does_not_get(sqlite_client: TestClient) -> None:
    for path, status in (("/nowhere", 404), ("/v1/runs/x/cancel", 405), ("/v1/me?x=1", 422)):
        answer = sqlite_client.head(path, headers=as_("admin"))
        assert (answer.status_code, answer.content) == (status, b"")
    assert sqlite_client.head("/v1/me").status_code == 401


def test_head_counts_as_a_request_and_is_counted_as_what_it_is(sqlite_database: Database) -> None:
    from starlette.testclient import TestClient

    state = State(sqlite_database, read_settings({"SURPLAN_RATE": "2/hour"}), NamingGate())
    with TestClient(create_app(state)) as client:
        codes = [client.head("/v1/me", headers=as_("planner")).status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        figures = client.get("/metrics", headers=as_("admin")).text
    assert 'surplan_http_requests_total{method="HEAD",route="/v1/me",status="200"} 2.0' in figures


def test_the_document_lists_no_head(sqlite_database: Database) -> None:
    with app_client(sqlite_database) as client:
        paths = client.get("/openapi.json").json()["paths"]
    assert not [path for path, methods in paths.items() if "head" in methods]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/health", "HEAD, GET"),
        ("DELETE", "/v1/inventories", "HEAD, GET, POST"),
        ("GET", "/v1/runs/x/cancel", "POST"),
        ("BREW", "/v1/inventories/x/provinces/01", "HEAD, GET, PUT, PATCH"),
    ],
)
def test_a_refused_method_names_all_that_there_are(
    sqlite_client: TestClient, method: str, path: str, allowed: str
) -> None:
    answer = sqlite_client.request(method, path, headers=as_("admin"))
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
