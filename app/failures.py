"""How a command ends: exit codes, and never a traceback on the terminal.

=====  ==========================================================================
code   meaning
=====  ==========================================================================
0      done: OPTIMAL, FEASIBLE, or INFEASIBLE with its proof
1      wrong input; for ``verify`` any violation or an unreadable plan
2      wrong usage: options, arguments, settings
3      no plan found in the time
4      internal error; the traceback is in a file under ``SURPLAN_HOME``/logs
130    interrupted, with nothing written
=====  ==========================================================================
"""

from __future__ import annotations

import functools
import os
import platform
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

import typer

from app.console import note, visible
from app.errors import InputError, SettingsError, UsageError
from app.settings import lang_of_errors, read_settings
from app.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.settings import Lang

P = ParamSpec("P")

DONE, WRONG_INPUT, USAGE, NO_PLAN, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 4, 130


def command(work: Callable[P, int]) -> Callable[P, None]:
    """Make a command of `work`, which returns an exit code: an exception ends as a message and a code."""

    @functools.wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        raise typer.Exit(_exit_code(lambda: work(*args, **kwargs), lang_of_errors(kwargs.get("lang"))))

    # The wrapper's own annotation would say None; Typer reads the parameters from the wrapped function.
    return run


def _exit_code(work: Callable[[], int], lang: Lang) -> int:
    try:
        return work()
    except (SettingsError, UsageError) as error:
        _say_error(error.text(lang), lang)
        return USAGE
    except InputError as error:
        _say_error(error.text(lang), lang)
        return WRONG_INPUT
    except KeyboardInterrupt:
        note(say(lang, "error.interrupted"))
        return INTERRUPTED
    except Exception as error:
        told = _of_plan_folder(error, lang)
        if told:
            _say_error(told, lang)
            return WRONG_INPUT
        report_internal(error, lang)
        return INTERNAL


def _say_error(text: str, lang: Lang) -> None:
    note(say(lang, "error.line", text=visible(text)))


def _of_plan_folder(error: Exception, lang: Lang) -> str:
    """Return what is wrong with a plan folder, "" where the error is another one."""
    # Looked up without importing solver, which --help and usage errors must not pay for.
    errors = sys.modules.get("solver.errors")
    if errors is None or not isinstance(error, errors.PlanFolderError):
        return ""
    return str(error.text(lang))


def report_internal(error: BaseException, lang: Lang) -> None:
    """Say that Surplan itself failed, and where the traceback is."""
    name = f"{type(error).__name__}: {error}".splitlines()[0]
    note(say(lang, "error.internal", name=visible(name)[:300]))
    saved = _save_traceback(error)
    note(say(lang, "error.saved", file=str(saved)) if saved else say(lang, "error.not_saved"))


def _save_traceback(error: BaseException) -> Path | None:
    """Write the traceback below SURPLAN_HOME, or in the temporary folder where that can't be written."""
    details = "".join(traceback.format_exception(error))
    moment, homes = datetime.now(UTC), [Path(tempfile.gettempdir()) / "surplan"]
    try:
        settings = read_settings()
        moment, homes = moment.astimezone(settings.timezone), [settings.home, *homes]
    except SettingsError:
        pass
    head = (
        f"{moment.isoformat(timespec='seconds')}\n"
        f"Python {platform.python_version()} on {platform.platform()}\n"
        f"arguments: {sys.argv[1:]!r}\n\n"
    )
    for home in homes:
        path = home / "logs" / f"error-{moment:%Y%m%d-%H%M%S}-{os.getpid()}.log"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(head + details, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return path.resolve()
    return None
