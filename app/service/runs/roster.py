"""Which workers live: each writes every two seconds that it does, in the time of the database.

Clocks of several machines differ; the database has one. A worker that was not seen for `dead_after_s` is dead
for the others: one of them, and only one, takes its runs away from it.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.runs.ledger import take_from
from app.service.runs.processes import lives, mark_of
from app.service.store.actor import SYSTEM
from app.service.store.models import Run, Worker
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.service.store.database import Database

#: Seconds after which a worker that was not seen is dead.
DEAD_AFTER_S = 10.0
#: What a slot may be called: it is the name of a folder too.
SLOT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LOCK = 0x73757271  # of PostgreSQL's advisory locks: "surp" + 1; the next one after that of the audit chain


class ReplacedError(Exception):
    """Another process took this slot; this one must stop."""


class Roster:
    """The table of workers, for one of them.

    Parameters
    ----------
    database
        The store.
    slot
        Stable name of this worker's place; None: the first of this machine that no live process has.
    version
        Surplan's version.
    dead_after_s
        Seconds after which a worker that was not seen is dead.
    """

    def __init__(self, database: Database, slot: str | None, version: str, dead_after_s: float) -> None:
        self._database = database
        self._version = version
        self._dead_after = timedelta(seconds=dead_after_s)
        #: Differs in every process, and tells on this machine whether that process lives.
        self.incarnation = f"{mark_of(os.getpid())}-{secrets.token_hex(4)}"
        self.name, self.taken = self._enter(slot)

    def _enter(self, slot: str | None) -> tuple[str, list[str]]:
        """Take the slot; what its former process had is taken away from it at once."""
        with self._database.writing(SYSTEM) as session:
            _alone(session)
            name = slot or _free_slot(session)
            taken = take_from(session, Run.worker == name)
            session.execute(sa.delete(Worker).where(Worker.name == name))
            session.add(self._row(name, now_of(session)))
        return name, taken

    def _row(self, name: str, now: datetime) -> Worker:
        version, me = self._version, self.incarnation
        return Worker(name=name, incarnation=me, app_version=version, started_at=now, seen_at=now)

    def beat(self) -> None:
        """Say that this worker lives.

        Raises
        ------
        ReplacedError
            When another process has its slot.
        """
        with self._database.writing(SYSTEM) as session:
            query = sa.select(Worker).where(Worker.name == self.name).with_for_update()
            row = session.scalars(query).one_or_none()
            now = now_of(session)
            if row is None:  # others thought it dead, for example because the machine slept
                session.add(self._row(self.name, now))
            elif row.incarnation != self.incarnation:
                raise ReplacedError(self.name)
            else:
                row.seen_at = now

    def reap(self) -> list[str]:
        """Take the runs of dead workers away from them; return the ids of the runs."""
        with self._database.writing(SYSTEM) as session:
            dead = session.scalars(
                sa.select(Worker)
                .where(Worker.seen_at < now_of(session) - self._dead_after, Worker.name != self.name)
                .order_by(Worker.name)
                .with_for_update(skip_locked=True)  # who has the lock takes over, or lives
            ).all()
            taken: list[str] = []
            for worker in dead:
                taken += take_from(session, Run.worker == worker.name)
                session.delete(worker)
            session.flush()
            listed = sa.select(Worker.name)
            return taken + take_from(session, Run.worker.not_in(listed))

    def alive(self) -> dict[str, str]:
        """Return the versions of all live workers, by name."""
        with self._database.reading(SYSTEM) as session:
            query = sa.select(Worker.name, Worker.app_version).where(
                Worker.seen_at >= now_of(session) - self._dead_after
            )
            return {row.name: row.app_version for row in session.execute(query)}

    def leave(self) -> None:
        """Give the slot up, and whatever is still noted under it."""
        with self._database.writing(SYSTEM) as session:
            mine = sa.and_(Worker.name == self.name, Worker.incarnation == self.incarnation)
            if session.scalars(sa.select(Worker).where(mine).with_for_update()).one_or_none() is not None:
                take_from(session, Run.worker == self.name)
                session.execute(sa.delete(Worker).where(mine))


def now_of(session: Session) -> datetime:
    """Return the time of the database."""
    if session.get_bind().dialect.name == "postgresql":
        now: datetime = session.scalar(sa.select(sa.func.clock_timestamp())) or utc_now()
        return now.astimezone(UTC)
    return utc_now()  # a file of SQLite is used by one machine


def _alone(session: Session) -> None:
    """Let one process at a time choose its slot; SQLite lets one at a time write anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def _free_slot(session: Session) -> str:
    """Return the first slot of this machine that no living process has."""
    host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname()).strip(".-")[:50] or "local"
    rows = session.execute(sa.select(Worker.name, Worker.incarnation)).all()
    held = {row.name for row in rows if lives(row.incarnation.rpartition("-")[0])}
    number = 1
    while f"{host}-{number}" in held:
        number += 1
    return f"{host}-{number}"
