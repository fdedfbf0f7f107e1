"""Uploads are checked a few at once; who waits, and a large body that is read, keep nobody else waiting."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from app.service.http import sizes, strict_route
from app.service.http.strict_json import strict_json
from app.service.http.turns import Turns
from app.service.inventories import creating, endpoints
from app.service.refusals import TooManyError
from tests.app.service.inventories.uploads import LAI_CHAU, MINISTRY, ROOT, car, etag_of, made, need, post

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from httpx2 import Response
    from starlette.testclient import TestClient

_LONG_S = 30.0


class Counted(Turns):
    """Turns that count who asked for one."""

    def __init__(self, patience_s: float) -> None:
        super().__init__(2, patience_s)
        self.asked = threading.Semaphore(0)

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        self.asked.release()
        async with super().taken():
            yield


class Held:
    """Work that is held until the test has seen enough."""

    def __init__(self) -> None:
        self.began, self.leave = threading.Semaphore(0), threading.Event()

    def wait(self) -> None:
        self.began.release()
        assert self.leave.wait(_LONG_S)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Checks of new inventories, held."""
    found, check = Held(), creating.check_new

    def check_held(*given: Any) -> Any:  # noqa: ANN401  # as of `check_new`
        found.wait()
        return check(*given)

    monkeypatch.setattr(endpoints, "check_new", check_held)
    return found


def with_turns(client: TestClient, patience_s: float, monkeypatch: pytest.MonkeyPatch) -> Counted:
    turns = Counted(patience_s)
    state = client.app.state.surplan  # type: ignore[attr-defined]  # the application is ours
    monkeypatch.setattr(state, "checking", turns)
    return turns


def test_the_third_waits_for_a_turn_and_has_it_when_one_is_free() -> None:
    async def together() -> list[str]:
        turns, leave, seen = Turns(2, _LONG_S), asyncio.Event(), list[str]()

        async def work(name: str) -> None:
            async with turns.taken():
                seen.append(name)
                await leave.wait()

        tasks = [asyncio.ensure_future(work(name)) for name in "abc"]
        for _ in range(10):
            await asyncio.sleep(0)
        assert seen == ["a", "b"]
        leave.set()
        await asyncio.gather(*tasks)
        return seen

    assert asyncio.run(together()) == ["a", "b", "c"]


def test_a_turn_is_free_again_after_work_that_fails_and_after_a_wait_in_vain() -> None:
    async def one_after_the_other() -> None:
        turns = Turns(1, 0.01)
        with pytest.raises(ZeroDivisionError):
            async with turns.taken():
                raise ZeroDivisionError
        async with turns.taken():
            with pytest.raises(TooManyError) as told:
                async with turns.taken():
                    pass
        assert told.value.headers == {"Retry-After": "5"}
        texts = {str(told.value.document(lang)["detail"]) for lang in ("en", "vi")}
        assert len(texts) == 2
        assert all("1" in text for text in texts)
        async with turns.taken():
            pass

    asyncio.run(one_after_the_other())


def test_a_third_upload_of_any_size_is_told_to_come_again(
    sqlite_client: TestClient, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.leave.set()
    address = made(sqlite_client, [car("A")], [need("N")])
    part = f"{address}/provinces/12"
    match = LAI_CHAU | {"If-Match": etag_of(sqlite_client, address, "12")}
    assert held.began.acquire(timeout=_LONG_S)
    held.leave.clear()
    with_turns(sqlite_client, 0.05, monkeypatch)
    change = {"assets": {"upsert": [{"asset_id": "A", "units": 2}]}}
    with ThreadPoolExecutor(2) as threads:
        inside = [threads.submit(post, sqlite_client, [car("A")], [need("N")]) for _ in range(2)]
        for _ in inside:
            assert held.began.acquire(timeout=_LONG_S)
        refused = [
            post(sqlite_client, [car("A")], [need("N")]),
            sqlite_client.put(part, json={"assets": [car("A")], "needs": [need("N")]}, headers=match),
            sqlite_client.patch(part, json=change, headers=match),
            sqlite_client.delete(f"{address}/tables/norms", headers=MINISTRY),
        ]
        held.leave.set()
        answers = [one.result(_LONG_S) for one in inside]
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (429, "checked_at_once")
        assert answer.headers["Retry-After"] == "5"
    assert [one.status_code for one in answers] == [201, 201]
    assert sqlite_client.patch(part, json=change, headers=match).status_code == 200


def test_uploads_that_wait_hold_no_thread_that_others_are_answered_by(
    sqlite_client: TestClient, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, count = with_turns(sqlite_client, _LONG_S, monkeypatch), 45  # more than there are threads

    def send() -> Response:
        return sqlite_client.post(ROOT, json={"name": "x"}, headers=MINISTRY)

    with ThreadPoolExecutor(count) as threads:
        sent = [threads.submit(send) for _ in range(count)]
        for _ in range(count):
            assert turns.asked.acquire(timeout=_LONG_S)
        listed = sqlite_client.get(ROOT, headers=MINISTRY)
        held.leave.set()
        answers = [one.result(_LONG_S) for one in sent]
    assert (listed.status_code, listed.json()["items"]) == (200, [])
    assert {one.status_code for one in answers} == {201}


def test_while_a_large_body_is_read_others_are_answered(
    sqlite_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = made(sqlite_client, [car("A")], [need("N")])
    part = f"{address}/provinces/12"
    headers = LAI_CHAU | {"If-Match": etag_of(sqlite_client, address, "12")}
    found, read = Held(), strict_json

    def read_held(content: bytes) -> Any:  # noqa: ANN401  # any JSON value
        found.wait()
        return read(content)

    monkeypatch.setattr(strict_route, "strict_json", read_held)
    body = {"assets": {"upsert": [{"asset_id": "A", "note": "đ" * 100_000}]}}
    with ThreadPoolExecutor(1) as thread:
        sent = thread.submit(sqlite_client.patch, part, json=body, headers=headers)
        assert found.began.acquire(timeout=_LONG_S)
        health = sqlite_client.get("/v1/health")
        assert not sent.done()
        found.leave.set()
        answer = sent.result(_LONG_S)
    assert health.status_code == 200
    assert (answer.status_code, answer.json()["stored"]) == (200, True)


def test_changes_of_rows_have_a_limit_of_their_own(
    sqlite_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes, "CHANGES", 2_000_000)
    address = made(sqlite_client, [car("A")], [need("N")])
    for lang in ("en", "vi"):
        answer = sqlite_client.patch(
            f"{address}/provinces/12?lang={lang}",
            content=b" " * 2_000_001,
            headers=LAI_CHAU | {"Content-Type": "application/json"},
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "changes_too_large")
        assert "2 MB" in answer.json()["detail"]
