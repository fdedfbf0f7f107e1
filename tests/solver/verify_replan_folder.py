"""Plan folders of re-plans by hand: written, read back, changed, verified."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from solver.checker.folder import verify_folder
from tests.solver import verify_writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.solver.verify_limits import Plan
    from tests.solver.verify_naive import Case


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def change(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    """Rewrite a file; an input together with its hash."""
    value = json.loads(path.read_text(encoding="utf-8"))
    edit(value)
    verify_writer.write_json(path, value)
    if path.parent.name == "inputs":
        hashed = verify_writer.sha256(path)
        change(path.parents[1] / "plan.json", lambda plan: plan["inputs"].update({path.name: hashed}))


def codes_of(folder: Path, case: Case, plan: Plan) -> dict[str, list[str]]:
    """Write a plan without a proof; return the rows of each violation."""
    verify_writer.write_plan(folder, case, plan, {"M": 0, "N": 0}, {}, {}, [])
    found = verify_folder(folder)
    rows: dict[str, list[str]] = {}
    for violation in found.violations:
        rows.setdefault(violation.code, []).append(violation.row)
    return rows
