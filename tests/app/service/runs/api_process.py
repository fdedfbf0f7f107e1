"""The API in a process of its own, without a worker, which a test may kill: ``python -m ... URL``."""

from __future__ import annotations

import asyncio
import socket
import sys

import uvicorn

from app.service.http.application import create_app
from app.service.http.state import State
from app.service.store.database import Database
from app.settings import read_settings
from tests.app.service.serving import NamingGate


def main() -> None:
    """Serve at a free port, which it prints."""
    state = State(Database(sys.argv[1]), read_settings({}), NamingGate())
    config = uvicorn.Config(create_app(state), log_config=None, access_log=False)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(f"ready {listener.getsockname()[1]}", flush=True)  # noqa: T201  # the test reads it
        asyncio.run(uvicorn.Server(config).serve([listener]))


if __name__ == "__main__":
    main()
