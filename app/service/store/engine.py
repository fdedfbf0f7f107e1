"""The engine of SQLAlchemy for SQLite (WAL, every commit on the disk) and PostgreSQL (READ COMMITTED).

SQLite: a transaction that will write says so when it begins (``BEGIN IMMEDIATE``). One that began to read and
then wants to write would fail where another wrote in between, whatever the time it is ready to wait.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import make_url

from app.errors import SettingsError

#: Execution option of a connection whose transaction will write.
WRITES = "surplan_writes"
#: Seconds that a transaction waits for another one that writes.
PATIENCE_S = 30
#: Execution option of a connection: seconds that its transaction may do nothing (PostgreSQL).
IDLES = "surplan_idles_s"
_IDLED = "25P03"  # of PostgreSQL: idle_in_transaction_session_timeout
# Errors name no values of a statement: they would stand in logs, and are rows of provinces.
_POOL = {"pool_size": 20, "max_overflow": 20, "pool_pre_ping": True, "hide_parameters": True}
# A machine that is gone without a word is noticed after a minute, on both ends: it may hold locks.
_KEEPALIVES = {"keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
#: What a connection to PostgreSQL is set to.
OF_SESSION = {
    "lock_timeout": f"{PATIENCE_S}s",
    **{f"tcp_{name}": str(value) for name, value in _KEEPALIVES.items() if name != "keepalives"},
}


class _WithHints(SQLiteCompiler):
    """Writes ``INDEXED BY`` where a statement says so with ``with_hint``; SQLAlchemy's own ignores it."""

    def get_from_hint_text(self, table: object, text: str | None) -> str | None:  # noqa: ARG002  # as of the base
        """Return what stands behind the name of a table."""
        return text


def sqlite_url(home: Path) -> str:
    """Return the address of the default database, a file below SURPLAN_HOME."""
    return f"sqlite:///{(home / 'surplan.sqlite').resolve().as_posix()}"


def full_url(url: str) -> sa.URL:
    """Return the address with the driver that we use.

    Raises
    ------
    SettingsError
        When it is no address, or of another database than SQLite and PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except sa.exc.ArgumentError as error:
        raise SettingsError("database_url") from error  # without the value: it may hold a password
    kind = parsed.get_backend_name()
    if kind == "postgres":
        parsed, kind = parsed.set(drivername="postgresql"), "postgresql"
    if kind == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if kind != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise SettingsError("database_url")
    return parsed.set(drivername="sqlite+pysqlite")


def open_engine(url: str) -> sa.Engine:
    """Return an engine; a SQLite file and its folder are made where they are missing.

    Parameters
    ----------
    url
        ``sqlite:///path`` or ``postgresql://...``.

    Raises
    ------
    SettingsError
        As of `full_url`.
    """
    parsed = full_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = sa.create_engine(
            parsed,
            **_POOL,
            # What each statement sees, and waits for, is thought out for this one, whatever the server's is.
            isolation_level="READ COMMITTED",
            connect_args={"connect_timeout": 10, **_KEEPALIVES},
        )
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "handle_error", _name_of_ended)
        return engine
    Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    # Kept open: where the last connection closes, SQLite empties its log into the file, and all others wait.
    engine = sa.create_engine(parsed, **_POOL, connect_args={"timeout": PATIENCE_S})
    engine.dialect.statement_compiler = _WithHints
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "checkout", _check_foreign_keys)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  # a connection of sqlite3
    connection.isolation_level = None  # we begin transactions ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {PATIENCE_S * 1000}",
        "cache_size = -16384",
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _check_foreign_keys(connection: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401  # as above
    """Turn foreign keys on again: a migration and a restore turn them off, and the connection is kept."""
    connection.execute("PRAGMA foreign_keys = ON").close()


def _prepare_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401  # a connection of psycopg
    connection.autocommit = True
    settings = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in OF_SESSION.items())
    connection.execute(f"SELECT {settings}").close()
    connection.autocommit = False


def _begin_postgresql(connection: sa.Connection) -> None:
    idles = connection.get_execution_options().get(IDLES)
    if idles is not None:
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{idles}s'")


def _name_of_ended(context: sa.engine.ExceptionContext) -> sa.exc.OperationalError | None:
    """Return the error of a connection that the server ended; the driver takes it for a fault of ours."""
    found = context.original_exception
    if getattr(found, "sqlstate", None) != _IDLED:
        return None
    return sa.exc.OperationalError(context.statement, None, found, connection_invalidated=True)


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
