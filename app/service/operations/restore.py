"""Restore a backup into an empty store: all of it, checked, or nothing.

The file is read twice: once to check every member before anything is written, once to load it (and hashed
again, should it change in between). Loading, migrating from the backup's revision to ours, checking the audit
chain and queueing unfinished runs again are one transaction. Nothing is taken away when it fails, not even a
SQLite file that was not there before: whose it is cannot be known, and an empty one takes the next restore.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from app.errors import InputError
from app.service.operations import migrating
from app.service.operations.archive import FORMAT_VERSION, MANIFEST, Manifest, Table, row_of, target_of
from app.service.operations.requeue import requeue_all
from app.service.store import audit
from app.service.store.actor import SYSTEM
from app.service.store.scope import ACTOR, ScopedSession

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.service.store.database import Database

_MOST_MANIFEST = 10_000_000  # bytes; ours have a few thousand
# What a ZIP that somebody altered, or a line of it, may raise.
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(RuntimeError, KeyError, TypeError, ValueError),  # said to be encrypted, no such member, no row of ours
)
_BATCH_ROWS, _BATCH_BYTES = 1000, 8_000_000


def check_backup(file: Path) -> Manifest:
    """Read a whole backup and return its manifest.

    Raises
    ------
    InputError
        When it cannot be read, is truncated or altered, or is of a later version of Surplan.
    """
    with _opened(file) as (archive, manifest):
        for table in manifest.tables:
            for _ in _rows(archive, table, file):
                pass
    return manifest


def restore(file: Path, database: Database) -> tuple[Manifest, Sequence[str]]:
    """Restore a backup into an empty store.

    Returns
    -------
    Manifest, sequence of str
        What was restored; ids of the runs that were queued again.

    Raises
    ------
    InputError
        As `check_backup`; when the store is not empty; when the audit chain does not hold.
    """
    check_backup(file)
    with _opened(file) as (archive, manifest), migrating.changing(database) as connection:
        if _require_empty(database, connection) is not migrating.Schema.EMPTY:
            migrating.migrate_back(connection, "base")
        migrating.migrate(connection, manifest.revision)
        with _deferred(connection):
            for table in manifest.tables:
                _load(connection, archive, table, file)
        _count_on(connection, manifest.tables)
        migrating.migrate(connection)
        with ScopedSession(connection, info={ACTOR: SYSTEM}) as session:
            _check_chain(session, manifest, file)
            requeued = requeue_all(session)
            details = {"created_at": manifest.created_at, "requeued": len(requeued)}
            audit.record(session, action="store.restored", subject=manifest.app_version, details=details)
            session.commit()
    return manifest, requeued


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    with contextlib.ExitStack() as opened:
        try:
            content = opened.enter_context(file.open("rb"))
        except OSError as error:
            raise InputError("backup_missing", file=str(file), reason=str(error.strerror or error)) from error
        try:
            archive = opened.enter_context(zipfile.ZipFile(content))
        except _UNREADABLE as error:
            raise InputError("backup_damaged", file=str(file)) from error
        yield archive, _manifest(archive, file)


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
            raise InputError("backup_damaged", file=str(file))
        content = json.loads(archive.read(MANIFEST))
        version = content["format_version"]
        if isinstance(version, int) and version > FORMAT_VERSION:
            raise InputError("backup_newer", file=str(file), version=str(content.get("app_version")))
        manifest = Manifest.model_validate(content)
    except _UNREADABLE as error:
        raise InputError("backup_damaged", file=str(file)) from error
    scripts = ScriptDirectory.from_config(migrating.configuration()).walk_revisions()
    if manifest.revision not in {script.revision for script in scripts}:
        raise InputError("backup_newer", file=str(file), version=manifest.app_version)
    members = sorted([MANIFEST, *(table.member for table in manifest.tables)])
    if sorted(archive.namelist()) != members:
        raise InputError("backup_damaged", file=str(file))
    return manifest


def _rows(archive: zipfile.ZipFile, table: Table, file: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the rows of a table and the lengths of their lines, and check their hash and count at the end."""
    digest, count = hashlib.sha256(), 0
    try:
        with archive.open(table.member) as member:
            for line in member:
                digest.update(line)
                count += 1
                yield row_of(table.columns, line), len(line)
    except _UNREADABLE as error:
        raise InputError("backup_damaged", file=str(file)) from error
    if (digest.hexdigest(), count) != (table.sha256, table.rows):
        raise InputError("backup_damaged", file=str(file))


def _require_empty(database: Database, connection: sa.Connection) -> migrating.Schema:
    """Refuse a store that holds anything, the job engine's too: it may know dispatches that come again."""
    schema = migrating.schema(connection)
    if schema not in (migrating.Schema.EMPTY, migrating.Schema.CURRENT):
        raise InputError("store_not_empty")
    migrating.keep_out(connection)
    found = sa.inspect(connection)
    for name in set(found.get_table_names()) - migrating.NOT_OURS:
        if connection.execute(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)).first():
            raise InputError("store_not_empty")
    if database.file is not None:
        jobs = database.file.with_name("jobs.sqlite")
        if jobs.exists():
            raise InputError("store_has_jobs", place=str(jobs))
    elif found.has_table("workflow_status", schema="dbos") and connection.scalar(
        sa.select(sa.func.count()).select_from(sa.table("workflow_status", schema="dbos"))
    ):
        raise InputError("store_has_jobs", place="schema dbos")
    return schema


def _load(connection: sa.Connection, archive: zipfile.ZipFile, table: Table, file: Path) -> None:
    insert = sa.insert(target_of(table))
    batch: list[dict[str, Any]] = []
    size = 0
    for row, length in _rows(archive, table, file):
        batch.append(row)
        size += length
        if len(batch) >= _BATCH_ROWS or size >= _BATCH_BYTES:
            connection.execute(insert, batch)
            batch, size = [], 0
    if batch:
        connection.execute(insert, batch)


@contextlib.contextmanager
def _deferred(connection: sa.Connection) -> Iterator[None]:
    """Let rows refer to rows of the same table that come later.

    PostgreSQL checks at the end then; SQLite checks nothing during a change of the schema, and all after it.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    found = sa.inspect(connection)
    own = [
        (f'"{name}"', f'"{key["name"]}"')
        for name in found.get_table_names()
        for key in found.get_foreign_keys(name)
        if key["referred_table"] == name
    ]
    for table, key in own:
        connection.exec_driver_sql(
            f"ALTER TABLE {table} ALTER CONSTRAINT {key} DEFERRABLE INITIALLY DEFERRED"
        )
    yield
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table, key in own:
        connection.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {key} NOT DEFERRABLE")


def _count_on(connection: sa.Connection, tables: Sequence[Table]) -> None:
    """Let PostgreSQL's counters go on behind the restored rows; SQLite looks at the rows themselves."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables:
        for column in table.columns:
            counter = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name)))
            if counter is not None:
                most: sa.Select[tuple[int | None]] = sa.select(
                    sa.func.max(sa.column(column.name))
                ).select_from(sa.table(table.name))
                if (last := connection.scalar(most)) is not None:
                    connection.execute(sa.select(sa.func.setval(counter, last)))


def _check_chain(session: ScopedSession, manifest: Manifest, file: Path) -> None:
    report, head = audit.verify(session), manifest.audit_head
    if not report.ok or (report.head_number, report.head_digest) != (head.number, head.digest):
        raise InputError("backup_chain", file=str(file))
