from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from fastapi import APIRouter, FastAPI, Request
from starlette.testclient import TestClient

from app.service.access.gate import KeyGate
from app.service.http.application import create_app
from app.service.http.rates import Rates
from app.service.http.state import State
from app.service.refusals import TooManyError
from app.service.store.database import Database
from app.settings import read_settings
from tests.app.service.serving import NamingGate, as_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


MB = 1_000_000


def application(database: Database, **environ: str) -> FastAPI:
    made = create_app(State(database, read_settings(environ), NamingGate()))
    router = APIRouter()

    @router.post("/v1/inventories/echo")
    async def upload(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    @router.post("/echo")
    async def small(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    @router.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError("a secret of ours")

    made.include_router(router)
    return made


@pytest.fixture
def hard(sqlite_database: Database) -> Iterator[TestClient]:
    made = application(sqlite_database, SURPLAN_MAX_UPLOAD_MB="2")
    with TestClient(made, raise_server_exceptions=False) as client:
        yield client


def chunks(count: int, size: int = 100_000) -> Iterator[bytes]:
    for _ in range(count):
        yield b"x" * size


def test_bodies_are_counted_whatever_they_say_of_their_length(hard: TestClient) -> None:
    admin = as_("admin")
    assert hard.post("/echo", content=b"x" * MB, headers=admin).json() == {"bytes": MB}
    assert hard.post("/v1/inventories/echo", content=b"x" * 2 * 2**20, headers=admin).status_code == 200
    for path, most, code in (
        ("/echo", MB, "body_too_large"),
        ("/v1/inventories/echo", 2 * 2**20, "too_large"),
    ):
        for body in (b"x" * (most + 1), chunks(most // 100_000 + 1)):
            answer = hard.post(path, content=body, headers=admin)
            assert (answer.status_code, answer.json()["code"]) == (413, code)
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.headers["Connection"] == "close"
    lying = admin | {"Content-Length": "5"}
    assert hard.post("/echo", content=chunks(11), headers=lying).status_code == 413


def test_a_body_that_is_too_large_is_told_the_limit_that_it_met(hard: TestClient) -> None:
    upload, small = "/v1/inventories/echo", "/echo"
    for lang in ("en", "vi"):
        for path, limit in ((upload, "2 MiB"), (small, "1 MB")):
            said = hard.post(f"{path}?lang={lang}", content=b"x" * (3 * MB), headers=as_("admin")).json()
            assert limit in said["detail"]
            # The setting is that of uploads alone: no other body gets larger by it.
            assert ("SURPLAN_MAX_UPLOAD_MB" in said["remedy"]) == (path == upload)


@pytest.mark.parametrize("length", ["-1", "1e3", "many", "9" * 30, "1, 2", ""])
def test_a_length_that_is_none_is_refused(hard: TestClient, length: str) -> None:
    answer = hard.post("/echo", content=b"x", headers=as_("admin") | {"Content-Length": length})
    assert (answer.status_code, answer.json()["code"]) == (400, "content_length")


def test_rates_are_those_of_the_key_and_of_the_address_without_one(sqlite_database: Database) -> None:
    made = application(sqlite_database, SURPLAN_RATE="3/hour")
    with TestClient(made) as client:
        for _ in range(3):
            assert client.get("/v1/me", headers=as_("planner")).status_code == 200
        refused = client.get("/v1/me?lang=vi", headers=as_("planner"))
        assert (refused.status_code, refused.json()["code"]) == (429, "rate")
        assert 1 <= int(refused.headers["Retry-After"]) <= 3600
        assert "3 per 1 hour" in refused.json()["detail"]
        # Others do not pay for it; strangers share the rate of their address, whatever they send.
        assert client.get("/v1/me", headers=as_("auditor")).status_code == 200
        codes = [client.get("/v1/me").status_code, client.post("/v1/keys").status_code]
        codes += [client.get("/").status_code, client.get("/").status_code]
        assert codes == [401, 401, 200, 429]


def test_a_rate_that_is_off_counts_nothing() -> None:
    rates = Rates(None)
    for _ in range(10_000):
        rates.count("x")
    counted = Rates("2/second")
    counted.count("x")
    counted.count("x")
    counted.count("y")
    with pytest.raises(TooManyError):
        counted.count("x")


def test_every_answer_has_an_id_and_keeps_browsers_from_guessing(hard: TestClient) -> None:
    addresses = ["/", "/v1/me", "/nowhere", "/openapi.json", "/broken", "/?token=wrong"]
    for address in addresses:
        answer = hard.get(address)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert len(answer.headers["X-Request-Id"]) == 16
    given = hard.get("/v1/me", headers={"X-Request-Id": "nhật-ký".encode().hex()})
    assert given.headers["X-Request-Id"] == given.json()["request_id"] == "nhật-ký".encode().hex()
    for bad in ("a b", "x" * 65, "a;b", ""):
        assert hard.get("/v1/me", headers={"X-Request-Id": bad}).headers["X-Request-Id"] != bad


def test_a_fault_of_ours_is_a_problem_document_without_its_cause(
    hard: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answers = {lang: hard.get(f"/broken?lang={lang}", headers=as_("admin")) for lang in ("en", "vi")}
    for answer in answers.values():
        assert (answer.status_code, answer.json()["code"]) == (500, "internal")
        assert answer.json()["request_id"] in answer.json()["remedy"]
        assert "secret" not in answer.text
        assert "ZeroDivision" not in answer.text
        assert any(answer.json()["request_id"] in record.getMessage() for record in caplog.records)
    assert answers["en"].json()["title"] != answers["vi"].json()["title"]


def test_a_database_that_is_away_is_told_to_come_again(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate = KeyGate(sqlite_database)
    made = create_app(State(sqlite_database, read_settings({}), gate))
    key = {"Authorization": f"Bearer sp_{'0' * 26}_{'a' * 52}"}
    with TestClient(made) as client:
        assert client.get("/v1/me", headers=key).status_code == 401
        gone = tmp_path / "gone" / "surplan.sqlite"
        gone.parent.mkdir()
        away = Database(f"sqlite:///{gone.as_posix()}")
        gone.parent.rmdir()
        monkeypatch.setattr(gate, "database", away)
        for method in ("GET", "POST"):
            answer = client.request(method, "/v1/keys?lang=vi", headers=key)
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert answer.headers["Retry-After"] == "2"
        assert client.get("/v1/health", headers=key).status_code == 200
        away.close()


def test_the_page_has_no_script_and_speaks_both_languages(hard: TestClient) -> None:
    page = hard.get("/")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "script" not in page.text
    assert "http" not in page.text.replace("https://", "http")  # it points nowhere else
    assert "Surplan runs" in page.text
    assert "Surplan đang chạy" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for path in ("/docs", "/redoc"):
        assert hard.get(path).status_code == 404
