"""Columns that tables share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.orm import mapped_column

from app.service.store.types import JsonText, UtcDateTime

#: `app.service.store.types.new_id`: a prefix and 26 signs.
Id = Annotated[str, mapped_column(sa.String(40))]
#: A code of the register (province 2, commune 5 signs), or a longer one of a planner's own register.
Code = Annotated[str, mapped_column(sa.String(40))]
#: An id that a user gave; `solver.tables.columns.MAX_ID_LENGTH` signs, and "@" with a province behind it.
GivenId = Annotated[str, mapped_column(sa.String(160))]
#: SHA-256 as 64 hexadecimal signs.
Sha256 = Annotated[str, mapped_column(sa.String(64))]
#: One of a few words of ours.
Word = Annotated[str, mapped_column(sa.String(40))]
Name = Annotated[str, mapped_column(sa.String(200))]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
Json = Annotated[Any, mapped_column(JsonText)]
#: Integer VND: beyond 32 bits.
Money = Annotated[int, mapped_column(sa.BigInteger)]
#: Key that only the database knows. SQLite counts rows by INTEGER alone.
RowId = Annotated[
    int,
    mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
]
