"""The database of the settings, opened for a command that needs its tables."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.errors import InputError
from app.service.operations import opening
from app.service.operations.migrating import make_if_empty, require_current
from app.service.store.engine import sqlite_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.service.store.database import Database
    from app.settings import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Yield the database; the default one, a file below SURPLAN_HOME, is made where it is missing.

    Raises
    ------
    InputError
        When it cannot be reached or written, or needs `surplan db upgrade`.
    SettingsError
        When its address is none.
    """
    is_default = settings.database_url == sqlite_url(settings.home)
    if is_default:
        _require_writable(settings.home)
    with opening.opened(settings.database_url, new=is_default) as database:
        if is_default:
            make_if_empty(database)
        else:
            with database.engine.connect() as connection:
                require_current(connection)
        yield database


def _require_writable(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError("home_unwritable", folder=str(home), reason=reason) from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise InputError("home_unwritable", folder=str(home), reason=os.strerror(13))
