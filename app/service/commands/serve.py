"""``surplan serve``: HTTP and, unless told otherwise, a worker, in this process until it is told to stop."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import os
import re
import signal
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from app.console import emit, note, visible
from app.errors import UsageError
from app.failures import DONE, INTERNAL, WRONG_INPUT
from app.service.access.browser import BrowserToken
from app.service.access.gate import KeyGate
from app.service.access.keys import has_admin
from app.service.commands.opening import opened
from app.service.http.application import create_app
from app.service.http.below import Below
from app.service.http.state import State
from app.service.operations import logs
from app.service.store.actor import SYSTEM
from app.settings import read_settings
from app.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from app.service.runs.engine import Engine
    from app.service.store.database import Database
    from app.talk import Talk

#: Seconds that requests in work have when the service is told to stop.
PATIENCE_S = 30
_WHY_NOT = {
    errno.EADDRINUSE: "port_used",
    errno.EACCES: "port_forbidden",
    errno.EPERM: "port_forbidden",
    errno.EADDRNOTAVAIL: "host_elsewhere",
}


@dataclass(frozen=True)
class Wanted:
    """Options of the command; `token` None leaves it to whether there are keys."""

    host: str
    port: int
    root_path: str
    worker: bool
    token: bool | None
    proxies: str | None


def serve(wanted: Wanted, talk: Talk) -> int:
    """Serve until SIGTERM, Ctrl-C, or another process has its worker's place; returns the exit code.

    Raises
    ------
    UsageError
        When host or port cannot be had, or anybody in the network, or nobody at all, could come in.
    """
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", wanted.root_path):
        raise UsageError("root_path", value=repr(wanted.root_path))
    settings = read_settings()
    with listening(wanted.host, wanted.port) as listener, opened(settings) as database:
        host, port = listener.getsockname()[:2]
        own = ipaddress.ip_address(host.partition("%")[0]).is_loopback
        token = _token(database, wanted, own=own, port=port)
        state = State(database, settings, KeyGate(database, token))
        if token is not None:
            state.loopback_hosts = frozenset({wanted.host.lower()})
        app = create_app(state)
        config = uvicorn.Config(
            Below(app, wanted.root_path) if wanted.root_path else app,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=wanted.proxies is not None,
            forwarded_allow_ips=wanted.proxies or "",
            timeout_graceful_shutdown=PATIENCE_S,
        )
        shown = f"[{host}]" if ":" in host else host
        secret = f"?token={token.token}" if token is not None else ""
        address = f"http://{shown}:{port}{wanted.root_path}/{secret}"
        server = _Server(
            config,
            on_start=lambda: emit(say(talk.lang, "serve.at", address=address)),
            on_stop=lambda: note(say(talk.lang, "serve.stops")),
            end_streams=state.streams.stop,
        )
        logs.configure(settings)
        with _worker(state, wanted) as engine, _together(engine, server, talk):
            _run(server, listener)
    replaced = engine is not None and engine.wait(0)
    if not (server.started or replaced):
        return INTERNAL
    note(say(talk.lang, "serve.stopped"))
    return WRONG_INPUT if replaced else DONE


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises
    ------
    UsageError
        When there is no such address, it is none of this machine, or the port cannot be had there.
    """
    words = {"host": visible(host) or '""', "port": str(port)}
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise UsageError("host_unknown", **words) from error
    family, _, _, _, address = found[0]
    try:
        bound = socket.create_server(address, family=family, backlog=1024)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise UsageError(_WHY_NOT.get(error.errno or 0, "host_unusable"), **words, reason=reason) from error
    # asyncio sends small answers at once (TCP_NODELAY) only where a socket says that it is of TCP; else
    # each answer of two packets waits 40 ms for an acknowledgement.
    return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=bound.detach())


def _token(database: Database, wanted: Wanted, *, own: bool, port: int) -> BrowserToken | None:
    """Return the token of this process, or None where keys alone let in."""
    with database.reading(SYSTEM) as session:
        keys = has_admin(session)
    if not own and not keys:
        raise UsageError("no_keys", host=wanted.host)
    if not own:
        return None  # the address with its token would travel through the network unencrypted
    if wanted.token is False and not keys:
        raise UsageError("no_token")
    with_token = not keys if wanted.token is None else wanted.token
    return BrowserToken(cookie_name=f"surplan_{port}") if with_token else None


@contextmanager
def _worker(state: State, wanted: Wanted) -> Iterator[Engine | None]:
    """Run runs within the block, unless others do; they end before the application does."""
    if not wanted.worker:
        yield None
        return
    from app.service.runs.attempt import Bounds
    from app.service.runs.engine import Engine

    settings = state.settings
    bounds = Bounds(memory_mb=settings.run_memory_mb)
    engine = Engine(
        state.database,
        settings.home,
        settings.lang,
        concurrency=settings.run_concurrency,
        bounds=bounds,
        zone=settings.timezone,
    )
    state.wake = engine.wake
    state.closers.append(engine.stop)
    try:
        yield engine
    finally:
        engine.stop()  # once more does nothing; the application may not have come to it


@contextmanager
def _together(engine: Engine | None, server: _Server, talk: Talk) -> Iterator[None]:
    """Stop the service when another process has its worker's place: runs would only queue."""
    if engine is None:
        yield
        return
    ended = threading.Event()

    def watch() -> None:
        while not ended.is_set():
            if engine.wait(0.5):
                note(say(talk.lang, "worker.service_replaced", slot=engine.name))
                server.end()
                return

    watcher = threading.Thread(target=watch, name="worker-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


class _Server(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        *,
        on_start: Callable[[], None],
        on_stop: Callable[[], None],
        end_streams: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._on_start = on_start
        self._on_stop = on_stop
        self._end_streams = end_streams
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if self.started:
            self._on_start()

    def end(self) -> None:
        """Finish the requests in work and stop."""
        self._prepare_to_stop()
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._prepare_to_stop()
        super().handle_exit(sig, frame)

    def _prepare_to_stop(self) -> None:
        if self._loop is not None and not self.should_exit:
            self._on_stop()
            self._loop.call_soon_threadsafe(self._end_streams)


def _run(server: _Server, listener: socket.socket) -> None:
    """Run until a signal; uvicorn raises it once more at its end, when it has done its work already."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True  # one that comes before uvicorn listens to them is not lost

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run(sockets=[listener])
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
