"""Calls of runs: start one, follow it, wait for it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.client import types
from app.client.calls import Calls, without_none
from app.client.errors import RunFailedError, ServiceUnreachableError, WaitTimeoutError
from app.client.events import read_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")
_FIRST_POLL_S, _LONGEST_POLL_S = 0.1, 2.0


class Runs(Calls):
    """Have plans made."""

    def start_run(
        self,
        scenario_id: str,
        *,
        inventory_version: int | None = None,
        baseline_plan_id: str | None = None,
        time_limit_s: float | None = None,
    ) -> types.RunDocument:
        """Queue a run; whatever happens to the connection, there is one."""
        body = without_none(
            scenario_id=scenario_id,
            inventory_version=inventory_version,
            baseline_plan_id=baseline_plan_id,
            time_limit_s=time_limit_s,
        )
        return self._document(types.RunDocument, "POST", "/v1/runs", json=body, idempotent=True)

    def run(self, run_id: str) -> types.RunDocument:
        """Return a run: state, progress, plan."""
        return self._document(types.RunDocument, "GET", f"/v1/runs/{run_id}")

    def cancel(self, run_id: str) -> types.RunDocument:
        """Cancel a run; the best plan so far is kept and comes a moment later: `wait` for it."""
        return self._document(types.RunDocument, "POST", f"/v1/runs/{run_id}/cancel")

    def events(self, run_id: str, after: int = 0) -> Iterator[types.EventDocument]:
        """Yield what happens to a run until it has ended; a broken stream is taken up where it broke.

        Raises
        ------
        ServiceUnreachableError
            When the stream broke and nobody answers any more.
        """
        path = f"/v1/runs/{run_id}/events"
        while True:
            try:
                headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
                with self.stream(path, headers) as answer:
                    for event in read_events(types.EventDocument, answer.iter_lines()):
                        after = event["number"]
                        yield event
            except ServiceUnreachableError:
                pass
            # The stream ends with the run, or with the process that served it.
            page = self._document(types.EventPage, "GET", path, params={"after": after, "limit": 1})
            if page["ended"] and not page["items"]:
                return

    def wait(
        self,
        run_id: str,
        *,
        timeout_s: float | None = None,
        on_progress: Callable[[types.RunDocument], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> types.RunDocument:
        """Wait for the end of a run and its plan; ask less and less often, at last every two seconds.

        Parameters
        ----------
        run_id
            The run.
        timeout_s
            Seconds to wait at most; None: as long as it takes.
        on_progress
            Called with each answer.
        sleep
            Waits; for tests.

        Returns
        -------
        RunDocument
            Succeeded, or cancelled with the best plan that there was.

        Raises
        ------
        RunFailedError
            When it ended without a plan.
        WaitTimeoutError
            When it had not ended in the time; it goes on.
        """
        end = None if timeout_s is None else time.monotonic() + timeout_s
        pause = _FIRST_POLL_S
        while True:
            found = self.run(run_id)
            if on_progress is not None:
                on_progress(found)
            if found["state"] in _ENDED and not found["plan_pending"]:
                if found["plan_id"] is None:
                    raise RunFailedError(found)
                return found
            if end is not None and time.monotonic() + pause > end:
                raise WaitTimeoutError(f"run {run_id} is {found['state']} after {timeout_s} s; it goes on")
            sleep(pause)
            pause = min(pause * 1.5, _LONGEST_POLL_S)
