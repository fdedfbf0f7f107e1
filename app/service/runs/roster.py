"""Which workers live: each writes every two seconds that it does.

A worker whose row stays the same for `dead_after_s` is dead for the one who watches it: one of the others,
and only one, takes its runs away from it. That time is of the watcher's own clock, which nobody sets: a clock
of the database that is set forward would end all workers at once.

Whoever needs both locks first the row of a worker, then those of its runs.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from app.service.runs.ledger import held, take_from
from app.service.runs.processes import mark_of, may_live
from app.service.store.actor import SYSTEM
from app.service.store.models import Run, Worker
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.service.store.database import Database

#: Seconds after which a worker that was not seen is dead.
DEAD_AFTER_S = 10.0
#: What a slot may be called: it is the name of a folder too.
SLOT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LOCK = 0x73757271  # of PostgreSQL's advisory locks: "surp" + 1; the next one after that of the audit chain


class ReplacedError(Exception):
    """Another process took this slot; this one must stop."""


class _Sight(NamedTuple):
    """What was last seen of a worker, and since when (monotonic seconds)."""

    incarnation: str
    seen_at: datetime
    since: float


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
    clock
        Returns seconds; never set anew.
    """

    def __init__(
        self,
        database: Database,
        slot: str | None,
        version: str,
        dead_after_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._version = version
        self._dead_after_s = dead_after_s
        self._clock = clock
        self._sights: dict[str, _Sight] = {}
        self._watched = float("-inf")
        #: Differs in every process, and tells on this machine whether that process lives.
        self.incarnation = f"{mark_of(os.getpid())}-{secrets.token_hex(4)}"
        self.name, self.taken = self._enter(slot)

    def _enter(self, slot: str | None) -> tuple[str, list[str]]:
        """Take the slot; what its former process had is taken away from it at once.

        A run whose row is locked stays: it is given back when this worker finds that it does not have it.
        """
        with self._database.writing(SYSTEM) as session:
            _alone(session)
            name = slot or _free_slot(session)
            query = sa.select(Worker).where(Worker.name == name).with_for_update()
            before = session.scalars(query).one_or_none()
            taken = take_from(session, Run.worker == name)
            row = self._row(name, now_of(session))
            if before is None:
                session.add(row)
            else:
                before.incarnation, before.app_version = row.incarnation, row.app_version
                before.started_at, before.seen_at = row.started_at, row.seen_at
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
        """Take the runs of dead workers away from them; return the ids of the runs.

        Called with every beat: after a pause of its own a watcher cannot say how long others were silent.
        Waits for nobody: a run whose row is locked is taken at a later beat; its worker is listed no more.
        """
        listed = sa.select(Worker.name)
        orphaned = held(sa.select(Run.id).where(Run.worker.not_in(listed)))
        with self._database.reading(SYSTEM) as session:
            silent = self._silent(session)
            if not silent and not session.scalar(sa.select(orphaned.exists())):
                return []
        unchanged = (
            sa.and_(Worker.name == name, Worker.incarnation == one.incarnation, Worker.seen_at == one.seen_at)
            for name, one in silent.items()
        )
        with self._database.writing(SYSTEM) as session:
            dead = session.scalars(
                sa.select(Worker)
                .where(sa.or_(sa.false(), *unchanged))
                .order_by(Worker.name)
                .with_for_update(skip_locked=True)  # who has the lock takes over, or lives
            ).all()
            taken: list[str] = []
            for worker in dead:
                taken += take_from(session, Run.worker == worker.name)
                session.delete(worker)
            session.flush()
            return taken + take_from(session, Run.worker.not_in(listed))

    def _silent(self, session: Session) -> dict[str, _Sight]:
        """Look at the others; return those who said nothing for too long while they were watched."""
        rows = session.execute(
            sa.select(Worker.name, Worker.incarnation, Worker.seen_at).where(Worker.name != self.name)
        ).all()
        now = self._clock()
        known = self._sights if now - self._watched <= self._dead_after_s / 2 else {}
        sights = {}
        for row in rows:
            old = known.get(row.name)
            same = old is not None and (old.incarnation, old.seen_at) == (row.incarnation, row.seen_at)
            sights[row.name] = old if old is not None and same else _Sight(row.incarnation, row.seen_at, now)
        self._sights, self._watched = sights, now
        return {name: one for name, one in sights.items() if now - one.since >= self._dead_after_s}

    def alive(self) -> dict[str, str]:
        """Return the versions of all live workers, by name."""
        with self._database.reading(SYSTEM) as session:
            query = sa.select(Worker.name, Worker.app_version).where(
                Worker.seen_at >= now_of(session) - timedelta(seconds=self._dead_after_s)
            )
            return {row.name: row.app_version for row in session.execute(query)}

    def leave(self) -> None:
        """Give the slot up, and whatever is still noted under it; the others take what is locked."""
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
    """Return the first slot of this machine that no living process has.

    That of a process of another container or boot, of which nobody here can tell, is free when somebody has
    watched it die and removed it.
    """
    host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname()).strip(".-")[:50] or "local"
    rows = session.execute(sa.select(Worker.name, Worker.incarnation)).all()
    held = {row.name for row in rows if may_live(row.incarnation.rpartition("-")[0])}
    number = 1
    while f"{host}-{number}" in held:
        number += 1
    return f"{host}-{number}"
