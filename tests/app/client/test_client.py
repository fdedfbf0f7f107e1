from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from app.client import (
    Client,
    RunFailedError,
    ServiceUnreachableError,
    StaleError,
    StrangeAnswerError,
    WaitTimeoutError,
)
from app.client.errors import UnconditionalError
from app.client.transport import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def client(handler: Callable[[httpx2.Request], httpx2.Response]) -> Client:
    transport = httpx2.MockTransport(handler)
    return Client("http://surplan", "k", patience=Patience(tries=2, first_wait_s=0), transport=transport)


def answers(*given: httpx2.Response | Exception) -> tuple[Client, list[httpx2.Request]]:
    waiting, asked = list(given), list[httpx2.Request]()

    def handle(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        answer = waiting.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return client(handle), asked


def run(state: str, plan: str | None = None, *, pending: bool = False) -> httpx2.Response:
    document = {"id": "run_1", "state": state, "plan_id": plan, "plan_pending": pending, "reason": "x"}
    return httpx2.Response(200, json=document)


def test_waiting_asks_less_and_less_often_until_the_plan_is_there() -> None:
    surplan, asked = answers(
        run("QUEUED"), run("RUNNING"), *[run("CANCELLED", pending=True)] * 10, run("CANCELLED", "plan_1")
    )
    waits: list[float] = []
    seen: list[str] = []
    found = surplan.wait("run_1", sleep=waits.append, on_progress=lambda one: seen.append(one["state"]))
    assert found["plan_id"] == "plan_1"
    assert len(asked) == len(seen) == 13
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (0.1, 2.0)
    surplan.close()


def test_a_run_without_a_plan_is_an_error_that_says_why() -> None:
    surplan, _ = answers(run("FAILED"))
    with surplan, pytest.raises(RunFailedError, match="FAILED: x") as told:
        surplan.wait("run_1")
    assert told.value.run["id"] == "run_1"


def test_waiting_ends_in_time_and_leaves_the_run_alone() -> None:
    surplan, asked = answers(run("RUNNING"))
    with surplan, pytest.raises(WaitTimeoutError):
        surplan.wait("run_1", timeout_s=0.01)
    assert [request.method for request in asked] == ["GET"]


def test_lists_are_read_over_all_pages() -> None:
    surplan, asked = answers(
        httpx2.Response(200, json={"items": [{"id": 1}, {"id": 2}], "next": "c"}),
        httpx2.Response(200, json={"items": [{"id": 3}], "next": None}),
    )
    with surplan:
        assert [one["id"] for one in surplan.lines("plan_1", "transfers", province="12")] == [1, 2, 3]
    assert [request.url.params.get("after") for request in asked] == [None, "c"]
    assert {request.url.params["province"] for request in asked} == {"12"}


def frames(*numbers: int) -> bytes:
    entries = [{"number": number, "kind": "state", "data": {}, "at": "t"} for number in numbers]
    return "".join(f"data: {json.dumps(entry)}\n\n" for entry in entries).encode()


class Broken(httpx2.SyncByteStream):
    """A body that breaks off behind its beginning."""

    def __init__(self, beginning: bytes) -> None:
        self.beginning = beginning

    def __iter__(self) -> Iterator[bytes]:
        yield self.beginning
        raise httpx2.ReadError("broken off")


def page(*, ended: bool) -> httpx2.Response:
    return httpx2.Response(200, json={"items": [], "next": 0, "ended": ended})


def test_a_stream_that_breaks_is_taken_up_behind_the_last_event() -> None:
    surplan, asked = answers(
        httpx2.Response(200, stream=Broken(frames(1, 2))),
        page(ended=False),
        httpx2.Response(200, content=frames(3)),
        page(ended=True),
    )
    with surplan:
        assert [event["number"] for event in surplan.events("run_1")] == [1, 2, 3]
    assert [request.headers.get("Last-Event-ID") for request in asked] == ["0", None, "2", None]


def upload(changed: int) -> httpx2.Response:
    counts: dict[str, Any] = {"assets": {"added": changed, "changed": 0, "removed": 0}, "needs": {"added": 0}}
    return httpx2.Response(200, json={"stored": False, "changed": counts})


@pytest.mark.parametrize(("status", "kind"), [(412, StaleError), (428, UnconditionalError)])
def test_a_part_whose_first_answer_was_lost_is_known_by_its_content(
    tmp_path: Path, status: int, kind: type[Exception]
) -> None:
    table = tmp_path / "assets.csv"
    table.write_bytes(b"asset_id\n")
    refusal = httpx2.Response(status, json={"code": "stale"})
    lost = httpx2.ReadError("no answer")

    surplan, asked = answers(lost, refusal, upload(0))
    with surplan:
        surplan.put_part("inv_1", "12", [table], etag="e")
    assert [request.headers["If-Match"] for request in asked] == ['"e"', '"e"', "*"]
    assert asked[2].url.params["dry_run"] == "true"

    surplan, _ = answers(lost, refusal, upload(1))
    with surplan, pytest.raises(kind):
        surplan.put_part("inv_1", "12", [table], etag="e")

    surplan, asked = answers(refusal)
    with surplan, pytest.raises(kind):
        surplan.put_part("inv_1", "12", [table], etag="e")
    assert len(asked) == 1


def test_what_makes_something_is_sent_again_with_its_key_and_each_call_has_its_own(tmp_path: Path) -> None:
    table = tmp_path / "assets.csv"
    table.write_bytes(b"asset_id\n")
    calls: list[Callable[[Client], object]] = [
        lambda surplan: surplan.create_inventory("Xe"),
        lambda surplan: surplan.create_inventory("Xe", [table]),
        lambda surplan: surplan.create_scenario("Xe", "inv_1", {}),
        lambda surplan: surplan.create_variant("scn_1", "Xe", {"objective": None}),
        lambda surplan: surplan.create_province_variants("scn_1", "Xe"),
        lambda surplan: surplan.start_run("scn_1"),
        lambda surplan: surplan.replan("inv_1"),
    ]
    keys = set()
    for call in calls:
        surplan, asked = answers(httpx2.ReadError("lost"), httpx2.Response(201, json={"items": []}))
        with surplan:
            call(surplan)
        first, second = asked
        assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
        assert first.url == second.url
        assert len(first.content) == len(second.content)
        keys.add(first.headers["Idempotency-Key"])
    assert len(keys) == len(calls)


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b"[1]", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_answer_of_the_service_is_told_as_such(body: bytes) -> None:
    surplan, _ = answers(httpx2.Response(200, content=body))
    with surplan, pytest.raises(StrangeAnswerError, match="GET /v1/me: the answer is no Me"):
        surplan.me()
    surplan, _ = answers(httpx2.Response(200, json={"items": [1], "next": None}))
    with surplan, pytest.raises(StrangeAnswerError, match="no InventoryDocument"):
        list(surplan.inventories())


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    surplan, _ = answers(httpx2.Response(200, content=b"zip"), httpx2.ReadError("x"), httpx2.ReadError("x"))
    with surplan:
        assert surplan.download("plan_1", "zip", tmp_path / "a.zip").read_bytes() == b"zip"
        with pytest.raises(ServiceUnreachableError):
            surplan.download("plan_1", "zip", tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
