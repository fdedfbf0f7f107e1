"""``surplan db ...``, ``backup``, ``restore``: options and words; app.service.operations does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.console import emit
from app.failures import DONE, WRONG_INPUT, command
from app.options import Lang, Quiet, talk_of
from app.service.commands.command_line import libraries
from app.settings import read_settings
from app.texts import number, say

db = typer.Typer(
    name="db",
    help="Look after the database of the service.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def add_to(application: typer.Typer) -> None:
    """Add the commands."""
    application.add_typer(db)
    application.command()(backup)
    application.command()(restore)


@db.command()
@command
def upgrade(lang: Lang = None, quiet: Quiet = False) -> int:
    """Back up, then give the database the tables of this version."""
    talk = talk_of(lang, quiet=quiet)
    settings = read_settings()
    with libraries():
        from app.service.operations.opening import opened
        from app.service.operations.upgrading import upgrade

    with opened(settings.database_url, new=True) as database:
        done = upgrade(database, settings.home / "backups", talk.work)
    key = "upgraded_already" if done.before == done.after else "upgraded"
    emit(say(talk.lang, f"operations.{key}", before=done.before or "-", after=done.after))
    if done.backup:
        emit(say(talk.lang, "operations.backup", file=str(done.backup)))
    if done.requeued:
        emit(say(talk.lang, "operations.requeued", count=number(talk.lang, len(done.requeued))))
    return DONE


@db.command()
@command
def current(lang: Lang = None) -> int:
    """Say which tables the database has, and which are needed."""
    talk = talk_of(lang)
    with libraries():
        from app.service.operations import migrating
        from app.service.operations.opening import opened

    with opened(read_settings().database_url) as database, database.engine.connect() as connection:
        revision, found = migrating.revision(connection), migrating.schema(connection)
    state = say(talk.lang, f"operations.state_{found}")
    emit(
        say(talk.lang, "operations.current", revision=revision or "-", needed=migrating.newest(), state=state)
    )
    return DONE if found is migrating.Schema.CURRENT else WRONG_INPUT


@db.command()
@command
def check(lang: Lang = None) -> int:
    """Look whether tables, rows and audit trail are whole; exit 1."""
    talk = talk_of(lang)
    with libraries():
        from app.service.operations.checking import faults
        from app.service.operations.opening import opened
        from app.service.store.actor import SYSTEM

    with opened(read_settings().database_url) as database, database.reading(SYSTEM) as session:
        found, entries = faults(database, session, talk.lang)
    for line in found:
        emit(line)
    if found:
        return WRONG_INPUT
    emit(say(talk.lang, "operations.check_ok", entries=number(talk.lang, entries)))
    return DONE


@command
def backup(
    out: Annotated[Path, typer.Option("--out", metavar="FILE.zip", help="New file.")],
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Write a backup of the service's store, while it runs."""
    talk = talk_of(lang, quiet=quiet)
    with libraries():
        from app.service.operations.backup import back_up
        from app.service.operations.opening import opened

    talk.work("backup_write", file=str(out))
    with opened(read_settings().database_url) as database:
        found = back_up(database, out)
    head = f"{found.audit_head.number}:{found.audit_head.digest}"
    rows, tables = sum(table.rows for table in found.tables), len(found.tables)
    words = {"tables": number(talk.lang, tables), "rows": number(talk.lang, rows), "revision": found.revision}
    emit(say(talk.lang, "operations.backup", file=str(out)))
    emit(say(talk.lang, "operations.backup_tables", **words))
    if found.audit_head.number:
        emit(say(talk.lang, "operations.backup_head", head=head))
    return DONE


@command
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="What `surplan backup` wrote.")],
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="DIR|URL", help="Folder or database; default SURPLAN_DATABASE_URL."),
    ] = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Restore a backup into an empty folder or database."""
    talk = talk_of(lang, quiet=quiet)
    url = read_settings().database_url
    with libraries():
        from app.service.operations.opening import address_of, opened, shown_url
        from app.service.operations.restore import check_backup, restore

    if into is not None:
        url = address_of(into)
    talk.work("restore_check", file=str(file))
    check_backup(file)  # before a folder is made for the database
    talk.work("restore_load")
    with opened(url, new=True) as database:
        manifest, requeued = restore(file, database)
    rows = number(talk.lang, sum(table.rows for table in manifest.tables))
    words = {"created": manifest.created_at, "rows": rows, "place": shown_url(url)}
    emit(say(talk.lang, "operations.restored", **words))
    if requeued:
        emit(say(talk.lang, "operations.requeued", count=number(talk.lang, len(requeued))))
    return DONE
