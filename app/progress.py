"""Progress of a solve on stderr: a bar on a terminal, a plain line every few seconds, or JSON lines."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from app.console import is_terminal, note
from app.texts import money, percent, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.settings import Lang
    from solver import Progress

    Listener = Callable[[Progress], None]

SECONDS_BETWEEN_LINES = 3.0


@contextmanager
def progress(lang: Lang, *, as_json: bool = False, quiet: bool = False) -> Iterator[Listener]:
    """Yield the `on_progress` for `solver.solve`; what it shows ends with the block.

    Parameters
    ----------
    lang
        Language of the lines; JSON is the same in all.
    as_json
        One JSON object a line for every report, for programs.
    quiet
        Show nothing.
    """
    if quiet:
        yield lambda _report: None
    elif as_json:
        yield lambda report: note(json.dumps(asdict(report), ensure_ascii=False, separators=(",", ":")))
    elif is_terminal(sys.stderr):
        with _bar(lang) as listener:
            yield listener
    else:
        yield _lines(lang)


def describe(report: Progress, lang: Lang) -> str:
    """Return one report as a line: phase, category, round, seconds, incumbent, bound, gap."""
    parts = [say(lang, f"phase.{report.phase}", default=report.phase)]
    if report.category:
        parts.append(say(lang, f"category.{report.category}", default=report.category))
    parts.append(say(lang, "progress.round", round=str(report.round), seconds=f"{report.elapsed_s:.0f}"))
    if report.objective is not None:
        parts.append(say(lang, "progress.objective", value=money(lang, report.objective)))
    if report.bound is not None:
        parts.append(say(lang, "progress.bound", value=money(lang, report.bound)))
    if report.gap is not None:
        parts.append(say(lang, "progress.gap", value=percent(lang, report.gap, digits=4)))
    return " · ".join(parts)


def _lines(lang: Lang) -> Listener:
    # The first report and every change of phase show at once; else one line in a few seconds.
    last_shown, last_step = float("-inf"), ("", "")

    def listen(report: Progress) -> None:
        nonlocal last_shown, last_step
        now, step = time.monotonic(), (report.phase, report.category)
        if step == last_step and now - last_shown < SECONDS_BETWEEN_LINES:
            return
        last_shown, last_step = now, step
        note(describe(report, lang))

    return listen


@contextmanager
def _bar(lang: Lang) -> Iterator[Listener]:
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(),
        TimeElapsedColumn(),
        BarColumn(bar_width=12),
        TextColumn("{task.description}", markup=False),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        # How many rounds an exact method needs is not known beforehand, so the bar pulses.
        task = bar.add_task(say(lang, "progress.start"), total=None)
        yield lambda report: bar.update(task, description=describe(report, lang))
