"""Open a database for a command; one that does not answer is said in one line, without its password."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.errors import InputError, SettingsError, UsageError
from app.service.store.database import Database
from app.service.store.engine import full_url, sqlite_url

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def opened(url: str, *, new: bool = False) -> Iterator[Database]:
    """Yield a database that answers.

    Parameters
    ----------
    new
        Whether a SQLite file may be made.

    Raises
    ------
    SettingsError
        When the address is of no database that we know.
    InputError
        When it does not answer, or there is no file yet.
    """
    parsed = full_url(url)
    if not new and parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).exists():
        raise InputError("schema_empty")
    try:
        database = Database(url)
    except OSError as error:  # the folder of a SQLite file
        raise InputError("database_unreachable", reason=str(error.strerror or error)) from error
    try:
        if database.file is None or database.file.exists():  # asking would make it
            _ask(database)
        yield database
    finally:
        database.close()


def _ask(database: Database) -> None:
    try:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
    except sa.exc.DBAPIError as error:
        lines = str(error.orig).strip().splitlines()
        raise InputError("database_unreachable", reason=lines[0] if lines else "") from error


def shown_url(url: str) -> str:
    """Return an address for people: a file, or a server without its password."""
    parsed = full_url(url)
    if parsed.get_backend_name() == "sqlite":
        return str(parsed.database)
    # Without what stands behind "?": a password may stand there too.
    return parsed.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def address_of(place: str) -> str:
    """Return the address that ``--into`` means: one of a database, or a folder for the default file.

    Raises
    ------
    UsageError
        When it is an address of no database that we know.
    """
    if "://" not in place:
        return sqlite_url(Path(place))
    try:
        full_url(place)
    except SettingsError as error:
        raise UsageError("into_url") from error  # without the value: it may hold a password
    return place
