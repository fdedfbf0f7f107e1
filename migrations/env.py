"""What alembic runs for each command; `app.service.operations.migrating` gives it the connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from alembic import context

from app.service.operations.migrating import is_ours
from app.service.store.types import Base, JsonText, UtcDateTime

if TYPE_CHECKING:
    import sqlalchemy as sa


def _plain(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write a type of ours as what it is in the database: a migration must not change with our code."""
    if kind == "type" and isinstance(item, UtcDateTime | JsonText):
        return f"sa.{'DateTime' if isinstance(item, UtcDateTime) else 'Text'}()"
    return False


connection: sa.Connection = context.config.attributes["connection"]
# Always within a transaction of the caller, on SQLite too: it holds the lock and commits at the end.
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_object=is_ours,
    compare_type=True,
    compare_server_default=True,
    render_as_batch=True,
    render_item=_plain,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
