"""Options of ``surplan solve``, ``replan`` and ``verify``: plans made and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.failures import command
from app.options import AsJson, Folder, Lang, Plan, Province, Quiet, Seed, TimeLimit, seconds_of, talk_of


def add_to(application: typer.Typer) -> None:
    """Add the commands."""
    application.command()(solve)
    application.command()(replan)
    application.command()(verify)


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
    seconds = seconds_of(time_limit)
    from app import commands

    return commands.solve(folder, out, province, talk, time_limit=seconds, seed=seed)


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
    seconds = seconds_of(time_limit)
    from app import replanning

    return replanning.replan(
        folder, baseline, out, province, talk, time_limit=seconds, seed=seed, price=not no_price
    )


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
