"""Options of ``surplan report``, ``annex`` and ``handover``: documents of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.failures import command
from app.options import DocumentsKind, DocumentsOut, Lang, Plan, Province, Quiet, talk_of


def add_to(application: typer.Typer) -> None:
    """Add the commands."""
    application.command()(report)
    application.command()(annex)
    application.command()(handover)


@command
def report(
    plan: Plan,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.docx|.pdf|.xlsx", help="New file.")],
    since: Annotated[
        Path | None, typer.Option("--since", metavar="PLAN", help="Plan of the last report: adds the change.")
    ] = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Write the report on the state of handling."""
    talk = talk_of(lang, quiet=quiet)
    from app.documents import commands

    return commands.report_command(plan, out, since, talk)


@command
def annex(
    plan: Plan,
    out: DocumentsOut,
    kind: DocumentsKind = "",
    authority: Annotated[
        str | None, typer.Option("--authority", metavar="NAME", help="Only what this authority decides.")
    ] = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Write the decision annex of each deciding authority."""
    talk = talk_of(lang, quiet=quiet)
    from app.documents import commands

    return commands.annex_command(plan, out, kind, authority, talk)


@command
def handover(
    plan: Plan,
    out: DocumentsOut,
    kind: DocumentsKind = "",
    asset: Annotated[
        str | None, typer.Option("--asset", metavar="ID", help="Only the transfers of this asset.")
    ] = None,
    province: Province = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Write the handover record of each transfer."""
    talk = talk_of(lang, quiet=quiet)
    from app.documents import commands

    return commands.handover_command(plan, out, kind, asset, province, talk)
