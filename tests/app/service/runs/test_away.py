"""A worker that is told to stop while its database is away."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from app.service.store.engine import full_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.service.store.database import Database
    from tests.app.service.runs.stage import Stage


class Way:
    """A way to a server through this process, which can be cut."""

    def __init__(self, url: str) -> None:
        self._to = full_url(url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = [self._listener]
        self._threads: list[threading.Thread] = []
        self._begin(self._accept)
        port = self._listener.getsockname()[1]
        through = self._to.set(host="127.0.0.1", port=port, query={})
        self.url = through.render_as_string(hide_password=False)

    def _begin(self, act: Callable[..., None], *given: socket.socket) -> None:
        self._threads.append(threading.Thread(target=act, args=given))
        self._threads[-1].start()

    def _accept(self) -> None:
        with suppress(OSError):  # it was cut
            while True:
                here = self._listener.accept()[0]
                there = self._server()
                self._ends += [here, there]
                self._begin(self._pass_on, here, there)
                self._begin(self._pass_on, there, here)

    def _server(self) -> socket.socket:
        folder = self._to.query.get("host")
        if folder is None:
            return socket.create_connection((self._to.host or "", self._to.port or 5432))
        found = socket.socket(socket.AF_UNIX)
        found.connect(f"{folder}/.s.PGSQL.{self._to.port or 5432}")
        return found

    @staticmethod
    def _pass_on(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while some := one.recv(65536):
                other.sendall(some)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """Close it on both sides; a second time is none."""
        for one in self._ends:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for one in self._ends:
            one.close()


@pytest.fixture
def way(database: Database) -> Iterator[Way]:
    """The way of a worker to its database."""
    found = Way(database.url)
    yield found
    found.cut()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_worker_stops_while_its_database_is_away(stage: Stage, way: Way) -> None:
    given = {
        "url": way.url,
        "home": str(stage.home),
        "slot": "one",
        "act": "wait",
        "bounds": {"leave_s": 0.5},
    }
    worker = stage.spawn("tests.app.service.runs.worker_process", json.dumps(given))
    assert worker.stdout is not None
    told: list[str] = []
    heard = threading.Thread(
        target=lambda: told.extend(worker.stdout or ())
    )  # it tells more than a pipe holds
    heard.start()
    (run,) = stage.queue()
    stage.until_reached()
    way.cut()
    stage.until(lambda: any("worker.no_beat" in line for line in told), "a beat that failed")
    worker.terminate()
    assert worker.wait(60) == 0
    heard.join()
    assert any("worker.stopped" in line for line in told)
    assert stage.run(run).state == "RUNNING"  # nobody could say that it is not; others will see
