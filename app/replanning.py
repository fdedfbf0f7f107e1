"""``surplan replan DIR --baseline PLAN --out PLAN2``: plan again, what changed, and what stability costs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import solver
from app.baseline import read_baseline
from app.building import built, tell_warnings
from app.changes import change_lines, records_of
from app.conflict import conflict_lines, is_infeasible
from app.console import emit
from app.errors import UsageError
from app.failures import DONE, NO_PLAN, WRONG_INPUT
from app.folders import read_inputs
from app.interrupt import first_interrupt_stops
from app.progress import progress
from app.solving import NoPlanFoundError, files_of, solve_into
from app.summary import summarise, where
from app.texts import money, say

if TYPE_CHECKING:
    from pathlib import Path

    from app.settings import Lang
    from app.solving import Solved
    from app.talk import Talk


def replan(
    folder: Path,
    baseline: Path,
    out: Path,
    province: str | None,
    talk: Talk,
    *,
    time_limit: float | None,
    seed: int | None,
    price: bool,
) -> int:
    """Solve a scenario folder or workbook beside the plan before; write, sum up, and price stability.

    Parameters
    ----------
    folder
        Scenario folder or workbook, as it is today.
    baseline
        The plan before: a plan folder, or a file of transfers.
    out
        Plan folder to write; not that of the plan before.
    province
        Code that replaces the scenario's ``scope_province``.
    talk
        Language and manner.
    time_limit, seed
        As of `solver.replan`; of the fresh plan too.
    price
        Whether to find the price of stability.

    Raises
    ------
    UsageError
        When the plan before would be replaced.
    InputError
        When a folder is none, or the plan before holds no plan.
    """
    if baseline.is_dir() and out.is_dir() and out.samefile(baseline):
        raise UsageError("replan_same")
    talk.work("reading", folder=str(folder))
    inputs, given = read_inputs(folder, province), read_baseline(baseline)
    problem = built(inputs, folder, talk, given)
    if problem is None:
        return WRONG_INPUT
    tell_warnings(given.added_to(inputs), problem, folder, talk)
    try:
        solved = solve_into(out, problem, talk, time_limit=time_limit, seed=seed, files=inputs.files)
    except NoPlanFoundError:
        talk.warn("no_plan")
        return NO_PLAN
    plan, missing = solved.plan, is_infeasible(solved.plan)
    wanted = price and not missing
    if talk.as_json:
        found = _priced(solved, talk, time_limit, seed) if wanted else None
        more = {"changes": None if missing else records_of(plan), "price_of_stability": _record(found)}
        emit(json.dumps({**plan.summary, **more}, ensure_ascii=False))
        return DONE
    if missing:
        told = conflict_lines(plan, talk.lang)
    else:
        told = [*summarise(plan, talk.lang), *change_lines(plan, talk.lang)]
    for line in [*told, *where(out, files_of(plan), folder, talk.lang)]:
        emit(line)
    if wanted:
        found = _priced(solved, talk, time_limit, seed)
        if found is not None:
            emit(_price_line(found, talk.lang))
    return DONE


def _priced(
    solved: Solved, talk: Talk, time_limit: float | None, seed: int | None
) -> solver.PriceOfStability | solver.NoPlanError | None:
    """Find the price of stability; None where Ctrl-C left it out, an error where there is no fresh plan.

    The plan is written and stays, whatever happens here.
    """
    if solved.stopped:
        talk.warn("price_stopped")
        return None
    talk.work("pricing")
    try:
        with (
            first_interrupt_stops(lambda: talk.warn("price_stopping")) as stop,
            progress(talk.lang, as_json=talk.as_json, quiet=talk.quiet) as listener,
        ):
            found = solver.price_of_stability(
                solved.result,
                time_limit=time_limit,
                seed=seed,
                on_progress=lambda news: listener(replace(news, phase="fresh")),
                stop=stop,
            )
            if not stop():
                return found
    except solver.NoPlanError as error:
        return error
    except KeyboardInterrupt:
        pass
    talk.warn("price_stopped")
    return None


def _price_line(found: solver.PriceOfStability | solver.NoPlanError, lang: Lang) -> str:
    if isinstance(found, solver.NoPlanError):
        return say(lang, "replan.price_missing")
    least, most = found.least_vnd, found.most_vnd
    if least is None or most is None:
        return say(lang, "replan.price_levels")
    if most == 0:
        return say(lang, "replan.price_none")
    if least == most:
        return say(lang, "replan.price", price=money(lang, most))
    return say(lang, "replan.price_between", least=money(lang, least), most=money(lang, most))


def _record(found: solver.PriceOfStability | solver.NoPlanError | None) -> dict[str, Any] | None:
    """Return the price for programs; None where it was left out, or there is no fresh plan."""
    if found is None or isinstance(found, solver.NoPlanError):
        return None
    return {
        "plain_vnd": found.plain_vnd,
        "fresh_vnd": found.fresh.objective,
        "fresh_bound_vnd": found.fresh.bound,
        "least_vnd": found.least_vnd,
        "most_vnd": found.most_vnd,
    }
