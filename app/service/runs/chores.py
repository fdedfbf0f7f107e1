"""What workers see to besides runs: schedules of re-plans, and answers that are no longer kept.

Every worker does it; doing it twice does nothing twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.store.actor import SYSTEM
from app.service.store.models import Scenario
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.service.store.database import Database

#: How often schedules are looked at, and how often old answers are removed [s].
SCHEDULE_S, SWEEP_S = 5.0, 3600.0


class Chores:
    """The chores of one worker.

    Parameters
    ----------
    database
        The store.
    zone
        Where the clock of schedules hangs; None: SURPLAN_TIMEZONE.
    """

    def __init__(self, database: Database, zone: ZoneInfo | None = None) -> None:
        self._database = database
        self._zone = zone
        self._schedules_at = self._sweep_at = float("-inf")

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
        if now >= self._sweep_at:
            self._sweep_at = now + SWEEP_S
            self._forget_old_answers()
        return queued

    def _plan_what_is_due(self) -> int:
        from app.service.replans.triggers import (
            on_schedule,
        )  # croniter: most workers have no schedule to read

        due = sa.select(sa.exists().where(Scenario.replan_due_at <= utc_now()))
        with self._database.reading(SYSTEM) as session:
            if not session.scalar(due):
                return 0
        with self._database.writing(SYSTEM) as session:
            return on_schedule(session, utc_now(), self._zone)

    def _forget_old_answers(self) -> None:
        from app.service.http.idempotency import forget_old  # FastAPI, which workers need for nothing else

        with self._database.writing(SYSTEM) as session:
            forget_old(session)
