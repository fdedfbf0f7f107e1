"""Sessions: one transaction per request or task, begun for reading or for writing, for one actor."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.service.store.engine import IDLES, WRITES, open_engine
from app.service.store.scope import ACTOR, ScopedSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from app.service.store.actor import Actor


#: Seconds that a transaction that writes may do nothing: its process is frozen, and others want its locks.
IDLES_S = 60


class Database:
    """The database of one installation.

    Parameters
    ----------
    url
        ``sqlite:///path`` or ``postgresql://...``.

    Raises
    ------
    SettingsError
        When the address is of no database that we know.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: sa.Engine = open_engine(url)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is one file on this machine."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The file of SQLite."""
        return Path(str(self.engine.url.database)) if self.is_sqlite else None

    @contextmanager
    def reading(self, actor: Actor) -> Iterator[ScopedSession]:
        """Yield a session that only reads: one consistent view, nothing is kept."""
        with self._session(actor, writes=False) as session:
            yield session

    @contextmanager
    def writing(self, actor: Actor) -> Iterator[ScopedSession]:
        """Yield a session whose changes are committed together at the end, or not at all."""
        with self._session(actor, writes=True) as session:
            yield session
            session.commit()

    @contextmanager
    def _session(self, actor: Actor, *, writes: bool) -> Iterator[ScopedSession]:
        options: dict[str, object] = {WRITES: writes}
        if writes:
            options[IDLES] = IDLES_S
        if not self.is_sqlite and not writes:
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        # Closing the session rolls back what was not committed.
        with (
            self.engine.connect().execution_options(**options) as connection,
            ScopedSession(connection, expire_on_commit=False, info={ACTOR: actor}) as session,
        ):
            yield session

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
