"""The engine of SQLAlchemy for SQLite (WAL, every commit on the disk) and PostgreSQL.

SQLite: a transaction that will write says so when it begins (``BEGIN IMMEDIATE``). One that began to read and
then wants to write would fail where another wrote in between, whatever the time it is ready to wait.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url

from app.errors import SettingsError

#: Execution option of a connection whose transaction will write.
WRITES = "surplan_writes"
#: Seconds that a transaction waits for another one that writes.
PATIENCE_S = 30
_POOL = {"pool_size": 20, "max_overflow": 20, "pool_pre_ping": True}


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
        return sa.create_engine(parsed, **_POOL, connect_args={"connect_timeout": 10})
    Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    # Kept open: where the last connection closes, SQLite empties its log into the file, and all others wait.
    engine = sa.create_engine(parsed, **_POOL, connect_args={"timeout": PATIENCE_S})
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


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
