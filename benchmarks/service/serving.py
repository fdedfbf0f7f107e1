"""A real ``surplan serve`` process."""

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
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ADDRESS = re.compile(r"(http://[^/\s]+)\S*[?&]token=([\w-]+)")
_LONGEST_START_S = 120
_LONGEST_STOP_S = 60


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


class Started(NamedTuple):
    """A process of ``surplan serve`` that is up.

    Attributes
    ----------
    process
        It has ended when the ``with`` is left.
    sign
        What it said when it was up.
    said
        All its lines so far.
    """

    process: subprocess.Popen[str]
    sign: re.Match[str]
    said: list[str]


@contextmanager
def started(env: Mapping[str, str], sign: re.Pattern[str], *options: str) -> Iterator[Started]:
    """Start ``surplan serve`` at a free port and wait until it says `sign`; it is stopped at the end.

    Parameters
    ----------
    env
        Its whole environment.
    sign
        What a line of a service that is up holds.
    options
        Of the command, besides ``--port``.

    Raises
    ------
    RuntimeError
        When it does not come up; with what it said.
    subprocess.TimeoutExpired
        When it does not stop; it is killed then.
    """
    command = [sys.executable, "-m", "app", "serve", "--port", "0", *options]
    said: list[str] = []
    with subprocess.Popen(
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        stream = process.stdout
        assert stream is not None
        # Read to the end: a service whose output nobody takes would stand still.
        reader = threading.Thread(target=lambda: said.extend(stream), daemon=True)
        reader.start()
        try:
            yield Started(process, _found(process, said, sign), said)
        finally:
            process.terminate()
            try:
                process.wait(_LONGEST_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            finally:
                reader.join(_LONGEST_STOP_S)


def _found(process: subprocess.Popen[str], said: list[str], sign: re.Pattern[str]) -> re.Match[str]:
    end = time.monotonic() + _LONGEST_START_S
    while time.monotonic() < end and process.poll() is None:
        for line in list(said):
            found = sign.search(line)
            if found:
                return found
        time.sleep(0.01)
    raise RuntimeError("the service did not come up:\n" + "".join(said))


@contextmanager
def serving(home: Path, *options: str) -> Iterator[Served]:
    """Start a service over a new store in `home`; it is stopped at the end.

    Raises
    ------
    RuntimeError, subprocess.TimeoutExpired
        As `started` does.
    """
    # Eight connections that read without a pause are more than one key may do by default.
    env = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "SURPLAN_HOME": str(home),
        "SURPLAN_LANG": "en",
        "SURPLAN_RATE": "off",
    }
    begun = time.perf_counter()
    with started(env, _ADDRESS, *options) as service, Transport(service.sign[1], service.sign[2]) as client:
        client.request("GET", "/v1/ready")
        yield Served(client, service.sign[1], service.sign[2], time.perf_counter() - begun)
