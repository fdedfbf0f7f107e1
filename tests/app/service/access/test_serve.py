"""`surplan serve` as a process: its token, its cookie, whom it refuses, and how it stops."""

from __future__ import annotations

import errno
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx2
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.cli import application
from app.service.commands.serve import listening
from app.service.store.actor import SYSTEM
from app.service.store.database import Database
from app.service.store.models import Inventory, Run, Scenario, Worker
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[4]


class Service(NamedTuple):
    """A process of `surplan serve` that is up."""

    process: subprocess.Popen[str]
    origin: str
    token: str | None
    client: httpx2.Client

    def stop(self, sign: signal.Signals) -> tuple[int, str]:
        """Tell it to stop; returns its exit code and what it said."""
        self.process.send_signal(sign)
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said


def environment(home: Path, **more: str) -> dict[str, str]:
    names = {"SURPLAN_HOME": str(home), "SURPLAN_LOG": "warning", "SURPLAN_LANG": "en", **more}
    return {name: value for name, value in os.environ.items() if name != "SURPLAN_DATABASE_URL"} | names


def refused(*arguments: str) -> tuple[int, str]:
    """Return how `surplan serve` ends where it must not start."""
    result = CliRunner().invoke(application, ["serve", "--port", "0", *arguments])
    assert result.stdout == ""
    return result.exit_code, result.stderr


@contextmanager
def serving(home: Path, *arguments: str, **more: str) -> Iterator[Service]:
    with subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--port", "0", "--no-worker", *arguments],
        cwd=ROOT,
        env=environment(home, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.fullmatch(r"Surplan is at (http://[^/]+)(/\S*?)(?:\?token=(\S+))?\n", line)
            assert found is not None, (line, process.stderr.read() if process.stderr else "")
            with httpx2.Client(base_url=found[1] + found[2], timeout=10) as client:
                yield Service(process, found[1], found[3], client)
        finally:
            if process.poll() is None:
                process.kill()


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service on a new home, without keys."""
    with serving(tmp_path_factory.mktemp("serve") / "home") as service:
        yield service


def bearer(service: Service) -> dict[str, str]:
    return {"Authorization": f"Bearer {service.token}"}


def test_the_token_lets_in_one_browser_once_and_programs_until_the_end(local: Service) -> None:
    assert local.token is not None
    assert len(local.token) == 43  # 256 bits
    assert local.client.get("/v1/me").status_code == 401
    first = local.client.get("/", params={"token": local.token})
    assert (first.status_code, first.headers["Location"]) == (303, "/")
    cookie = first.headers["Set-Cookie"]
    assert re.fullmatch(r"surplan_\d+=[\w-]{43}; HttpOnly; Path=/; SameSite=strict", cookie)
    assert local.token not in cookie
    me = local.client.get("/v1/me")  # the client keeps cookies, as a browser does
    assert (me.status_code, me.json()["role"]) == (200, "admin")
    assert local.client.get("/", params={"token": local.token}).status_code == 303  # the same browser again
    with httpx2.Client(base_url=local.origin) as other:
        second = other.get("/", params={"token": local.token})
        assert second.status_code == 403
        assert "used already" in second.text
        assert "đã được dùng" in second.text
        assert "Set-Cookie" not in second.headers
        assert other.get("/v1/me").status_code == 401
        assert other.get("/v1/me", headers=bearer(local)).status_code == 200
        wrong = other.get("/", params={"token": "x" * 43})
        assert wrong.status_code == 403


def test_head_is_answered_on_a_connection_that_stays_usable(local: Service) -> None:
    host, port = local.origin.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    for method, path, status in (
        ("HEAD", "/v1/health", 200),
        ("HEAD", "/openapi.json", 200),
        ("HEAD", "/v1/me", 401),
        ("HEAD", "/nowhere", 404),
        ("GET", "/v1/health", 200),
    ):
        connection.request(method, path)
        answer = connection.getresponse()
        assert (answer.status, answer.read() == b"") == (status, method == "HEAD")
        assert int(answer.headers["Content-Length"]) > 0
    connection.close()


def test_head_does_not_use_the_token_up(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as service:
        assert service.client.head("/", params={"token": service.token or ""}).status_code == 403
        first = service.client.get("/", params={"token": service.token or ""})
        assert (first.status_code, "Set-Cookie" in first.headers) == (303, True)


def test_another_site_cannot_use_the_browsers_session(local: Service) -> None:
    local.client.get("/", params={"token": local.token})
    body = {"name": "a", "role": "auditor"}
    for headers in (
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": local.origin, "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site"},
    ):
        answer = local.client.post("/v1/keys", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    reading = local.client.get("/v1/me", headers={"Sec-Fetch-Site": "cross-site"})
    assert reading.status_code == 403
    assert local.client.get("/v1/keys").json()["items"] == []
    own = local.client.post("/v1/keys", json=body, headers={"Origin": local.origin})
    assert own.status_code == 201
    assert local.client.post("/v1/keys", json=body, headers=bearer(local)).status_code == 201


def test_a_name_that_points_at_this_machine_is_refused(local: Service) -> None:
    port = local.origin.rpartition(":")[2]
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "127.0.0.2", ""):
        answer = local.client.get("/v1/me", headers={"Host": host} | bearer(local))
        assert (answer.status_code, answer.json()["code"]) == (403, "host"), host
    for host in ("localhost", f"LOCALHOST:{port}", "127.0.0.1", f"[::1]:{port}"):
        assert local.client.get("/v1/me", headers={"Host": host} | bearer(local)).status_code == 200


def test_another_start_has_another_token(local: Service, tmp_path: Path) -> None:
    with serving(tmp_path / "other", "--root-path", "/surplan", SURPLAN_LANG="en") as other:
        assert other.token != local.token
        assert local.client.get("/v1/me", headers=bearer(other)).status_code == 401
        # A proxy may take the path away before it asks, or leave it.
        assert httpx2.get(f"{other.origin}/v1/health").status_code == 200
        assert httpx2.get(f"{other.origin}/surplan/v1/health").status_code == 200
        exchanged = httpx2.get(f"{other.origin}/surplan/", params={"token": other.token or ""})
        assert exchanged.headers["Location"] == "/surplan/"
        assert "Path=/surplan/" in exchanged.headers["Set-Cookie"]
        code, said = other.stop(signal.SIGTERM)
    assert (code, "Surplan has stopped." in said) == (0, True)


def made_key(role: str) -> tuple[str, dict[str, str]]:
    """Make a key on the machine; returns its id, and the header with it."""
    result = CliRunner().invoke(application, ["keys", "create", "Bộ", "--role", role, "--json"])
    made = json.loads(result.stdout)
    return made["id"], {"Authorization": f"Bearer {made['key']}"}


def test_without_a_key_it_serves_this_machine_alone() -> None:
    for arguments in (["--host", "0.0.0.0"], ["--host", "::"], ["--no-token"]):
        code, said = refused(*arguments)
        assert (code, "surplan keys create NAME --role admin" in said) == (2, True), said
    code, said = refused("--host", "0.0.0.0", "--lang", "vi")
    assert (code, "chưa có khóa quản trị" in said) == (2, True), said
    # Only an administrator's key counts, and only one that holds.
    made_key("planner")
    assert refused("--host", "0.0.0.0")[0] == 2
    key_id, _ = made_key("admin")
    assert CliRunner().invoke(application, ["keys", "revoke", key_id]).exit_code == 0
    assert refused("--host", "0.0.0.0")[0] == 2


def test_with_keys_it_serves_all_under_any_name_and_prints_no_token(home: Path) -> None:
    _, headers = made_key("admin")
    with serving(home, "--host", "0.0.0.0") as service:
        assert service.token is None
        port = service.origin.rpartition(":")[2]
        answer = httpx2.get(f"http://127.0.0.1:{port}/v1/me", headers=headers | {"Host": "surplan.example"})
        assert (answer.status_code, answer.json()["name"]) == (200, "Bộ")
        assert httpx2.get(f"http://127.0.0.1:{port}/v1/me").status_code == 401
        assert httpx2.get(f"http://127.0.0.1:{port}/?token=x").status_code == 403
    with serving(home) as service:
        assert service.token is None
    with serving(home, "--token") as service:
        assert service.token is not None


def test_a_port_that_cannot_be_had_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = refused("--port", port)
    assert (code, f"Port {port} is taken" in said, "--port 0" in said) == (2, True, True)
    for port in ("99999", "-1", "http"):
        code, said = refused("--port", port)
        assert (code, "--port" in said) == (2, True)


@pytest.mark.parametrize(
    ("host", "said_of_it"),
    [
        ("no.such.host.invalid", "no address of that name"),
        ("", "no address of that name"),
        ("a" * 70, "no address of that name"),
        ("192.0.2.1", "no address of this machine"),  # kept free for documentation: nobody's
        ("2001:db8::1", "no address of this machine"),
        ("fe80::1", "Nothing can listen"),  # of a network that is not named
    ],
)
def test_a_host_that_it_cannot_listen_at_is_named_and_not_its_port(host: str, said_of_it: str) -> None:
    code, said = refused("--host", host)
    assert (code, said_of_it in said, "--port 0" in said, "127.0.0.1" in said) == (2, True, False, True), said
    code, said = refused("--host", host, "--lang", "vi")
    assert (code, "--host" in said, "Traceback" in said) == (2, True, False)


def test_a_port_of_administrators_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whether a user may have it depends on the machine; this is what the machine says where one may not.
    def forbidden(*_address: object, **_options: object) -> socket.socket:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket, "create_server", forbidden)
    for lang, words in (("en", "ports below 1024"), ("vi", "các cổng dưới 1024")):
        code, said = refused("--port", "80", "--lang", lang)
        assert (code, words in said) == (2, True), said


def test_what_stands_in_its_way_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = refused("--root-path", "surplan/")
    assert (code, "--root-path" in said) == (2, True)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        gone = closed.getsockname()[1]
    monkeypatch.setenv("SURPLAN_DATABASE_URL", f"postgresql://someone:a-secret@127.0.0.1:{gone}/surplan")
    code, said = refused()
    assert (code, "SURPLAN_DATABASE_URL" in said, "a-secret" in said) == (1, True, False)
    monkeypatch.setenv("SURPLAN_DATABASE_URL", f"sqlite:///{tmp_path}/named.sqlite")
    code, said = refused()
    assert (code, "surplan db upgrade" in said) == (1, True)
    monkeypatch.delenv("SURPLAN_DATABASE_URL")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SURPLAN_HOME", str(tmp_path / "file" / "below"))
    code, said = refused()
    assert (code, "SURPLAN_HOME" in said) == (1, True)


def test_with_a_worker_it_is_ready_and_stops_with_it(tmp_path: Path) -> None:
    with serving(tmp_path, "--worker") as service:
        assert service.client.get("/v1/ready").json()["status"] == "ready"
        code, said = service.stop(signal.SIGINT)
    assert (code, "Surplan has stopped." in said, "Traceback" in said) == (0, True, False)
    database = Database(f"sqlite:///{(tmp_path / 'surplan.sqlite').as_posix()}")
    with database.reading(SYSTEM) as session:
        assert session.scalars(sa.select(Worker)).all() == []  # it left the roster
    database.close()


def test_it_stops_when_another_process_has_its_workers_place(tmp_path: Path) -> None:
    with serving(tmp_path, "--worker") as service:
        database = Database(f"sqlite:///{(tmp_path / 'surplan.sqlite').as_posix()}")
        with database.writing(SYSTEM) as session:
            (worker,) = session.scalars(sa.select(Worker)).all()
            worker.incarnation = "of another process"
        database.close()
        _, said = service.process.communicate(timeout=30)
    assert service.process.returncode == 1
    assert "Another process has this service's place" in said
    assert said.endswith("Surplan has stopped.\n")


def test_it_stops_in_good_order_with_a_stream_open(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        _add_waiting_run(tmp_path)
        headers = bearer(service) | {"Accept": "text/event-stream"}
        for _ in range(3):  # HEAD of a stream ends by itself
            head = service.client.head("/v1/runs/run_1/events", headers=headers)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["Content-Type"].startswith("text/event-stream")
        ended = threading.Event()
        with service.client.stream("GET", "/v1/runs/run_1/events", headers=headers, timeout=20) as stream:
            assert stream.headers["Content-Type"].startswith("text/event-stream")

            def read() -> None:
                for _ in stream.iter_bytes():
                    pass
                ended.set()  # in good order: a connection that breaks raises

            reader = threading.Thread(target=read)
            reader.start()
            assert not ended.wait(0.3)
            service.process.send_signal(signal.SIGTERM)
            assert ended.wait(10)
            reader.join()
        assert service.process.wait(10) == 0
        assert service.process.stderr is not None
        said = service.process.stderr.read()
    assert "Surplan stops" in said
    assert said.endswith("Surplan has stopped.\n")
    assert "Traceback" not in said


def _add_waiting_run(home: Path) -> None:
    database = Database(f"sqlite:///{(home / 'surplan.sqlite').as_posix()}")
    by = {"created_at": utc_now(), "created_by": "x"}
    with database.writing(SYSTEM) as session:
        session.add(Inventory(id="inv_1", name="Kho", head=1, **by))
        session.flush()
        texts = {"given": {}, "resolved": {}, "sha256": "0" * 64, "replan_on_version": False}
        session.add(Scenario(id="scen_1", name="Xe", inventory_id="inv_1", **texts, **by))
        session.flush()
        run = {"cause": "asked", "state": "QUEUED", "inventory_id": "inv_1", "inventory_version": 1}
        session.add(Run(id="run_1", scenario_id="scen_1", **run, **by))
    database.close()


def test_small_answers_are_sent_at_once() -> None:
    # asyncio sets TCP_NODELAY where a socket says that it is of TCP; accepted sockets say what this one says.
    with listening("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP
        assert listener.getsockname()[1] > 0
