"""What no client shows: bodies that are not read, requests that are there at once."""

from __future__ import annotations

import asyncio
import itertools
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from fastapi import Request  # noqa: TC002  # FastAPI reads the annotation

from app.service.http import door, sizes
from app.service.http.application import create_app
from app.service.http.state import State
from app.settings import read_settings
from tests.app.service.access.test_hardening import application, chunks
from tests.app.service.serving import NamingGate

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from fastapi import FastAPI
    from starlette.types import Message

    from app.service.store.database import Database


def test_a_body_is_not_read_from_a_stranger(sqlite_database: Database) -> None:
    made = application(sqlite_database)
    read = 0

    def body() -> Iterator[bytes]:
        nonlocal read
        read += 1
        yield b"x"

    answer = ask(made, "POST", "/v1/inventories/echo", [], body())
    assert (answer["status"], read) == (401, 0)
    answer = ask(made, "POST", "/v1/inventories/echo", [(b"authorization", b"Bearer admin::")], body())
    assert (answer["status"], read) == (200, 1)


def ask(
    app: Any,  # noqa: ANN401  # an application of ASGI
    method: str,
    path: str,
    headers: list[tuple[bytes, bytes]],
    body: Iterator[bytes],
    wait_s: float = 0,
    query: bytes = b"",
) -> dict[str, Any]:
    """Ask without a client, which would send the whole body whatever is answered."""
    answer: dict[str, Any] = {"body": b""}

    async def receive() -> Message:
        await asyncio.sleep(wait_s)
        piece = next(body, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.update(status=message["status"], headers=dict(message["headers"]))
        else:
            answer["body"] += message["body"]

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(b"host", b"x"), (b"transfer-encoding", b"chunked"), *headers],
        "client": ("10.0.0.1", 1),
        "server": ("x", 80),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
        "state": {},
    }
    asyncio.run(app(scope, receive, send))
    return answer


def test_a_body_that_does_not_come_is_given_up(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes.Sizes.__init__, "__defaults__", (0.05, 60.0))
    made = application(sqlite_database)
    headers = [(b"authorization", b"Bearer admin::")]
    answer = ask(made, "POST", "/echo", headers, chunks(1, 5), wait_s=5)
    assert answer["status"] == 408
    assert json.loads(answer["body"])["code"] == "slow"


def test_too_much_at_once_is_told_to_come_again(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "AT_ONCE", 3)
    monkeypatch.setattr(door, "UPLOADS_AT_ONCE", 2)
    made = create_app(State(sqlite_database, read_settings({}), NamingGate()))
    inside, leave = 0, asyncio.Event()

    @made.post("/v1/inventories/wait")
    async def wait(request: Request) -> dict[str, int]:
        nonlocal inside
        inside += 1
        await leave.wait()
        return {"bytes": len(await request.body())}

    async def together() -> list[int]:
        def post(name: bytes, role: bytes = b"admin") -> asyncio.Future[int]:
            return asyncio.ensure_future(posted(made, name, role))

        uploads = [post(b"2000000", role) for role in (b"admin", b"planner")]
        while inside < 2:
            await asyncio.sleep(0.01)
        third = await post(b"2000000", b"auditor")
        small = post(b"1")
        while inside < 3:
            await asyncio.sleep(0.01)
        fourth = await post(b"1")
        leave.set()
        done = [third, fourth, *[await one for one in [*uploads, small]]]
        return [*done, await post(b"2000000")]

    assert asyncio.run(together()) == [429, 429, 200, 200, 200, 200]


def test_the_uploads_of_one_actor_leave_places_to_others(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert door.UPLOADS_OF_ONE < door.UPLOADS_AT_ONCE
    monkeypatch.setattr(door, "UPLOADS_OF_ONE", 1)
    monkeypatch.setattr(door, "UPLOADS_AT_ONCE", 2)
    made = create_app(State(sqlite_database, read_settings({}), NamingGate()))
    inside, leave = 0, asyncio.Event()

    @made.post("/v1/inventories/wait")
    async def wait() -> None:
        nonlocal inside
        inside += 1
        await leave.wait()

    async def together() -> list[int]:
        first = asyncio.ensure_future(posted(made, b"2000000"))
        while inside < 1:
            await asyncio.sleep(0.01)
        second = await posted(made, b"2000000")
        other = asyncio.ensure_future(posted(made, b"2000000", b"planner"))
        while inside < 2:
            await asyncio.sleep(0.01)
        leave.set()
        return [second, await first, await other, await posted(made, b"2000000")]

    assert asyncio.run(together()) == [429, 200, 200, 200]


def test_one_actor_follows_so_many_runs_and_leaves_places_to_others(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "STREAMS_OF_ONE", 2)
    made = create_app(State(sqlite_database, read_settings({}), NamingGate()))
    inside, leave = 0, asyncio.Event()

    @made.get("/v1/wait/events")
    async def wait() -> None:
        nonlocal inside
        inside += 1
        await leave.wait()

    def follow(role: bytes) -> asyncio.Future[int]:
        return asyncio.ensure_future(posted(made, b"0", role, method="GET", path="/v1/wait/events"))

    async def together() -> list[int]:
        first = [follow(b"admin") for _ in range(2)]
        while inside < 2:
            await asyncio.sleep(0.01)
        third = await follow(b"admin")
        other = follow(b"planner")
        while inside < 3:
            await asyncio.sleep(0.01)
        leave.set()
        return [third, *[await one for one in first], await other, await follow(b"admin")]

    assert asyncio.run(together()) == [429, 200, 200, 200, 200]


def test_a_body_that_comes_in_drips_is_given_up_however_long_it_may_be(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each piece comes in time; together they would take for ever. By our clock each takes a second, however
    # busy this machine is.
    monkeypatch.setattr(sizes, "time", SimpleNamespace(monotonic=itertools.count().__next__))
    monkeypatch.setattr(sizes.Sizes.__init__, "__defaults__", (30.0, 5.0))
    made = application(sqlite_database)
    headers = [(b"authorization", b"Bearer admin::")]
    drips, read = chunks(100_000, 1), 0

    def counted() -> Iterator[bytes]:
        nonlocal read
        for one in drips:
            read += 1
            yield one

    answer = ask(made, "POST", "/v1/inventories/echo", headers, counted(), wait_s=0.01)
    assert (answer["status"], json.loads(answer["body"])["code"]) == (408, "dripping")
    assert read < 100
    # As slow in pieces, but of a size: 10 kB a second are enough.
    answer = ask(made, "POST", "/v1/inventories/echo", headers, chunks(40, 10_000), wait_s=0.01)
    assert answer["status"] == 200


def test_a_query_that_is_no_utf8_is_answered(sqlite_database: Database) -> None:
    # No server of ours lets one through; another one may.
    made = application(sqlite_database)
    headers = [(b"authorization", b"Bearer admin::"), (b"idempotency-key", b"k")]
    answer = ask(made, "GET", "/v1/me", headers, iter(()), query=b"x=\xff")
    assert (answer["status"], json.loads(answer["body"])["issues"][0]["column"]) == (422, "x")
    answer = ask(made, "POST", "/v1/inventories", headers, iter(()), query=b"name=\xff")
    assert answer["status"] == 201, answer


def test_who_may_not_send_is_told_so_before_the_body_is_read(sqlite_database: Database) -> None:
    made, read = application(sqlite_database), 0

    def body() -> Iterator[bytes]:
        nonlocal read
        read += 1
        yield b"{"

    kind = [(b"content-type", b"application/json")]
    for role, status, pieces in ((b"commune:12:03394", 403, 0), (b"province_planner:12:", 422, 1)):
        read = 0
        headers = [(b"authorization", b"Bearer " + role), *kind]
        answer = ask(made, "PATCH", "/v1/inventories/inv_1/provinces/12", headers, body())
        assert (answer["status"], read) == (status, pieces), answer


async def posted(
    app: FastAPI,
    length: bytes,
    role: bytes = b"admin",
    *,
    method: str = "POST",
    path: str = "/v1/inventories/wait",
) -> int:
    status = 0

    async def receive() -> Message:
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            if status == 429:
                wait = b"5" if int(length) > sizes.SMALL else b"1"  # an upload takes longer than a page
                assert dict(message["headers"])[b"retry-after"] == wait

    headers = [(b"host", b"x"), (b"authorization", b"Bearer " + role + b"::"), (b"content-length", length)]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": b"",
        "query_string": b"",
        "headers": headers,
        "client": None,
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
    }
    await app(scope, receive, send)
    return status
