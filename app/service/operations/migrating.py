"""The schema of the database: which one stands there, which one this version needs, and the way between.

Migrations run in the transaction of the caller, on SQLite too. It is begun for writing, so it is the lock as
well: of two processes that upgrade at once the second waits, and then finds nothing left to do.
"""

from __future__ import annotations

from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import app.service.store
import app.service.store.models  # makes the tables known
from app.errors import InputError
from app.service.store.engine import WRITES
from app.service.store.types import Base

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.service.store.database import Database

#: Of PostgreSQL's advisory locks: "surp" + 2; those before are the audit chain and the workers.
LOCK = 0x73757272
# Of PostgreSQL: lock_not_available, and deadlock_detected where others wait for what we hold.
_NO_LOCK = frozenset({"55P03", "40P01"})
#: Tables in our database that the job engine makes and changes itself.
FOREIGN = frozenset({"datasource_outputs", "dbos_datasource_migrations"})
#: What a backup leaves out: the revision stands in its manifest.
NOT_OURS = FOREIGN | {"alembic_version"}


class Schema(StrEnum):
    """What stands in a database, seen from this version of Surplan."""

    EMPTY = "empty"
    CURRENT = "current"
    OLD = "old"
    NEWER = "newer"
    FOREIGN = "foreign"


def scripts() -> Path:
    """Return the folder of the migrations: beside the store in a wheel, at the top of a clone."""
    packaged = Path(str(app.service.store.__file__)).parent / "migrations"
    return packaged if packaged.is_dir() else Path(str(app.service.store.__file__)).parents[3] / "migrations"


def configuration(connection: sa.Connection | None = None) -> Config:
    """Return alembic's configuration; there is no alembic.ini."""
    found = Config()
    # Alembic reads "%" in the value as the start of a variable.
    found.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    found.attributes["connection"] = connection
    return found


def newest() -> str:
    """Return the revision that this version of Surplan needs."""
    return str(ScriptDirectory.from_config(configuration()).get_current_head())


def revision(connection: sa.Connection) -> str | None:
    """Return the revision of a database, None where it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def schema(connection: sa.Connection) -> Schema:
    """Return what stands in a database."""
    found = revision(connection)
    if found is None:
        tables = set(sa.inspect(connection).get_table_names())
        return Schema.FOREIGN if tables & set(Base.metadata.tables) else Schema.EMPTY
    known = [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()]
    if found not in known:
        return Schema.NEWER
    return Schema.CURRENT if found == known[0] else Schema.OLD


def refuse_unusable(found: Schema) -> None:
    """Refuse a schema that no migration of ours leads from.

    Raises
    ------
    InputError
        When it is newer than this version, or not made by migrations.
    """
    if found in (Schema.NEWER, Schema.FOREIGN):
        raise InputError(f"schema_{found}")


def require_current(connection: sa.Connection) -> None:
    """Refuse any schema but the one that this version needs.

    Raises
    ------
    InputError
        With what to do.
    """
    found = schema(connection)
    if found is not Schema.CURRENT:
        raise InputError(f"schema_{found}")


@contextmanager
def changing(database: Database) -> Iterator[sa.Connection]:
    """Yield a connection whose one transaction may change the schema, alone; it is committed at the end.

    Raises
    ------
    InputError
        When another process holds the database for longer than we wait.
    """
    with database.engine.connect().execution_options(**{WRITES: True}) as connection:
        if database.is_sqlite:
            # SQLite changes a table by making it anew, and dropping the old one would empty those that
            # refer to it. The setting can be changed outside of transactions alone; the connection ends here.
            driver = connection.connection.dbapi_connection
            assert driver is not None
            driver.cursor().execute("PRAGMA foreign_keys = OFF").close()
        try:
            _lock(connection)
        except sa.exc.OperationalError as error:
            raise InputError("database_busy") from error
        try:
            yield connection
        except sa.exc.OperationalError as error:
            if getattr(error.orig, "sqlstate", None) in _NO_LOCK:  # a table that somebody reads for long
                raise InputError("database_busy") from error
            raise
        if database.is_sqlite:
            wrong = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
            if wrong:
                msg = f"rows that refer to nothing after a migration: {wrong}"
                raise RuntimeError(msg)
        connection.commit()


def _lock(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.begin()  # BEGIN IMMEDIATE
        return
    # Another upgrade may first take its backup; but our own changes shall not queue before all readers.
    connection.exec_driver_sql("SET LOCAL lock_timeout = '600s'")
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    connection.exec_driver_sql("SET LOCAL lock_timeout = '30s'")


def keep_out(connection: sa.Connection) -> None:
    """Let nobody else read or write our tables until the transaction of `changing` ends.

    What others have begun to write is waited for, and seen by the next statement. On SQLite nobody else has
    been able to write since the transaction began.
    """
    if connection.dialect.name == "sqlite":
        return
    ours = sorted(set(sa.inspect(connection).get_table_names()) & set(Base.metadata.tables))
    if ours:
        names = ", ".join(f'"{name}"' for name in ours)
        connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")


def migrate(connection: sa.Connection, target: str = "head") -> None:
    """Change the schema up to a revision."""
    command.upgrade(configuration(connection), target)


def migrate_back(connection: sa.Connection, target: str) -> None:
    """Change the schema down to a revision; "base" is none."""
    command.downgrade(configuration(connection), target)


def make_if_empty(database: Database) -> None:
    """Make the schema in an empty database; any other must have the schema that this version needs.

    Raises
    ------
    InputError
        With what to do.
    """
    with database.engine.connect() as connection:
        found = schema(connection)
    if found is Schema.EMPTY:
        with changing(database) as connection:
            if schema(connection) is Schema.EMPTY:  # another process may have been first
                migrate(connection)
    with database.engine.connect() as connection:
        require_current(connection)


def is_ours(_item: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Tell whether alembic compares a table."""
    return kind != "table" or name not in FOREIGN


def drift(connection: sa.Connection) -> list[object]:
    """Return how the schema differs from the models; empty when the migrations are complete."""
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True, "include_object": is_ours}
    )
    return list(compare_metadata(context, Base.metadata))
