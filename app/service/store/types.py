"""Column types and names that every table shares."""

from __future__ import annotations

import json
import secrets
import time
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

#: Names of constraints, so that migrations can drop them on any database.
NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
#: `until` of what still holds: greater than any number of a version.
STANDING = 2**31 - 1
# json.dumps would make an encoder for each of a hundred thousand rows.
_DECODER = json.JSONDecoder()
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32


class Base(DeclarativeBase):
    """All tables of the service."""

    metadata = sa.MetaData(naming_convention=NAMES)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An instant: aware and in UTC in Python, without a zone in the database; SQLite would drop the zone.

    Raises
    ------
    ValueError
        When a naive time is to be stored.
    """

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Return the time in UTC, without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"a time without a zone: {value!r}"
            raise ValueError(msg)
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Return the time with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


class JsonText(sa.TypeDecorator[Any]):
    """JSON as text: the bytes are the same in every database, sorted keys, no NaN."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:  # noqa: ANN401, ARG002  # any JSON value
        """Return canonical JSON."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:  # noqa: ANN401, ARG002  # any JSON value
        """Return the value."""
        if value is None:
            return None
        found, end = _DECODER.raw_decode(value)  # canonical: nothing stands around it
        return found if end == len(value) else json.loads(value)


def canonical_json(value: object) -> str:
    """Return JSON with sorted keys and no spaces; equal values give equal text.

    Raises
    ------
    ValueError
        For NaN and infinities, which JSON does not have.
    """
    return _ENCODER.encode(value)


def utc_now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)


def new_id(prefix: str) -> str:
    """Return a new id: the prefix, then 26 signs that sort by time of creation, such as ``run_01k...``."""
    number = (time.time_ns() // 1_000_000 << 80) | secrets.randbits(80)
    signs = []
    for _ in range(26):
        number, digit = divmod(number, 32)
        signs.append(_ALPHABET[digit])
    return f"{prefix}_{''.join(reversed(signs))}"
