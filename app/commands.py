"""What the commands of `app.cli` do; each returns its exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import solver
from app.console import emit, note, visible
from app.demo import make_reference, reference_problem, require_province
from app.failures import DONE, INTERNAL, NO_PLAN, WRONG_INPUT
from app.folders import build, check_inputs, read_inputs
from app.issues import count_line, print_issues
from app.solving import FILES, NoPlanFoundError, solve_into
from app.summary import summarise, summarise_shortly, where
from app.texts import number, say
from app.verification import INPUTS_CHANGED, changed_inputs, verified_line, violation_lines

if TYPE_CHECKING:
    from pathlib import Path

    from app.talk import Talk


def demo(out: Path | None, home: Path, name: str, province: str | None, talk: Talk) -> int:
    """Make, solve, write, verify and sum up the reference scenario."""
    require_province(province)
    folder = home / name if out is None else out
    try:
        plan = solve_into(folder, reference_problem(province, talk), talk)
    except NoPlanFoundError:
        talk.warn("no_plan")
        return NO_PLAN
    talk.work("verifying")
    check = solver.verify_folder(folder)
    for line in [*summarise(plan, talk.lang), *where(folder, FILES, folder / "inputs", talk.lang)]:
        emit(line)
    if check.ok:
        emit(verified_line(check, talk.lang))
        return DONE
    # The plan stays where it is: it is the evidence.
    _print_violations(violation_lines(check), talk)
    return INTERNAL


def reference(out: Path, seed: int, scale: str, province: str | None, talk: Talk) -> int:
    """Write the reference inventory."""
    require_province(province)
    inventory = make_reference(seed, scale, province, out, talk)
    assets, needs = number(talk.lang, len(inventory.assets)), number(talk.lang, len(inventory.needs))
    emit(say(talk.lang, "work.reference", folder=str(out), assets=assets, needs=needs))
    return DONE


def check(folder: Path, province: str | None, talk: Talk) -> int:
    """Print every issue of a scenario folder."""
    inputs = read_inputs(folder, province)
    issues = check_inputs(inputs)
    print_issues(issues, folder, talk.lang, as_json=talk.as_json)
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
    """Solve a scenario folder into a plan folder."""
    talk.work("reading", folder=str(folder))
    inputs = read_inputs(folder, province)
    talk.work("building")
    try:
        problem = build(inputs)
    except solver.InvalidProblemError as error:
        print_issues(error.issues, folder, talk.lang, as_json=talk.as_json)
        note(f"{count_line(error.issues, talk.lang)} {say(talk.lang, 'check.not_solved')}")
        return WRONG_INPUT
    try:
        plan = solve_into(out, problem, talk, time_limit=time_limit, seed=seed)
    except NoPlanFoundError:
        talk.warn("no_plan")
        return NO_PLAN
    if talk.as_json:
        emit(json.dumps(plan.summary, ensure_ascii=False))
        return DONE
    for line in [*summarise_shortly(plan, talk.lang), *where(out, FILES, folder, talk.lang)]:
        emit(line)
    return DONE


def verify(folder: Path, plan: Path, talk: Talk) -> int:
    """Check a plan folder and compare its inputs with a scenario folder."""
    talk.work("verifying")
    check = solver.verify_folder(plan)
    violations = violation_lines(check)
    violations += [f"{INPUTS_CHANGED}: {sentence}" for sentence in changed_inputs(folder, plan, talk.lang)]
    if talk.as_json:
        figures = {
            "verified": not violations,
            "violations": violations,
            "objective_vnd": check.objective,
            "bound_vnd": check.bound,
            "gap_vnd": check.gap,
            "cost_gap": check.cost_gap,
        }
        emit(json.dumps(figures, ensure_ascii=False))
    elif violations:
        _print_violations(violations, talk)
    else:
        emit(verified_line(check, talk.lang))
    return WRONG_INPUT if violations else DONE


def _print_violations(violations: list[str], talk: Talk) -> None:
    emit(say(talk.lang, "verify.failed", count=number(talk.lang, len(violations))))
    for violation in violations:
        emit(f"  {visible(violation)}")
