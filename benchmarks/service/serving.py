"""A real ``surplan serve`` process in a folder of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from app.client.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ADDRESS = re.compile(r"(http://[^/\s]+)\S*[?&]token=([\w-]+)")
_LONGEST_START_S = 120


class Served(NamedTuple):
    """A service that answers.

    Attributes
    ----------
    client
        With the token of the person at the keyboard.
    address, token
        Where it is.
    up_s
        Seconds from the start of the process to the first answer of ``/v1/ready``.
    """

    client: Transport
    address: str
    token: str
    up_s: float


@contextmanager
def serving(home: Path, *options: str) -> Iterator[Served]:
    """Start a service over a new store in `home`; it is stopped at the end.

    Raises
    ------
    RuntimeError
        When it does not come up; with what it said.
    """
    # Eight connections that read without a pause are more than one key may do by default.
    env = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "SURPLAN_HOME": str(home),
        "SURPLAN_LANG": "en",
        "SURPLAN_RATE": "off",
    }
    command = [sys.executable, "-m", "app", "serve", "--port", "0", *options]
    begun = time.perf_counter()
    said: list[str] = []
    with subprocess.Popen(
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        stream = process.stdout
        assert stream is not None
        reader = threading.Thread(target=lambda: said.extend(stream), daemon=True)
        reader.start()
        try:
            address, token = _address(process, said)
            with Transport(address, token) as client:
                client.request("GET", "/v1/ready")
                yield Served(client, address, token, time.perf_counter() - begun)
        finally:
            process.terminate()
            process.wait()
            reader.join()


def _address(process: subprocess.Popen[str], said: list[str]) -> tuple[str, str]:
    end = time.monotonic() + _LONGEST_START_S
    while time.monotonic() < end and process.poll() is None:
        for line in list(said):
            found = _ADDRESS.search(line)
            if found:
                return found[1], found[2]
        time.sleep(0.01)
    raise RuntimeError("the service did not come up:\n" + "".join(said))
