"""Options of ``surplan demo`` and ``reference``: the synthetic reference country."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.failures import command
from app.options import Lang, Province, Quiet, positive, talk_of
from app.settings import read_settings


def add_to(application: typer.Typer) -> None:
    """Add the commands."""
    application.command()(demo)
    application.command()(reference)


@command
def demo(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Plan folder; default demo in SURPLAN_HOME.")
    ] = None,
    province: Province = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Plan the synthetic reference country, verify, sum up."""
    talk = talk_of(lang, quiet=quiet)
    name = "demo" if province is None else f"demo-{province}"
    from app import commands

    return commands.demo(out, read_settings().home, name, province, talk)


@command
def reference(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="New or empty folder for the tables.")],
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", min=0, help="Another seed draws another inventory.")
    ] = 1,
    scale: Annotated[
        str,
        typer.Option("--scale", metavar="X", help="Multiplies assets and wanted units, never communes."),
    ] = "1",
    province: Province = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Write the synthetic reference as a scenario folder."""
    talk = talk_of(lang, quiet=quiet)
    positive("--scale", scale)  # the library reads the text itself, exactly: 0.1 is a tenth
    from app import commands

    return commands.reference(out, seed, scale, province, talk)
