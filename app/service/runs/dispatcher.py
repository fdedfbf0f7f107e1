"""Gives waiting runs to the job engine, and again where what that knows of them leads nowhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.service.runs.jobs import Fate, Jobs
    from app.service.runs.ledger import Ledger
    from app.service.runs.roster import Roster

_log = structlog.get_logger("surplan.runs")
#: Runs of one look, the oldest first; the next look goes on behind them, so that none hides the others.
MOST = 500
#: How often dispatches that were given are looked after, and how old they must be for that [s].
CARE_S = 3.0


class Dispatcher:
    """The way from our table of runs to the job engine; every worker has one, and all may do the same.

    Parameters
    ----------
    ledger, jobs, roster
        Of the worker.
    holds
        Tells whether this process has a dispatch in hand.
    """

    def __init__(
        self, ledger: Ledger, jobs: Jobs, roster: Roster, holds: Callable[[tuple[str, int]], bool]
    ) -> None:
        self._ledger, self._jobs, self._roster, self._holds = ledger, jobs, roster, holds
        self._dropped: set[tuple[str, int]] = set()
        self._given: dict[tuple[str, int], float] = {}
        self._seen: dict[tuple[str, int], float] = {}  # the same, of this round through all that wait
        self._after: str | None = None
        self._cared = time.monotonic()

    def look(self) -> None:
        """Give what waits and was not yet given from here: `MOST` of them, the next look the next ones."""
        waiting = self._ledger.waiting(MOST, self._after)
        now = time.monotonic()
        for one in waiting:
            if one not in self._given and one not in self._seen:
                self._give(one)
            self._seen.setdefault(one, self._given.get(one, now))
        if len(waiting) == MOST:
            self._after = waiting[-1][0]
            return
        self._given, self._seen, self._after = self._seen, {}, None
        if now - self._cared >= CARE_S:
            self._cared = now
            self._care([one for one, since in self._given.items() if now - since >= CARE_S])

    def _give(self, one: tuple[str, int]) -> None:
        """Dispatch a run; one that the engine refuses counts as given, and is looked after like others."""
        try:
            self._jobs.dispatch(*one)
        except Exception:
            _log.exception("run.not_dispatched", run_id=one[0], dispatch=one[1])

    def _care(self, given: list[tuple[str, int]]) -> None:
        """Dispatch anew what nobody will begin.

        Its worker died between the engine's row and ours, it is done for the engine while the run waits (ours
        was restored), it waits for workers of a version that is gone, or the engine takes it for begun here,
        and did not call us.
        """
        if not given:
            return
        fates, alive = self._jobs.fates(given), self._roster.alive()
        if self._roster.name not in alive:
            return  # our own beats are late: the store was slow, and nothing can be said of the others
        here = {one for one, fate in fates.items() if fate.worker == self._roster.name}
        dropped = {one for one in here if not self._holds(one)}
        for one in given:
            fate = fates.get(one)
            if fate is None:
                del self._given[one]  # the engine's store is a new one: give it again
            elif not will_begin(fate, alive) or one in dropped & self._dropped:
                self._ledger.again(*one)
        self._dropped = dropped  # seen twice, it was not just about to be begun


def will_begin(fate: Fate, alive: dict[str, str]) -> bool:
    """Tell whether a worker will begin a dispatch, by the versions of the live ones."""
    if fate.waits:
        return fate.version in alive.values()
    # A slot that starts again is given what it had, but not by another version.
    return fate.worker is not None and alive.get(fate.worker) == fate.version
