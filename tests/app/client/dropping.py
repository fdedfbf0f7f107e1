"""A way to the service that loses answers: what was asked is done, and nobody hears of it."""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY = re.compile(rb"^idempotency-key: (\S+)", re.IGNORECASE | re.MULTILINE)
_PIECE = 1 << 16


class Dropping(socketserver.ThreadingTCPServer):
    """Passes everything on, but hangs up when the first answer to a request with a key comes.

    Attributes
    ----------
    asked
        Keys in the order in which they came.
    """

    def __init__(self, service: str) -> None:
        address = urlsplit(service)
        self.service = (str(address.hostname), int(address.port or 80))
        self.asked: list[bytes] = []
        self.lost: set[bytes] = set()
        super().__init__(("127.0.0.1", 0), _Passage)


class _Passage(socketserver.BaseRequestHandler):
    server: Dropping

    def setup(self) -> None:
        self.key: bytes | None = None  # of the request that waits for its answer

    def handle(self) -> None:
        with socket.create_connection(self.server.service) as service:
            asking = threading.Thread(target=self._ask, args=(service,))
            asking.start()
            while answer := service.recv(_PIECE):
                if self.key is not None and self.key not in self.server.lost:
                    self.server.lost.add(self.key)
                    break
                self.request.sendall(answer)
            for end in (self.request, service):
                with suppress(OSError):  # the other side may have hung up first
                    end.shutdown(socket.SHUT_RDWR)
            asking.join()

    def _ask(self, service: socket.socket) -> None:
        with suppress(OSError):
            while asked := self.request.recv(_PIECE):
                if b"HTTP/1.1\r\n" in asked:  # a request begins
                    found = _KEY.search(asked)
                    self.key = None if found is None else found[1]
                    if self.key is not None:
                        self.server.asked.append(self.key)
                service.sendall(asked)
            service.shutdown(socket.SHUT_RDWR)


@contextmanager
def dropping(service: str) -> Iterator[tuple[str, Dropping]]:
    """Yield the address of a way to a service, and what was lost on it."""
    with Dropping(service) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", server
        finally:
            server.shutdown()
            thread.join()
