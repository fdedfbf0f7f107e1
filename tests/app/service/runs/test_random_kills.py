"""API and worker are killed at random points: nothing that was acknowledged is lost, no plan comes twice."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import threading
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.service.runs.ledger import MOST_ATTEMPTS, unsettled
from app.service.store.actor import SYSTEM
from app.service.store.models import Run
from tests.app.service.serving import as_

if TYPE_CHECKING:
    import subprocess

    from tests.app.service.runs.stage import Stage


class Client:
    """Asks for run after run, each with a key of its own, and repeats what was not acknowledged."""

    def __init__(self, scenario_id: str) -> None:
        self._body = json.dumps({"scenario_id": scenario_id})
        self.port = 0
        self.acknowledged: dict[str, str] = {}
        self.broken = 0
        self.asking = threading.Event()
        self._wanted = threading.Semaphore(0)
        self._ended = False
        self._thread = threading.Thread(target=self._ask_all)
        self._thread.start()

    def want(self) -> None:
        """Ask for one more run."""
        self._wanted.release()

    def end(self) -> None:
        """Ask for no more, once what was wanted is acknowledged."""
        self._ended = True
        self._wanted.release()
        self._thread.join()

    def _ask_all(self) -> None:
        for number in itertools.count():
            self._wanted.acquire()
            if self._ended:
                return
            key = f"request {number}"
            while key not in self.acknowledged:
                self.asking.set()
                try:
                    self.acknowledged[key] = self._ask(key)
                except (OSError, http.client.HTTPException):
                    self.broken += 1
                    time.sleep(0.02)
                finally:
                    self.asking.clear()

    def _ask(self, key: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = as_("planner") | {"Idempotency-Key": key, "Content-Type": "application/json"}
            connection.request("POST", "/v1/runs", self._body, headers)
            answer = connection.getresponse()
            found = json.loads(answer.read())
            assert answer.status == 202, found
            return str(found["id"])
        finally:
            connection.close()


class Kills:
    """An API, a worker, a client, and a generator that decides who dies when."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage = stage
        self.random = random.Random(seed)
        self.client = Client(stage.scenario_id)
        self.api = self._serve()
        self.worker = stage.start("one")

    def _serve(self) -> subprocess.Popen[str]:
        process, line = self.stage.spawn_told("tests.app.service.runs.api_process", self.stage.database.url)
        self.client.port = int(line.split()[1])
        return process

    def kill_api(self) -> bool:
        """Kill the API while it has a request; tell whether that request broke."""
        broken = self.client.broken
        self.client.want()
        assert self.client.asking.wait(30)
        time.sleep(self.random.uniform(0, 0.03))
        self.stage.kill(self.api)
        happened = self.client.asking.is_set() or self.client.broken > broken
        self.api = self._serve()
        return happened

    def kill_worker(self) -> bool:
        """Kill the worker while it has a run; tell whether the run was still under way when it was dead."""
        self.client.want()
        self.stage.until(lambda: self._under_way() is not None, "a run under way")
        time.sleep(self.random.uniform(0, 0.7))
        self.stage.kill(self.worker)
        happened = self._under_way() is not None
        self.worker = self.stage.start("one")
        return happened

    def _under_way(self) -> str | None:
        # A run that was hit twice is left in peace: a third time would make it poison, which is another test.
        query = sa.select(Run.id).where(unsettled(), Run.attempts < MOST_ATTEMPTS)
        with self.stage.database.reading(SYSTEM) as session:
            return session.scalars(query).first()

    def _until_fewer(self, waiting: list[tuple[str, str, int]]) -> None:
        self.stage.until(lambda: len(self._waiting()) < len(waiting), f"an end of one of {waiting}")

    def _waiting(self) -> list[tuple[str, str, int]]:
        query = sa.select(Run.id, Run.state, Run.dispatch).where(Run.finished_at.is_(None))
        with self.stage.database.reading(SYSTEM) as session:
            return [(row.id, row.state, row.dispatch) for row in session.execute(query)]

    def check(self) -> None:
        """Check that every request has one run, and every run one plan."""
        self.client.end()
        runs = set(self.client.acknowledged.values())
        assert len(runs) == len(self.client.acknowledged)
        while waiting := self._waiting():  # the queue may be long: any progress will do
            self._until_fewer(waiting)
        done = {run for run in runs if not self._is_poison(run)}
        assert done
        with self.stage.database.reading(SYSTEM) as session:
            assert set(session.scalars(sa.select(Run.id))) == runs
        for run in done:
            assert self.stage.run(run).state == "SUCCEEDED", self.stage.events(run)
            assert self.stage.states(run).count("SUCCEEDED") == 1
        assert self.stage.plans() == {run: self.stage.run(run).plan_id for run in done}

    def _is_poison(self, run: str) -> bool:
        """Tell whether a run was hit a third time after all: the worker may just have gone on to it."""
        found = self.stage.run(run)
        if (found.state, found.reason) != ("FAILED", "poison"):
            return False
        assert self.stage.states(run).count("RUNNING") == found.attempts == MOST_ATTEMPTS
        return True


def kill(stage: Stage, faults: int, seed: int) -> None:
    """Make as many faults, all of which really happened, and check."""
    kills = Kills(stage, seed)
    happened = {"api": 0, "worker": 0}
    try:
        for _ in range(4 * faults):
            who = kills.random.choice(("api", "worker", "worker"))
            happened[who] += kills.kill_api() if who == "api" else kills.kill_worker()
            if sum(happened.values()) >= faults and min(happened.values()) > 0:
                break
        assert sum(happened.values()) >= faults
        assert min(happened.values()) > 0
        kills.check()
    finally:
        kills.client.end()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_three_kills_lose_nothing_and_publish_nothing_twice(stage: Stage) -> None:
    kill(stage, 3, seed=6)


@pytest.mark.torture
def test_fifty_kills_lose_nothing_and_publish_nothing_twice(stage: Stage) -> None:
    kill(stage, 50, seed=1)
