"""Schedules of re-plans: cron expressions of five fields, in the calendar of the installation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from croniter import CroniterError, croniter  # type: ignore[import-untyped]  # it has no types

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_FIELDS = 5


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
