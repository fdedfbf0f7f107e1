"""A store with a scenario, and workers in processes of their own that a test starts, kills and freezes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.service.runs.queue import cancel_run, queue_run
from app.service.store.actor import SYSTEM
from app.service.store.models import Inventory, InventoryVersion, Plan, Run, RunEvent, Scenario
from app.service.store.models.runs import Cause
from app.service.store.types import utc_now
from tests.app.service.runs.worker_process import SCENARIO
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.testclient import TestClient

    from app.service.store.database import Database

ROOT = Path(__file__).parents[4]
#: Seconds that anything may take on a busy machine.
PATIENCE_S = 60.0


def seed(database: Database, province: str | None = None, name: str = "1") -> str:
    """Write an inventory with one version and a scenario; return the scenario's id."""
    made: dict[str, Any] = {"created_at": utc_now(), "created_by": "test"}
    inventory = f"inv_{name}"
    with database.writing(SYSTEM) as session:
        if session.get(Inventory, inventory) is None:
            session.add(Inventory(id=inventory, name="Xe", head=1, **made))
            session.flush()
            session.add(
                InventoryVersion(inventory_id=inventory, number=1, cause="created", changed={}, **made)
            )
        scenario = Scenario(
            id=f"scn_{name}_{province or 'all'}",
            name="Kịch bản",
            inventory_id=inventory,
            province_code=province,
            given={},
            resolved={"solver": {"time_limit_s": 60}},
            sha256="0" * 64,
            replan_on_version=False,
            **made,
        )
        session.add(scenario)
        session.flush()
        return scenario.id


def uploaded(client: TestClient, **keys: str) -> str:
    """Upload the tables of `SCENARIO` as an inventory, and a scenario; return the scenario's id."""
    tables = {name: (f"{name}.csv", (SCENARIO / f"{name}.csv").read_bytes()) for name in ("assets", "needs")}
    made = client.post("/v1/inventories?name=Xe", files=tables, headers=as_("planner"))
    assert made.status_code == 201, made.text
    inventory = made.headers["Location"].rpartition("/")[2]
    wanted = {"name": "Sáu nhu cầu", "inventory_id": inventory}
    given = {"scenario": {"date": "2025-08-15", **keys}}
    scenario = client.post("/v1/scenarios", json=wanted | given, headers=as_("planner"))
    assert scenario.status_code == 201, scenario.text
    return str(scenario.json()["id"])


class Stage:
    """What a test of workers has.

    Parameters
    ----------
    database
        With all tables.
    home
        Folder of the workers.
    """

    def __init__(self, database: Database, home: Path) -> None:
        self.database, self.home = database, home
        self.scenario_id = seed(database)
        self.workers: list[subprocess.Popen[str]] = []

    def start(self, slot: str, **given: Any) -> subprocess.Popen[str]:  # noqa: ANN401  # options of a test's worker
        """Start a worker and wait until it is ready."""
        given |= {"url": self.database.url, "home": str(self.home), "slot": slot}
        return self.spawn("tests.app.service.runs.worker_process", json.dumps(given))

    def spawn(self, *module: str, ready: str = "ready", **environ: str) -> subprocess.Popen[str]:
        """Start a module of Python and wait until it says that it is ready."""
        return self.spawn_told(*module, ready=ready, **environ)[0]

    def spawn_told(
        self, *module: str, ready: str = "ready", **environ: str
    ) -> tuple[subprocess.Popen[str], str]:
        """Start a module of Python; return it and the line by which it says that it is ready."""
        worker = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.workers.append(worker)
        assert worker.stdout is not None
        said = []
        for line in worker.stdout:
            if line.startswith(ready):
                return worker, line
            said.append(line)
        raise AssertionError("the process ended before it was ready:\n" + "".join(said))

    def queue(self, count: int = 1, **given: Any) -> list[str]:  # noqa: ANN401  # arguments of queue_run
        """Queue runs."""
        with self.database.writing(SYSTEM) as session:
            scenario = session.get_one(Scenario, self.scenario_id)
            common = {"inventory_version": 1, "baseline_plan_id": None, "cause": Cause.ASKED}
            return [
                queue_run(session, scenario=scenario, actor=SYSTEM, **{**common, **given}).id
                for _ in range(count)
            ]

    def cancel(self, run_id: str) -> Run:
        """Cancel a run."""
        with self.database.writing(SYSTEM) as session:
            return cancel_run(session, run_id)

    def run(self, run_id: str) -> Run:
        """Return a run as it stands."""
        with self.database.reading(SYSTEM) as session:
            return session.get_one(Run, run_id)

    def events(self, run_id: str) -> list[tuple[str, dict[str, Any]]]:
        """Return kind and data of a run's diary; its numbers have no gap before progress is forgotten."""
        with self.database.reading(SYSTEM) as session:
            rows = session.scalars(
                sa.select(RunEvent).where(RunEvent.run_id == run_id).order_by(RunEvent.number)
            ).all()
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        return [(row.kind, row.data) for row in rows]

    def states(self, run_id: str) -> list[str]:
        """Return the states that a run went through."""
        return [data["state"] for kind, data in self.events(run_id) if kind == "state"]

    def plans(self) -> dict[str, str]:
        """Return the plan of each run that has one in the store; two of one run are an error."""
        with self.database.reading(SYSTEM) as session:
            rows = session.execute(sa.select(Plan.run_id, Plan.id)).all()
        found = {row.run_id: row.id for row in rows}
        assert len(found) == len(rows)
        return found

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until something holds."""
        patience = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < patience, f"waited in vain: {what}"
            time.sleep(0.02)

    def until_run(self, run_id: str, *states: str) -> Run:
        """Wait until a run is in one of some states."""
        self.until(lambda: self.run(run_id).state in states, f"{run_id} {states}")
        return self.run(run_id)

    def until_settled(self, run_id: str) -> Run:
        """Wait until nothing more happens to a run."""
        self.until(lambda: self.run(run_id).finished_at is not None, run_id)
        return self.run(run_id)

    def until_reached(self, besides: frozenset[int] = frozenset()) -> int:
        """Wait until a process solves; return its id."""
        self.until(lambda: bool(self.reached() - besides), "a process that solves")
        return max(self.reached() - besides)

    def reached(self) -> frozenset[int]:
        """Return the ids of the processes that began to solve."""
        return frozenset(int(path.name.partition("-")[2]) for path in self.home.glob("reached-*"))

    def go(self) -> None:
        """Let the processes that wait go on."""
        (self.home / "go").touch()

    def kill(self, worker: subprocess.Popen[str]) -> None:
        """Kill a worker as a power cut would, and assert that it was not ending by itself."""
        assert worker.poll() is None
        worker.send_signal(signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL

    def close(self) -> Iterator[int]:
        """End all workers; yield their exit codes."""
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            yield worker.wait()
            assert worker.stdout is not None
            worker.stdout.close()


def exists(pid: int) -> bool:
    """Tell whether a process lives; one that nobody has waited for does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
