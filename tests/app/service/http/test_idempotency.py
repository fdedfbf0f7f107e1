from __future__ import annotations

import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from app.service.http.idempotency import KEPT
from app.service.http.turns import Turns
from app.service.inventories import creating, endpoints
from app.service.inventories.receiving import Received
from app.service.store.actor import SYSTEM
from app.service.store.models import AuditEntry, IdempotentAnswer
from app.service.store.types import utc_now
from tests.app.service.http.hostile import BODIES
from tests.app.service.http.making import FORM, INVENTORIES, MAKING, OTHERS, PLANNER, ask, filled
from tests.app.service.http.stocked import ASSETS, stock
from tests.app.service.inventories.uploads import car, need
from tests.app.service.serving import app_client, as_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.service.store.database import Database


@pytest.fixture
def known(client: TestClient) -> dict[str, str]:
    """What is there already."""
    return stock(client)


def made(database: Database) -> int:
    """Return how many changes there were: each is in the audit chain."""
    with database.reading(SYSTEM) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0


def test_a_repeated_request_gets_the_same_answer_and_makes_nothing(
    client: TestClient, database: Database, known: dict[str, str]
) -> None:
    for what, (address, content) in filled(MAKING, known).items():
        before = made(database)
        first = ask(client, address, what, **content)
        assert first.status_code in (201, 202), (what, first.text)
        changes = made(database) - before
        assert changes > 0, what

        second = ask(client, address, what, **content)
        assert made(database) - before == changes, what
        assert (second.status_code, second.content) == (first.status_code, first.content), what
        for name in ("Location", "ETag", "Retry-After", "Content-Type"):
            assert second.headers.get(name) == first.headers.get(name), (what, name)
        assert "Idempotency-Replayed" not in first.headers, what
        assert second.headers["Idempotency-Replayed"] == "true", what
        if "Location" in first.headers:
            assert client.get(second.headers["Location"], headers=PLANNER).status_code == 200, what

        third = ask(client, address, f"{what}, anew", **content)
        assert "Idempotency-Replayed" not in third.headers, what
        assert made(database) - before == 2 * changes, what


def test_a_day_later_the_key_is_forgotten(client: TestClient, database: Database) -> None:
    address, content = MAKING["an inventory from a form"]
    first = ask(client, address, "k", **content)
    with database.writing(SYSTEM) as session:
        old = utc_now() - KEPT - timedelta(minutes=1)
        session.execute(sa.update(IdempotentAnswer).values(created_at=old))
    second = ask(client, address, "k", **content)
    assert "Idempotency-Replayed" not in second.headers
    assert second.json()["inventory_id"] != first.json()["inventory_id"]


def test_a_key_that_stands_for_another_request_is_refused(
    sqlite_client: TestClient, sqlite_database: Database
) -> None:
    known = stock(sqlite_client)
    assert ask(sqlite_client, f"{INVENTORIES}?name=Xe", "k", files=FORM).status_code == 201
    before = made(sqlite_database)
    for what, (address, content) in filled(OTHERS, known).items():
        answer = ask(sqlite_client, address, "k", **content)
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key"), what
    assert made(sqlite_database) == before


def test_the_same_bytes_as_another_type_are_another_request(sqlite_client: TestClient) -> None:
    address = f"{INVENTORIES}?name=Xe&table=assets"
    first = ask(sqlite_client, address, "k", content=ASSETS, headers={"Content-Type": "text/csv"})
    assert first.status_code == 201, first.text
    kind = {"Content-Type": "text/csv; charset=utf-8"}
    assert ask(sqlite_client, address, "k", content=ASSETS, headers=kind).content == first.content
    form = {"assets": ("body.csv", ASSETS)}
    assert ask(sqlite_client, address, "k", files=form).status_code == 409


def test_no_body_with_a_key_makes_a_route_fail(sqlite_client: TestClient) -> None:
    known = stock(sqlite_client)
    addresses = {filled(address, known).partition("?")[0] for address, _ in MAKING.values()}
    with TestClient(sqlite_client.app, raise_server_exceptions=False) as quiet:
        for address in addresses:
            for what, content in BODIES.items():
                for kind in ("application/json", "text/csv", "multipart/form-data; boundary=x"):
                    headers = {"Content-Type": kind}
                    answer = ask(quiet, address, f"{address} {what} {kind}", content=content, headers=headers)
                    assert answer.status_code < 500, (address, what, kind, answer.text[:200])


def test_keys_of_two_actors_do_not_meet(client: TestClient, database: Database) -> None:
    before = made(database)
    answers = [
        client.post(INVENTORIES, json={"name": "Xe"}, headers=as_(role) | {"Idempotency-Key": "k"})
        for role in ("planner", "admin")
    ]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json()["inventory_id"] != answers[1].json()["inventory_id"]
    assert made(database) == before + 2


def test_a_dry_run_is_not_kept_and_does_not_look(sqlite_client: TestClient) -> None:
    address = f"{INVENTORIES}?name=Xe"
    dry = ask(sqlite_client, f"{address}&dry_run=true", "k", files=FORM)
    assert (dry.status_code, dry.json()["stored"]) == (200, False)
    real = ask(sqlite_client, address, "k", files=FORM)
    assert (real.status_code, "Idempotency-Replayed" in real.headers) == (201, False)
    again = ask(sqlite_client, f"{address}&dry_run=true", "k", files=FORM)
    assert (again.status_code, again.content) == (200, dry.content)


def test_a_refusal_is_not_kept(client: TestClient, database: Database) -> None:
    wrong = {"name": "Xe", "assets": [car("A", units=-1)], "needs": [need("N")]}
    scenario = {"name": "Xe", "inventory_id": "inv_none", "scenario": {}}
    assert ask(client, INVENTORIES, "k", json=wrong).status_code == 422
    assert ask(client, "/v1/scenarios", "k", json=scenario).status_code == 404
    known = stock(client)
    scenario["inventory_id"] = known["inventory_id"]
    assert ask(client, "/v1/scenarios", "k", json=scenario).status_code == 201
    with database.reading(SYSTEM) as session:
        assert session.scalars(sa.select(IdempotentAnswer.status)).all() == [201]


def test_a_repeated_upload_is_not_checked_again(
    sqlite_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(sqlite_client, f"{INVENTORIES}?name=Xe", "k", files=FORM)

    def check(*_: object) -> creating.NewInventory:
        pytest.fail("checked again")

    monkeypatch.setattr(endpoints, "check_new", check)
    assert ask(sqlite_client, f"{INVENTORIES}?name=Xe", "k", files=FORM).content == first.content


def test_of_requests_at_once_with_one_key_one_makes_something(
    client: TestClient,
    database: Database,
    known: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    count = 4
    looked = threading.Barrier(count)
    check = creating.check_new

    def check_together(*given: Any) -> creating.NewInventory:  # noqa: ANN401  # as of `check_new`
        looked.wait(30)  # all have looked for a kept answer, and none was there
        return check(*given)

    monkeypatch.setattr(endpoints, "check_new", check_together)
    monkeypatch.setattr(client.app.state.surplan, "checking", Turns(count))  # type: ignore[attr-defined]  # ours
    for what in ("an inventory from a form", "a scenario", "a variant"):
        address, content = filled(MAKING[what], known)
        before = made(database)
        with ThreadPoolExecutor(count) as threads:
            waiting = [threads.submit(ask, client, address, what, **content) for _ in range(count)]
            answers = [one.result(60) for one in waiting]
        assert [one.status_code for one in answers] == [201] * count, [one.text for one in answers]
        assert len({(one.content, one.headers["Location"]) for one in answers}) == 1
        assert sum("Idempotency-Replayed" in one.headers for one in answers) == count - 1
        assert made(database) == before + 1


@pytest.fixture
def traced() -> Iterator[None]:
    """Count the bytes that Python holds."""
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.usefixtures("traced")
def test_the_digest_of_an_upload_does_not_hold_it(tmp_path: Path) -> None:
    size = 64 << 20
    with (tmp_path / "inventory.xlsx").open("wb") as file:
        file.truncate(size)
    received = Received(tmp_path, {"inventory.xlsx": "Xe công.xlsx"}, "Xe")
    parts = list(received.digests())
    assert sum(map(len, parts)) < 200
    assert tracemalloc.get_traced_memory()[1] < size / 16


def test_every_route_that_makes_something_takes_a_key_but_that_of_keys(sqlite_client: TestClient) -> None:
    paths = sqlite_client.get("/openapi.json").json()["paths"]
    taking, without = set[str](), set[str]()
    for path, verbs in paths.items():
        if "post" in verbs:
            headers = {one["name"] for one in verbs["post"].get("parameters", []) if one["in"] == "header"}
            (taking if "Idempotency-Key" in headers else without).add(path)
    assert taking == {
        "/v1/inventories",
        "/v1/scenarios",
        "/v1/scenarios/{scenario_id}/variants",
        "/v1/runs",
        "/v1/replans",
    }
    # The second one of these changes nothing; and of a key of access the answer is kept nowhere.
    assert without == {
        "/v1/keys",
        "/v1/keys/{key_id}/revoke",
        "/v1/runs/{run_id}/cancel",
        "/v1/plans/{plan_id}/verify",
    }


def test_the_answer_with_a_secret_is_kept_nowhere(
    sqlite_client: TestClient, sqlite_database: Database
) -> None:
    headers = as_("admin") | {"Idempotency-Key": "k"}
    keys = [
        sqlite_client.post("/v1/keys", json={"name": "x", "role": "auditor"}, headers=headers).json()["key"]
        for _ in range(2)
    ]
    assert keys[0] != keys[1]
    with sqlite_database.reading(SYSTEM) as session:
        assert session.scalars(sa.select(IdempotentAnswer)).all() == []


def test_without_a_key_every_request_is_its_own(database: Database) -> None:
    with app_client(database) as client:
        answers = [client.post(INVENTORIES, json={"name": "Xe"}, headers=PLANNER) for _ in range(2)]
    assert len({one.json()["inventory_id"] for one in answers}) == 2
