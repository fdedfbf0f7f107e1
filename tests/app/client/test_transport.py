from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from app.client.errors import InvalidError, RefusedError, ServiceUnreachableError, StaleError
from app.client.transport import KEY_HEADER, Patience, Transport

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = httpx2.Response | Exception


class Service:
    """Gives its answers in turn and remembers what was asked, and how long the client waited."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[httpx2.Request] = []
        self.waits: list[float] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, tries: int = 4) -> Transport:
        patience = Patience(tries=tries, first_wait_s=1.0, longest_wait_s=3.0)
        transport = httpx2.MockTransport(self)
        return Transport(
            "http://surplan", "sp_1_2", patience=patience, sleep=self.waits.append, transport=transport
        )


def gone() -> Exception:
    return httpx2.ConnectError("nobody there")


def done() -> httpx2.Response:
    return httpx2.Response(200, json={"ok": True})


def test_a_read_is_sent_again_until_the_service_is_back() -> None:
    service = Service(gone(), httpx2.Response(503), httpx2.Response(502), done())
    with service.client() as client:
        assert client.request("GET", "/v1/me").json() == {"ok": True}
    assert len(service.asked) == 4
    assert all(0 <= wait <= limit for wait, limit in zip(service.waits, [1, 2, 3], strict=True))


def test_it_waits_as_long_as_it_is_told_to_but_no_longer_than_its_patience() -> None:
    service = Service(
        httpx2.Response(429, headers={"Retry-After": "2"}),
        httpx2.Response(429, headers={"Retry-After": "9000"}),
        httpx2.Response(429, headers={"Retry-After": "soon"}),
        done(),
    )
    with service.client() as client:
        client.request("GET", "/v1/me")
    assert service.waits[:2] == [2.0, 3.0]
    assert 0 <= service.waits[2] <= 3


def test_a_post_without_a_key_is_sent_once() -> None:
    service = Service(gone(), done())
    with service.client() as client, pytest.raises(ServiceUnreachableError):
        client.request("POST", "/v1/keys", json={})
    assert len(service.asked) == 1


def test_a_post_with_a_key_is_sent_again_with_the_same_key() -> None:
    service = Service(gone(), httpx2.Response(504), done())
    with service.client() as client:
        client.request("POST", "/v1/runs", idempotent=True, json={"scenario_id": "x"})
        service.answers.append(done())
        client.request("POST", "/v1/runs", idempotent=True, json={"scenario_id": "x"})
    keys = [request.headers[KEY_HEADER] for request in service.asked]
    assert keys[0] == keys[1] == keys[2] != keys[3]


@pytest.mark.parametrize(("status", "kind"), [(412, StaleError), (422, InvalidError), (409, RefusedError)])
def test_a_refusal_is_told_at_once_with_all_that_the_document_says(
    status: int, kind: type[RefusedError]
) -> None:
    issue = {"file": "assets.csv", "row": 3, "column": "units", "code": "units_low", "message": "Too few."}
    document = {
        "code": "fields",
        "detail": "Wrong.",
        "remedy": "Mend it.",
        "issues": [issue] * 12,
        "request_id": "r1",
    }
    service = Service(httpx2.Response(status, json=document))
    with service.client() as client, pytest.raises(kind) as told:
        client.request("GET", "/v1/me")
    assert (told.value.status, told.value.code, told.value.request_id) == (status, "fields", "r1")
    assert len(told.value.issues) == 12
    lines = str(told.value).splitlines()
    assert lines[:3] == [f"{status} fields: Wrong.", "Mend it.", "  assets.csv 3 units: units_low: Too few."]
    assert lines[-1] == "... 2 more in .issues"
    assert len(service.asked) == 1


@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"[1]", b"\xff"])
def test_an_answer_of_a_proxy_is_no_problem_document_and_no_crash(body: bytes) -> None:
    service = Service(*[httpx2.Response(502, content=body) for _ in range(2)])
    with service.client(tries=2) as client, pytest.raises(RefusedError) as told:
        client.request("GET", "/v1/me")
    assert told.value.code == "http_502"


def test_after_the_last_try_it_says_that_nobody_answered() -> None:
    service = Service(gone(), gone(), gone())
    with service.client(tries=3) as client, pytest.raises(ServiceUnreachableError, match="nobody there"):
        client.request("PUT", "/v1/x", content=b"")
    assert len(service.waits) == 2


def test_every_request_carries_the_key_and_the_language() -> None:
    service = Service(done())
    transport = httpx2.MockTransport(service)
    with Transport("http://surplan/under/", "sp_1_2", lang="vi", transport=transport) as client:
        client.request("GET", "/v1/me")
    request = service.asked[0]
    assert request.headers["Authorization"] == "Bearer sp_1_2"
    assert request.headers["Accept-Language"] == "vi"
    assert str(request.url) == "http://surplan/under/v1/me"


def breaking() -> Callable[[httpx2.Request], httpx2.Response]:
    def answer(_request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadError("broken off")

    return answer


def test_a_stream_that_breaks_off_says_so() -> None:
    with (
        Transport("http://surplan", "k", transport=httpx2.MockTransport(breaking())) as client,
        pytest.raises(ServiceUnreachableError, match="broken off"),
        client.stream("/v1/runs/r/events"),
    ):
        pytest.fail("there is nothing to stream")
