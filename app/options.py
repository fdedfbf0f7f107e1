"""Options and arguments that several commands have, and how their texts are read."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from app.errors import UsageError
from app.settings import parse_lang, read_settings
from app.talk import Talk

Folder = Annotated[
    Path,
    typer.Argument(
        metavar="DIR", help="Scenario folder (assets.csv or a workbook, needs.csv ...), or a workbook."
    ),
]
Plan = Annotated[Path, typer.Argument(metavar="PLAN", help="Plan folder.")]
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
TimeLimit = Annotated[
    str | None, typer.Option("--time-limit", metavar="S", help="Seconds; default the scenario's.")
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed", metavar="N", min=0, max=2**31 - 1, help="For free choices; default the scenario's."
    ),
]
DocumentsOut = Annotated[
    Path,
    typer.Option(
        "--out", metavar="FILE|DIR", help="All in one FILE.docx or FILE.pdf, or a new folder: a file each."
    ),
]
DocumentsKind = Annotated[
    str, typer.Option("--kind", metavar="docx|pdf", help="Kind of the files in a folder; default docx.")
]


def talk_of(lang: str | None, *, quiet: bool = False, as_json: bool = False) -> Talk:
    """Return how a command talks, by its options and the settings."""
    settings = read_settings()
    return Talk(settings.lang if lang is None else parse_lang(lang, "--lang"), quiet=quiet, as_json=as_json)


def positive(option: str, text: str) -> float:
    """Read a number above 0; Typer would take "nan" and "inf", and name a bad text in English only."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise UsageError("positive", option=option, value=repr(text))
    return value


def seconds_of(time_limit: str | None) -> float | None:
    """Read ``--time-limit`` [s]; None where it is not given, since whoever solves has a default."""
    return None if time_limit is None else positive("--time-limit", time_limit)
