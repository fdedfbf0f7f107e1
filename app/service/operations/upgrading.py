"""``surplan db upgrade``: back up, migrate, give abandoned runs to the workers again; all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING

from app.service.operations import migrating
from app.service.operations.backup import back_up
from app.service.operations.migrating import Schema
from app.service.operations.requeue import requeue_abandoned
from app.service.store import audit
from app.service.store.actor import SYSTEM
from app.service.store.scope import ACTOR, ScopedSession
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.service.store.database import Database


@dataclass(frozen=True)
class Upgrade:
    """What an upgrade did.

    Attributes
    ----------
    before
        Revision that was there; None in an empty database.
    after
        Revision that is there now.
    backup
        File of the backup; None where nothing was migrated that could be lost.
    requeued
        Ids of the runs that were queued again.
    """

    before: str | None
    after: str
    backup: Path | None
    requeued: Sequence[str]


def upgrade(database: Database, backups: Path, say: Callable[..., None]) -> Upgrade:
    """Bring a database to the schema of this version.

    Parameters
    ----------
    backups
        Folder for the backup that is made before anything changes.
    say
        Is told each step before it is done: a key below ``work.`` and its words.

    Raises
    ------
    InputError
        When the schema is newer than this version or none of ours, another process holds the database, or
        the backup cannot be written.
    """
    after, version, backup = migrating.newest(), metadata.version("surplan"), None
    with migrating.changing(database) as connection:
        found, before = migrating.schema(connection), migrating.revision(connection)
        migrating.refuse_unusable(found)
        if found is Schema.OLD:
            backup = backups / f"surplan-{utc_now():%Y%m%dT%H%M%S%f}-{before}.zip"
            say("upgrade_backup", file=str(backup))
            back_up(database, backup)
        if found is not Schema.CURRENT:
            say("upgrade_migrate", before=before or "-", after=after)
            migrating.migrate(connection)
        with ScopedSession(connection, info={ACTOR: SYSTEM}) as session:
            requeued = requeue_abandoned(session, version)
            if found is not Schema.CURRENT or requeued:
                details = {"before": before, "after": after, "requeued": len(requeued)}
                audit.record(session, action="store.upgraded", subject=version, details=details)
            session.commit()
    return Upgrade(before, after, backup, requeued)
