"""The command line ``surplan``: options and arguments; what the commands do is in `app.commands`.

Everything heavy is imported inside the commands, so that ``--help`` and a mistyped option answer at once.
"""

from __future__ import annotations

import math
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from app.console import emit, use_utf8
from app.errors import UsageError
from app.failures import command
from app.settings import parse_lang, read_settings
from app.talk import Talk

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

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Scenario folder: assets.csv, needs.csv, scenario.toml ...")
]
Lang = Annotated[
    str | None, typer.Option("--lang", metavar="vi|en", help="Language; default SURPLAN_LANG, else en.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress: only results and errors.")]
AsJson = Annotated[
    bool, typer.Option("--json", help="The result as one JSON object, progress as JSON lines.")
]
Province = Annotated[
    str | None, typer.Option("--province", metavar="CODE", help="One province only, such as 38.")
]


def main() -> None:
    """Run the command line; the entry point of the installed ``surplan``."""
    use_utf8()
    application()


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


@application.command()
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
    talk = _talk(lang, quiet=quiet)
    name = "demo" if province is None else f"demo-{province}"
    from app import commands

    return commands.demo(out, read_settings().home, name, province, talk)


@application.command()
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
    talk = _talk(lang, quiet=quiet)
    _positive("--scale", scale)  # the library reads the text itself, exactly: 0.1 is a tenth
    from app import commands

    return commands.reference(out, seed, scale, province, talk)


@application.command()
@command
def check(folder: Folder, province: Province = None, lang: Lang = None, as_json: AsJson = False) -> int:
    """Print every issue of a scenario folder.

    Each with file, row, column, code and remedy; exit 1 on errors.
    """
    talk = _talk(lang, as_json=as_json)
    from app import commands

    return commands.check(folder, province, talk)


@application.command()
@command
def solve(
    folder: Folder,
    out: Annotated[
        Path, typer.Option("--out", metavar="PLAN", help="Plan folder; an existing plan is replaced.")
    ],
    time_limit: Annotated[
        str | None, typer.Option("--time-limit", metavar="S", help="Seconds; default the scenario's.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed", metavar="N", min=0, max=2**31 - 1, help="For free choices; default the scenario's."
        ),
    ] = None,
    province: Province = None,
    as_json: AsJson = False,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Find the plan of least net public cost, and prove it."""
    talk = _talk(lang, quiet=quiet, as_json=as_json)
    seconds = None if time_limit is None else _positive("--time-limit", time_limit)
    from app import commands

    return commands.solve(folder, out, province, talk, time_limit=seconds, seed=seed)


@application.command()
@command
def verify(
    folder: Folder,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="Plan folder.")],
    lang: Lang = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Check a plan independently of the solver.

    Prints VERIFIED with the certified gap, or every violation; exit 1.
    """
    talk = _talk(lang, quiet=quiet, as_json=as_json)
    from app import commands

    return commands.verify(folder, plan, talk)


def _talk(lang: str | None, *, quiet: bool = False, as_json: bool = False) -> Talk:
    settings = read_settings()
    return Talk(settings.lang if lang is None else parse_lang(lang, "--lang"), quiet=quiet, as_json=as_json)


def _positive(option: str, text: str) -> float:
    """Read a number above 0; Typer would take "nan" and "inf", and name a bad text in English only."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise UsageError("positive", option=option, value=repr(text))
    return value
