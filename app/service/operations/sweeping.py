"""Removes bytes that nothing names: those of attempts whose plan was never published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.service.store.actor import SYSTEM
from app.service.store.blobs import KEPT
from app.service.store.models import Blob
from app.service.store.types import Base, utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.service.store.database import Database
    from app.service.store.scope import ScopedSession

#: Blobs of one transaction: for each the database looks through the tables that could name it.
_AT_ONCE = 5


def sweep_blobs(database: Database) -> Iterator[int]:
    """Remove what is older than `KEPT` and named by nothing; yield after each transaction how many.

    Several may sweep at once. A blob that somebody renews or names at this moment is left for the next time.
    """
    with database.reading(SYSTEM) as session:
        # By the key alone: behind `packed`, SQLite would read a whole blob for its age.
        found = sorted(session.scalars(sa.except_(sa.select(Blob.sha256), *map(sa.select, naming_columns()))))
    for first in range(0, len(found), _AT_ONCE):
        with database.writing(SYSTEM) as session:
            removed = remove_unnamed(session, found[first : first + _AT_ONCE])
        yield removed


def naming_columns() -> list[sa.Column[Any]]:
    """Return every column that names a blob."""
    keys = (key for table in Base.metadata.sorted_tables for key in table.foreign_keys)
    return [key.parent for key in keys if key.column.table is Blob.__table__]


def remove_unnamed(session: ScopedSession, some: list[str]) -> int:
    """Remove those of some blobs that are old and named by nothing; return how many."""
    unnamed = (~sa.exists().where(column == Blob.sha256) for column in naming_columns())
    query = sa.select(Blob.sha256).where(Blob.sha256.in_(some), Blob.created_at < utc_now() - KEPT, *unnamed)
    # PostgreSQL looks at a row once more when it has its lock: one that was renewed meanwhile is young.
    doomed = session.scalars(query.with_for_update(of=Blob, skip_locked=True)).all()
    session.execute(
        sa.delete(Blob).where(Blob.sha256.in_(doomed)).execution_options(synchronize_session=False)
    )
    return len(doomed)
