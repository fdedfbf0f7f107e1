"""``python -m app.service.runs.child``: solve one run, in a process that may die alone.

It says on stdout, one JSON object a line::

    {"ready": true}                       everything is imported
    {"progress": {"phase": "solve", ...}} at most four a second
    {"drawing": "/a/folder"}              there all files stand but the workbook and the map
    {"done": {"stopped": false}}          the plan folder is complete
    {"failed": "wrong_input", "detail": {...}}

and hears on stdin ``{"solve": {"folder", "out", "baseline", "lang", "time_limit_s"}}`` and
``{"stop": true}``, which keeps the best plan so far. When stdin ends, whoever started it is dead, and so is
it at once.
"""

from __future__ import annotations

import csv
import faulthandler
import json
import os
import sys
import threading
import time
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import app.export.geojson
import app.export.xlsx  # noqa: F401  # imported while nobody waits
import solver
from app.baseline import read_baseline
from app.errors import InputError, SettingsError, UsageError
from app.folders import build, read_inputs
from app.issues import as_dict
from app.plans import view_plan  # noqa: F401  # imported while nobody waits
from app.service.issue_texts import as_sent
from app.service.runs.processes import end_own_group, lower_priority
from app.settings import LANGS
from app.solving import NoPlanFoundError, solve_into
from app.talk import Talk

if TYPE_CHECKING:
    from collections.abc import Callable

#: Seconds between two reports of the same step.
PACE_S = 0.25
#: Issues that are told; the rest is counted.
MOST_ISSUES = 1000
_NUMBERS = {"objective": "objective_vnd", "bound": "bound_vnd"}
_KEYS = {"assets": "asset_id", "needs": "need_id"}


def main() -> None:
    """Hear, solve, tell; ends with the process that started it."""
    faulthandler.enable()
    lower_priority()
    # What native libraries print goes where errors go: stdout is for what is told here.
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    stop, task = threading.Event(), threading.Event()
    given: dict[str, Any] = {}

    def listen() -> None:
        for line in sys.stdin.buffer:
            message = json.loads(line)
            if "solve" in message:
                given.update(message["solve"])
                task.set()
            else:
                stop.set()
        end_own_group()

    threading.Thread(target=listen, daemon=True).start()
    teller = Teller(channel)
    teller.say(ready=True)
    task.wait()
    work(given, teller, stop.is_set)
    channel.close()
    # Nothing is left to be tidied up, and a library that crashes when it ends would spoil a good plan.
    os._exit(0)


class Teller:
    """Writes what is told; progress not more often than anybody reads it."""

    def __init__(self, channel: TextIO) -> None:
        self._channel = channel
        self._last, self._step = float("-inf"), ("", "")

    def say(self, **message: object) -> None:
        """Tell something."""
        self._channel.write(json.dumps(message, separators=(",", ":")) + "\n")
        self._channel.flush()

    def progress(self, report: solver.Progress) -> None:
        """Tell how far the solver is, unless that was told a moment ago."""
        now, step = time.monotonic(), (report.phase, report.category)
        if step == self._step and now - self._last < PACE_S:
            return
        self._last, self._step = now, step
        self.say(progress={_NUMBERS.get(key, key): value for key, value in vars(report).items()})


def work(given: dict[str, Any], teller: Teller, stop: Callable[[], bool]) -> None:
    """Solve, and tell how that ended."""
    folder = Path(given["folder"])
    try:
        stopped = _solve(given, folder, teller, stop)
    except solver.InvalidProblemError as error:
        teller.say(failed="wrong_input", detail=_issues(error, folder))
    except (InputError, UsageError, SettingsError, solver.PlanFolderError) as error:
        teller.say(failed="wrong_input", detail={"said": {lang: error.text(lang) for lang in LANGS}})
    except NoPlanFoundError:
        teller.say(failed="no_plan")
    except MemoryError:
        teller.say(failed="out_of_memory")
    except Exception as error:  # whatever it is, the run ends with a clear state
        traceback.print_exc()
        teller.say(failed="internal", detail={"error": type(error).__name__})
    else:
        teller.say(done={"stopped": stopped})


def _solve(given: dict[str, Any], folder: Path, teller: Teller, stop: Callable[[], bool]) -> bool:
    """Do what ``surplan solve`` and ``surplan replan`` do, to the byte; tell whether it was stopped."""
    inputs = read_inputs(folder)
    if given.get("baseline"):
        before = read_baseline(Path(given["baseline"]))
        try:
            problem = build(before.added_to(inputs))
        except solver.InvalidProblemError as error:
            raise solver.InvalidProblemError(before.placed(error.issues)) from error
    else:
        problem = build(inputs)
    talk = Talk(given["lang"], quiet=True, as_json=True)
    solved = solve_into(
        Path(given["out"]),
        problem,
        talk,
        time_limit=given.get("time_limit_s"),
        files=inputs.files,
        listener=teller.progress,
        stop=stop,
        before_drawing=lambda staged: teller.say(drawing=str(staged)),
    )
    return solved.stopped


def _issues(error: solver.InvalidProblemError, folder: Path) -> dict[str, object]:
    ordered = sorted(error.issues, key=lambda found: found.severity != "error")
    ids = {side: _ids(folder / f"{side}.csv", key) for side, key in _KEYS.items()}
    # Nobody but us has the files: rows are named by their plan ids.
    worded = [as_sent(_naming(found, ids.get(found.table, []))) for found in ordered[:MOST_ISSUES]]
    told = {lang: as_dict(worded, folder, lang)["issues"] for lang in LANGS}
    for issues in told.values():
        for one, found in zip(issues, worded, strict=True):
            one["id"] = _named(ids.get(found.table, []), found.row)
    errors = sum(found.severity == "error" for found in ordered)
    return {"errors": errors, "warnings": len(ordered) - errors, "issues": told}


def _naming(found: solver.Issue, named: list[str]) -> solver.Issue:
    """Return an issue that names the other row that it is about, where there is one, by its plan id too."""
    if not found.code.startswith("duplicate_"):
        return found
    first = found.params["first"]
    other = _named(named, int(first))
    return found if other is None else replace(found, params={**found.params, "first": f"{first} ({other})"})


def _named(named: list[str], row: int | None) -> str | None:
    at = (row or 0) - 2
    return named[at] if 0 <= at < len(named) else None


def _ids(path: Path, key: str) -> list[str]:
    """Return the ids of a table that was written for this run, in the order of its rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row[key] for row in csv.DictReader(file)]


if __name__ == "__main__":
    main()
