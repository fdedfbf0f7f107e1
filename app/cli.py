"""The command line ``surplan``: options and arguments of every command; what they do is done elsewhere.

Everything heavy is imported inside the commands, so that ``--help`` and a mistyped option answer at once.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from app.console import emit, use_utf8
from app.failures import command
from app.options import (
    AsJson,
    DocumentsKind,
    DocumentsOut,
    Folder,
    Lang,
    Plan,
    Province,
    Quiet,
    Seed,
    TimeLimit,
    positive,
    talk_of,
)
from app.service.commands import command_line as service
from app.service.commands import operations
from app.settings import read_settings

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
    talk = talk_of(lang, quiet=quiet)
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
    talk = talk_of(lang, quiet=quiet)
    positive("--scale", scale)  # the library reads the text itself, exactly: 0.1 is a tenth
    from app import commands

    return commands.reference(out, seed, scale, province, talk)


@application.command()
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


@application.command()
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


@application.command()
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


@application.command()
@command
def solve(
    folder: Folder,
    out: Annotated[
        Path, typer.Option("--out", metavar="PLAN", help="Plan folder; an existing plan is replaced.")
    ],
    time_limit: TimeLimit = None,
    seed: Seed = None,
    province: Province = None,
    as_json: AsJson = False,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Find the plan of least net public cost, and prove it."""
    talk = talk_of(lang, quiet=quiet, as_json=as_json)
    seconds = None if time_limit is None else positive("--time-limit", time_limit)
    from app import commands

    return commands.solve(folder, out, province, talk, time_limit=seconds, seed=seed)


@application.command()
@command
def replan(
    folder: Folder,
    baseline: Annotated[
        Path,
        typer.Option(
            "--baseline", metavar="PLAN", help="The plan before: a plan folder, or a CSV file or workbook."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="PLAN2", help="Plan folder; an existing plan is replaced.")
    ],
    time_limit: TimeLimit = None,
    seed: Seed = None,
    no_price: Annotated[
        bool, typer.Option("--no-price", help="Do not plan afresh for the price of stability.")
    ] = False,
    province: Province = None,
    as_json: AsJson = False,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Plan again: keep what is signed, pay for every other change.

    Says what changed and why, what that saves, and what stability costs.
    """
    talk = talk_of(lang, quiet=quiet, as_json=as_json)
    seconds = None if time_limit is None else positive("--time-limit", time_limit)
    from app import replanning

    return replanning.replan(
        folder, baseline, out, province, talk, time_limit=seconds, seed=seed, price=not no_price
    )


@application.command()
@command
def verify(
    folder: Folder,
    plan: Plan,
    lang: Lang = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Check a plan independently of the solver.

    Prints VERIFIED with the certified gap, or every violation; exit 1.
    """
    talk = talk_of(lang, quiet=quiet, as_json=as_json)
    from app import commands

    return commands.verify(folder, plan, talk)


@application.command()
@command
def explain(
    folder: Folder,
    plan: Plan,
    identifier: Annotated[str | None, typer.Argument(metavar="ID", help="A need_id or an asset_id.")] = None,
    force: Annotated[
        str | None,
        typer.Option(
            "--force",
            metavar="ID2|best|none",
            help="What if: paired with ID2, with the cheapest, or with none that it has now.",
        ),
    ] = None,
    units: Annotated[
        int | None, typer.Option("--units", metavar="N", min=1, help="Units to force; default 1.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every shortfall and unused asset, into --out.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.csv", help="New file for --all.")] = None,
    time_limit: Annotated[
        str | None, typer.Option("--time-limit", metavar="S", help="Seconds for --force; default 60.")
    ] = None,
    lang: Lang = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Say why a need or an asset got what it got, and what if."""
    talk = talk_of(lang, quiet=quiet, as_json=as_json)
    seconds = None if time_limit is None else positive("--time-limit", time_limit)
    from app import explaining

    what_if = explaining.asked_if(force, units, seconds)
    if everything or out is not None or identifier is None:
        return explaining.explain_all(folder, plan, (identifier, force, everything), out, talk)
    return explaining.explain(folder, plan, identifier, talk, what_if)


@application.command()
@command
def compare(
    plans: Annotated[list[Path], typer.Argument(metavar="PLAN PLAN ...", help="Two plan folders or more.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv|.xlsx", help="New file: all that differs.")
    ] = None,
    lang: Lang = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Compare plans: figures, changed lines, who gains and who loses."""
    talk = talk_of(lang, quiet=quiet, as_json=as_json)
    from app import comparing

    return comparing.compare(plans, out, talk)


@application.command()
@command
def frontier(
    folder: Folder,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR2", help="New or empty folder for table and drawings.")
    ],
    axis: Annotated[
        str | None,
        typer.Option(
            "--axis",
            metavar="coverage|worst_province|changes",
            help="What is traded against cost; default coverage, with --baseline changes.",
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="PLAN", help="The plan before, to trade changes of it."),
    ] = None,
    points: Annotated[
        int, typer.Option("--points", metavar="N", min=2, max=1000, help="Points at most.")
    ] = 10,
    category: Annotated[
        str | None,
        typer.Option("--category", metavar="C", help="Plan and trade this one alone: vehicle ..."),
    ] = None,
    plans: Annotated[bool, typer.Option("--plans", help="Also the plan folder of each point.")] = False,
    province: Province = None,
    lang: Lang = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Draw what coverage, the worst province or few changes cost."""
    talk = talk_of(lang, quiet=quiet, as_json=as_json)
    from app import frontier as trading

    wanted = trading.Wanted(axis, category, points, baseline)
    return trading.frontier(folder, out, province, talk, wanted, plans=plans)


@application.command()
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


@application.command()
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


@application.command()
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


service.add_to(application)
operations.add_to(application)


def main() -> None:
    """Run the command line; the entry point of the installed ``surplan``."""
    use_utf8()
    application()
