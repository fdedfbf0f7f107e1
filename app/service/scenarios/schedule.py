"""Schedules of re-plans: cron expressions of five fields, in the calendar of the installation."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from croniter import CroniterError, croniter  # type: ignore[import-untyped]  # it has no types

from app.service.scenarios.issues import own_issue
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.settings import Settings
    from solver import Issue

_FIELDS = 5
#: Times of a schedule that are looked at: four days of one for each quarter of an hour, years of others.
_LOOKED_AT = 400
#: From here on, so that a schedule is judged alike at any time; a leap year that begins with a Monday.
_FROM = datetime(2024, 1, 1)  # noqa: DTZ001  # of the clock on the wall: no hour is missing or there twice
#: Letters that croniter takes for a time of its own choice, another one each time it is asked.
_RANDOM = re.compile(r"(?<![A-Za-z])[HRhr](?![A-Za-z])")


class ScheduleError(ValueError):
    """It is no schedule, or one that never comes."""


def next_time(schedule: str, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first time of a schedule after an instant, in UTC.

    Parameters
    ----------
    schedule
        Minute, hour, day, month and weekday.
    after
        An instant with its zone.
    zone
        Where the clock hangs.

    Raises
    ------
    ScheduleError
        When it is no schedule, or one that never comes (30 February).
    """
    if len(schedule.split()) != _FIELDS:
        raise ScheduleError(schedule)
    try:
        found: datetime = croniter(schedule, after.astimezone(zone)).get_next(datetime)
    except (CroniterError, ValueError, KeyError, AttributeError, TypeError) as error:
        # croniter refuses most wrong expressions with its own errors, some with others.
        raise ScheduleError(schedule) from error
    return found.astimezone(UTC)


@lru_cache(256)
def least_gap(schedule: str) -> timedelta:
    """Return the shortest time between two times of a schedule that follow each other.

    Parameters
    ----------
    schedule
        One that `next_time` takes.
    """
    times = croniter(schedule, _FROM)
    found = timedelta.max
    try:
        for before, after in pairwise(times.get_next(datetime) for _ in range(_LOOKED_AT)):
            found = min(found, after - before)
    except CroniterError:  # times so rare that there are no more of them within reach
        pass
    return found


def due_of(schedule: str | None, column: str, settings: Settings) -> tuple[datetime | None, list[Issue]]:
    """Return when a schedule comes next, None without one or with a wrong one, and what is wrong with it.

    Parameters
    ----------
    column
        Where the schedule stands in the request.
    settings
        The zone of the clock, and how close times may follow each other.
    """
    if schedule is None:
        return None, []
    try:
        if _RANDOM.search(schedule):
            raise ScheduleError(schedule)
        due_at = next_time(schedule, utc_now(), settings.timezone)
    except ScheduleError:
        return None, [own_issue("schedule_wrong", column, schedule)]
    least = settings.least_schedule_minutes
    gap = least_gap(schedule)
    if gap < timedelta(minutes=least):
        words = {"gap": str(gap // timedelta(minutes=1)), "least": str(least)}
        return None, [own_issue("schedule_too_often", column, schedule, **words)]
    return due_at, []
