"""``surplan db check``: whether the database is what this version needs, and whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.operations import migrating
from app.service.store import audit
from app.texts import say

if TYPE_CHECKING:
    from app.service.store.database import Database
    from app.service.store.scope import ScopedSession
    from app.settings import Lang

_MOST = 5


def faults(database: Database, session: ScopedSession, lang: Lang) -> tuple[list[str], int]:
    """Return what is wrong with a database, a line each, and the length of its audit chain.

    Raises
    ------
    InputError
        When its schema is not of this version.
    """
    connection = session.connection()
    migrating.require_current(connection)
    found = []
    if drift := migrating.drift(connection):
        found.append(say(lang, "operations.check_drift", what="; ".join(map(str, drift[:_MOST]))))
    if database.is_sqlite:
        found += _of_file(connection, lang)
    report = audit.verify(session)
    if not report.ok:
        words = {"number": str(report.broken_number), "fault": str(report.fault)}
        found.append(say(lang, "operations.check_audit", **words))
    return found, report.entries


def _of_file(connection: sa.Connection, lang: Lang) -> list[str]:
    """Look at what PostgreSQL looks after itself."""
    found = []
    damage = connection.exec_driver_sql("PRAGMA quick_check(5)").scalars().all()
    if list(damage) != ["ok"]:
        found.append(say(lang, "operations.check_file", what="; ".join(damage)))
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_MOST)
    if lost:
        what = "; ".join(f"{table} {row} -> {parent}" for table, row, parent, _ in lost)
        found.append(say(lang, "operations.check_references", what=what))
    return found
