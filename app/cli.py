"""The command line ``surplan``: all commands together; `app.command_line` and the service hold their options.

Everything heavy is imported inside the commands, so that ``--help`` and a mistyped option answer at once.
"""

from __future__ import annotations

from importlib import metadata
from typing import Annotated

import typer

from app.command_line import documents, plans, questions, reference, tables
from app.console import emit, use_utf8
from app.service.commands import command_line as service
from app.service.commands import operations

application = typer.Typer(
    name="surplan",
    help="Plan which surplus public assets of Viet Nam go to which communes; prove that no plan costs less.",
    epilog="Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 no plan found in the time, 4 internal error, "
    "130 Ctrl-C.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        try:
            emit(metadata.version("surplan"))
        except metadata.PackageNotFoundError:
            emit("0 (run from its source, not installed)")
        raise typer.Exit


@application.callback()
def _options(
    version: Annotated[  # the callback of the option does the work
        bool,
        typer.Option("--version", is_eager=True, callback=_show_version, help="Print the version and exit."),
    ] = False,
) -> None:
    pass


# The order of `--help`: from the first try to documents, then the service.
for _part in (reference, tables, plans, questions, documents, service, operations):
    _part.add_to(application)


def main() -> None:
    """Run the command line; the entry point of the installed ``surplan``."""
    use_utf8()
    application()
