"""Options of ``surplan template``, ``needs`` and ``check``: the tables that a plan is made from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.failures import command
from app.options import AsJson, Folder, Lang, Province, Quiet, talk_of


def add_to(application: typer.Typer) -> None:
    """Add the commands."""
    application.command()(template)
    application.command()(needs)
    application.command()(check)


@command
def template(
    out: Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help="New workbook.")], lang: Lang = None
) -> int:
    """Write an empty workbook to fill in.

    With drop-downs, notes and examples, in the language of --lang.
    """
    talk = talk_of(lang)
    from app.workbook import template

    return template.template(out, talk)


@command
def needs(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Scenario folder; needs.csv is written into it.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace an existing needs.csv.")] = False,
    province: Province = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Derive needs.csv from staff, assets in use and norms."""
    talk = talk_of(lang, quiet=quiet)
    from app import needing

    return needing.needs(folder, province, force=force, talk=talk)


@command
def check(
    folder: Folder,
    mark: Annotated[
        Path | None,
        typer.Option("--mark", metavar="OUT.xlsx", help="Also a copy of the workbook, issues marked in it."),
    ] = None,
    province: Province = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> int:
    """Print every issue of a scenario folder or workbook.

    Each with its place, code and remedy; exit 1 on errors.
    """
    talk = talk_of(lang, as_json=as_json)
    from app import commands

    return commands.check(folder, province, talk, mark)
