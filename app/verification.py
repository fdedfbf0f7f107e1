"""``surplan verify DIR PLAN``: the check of a plan, and whether DIR still is what the plan was made from."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import solver
from app.errors import InputError, UsageError
from app.folders import SOURCES, build, read_inputs
from app.texts import money, number, percent, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.folders import Inputs
    from app.settings import Lang
    from solver.checker.report import Violation

INPUTS_CHANGED = "inputs_changed"
#: A scenario folder of so many bytes takes seconds to read.
_LARGE = 1 << 20
#: How many bytes of CSV one byte of a workbook holds, about.
_PACKED = 3
#: Without these there is nothing to check; the checker names what is missing below inputs/.
_NEEDED = ("plan.json", "certificate.json", "transfers.csv", "shortfalls.csv", "releases.csv", "inputs")
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

#: How a violation puts its two figures; all others: what the plan says and what the check finds.
_COMPARED = {
    **dict.fromkeys(("asset_exceeded", "need_exceeded", "norm_exceeded", "limit_exceeded"), "at_most"),
    "room_exceeded": "at_most_m2",
}


@dataclass(frozen=True)
class Finding:
    """One thing that keeps a plan from being verified: code, sentence, and a remedy where there is one."""

    code: str
    text: str
    remedy: str = ""


def missing_plan(plan: Path, lang: Lang) -> list[Finding]:
    """Return one finding where `plan` can't be a plan folder, so that the checker need not start."""
    words = {"folder": str(plan)}
    if not plan.exists():
        code = "plan_missing"
    elif not plan.is_dir():
        code = "plan_is_file"
    elif not (plan / "plan.json").exists():
        tables = [name for name in ("assets.csv", "needs.csv") if (plan / name).exists()]
        code = "plan_is_inputs" if tables else "plan_unknown"
        words["files"] = ", ".join(tables)
    else:
        words["files"] = ", ".join(name for name in _NEEDED if not (plan / name).exists())
        code = "plan_incomplete" if words["files"] else ""
    return [_finding(code, lang, **words)] if code else []


def _finding(code: str, lang: Lang, name: str = "", **words: str) -> Finding:
    """Make a finding of the texts ``verify.<name>`` and ``verify_remedy.<name>``; no name: the code."""
    key = name or code
    return Finding(code, say(lang, f"verify.{key}", **words), say(lang, f"verify_remedy.{key}", **words))


def noted_changes(folder: Path, plan: Path, lang: Lang) -> list[Finding]:
    """Compare like ``changed_inputs``, but believe the plan's own record of the files that it was read from.

    That takes no time where nothing changed. It is for who trusts the plan: run.json is checked by nobody.
    """
    from app.formats.convert import sources_of  # pandas, which `verify` needs not

    try:
        known = json.loads((plan / "run.json").read_text(encoding="utf-8"))[SOURCES]
        if known == sources_of(folder):
            return []
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no record, or no such folder: what follows says what is wrong
    return changed_inputs(folder, plan, lang)


def changed_inputs(folder: Path, plan: Path, lang: Lang) -> list[Finding]:
    """Compare a scenario folder, read as `solve` reads it, with the inputs a plan was made from.

    Parameters
    ----------
    folder
        Scenario folder or workbook.
    plan
        Plan folder. When it was made with ``--province``, the folder is read with that province.
    lang
        Language of the sentences.

    Returns
    -------
    list of Finding
        One for every file whose normalised content differs; empty when nothing changed.
    """
    try:
        stored = json.loads((plan / "plan.json").read_text(encoding="utf-8"))["inputs"]
        scope = json.loads((plan / "inputs" / "scenario.json").read_text(encoding="utf-8")).get(
            "scope_province"
        )
        # The plan before a re-plan is no table of the folder; the check has compared it with its own hash.
        hashes = {str(name): str(digest) for name, digest in stored.items() if name != "baseline.csv"}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []  # an unreadable plan is a violation already, with its own words
    if _same_files(folder, plan / "inputs"):
        return []  # as from `demo`; the check has compared the plan's own inputs with what it states
    try:
        inputs = read_inputs(folder)
        if scope and not inputs.arguments.get("scenario", {}).get("scope_province"):
            inputs = read_inputs(folder, str(scope))
        files = build(inputs).input_files()
    except InputError:
        return [_finding("folder_missing", lang, folder=str(folder))]
    except UsageError:  # the province of the plan has no commune here
        return [_finding(INPUTS_CHANGED, lang, file="communes.csv")]
    except solver.InvalidProblemError:
        return [_finding(INPUTS_CHANGED, lang, "inputs_unreadable", folder=str(folder))]
    return [
        _finding(INPUTS_CHANGED, lang, _difference(name, files, hashes), file=_shown(name, folder, inputs))
        for name in sorted(files.keys() | hashes)
        if _differs(name, files, hashes)
    ]


def are_large(folder: Path, plan: Path) -> bool:
    """Tell whether `changed_inputs` takes seconds."""
    if folder.is_file():
        return folder.stat().st_size > _LARGE // _PACKED
    size = sum(path.stat().st_size for path in folder.iterdir()) if folder.is_dir() else 0
    return size > _LARGE and not _same_files(folder, plan / "inputs")


def _same_files(one: Path, other: Path) -> bool:
    """Tell whether two folders hold the same files, byte for byte."""
    try:
        if one.samefile(other):
            return True
        names = [{path.name for path in folder.iterdir()} - {"baseline.csv"} for folder in (one, other)]
        return names[0] == names[1] and all(
            (one / name).read_bytes() == (other / name).read_bytes() for name in names[0]
        )
    except OSError:
        return False


def verified_line(check: solver.Verification, plan: Path, lang: Lang) -> str:
    """Return the line of a plan that holds: objective, certified bound and gap; ``plan``: its folder."""
    if check.status == str(solver.Status.INFEASIBLE):
        return say(lang, "conflict.verified")
    if check.objective is None or check.bound is None or check.gap is None:
        raise ValueError("a verified plan without objective, bound and gap")
    gap = money(lang, check.gap)
    if check.cost_gap is not None:
        # The check has found this figure right.
        kpis = json.loads((plan / "plan.json").read_text(encoding="utf-8"))["kpis"]
        key = "summary.gaps_openings" if kpis["openings_vnd"] else "summary.gaps"
        gap = say(lang, key, gap=gap, cost_gap=percent(lang, check.cost_gap, digits=4))
    return say(
        lang, "verify.ok", objective=money(lang, check.objective), bound=money(lang, check.bound), gap=gap
    )


def violations_of(check: solver.Verification, lang: Lang) -> list[Finding]:
    """Return a finding per violation, causes first, and one per code of which not all are listed."""
    found_first = sorted(check.violations, key=lambda found: _CAUSES.get(found.code, len(_CAUSES)))
    findings = [Finding(found.code, _sentence(found, lang)) for found in found_first]
    listed = Counter(found.code for found in check.violations)
    more = {code: count - listed[code] for code, count in check.found.items() if count > listed[code]}
    return findings + [Finding(code, f"+{number(lang, count)}") for code, count in sorted(more.items())]


def _sentence(found: Violation, lang: Lang) -> str:
    """Return place, what the code means, and the checker's facts, which are the same in every language."""
    place = f"{found.file} {found.row}".strip()
    meaning = say(lang, f"violation.{found.code}", default=found.code)
    facts = say(lang, f"reason.{found.message}", default=found.message)
    if found.wanted is not None:
        key = _COMPARED.get(found.code, "compared")
        wanted = found.wanted or say(lang, "verify.nothing")
        facts = say(lang, f"verify.{key}", given=str(found.given), wanted=wanted)
    return say(
        lang,
        "verify.violation" if place else "verify.violation_bare",
        place=place,
        meaning=meaning,
        facts=facts,
    )


def _shown(name: str, folder: Path, inputs: Inputs) -> str:
    """Return what a file of the plan's inputs is called in the folder: scenario.toml, or a sheet."""
    stem = name.partition(".")[0]
    place = inputs.places.get(stem)
    if place is not None:
        return f"{place.file} ({place.sheet})" if place.sheet else place.file
    other = f"{stem}.toml"
    return other if (folder / other).is_file() else name


def _differs(name: str, files: Mapping[str, bytes], hashes: Mapping[str, str]) -> bool:
    return name not in files or hashlib.sha256(files[name]).hexdigest() != hashes.get(name)


def _difference(name: str, files: Mapping[str, bytes], hashes: Mapping[str, str]) -> str:
    return "inputs_changed" if name in files and name in hashes else "inputs_one_sided"
