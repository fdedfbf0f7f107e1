"""``surplan verify DIR PLAN``: the check of a plan, and whether DIR still is what the plan was made from."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING

import solver
from app.failures import InputError
from app.folders import build, read_inputs
from app.texts import money, percent, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.settings import Lang

INPUTS_CHANGED = "inputs_changed"
#: Violations from which others follow stand first: a bound that fails makes every reason unproven.
_CAUSES = {
    code: place
    for place, code in enumerate(
        (
            "unreadable",
            "inputs_missing",
            "inputs_extra",
            "inputs_changed",
            "certificate",
            "bound",
            "objective",
        )
    )
}


def changed_inputs(folder: Path, plan: Path, lang: Lang) -> list[str]:
    """Compare a scenario folder, read as `solve` reads it, with the inputs a plan was made from.

    Parameters
    ----------
    folder
        Scenario folder.
    plan
        Plan folder. When it was made with ``--province``, the folder is read with that province.
    lang
        Language of the sentences.

    Returns
    -------
    list of str
        A sentence for every file whose normalised content differs; empty when nothing changed.
    """
    try:
        stored = json.loads((plan / "plan.json").read_text(encoding="utf-8"))["inputs"]
        scope = json.loads((plan / "inputs" / "scenario.json").read_text(encoding="utf-8")).get(
            "scope_province"
        )
        hashes = {str(name): str(digest) for name, digest in stored.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []  # an unreadable plan is a violation already, with its own words
    try:
        inputs = read_inputs(folder)
        if scope and not inputs.arguments.get("scenario", {}).get("scope_province"):
            inputs = read_inputs(folder, str(scope))
        files = build(inputs).input_files()
    except (InputError, solver.InvalidProblemError):
        return [say(lang, "verify.inputs_unreadable", folder=str(folder))]
    return [
        _difference(name, files, hashes, lang)
        for name in sorted(files.keys() | hashes)
        if _differs(name, files, hashes)
    ]


def verified_line(check: solver.Verification, lang: Lang) -> str:
    """Return the line of a plan that holds: objective, certified bound and gap."""
    if check.objective is None or check.bound is None or check.gap is None:
        raise ValueError("a verified plan without objective, bound and gap")
    gap = money(lang, check.gap)
    if check.cost_gap is not None:
        gap = say(lang, "summary.gaps", gap=gap, cost_gap=percent(lang, check.cost_gap, digits=4))
    return say(
        lang, "verify.ok", objective=money(lang, check.objective), bound=money(lang, check.bound), gap=gap
    )


def violation_lines(check: solver.Verification) -> list[str]:
    """Return a line per violation, and one per code of which there are more than are listed."""
    found_first = sorted(check.violations, key=lambda found: _CAUSES.get(found.code, len(_CAUSES)))
    lines = [f"{found.code}: {found.file} {found.row}: {found.message}" for found in found_first]
    listed = Counter(found.code for found in check.violations)
    more = {code: count - listed[code] for code, count in check.found.items() if count > listed[code]}
    return lines + [f"{code}: +{count}" for code, count in sorted(more.items())]


def _differs(name: str, files: Mapping[str, bytes], hashes: Mapping[str, str]) -> bool:
    return name not in files or hashlib.sha256(files[name]).hexdigest() != hashes.get(name)


def _difference(name: str, files: Mapping[str, bytes], hashes: Mapping[str, str], lang: Lang) -> str:
    both = name in files and name in hashes
    return say(lang, "verify.inputs_changed" if both else "verify.inputs_missing", file=name)
