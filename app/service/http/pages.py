"""Lists in pages by key: each page begins behind the last row of the one before, whatever was added since.

::

    key = decode_cursor(after, str)                      # None for the first page, else ("A-0100",)
    rows = ... order by plan_id, where plan_id > key[0], limit + 1 of them
    return page_of(rows, limit, lambda row: (row.plan_id,))
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from app.service.http.problems import invalid_fields
from app.service.http.strict_json import StrictJsonError, strict_json
from app.service.store.types import canonical_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.service.refusals import InvalidError

T = TypeVar("T")

MOST_ROWS = 1000
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Most rows of the page.")]
After = Annotated[
    str | None, Query(max_length=2000, description="`next` of the page before; leave it out for the first.")
]


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str | None = Field(None, description="Give it as `after` to read on; null on the last page.")


def encode_cursor(*key: str | int) -> str:
    """Return a cursor: opaque to clients, safe in an address."""
    return base64.urlsafe_b64encode(canonical_json(list(key)).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """Return the key of a cursor; None where there is none.

    Parameters
    ----------
    kinds
        Type of each value of the key: `str` or `int`.

    Raises
    ------
    InvalidError
        When it is no cursor of this list.
    """
    if cursor is None:
        return None
    try:
        # b64decode with validate: else signs that are none of base64 would be left out in silence.
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        key = strict_json(text)
    except (binascii.Error, ValueError, StrictJsonError) as error:
        raise _no_cursor(cursor) from error
    fits = isinstance(key, list) and len(key) == len(kinds)
    # type() and not isinstance: true is an int of Python's.
    if not fits or any(type(one) is not kind for one, kind in zip(key, kinds, strict=True)):
        raise _no_cursor(cursor)
    return tuple(key)


def page_of(
    rows: Sequence[T], limit: int, key: Callable[[T], tuple[str | int, ...]]
) -> tuple[list[T], str | None]:
    """Return the rows of a page and the cursor of the next.

    Parameters
    ----------
    rows
        Up to ``limit + 1`` of them, in order: the one too many says that there is a next page.
    key
        Key of a row, as `decode_cursor` gives it back.
    """
    items = list(rows[:limit])
    return items, encode_cursor(*key(items[-1])) if len(rows) > limit else None


def _no_cursor(cursor: str) -> InvalidError:
    found = {"loc": ("query", "after"), "type": "cursor", "msg": "no cursor", "input": cursor}
    return invalid_fields([found])
