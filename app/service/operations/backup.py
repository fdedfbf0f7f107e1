"""One consistent backup of the whole store, while the service runs.

Everything is read in one transaction (SQLite: a snapshot of the WAL; PostgreSQL: REPEATABLE READ), so the
tables fit together whatever is written meanwhile. The job engine's own store is not in it: it is derived from
the table of runs, and a restore dispatches unfinished runs anew.
"""

from __future__ import annotations

import hashlib
import zipfile
from importlib import metadata
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.errors import InputError
from app.service.operations import migrating
from app.service.operations.archive import (
    FORMAT_VERSION,
    MANIFEST,
    AuditHead,
    Column,
    Manifest,
    Table,
    kind_of,
    line_of,
)
from app.service.operations.new_file import new_file
from app.service.store.actor import SYSTEM
from app.service.store.audit import BEGINNING
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.service.store.database import Database

# Rows that are in memory at a time; those with bytes may have a hundred megabytes each.
_ROWS, _ROWS_WITH_BYTES = 500, 2


def back_up(database: Database, out: Path) -> Manifest:
    """Write a backup to a new file, readable for its owner alone; the disk has it before this returns.

    Raises
    ------
    InputError
        When the file exists or cannot be written, or the database has no schema of ours.
    """
    if out.exists():
        raise InputError("backup_exists", file=str(out))
    try:
        with (
            new_file(out) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        ):
            manifest = _write(database, archive)
    except OSError as error:
        if isinstance(error, FileExistsError) and out.exists():  # it came while ours was written
            raise InputError("backup_exists", file=str(out)) from error
        raise InputError("backup_unwritable", file=str(out), reason=str(error.strerror or error)) from error
    return manifest


def _write(database: Database, archive: zipfile.ZipFile) -> Manifest:
    with database.reading(SYSTEM) as session:
        connection = session.connection()
        revision = migrating.revision(connection)
        if revision is None:
            raise InputError("schema_empty")
        tables = sa.MetaData()
        tables.reflect(connection, only=lambda name, _: name not in migrating.NOT_OURS)
        manifest = Manifest(
            format="surplan-backup",
            format_version=FORMAT_VERSION,
            app_version=metadata.version("surplan"),
            revision=revision,
            database="sqlite" if database.is_sqlite else "postgresql",
            created_at=utc_now().isoformat(timespec="seconds"),
            audit_head=_audit_head(connection),
            # Each stands behind those that it refers to.
            tables=[_write_table(connection, table, archive) for table in tables.sorted_tables],
        )
    archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def _audit_head(connection: sa.Connection) -> AuditHead:
    last = connection.execute(
        sa.text("SELECT number, digest FROM audit_entries ORDER BY number DESC LIMIT 1")
    ).one_or_none()
    return (
        AuditHead(number=last.number, digest=last.digest) if last else AuditHead(number=0, digest=BEGINNING)
    )


def _write_table(connection: sa.Connection, table: sa.Table, archive: zipfile.ZipFile) -> Table:
    columns = [Column(name=column.name, kind=kind_of(column)) for column in table.columns]
    found = Table(name=table.name, columns=columns, rows=0, sha256="")
    kinds, digest, count = [column.kind for column in columns], hashlib.sha256(), 0
    with archive.open(found.member, "w", force_zip64=True) as member:
        for row in _rows(connection, table, _ROWS_WITH_BYTES if "bytes" in kinds else _ROWS):
            line = line_of(kinds, row)
            digest.update(line)
            member.write(line)
            count += 1
    return found.model_copy(update={"rows": count, "sha256": digest.hexdigest()})


def _rows(connection: sa.Connection, table: sa.Table, at_a_time: int) -> Iterator[sa.Row[Any]]:
    query = sa.select(table).order_by(*table.primary_key.columns)
    with connection.execute(query, execution_options={"yield_per": at_a_time}) as rows:
        yield from rows
