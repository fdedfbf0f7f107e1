"""A worker in a process of its own, which a test may kill: ``python -m ... '{"url": ..., ...}'``.

It differs from ``surplan worker`` in its tables (the folder ``tests/app/scenario``), its patience, and the
process that solves.
"""

from __future__ import annotations

import json
import shutil
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.service.runs.attempt import Bounds
from app.service.runs.children import COMMAND
from app.service.runs.engine import Engine
from app.service.runs.work import StoreWork
from app.service.store.database import Database

if TYPE_CHECKING:
    from app.service.runs.ledger import Claim

SCENARIO = Path(__file__).parents[2] / "scenario"


class FolderWork(StoreWork):
    """Takes the tables from a folder, and stores plans as always."""

    def materialise(self, claim: Claim, inputs: Path, baseline: Path) -> bool:  # noqa: ARG002  # the protocol's signature
        """Copy the scenario folder."""
        shutil.copytree(SCENARIO, inputs)
        return False


def engine_of(database: Database, given: dict[str, Any]) -> Engine:
    """Return a worker as a test wants it."""
    act: str = given.get("act", "")
    command = (sys.executable, "-m", "tests.app.service.runs.acting_child", act, str(given["home"]))
    return Engine(
        database,
        Path(given["home"]),
        "en",
        slot=given["slot"],
        concurrency=given.get("concurrency", 1),
        bounds=Bounds(**given.get("bounds", {})),
        dead_after_s=given.get("dead_after_s", 10.0),
        command=command if act else COMMAND,
        work=None if given.get("real") else FolderWork(database),
    )


def main() -> None:
    """Work until told to stop, or replaced."""
    given = json.loads(sys.argv[1])
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: told.set())
    database = Database(given["url"])
    engine = engine_of(database, given)
    print("ready", flush=True)  # noqa: T201  # the test waits for it
    while not (told.is_set() or engine.wait(0.1)):
        pass
    engine.stop()
    database.close()


if __name__ == "__main__":
    main()
