"""What workers see to besides runs: schedules of re-plans, and what is no longer kept.

Every worker does it; doing it twice does nothing twice. Each chore is short, so that a worker can stop
between two of them: what is long is done in pieces, one a call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from app.service.operations.sweeping import sweep_blobs
from app.service.runs.forgetting import forget_progress
from app.service.store.actor import SYSTEM
from app.service.store.blobs import KEPT
from app.service.store.models import Scenario
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from app.service.runs.jobs import Jobs
    from app.service.store.database import Database

_log = structlog.get_logger("surplan.runs")
#: How often schedules are looked at, and how often what is no longer kept is removed [s].
SCHEDULE_S, SWEEP_S = 5.0, 3600.0


class Chores:
    """The chores of one worker.

    Parameters
    ----------
    database
        The store.
    zone
        Where the clock of schedules hangs; None: SURPLAN_TIMEZONE.
    jobs
        The job engine, whose old dispatches are forgotten; None without one.
    """

    def __init__(self, database: Database, zone: ZoneInfo | None = None, jobs: Jobs | None = None) -> None:
        self._database = database
        self._zone = zone
        self._jobs = jobs
        self._schedules_at = self._sweep_at = float("-inf")
        self._sweeping: list[Iterator[int | None]] = []  # each yields after every short transaction

    def do(self, now: float) -> int:
        """Do what is due; return how many runs a schedule queued.

        Parameters
        ----------
        now
            Monotonic seconds.
        """
        queued = 0
        if now >= self._schedules_at:
            self._schedules_at = now + SCHEDULE_S
            queued = self._plan_what_is_due()
        if now >= self._sweep_at and not self._sweeping:  # what is long comes to its end first
            self._sweep_at = now + SWEEP_S
            self._sweeping = [
                self._forget_old_answers(),
                sweep_blobs(self._database),
                self._forget_old_jobs(),
                forget_progress(self._database),
            ]
        self._go_on_sweeping()
        return queued

    def _plan_what_is_due(self) -> int:
        # Its croniter comes late: most workers have no schedule to read.
        from app.service.replans.triggers import on_schedule

        due = sa.select(sa.exists().where(Scenario.replan_due_at <= utc_now()))
        with self._database.reading(SYSTEM) as session:
            if not session.scalar(due):
                return 0
        with self._database.writing(SYSTEM) as session:
            return on_schedule(session, utc_now(), self._zone)

    def _go_on_sweeping(self) -> None:
        """Do a piece; what fails is left for the next hour, and holds nothing else up."""
        while self._sweeping:
            try:
                next(self._sweeping[0])
            except StopIteration:
                pass
            except Exception:
                _log.exception("chores.not_swept")
            else:
                return
            del self._sweeping[0]

    def _forget_old_jobs(self) -> Iterator[int]:
        forgotten = 1
        while self._jobs is not None and forgotten:
            # DBOS asks a database that is away again and again: ask it ourselves before, and fail.
            with self._database.reading(SYSTEM) as session:
                session.scalar(sa.select(1))
            forgotten = self._jobs.forget(utc_now() - KEPT)
            yield forgotten

    def _forget_old_answers(self) -> Iterator[None]:
        from app.service.http.idempotency import forget_old  # FastAPI, which workers need for nothing else

        with self._database.writing(SYSTEM) as session:
            forget_old(session)
        yield
