"""Real processes of the command line for tests: ``surplan serve`` and what comes before it."""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from app.cli import application
from benchmarks.service.serving import started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def environment(home: Path, database_url: str) -> dict[str, str]:
    """Return the environment of a process over a store."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SURPLAN_")}
    ours = {"SURPLAN_HOME": str(home), "SURPLAN_DATABASE_URL": database_url, "PYTHONUNBUFFERED": "1"}
    return {**kept, **ours}


def surplan(env: dict[str, str], *words: str) -> str:
    """Run a command to its end, here: a process of its own would spend seconds on imports."""
    done = CliRunner().invoke(application, list(words), env=env)
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.stdout


def key(env: dict[str, str], name: str, role: str, province: str | None = None) -> str:
    """Make a key as an administrator does, and return it."""
    place = [] if province is None else ["--province", province]
    made = json.loads(surplan(env, "keys", "create", name, "--role", role, *place, "--json"))
    found: str = made["key"]
    return found


@contextmanager
def serving(env: dict[str, str], *options: str) -> Iterator[str]:
    """Yield the address of a service; it is stopped at the end, and must then end by itself with 0."""
    with started(env, _ADDRESS, *options) as service:
        yield service.sign[0]
    assert service.process.returncode == 0, "".join(service.said[-50:])
