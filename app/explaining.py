"""``surplan explain``: why a need got what it got, why an asset goes where it goes; what if; all of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import solver
from app.console import emit, note, visible
from app.errors import InputError, UsageError
from app.failures import DONE
from app.talk import Talk
from app.texts import number, say
from app.verification import noted_changes

if TYPE_CHECKING:
    from solver.counterfactuals.model import Counterfactual

#: Seconds for what is solved again, where none are given.
_SECONDS = 60.0
#: The plan before a re-plan, among the inputs of its folder.
_BASELINE = "baseline.csv"
#: What --force takes instead of an id.
WORDS = ("best", "none")


@dataclass(frozen=True)
class WhatIf:
    """What is asked beside the plan as it is.

    Attributes
    ----------
    other
        An asset or need; "best": the cheapest one; "none": without each that it has now.
    units
        Units to force; None: 1.
    seconds
        Time limit; None: 60.
    """

    other: str
    units: int | None = None
    seconds: float | None = None


def asked_if(force: str | None, units: int | None, seconds: float | None) -> WhatIf | None:
    """Return what is asked beside the plan as it is, None for nothing.

    Raises
    ------
    UsageError
        When --units or --time-limit has nothing to go with.
    """
    if force is None:
        if units is not None or seconds is not None:
            raise UsageError("explain_what_if", option="--time-limit" if units is None else "--units")
        return None
    if units is not None and force in WORDS:
        raise UsageError("explain_units", force=force)
    return WhatIf(force, units, seconds)


def explain(folder: Path, plan: Path, identifier: str, talk: Talk, what_if: WhatIf | None = None) -> int:
    """Print what a plan does with a need or an asset, or with both where both have the id.

    Parameters
    ----------
    folder
        Scenario folder that the plan was made from. Where it differs from the plan's own inputs, that is a
        warning: the plan is explained as it was made.
    plan
        Plan folder.
    identifier
        Id of a need or an asset.
    talk
        Language and manner.
    what_if
        Also solve again with a pair forced or banned, from the plan's own inputs.

    Raises
    ------
    InputError
        When neither a need nor an asset has the id.
    solver.PlanFolderError
        When the plan can't be read.
    """
    talk.work("reading", folder=str(plan))
    stored = _read(plan)
    found = explanations(stored, identifier)
    answers = [] if what_if is None else counterfactuals(*problem_of(stored, talk), found, what_if, talk)
    changes = [change.text for change in noted_changes(folder, plan, talk.lang)]
    if talk.as_json:
        records = [
            {
                "subject": one.subject,
                "id": one.identifier,
                "outcome": one.outcome,
                "facts": one.facts,
                "text": one.text(talk.lang),
            }
            for one in found
        ]
        whole: dict[str, Any] = {"explanations": records, "warnings": changes}
        if what_if is not None:
            whole["counterfactuals"] = [
                {**one.facts, "text": one.text(talk.lang)} for _, one in answers if one is not None
            ]
        emit(json.dumps(whole, ensure_ascii=False))
        return DONE
    for text in changes:
        note(say(talk.lang, "explain.differs", text=visible(text).removesuffix(".")))
    for place, one in enumerate(found):
        for line in [""] * (place > 0) + one.text(talk.lang).split("\n"):
            emit(visible(line))
    for text, answer in answers:
        for line in ["", *([text] if text else []), *(answer.text(talk.lang).split("\n") if answer else [])]:
            emit(visible(line))
    return DONE


def explain_all(
    folder: Path, plan: Path, asked: tuple[str | None, str | None, bool], out: Path | None, talk: Talk
) -> int:
    """Write every shortfall and every unused asset of a plan into a CSV file.

    Parameters
    ----------
    folder, plan, talk
        As of ``explain``.
    asked
        The id, the other id and whether all is asked for: all alone makes sense here.
    out
        New file.

    Raises
    ------
    UsageError
        When the options do not go together.
    InputError
        When the file is there already, or cannot be written.
    """
    identifier, force, everything = asked
    if not everything:
        raise UsageError("explain_id" if identifier is None and out is None else "explain_out")
    if identifier is not None or force is not None or out is None or out.suffix.lower() != ".csv":
        raise UsageError("explain_all")
    if out.exists():
        raise InputError("explain_exists", file=str(out))
    talk.work("reading", folder=str(plan))
    stored = _read(plan)
    for change in noted_changes(folder, plan, talk.lang):
        note(say(talk.lang, "explain.differs", text=visible(change.text).removesuffix(".")))
    problem, result = problem_of(stored, talk)
    table = solver.explain_all(problem, result, talk.lang)
    try:
        table.to_csv(out, index=False, encoding="utf-8-sig", lineterminator="\n")
    except OSError as error:
        raise InputError("explain_unwritten", file=str(out), why=str(error.strerror)) from error
    rows = number(talk.lang, len(table))
    if talk.as_json:
        emit(json.dumps({"file": str(out), "rows": len(table)}, ensure_ascii=False))
    else:
        emit(say(talk.lang, "explain.written", file=visible(str(out)), rows=rows))
    return DONE


def _read(folder: Path) -> solver.StoredPlan:
    """Read a plan folder that holds a plan."""
    stored = solver.read_plan(folder)
    if stored.summary.get("status") == str(solver.Status.INFEASIBLE):
        from app.plans import no_plan  # what other explanations need not load

        communes = stored.communes
        names = dict(zip(communes["province_code"], communes["province_name"], strict=True))
        raise no_plan(folder, stored.summary, names)
    return stored


def problem_of(stored: solver.StoredPlan, talk: Talk) -> tuple[solver.Problem, solver.Result]:
    """Make the problem of a plan from its own inputs, and its result from its tables; nothing is solved.

    Raises
    ------
    InputError
        When its inputs can't be read, or it holds no plan.
    """
    from app.folders import (  # reads the register of communes: a plain explanation needs none
        build,
        read_inputs,
    )

    if stored.summary["status"] not in ("OPTIMAL", "FEASIBLE"):
        raise InputError("explain_no_plan", folder=str(stored.folder))
    talk.work("building")
    try:
        inputs = read_inputs(stored.folder / "inputs")
        if _BASELINE in stored.summary["inputs"]:
            from app.baseline import read_baseline  # reads more formats than this one

            inputs = read_baseline(stored.folder / "inputs" / _BASELINE).added_to(inputs)
        problem = build(inputs)
    except solver.InvalidProblemError as error:
        raise InputError("explain_no_plan", folder=str(stored.folder)) from error
    limits = None if stored.limits.empty else stored.limits
    changes = stored.changes if _BASELINE in stored.summary["inputs"] else None
    tables = stored.transfers, stored.shortfalls, stored.releases
    plan = solver.Plan(*tables, stored.summary, limits, changes)
    return problem, solver.Result(problem, plan, stored.certificate, run=stored.run)


def counterfactuals(
    problem: solver.Problem,
    result: solver.Result,
    found: list[solver.Explanation],
    asked: WhatIf,
    talk: Talk,
) -> list[tuple[str, Counterfactual | None]]:
    """Solve again; return a line that stands before each answer, "" none.

    Raises
    ------
    InputError
        When the other id is of nothing that is planned.
    """
    seconds = _SECONDS if asked.seconds is None else asked.seconds
    talk.work("solving")
    out: list[tuple[str, Counterfactual | None]] = []
    try:
        for one in found:
            need = one.subject == "need"
            mine = {"need_id" if need else "asset_id": one.identifier}
            if asked.other == "best":
                best = solver.best_way(problem, result, **mine, time_limit=seconds)
                key = "none" if best.found is None else "proven" if best.proven else "tried"
                tried = number(talk.lang, best.tried)
                out.append((say(talk.lang, f"explain.best_{key}", tried=tried), best.found))
            elif asked.other == "none":
                ends = [(row["asset"]["asset_id"], row["need"]["need_id"]) for row in one.facts["transfers"]]
                answers = [solver.without(problem, result, *pair, time_limit=seconds) for pair in ends]
                out += [("", answer) for answer in answers] or [(say(talk.lang, "explain.has_none"), None)]
            else:
                pair = (asked.other, one.identifier) if need else (one.identifier, asked.other)
                answer = solver.counterfactual(problem, result, *pair, asked.units, time_limit=seconds)
                out.append(("", answer))
    except solver.UnknownIdError as error:
        key = "explain_unplanned_near" if error.near else "explain_unplanned"
        raise InputError(key, id=error.identifier, near=", ".join(error.near)) from error
    return out


def explanations(stored: solver.StoredPlan, identifier: str) -> list[solver.Explanation]:
    """Explain the need or the asset of an id, or both where both have it.

    Raises
    ------
    InputError
        When neither has it.
    """
    found: list[solver.Explanation] = []
    near: list[str] = []
    known = {"need": stored.needs["need_id"], "asset": stored.assets["asset_id"]}
    there = [subject for subject, ids in known.items() if (ids == identifier).any()]
    # Whoever is in neither table may have been in those before a re-plan, or is written wrongly.
    for subject in there if there and stored.changes.empty else known:
        try:
            if subject == "need":
                found.append(solver.explain(stored, need_id=identifier))
            else:
                found.append(solver.explain(stored, asset_id=identifier))
        except solver.UnknownIdError as error:
            near += [one for one in error.near if one not in near]
    if not found:
        key = "explain_unknown_near" if near else "explain_unknown"
        raise InputError(key, id=identifier, folder=str(stored.folder), near=", ".join(near))
    return found
