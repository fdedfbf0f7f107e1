"""Options of ``surplan explain``, ``compare`` and ``frontier``: what one asks of plans."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.failures import command
from app.options import AsJson, Folder, Lang, Plan, Province, Quiet, seconds_of, talk_of


def add_to(application: typer.Typer) -> None:
    """Add the commands."""
    application.command()(explain)
    application.command()(compare)
    application.command()(frontier)


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
    seconds = seconds_of(time_limit)
    from app import explaining

    what_if = explaining.asked_if(force, units, seconds)
    if everything or out is not None or identifier is None:
        return explaining.explain_all(folder, plan, (identifier, force, everything), out, talk)
    return explaining.explain(folder, plan, identifier, talk, what_if)


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
