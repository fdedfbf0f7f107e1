"""What commands of `app.command_line` do; each returns its exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geodata
import solver
from app.beside import beside
from app.building import built, tell_warnings
from app.conflict import conflict_lines, is_infeasible
from app.console import emit, visible
from app.demo import make_reference, reference_problem
from app.errors import UsageError
from app.failures import DONE, INTERNAL, INTERRUPTED, NO_PLAN, WRONG_INPUT
from app.folders import check_inputs, read_inputs, require_province
from app.issues import count_line, print_issues
from app.solving import NoPlanFoundError, files_of, solve_into
from app.summary import summarise, where
from app.texts import number, say
from app.verification import (
    Finding,
    are_large,
    changed_inputs,
    missing_plan,
    verified_line,
    violations_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from app.talk import Talk


def demo(out: Path | None, home: Path, name: str, province: str | None, talk: Talk) -> int:
    """Make, solve, write, verify and sum up the reference scenario."""
    require_province(province, geodata.communes())
    folder = home / name if out is None else out
    try:
        plan = solve_into(folder, reference_problem(province, talk), talk).plan
    except NoPlanFoundError:
        talk.warn("no_plan")
        return NO_PLAN
    talk.work("verifying")
    try:
        check = solver.verify_folder(folder)
    except KeyboardInterrupt:
        talk.warn("unchecked", folder=str(folder))
        return INTERRUPTED
    for line in [*summarise(plan, talk.lang), *where(folder, files_of(plan), folder / "inputs", talk.lang)]:
        emit(line)
    if check.ok:
        emit(verified_line(check, folder, talk.lang))
        return DONE
    # The plan stays where it is: it is the evidence.
    _print_findings(violations_of(check, talk.lang), talk)
    return INTERNAL


def reference(out: Path, seed: int, scale: str, province: str | None, talk: Talk) -> int:
    """Write the reference inventory."""
    require_province(province, geodata.communes())
    inventory = make_reference(seed, scale, province, out, talk)
    assets, needs = number(talk.lang, len(inventory.assets)), number(talk.lang, len(inventory.needs))
    emit(say(talk.lang, "work.reference", folder=str(out), assets=assets, needs=needs))
    return DONE


def check(folder: Path, province: str | None, talk: Talk, mark: Path | None = None) -> int:
    """Print every issue of a scenario folder or workbook; `mark`: a copy of it with the issues in place."""
    inputs = read_inputs(folder, province)
    if mark is not None and inputs.source is None:
        raise UsageError("mark_nothing", folder=str(folder))
    issues = check_inputs(inputs)
    if mark is not None and inputs.source is not None:
        from app.workbook.mark import mark_workbook  # openpyxl takes long to import

        mark_workbook(inputs.source, mark, issues, inputs.places, talk.lang)
        talk.work("marked", file=str(mark))
    print_issues(issues, folder, talk.lang, inputs.places, as_json=talk.as_json)
    failed = any(issue.severity == "error" for issue in issues)
    if not talk.as_json:
        if not issues:
            assets, needs = number(talk.lang, len(inputs.assets)), number(talk.lang, len(inputs.needs))
            emit(say(talk.lang, "check.ok", assets=assets, needs=needs))
        else:
            emit(count_line(issues, talk.lang))
    return WRONG_INPUT if failed else DONE


def solve(
    folder: Path, out: Path, province: str | None, talk: Talk, *, time_limit: float | None, seed: int | None
) -> int:
    """Solve a scenario folder or workbook into a plan folder."""
    talk.work("reading", folder=str(folder))
    inputs = read_inputs(folder, province)
    problem = built(inputs, folder, talk)
    if problem is None:
        return WRONG_INPUT
    tell_warnings(inputs, problem, folder, talk)
    try:
        plan = solve_into(out, problem, talk, time_limit=time_limit, seed=seed, files=inputs.files).plan
    except NoPlanFoundError:
        talk.warn("no_plan")
        return NO_PLAN
    if talk.as_json:
        emit(json.dumps(plan.summary, ensure_ascii=False))
        return DONE
    told = conflict_lines(plan, talk.lang) if is_infeasible(plan) else summarise(plan, talk.lang)
    for line in [*told, *where(out, files_of(plan), folder, talk.lang)]:
        emit(line)
    return DONE


def verify(folder: Path, plan: Path, talk: Talk) -> int:
    """Check a plan folder and compare its inputs with a scenario folder or workbook."""
    findings = missing_plan(plan, talk.lang)
    check = solver.Verification(ok=False, violations=(), found={})
    if not findings:
        talk.work("verifying")
        with beside(are_large(folder, plan), changed_inputs, folder, plan, talk.lang) as changed:
            check = solver.verify_folder(plan)
            findings = violations_of(check, talk.lang) + changed()
    if talk.as_json:
        figures = {
            "verified": not findings,
            "violations": [f"{found.code}: {found.text}" for found in findings],
            "objective_vnd": check.objective,
            "bound_vnd": check.bound,
            "gap_vnd": check.gap,
            "cost_gap": check.cost_gap,
        }
        emit(json.dumps(figures, ensure_ascii=False))
    elif findings:
        _print_findings(findings, talk)
    else:
        emit(verified_line(check, plan, talk.lang))
    return WRONG_INPUT if findings else DONE


def _print_findings(findings: list[Finding], talk: Talk) -> None:
    emit(say(talk.lang, "verify.failed", count=number(talk.lang, len(findings))))
    for found in findings:
        emit(f"  {found.code}: {visible(found.text)}")
        if found.remedy:
            emit(" " * 6 + say(talk.lang, "check.remedy", remedy=visible(found.remedy)))
