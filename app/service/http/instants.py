"""Instants of requests: with a zone, and such that UTC can say them too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime
from pydantic_core import PydanticCustomError


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:  # 0001-01-01T00:00:00+14:00 is in the year 0 of UTC
        raise PydanticCustomError("datetime_parsing", "beyond the calendar") from error


#: An instant, in UTC.
Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
