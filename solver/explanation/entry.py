"""``solver.explain``: from a result, or from a plan folder alone."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING

from solver.explanation.assets import asset_facts
from solver.explanation.changes import change_facts
from solver.explanation.model import Explanation, UnknownIdError
from solver.explanation.needs import need_facts
from solver.explanation.tables import rows, tables_of_folder, tables_of_result, texts
from solver.plan.folder import StoredPlan

if TYPE_CHECKING:
    from solver.explanation.model import Subject
    from solver.explanation.tables import Tables
    from solver.plan.result import Result
    from solver.problem.problem import Problem

_NEAR = 3
_ALIKE = 0.5


def explain(
    problem: Problem | StoredPlan,
    result: Result | None = None,
    *,
    need_id: str | None = None,
    asset_id: str | None = None,
    force: str | None = None,
) -> Explanation:
    """Explain what a plan does with one need or one asset.

    Parameters
    ----------
    problem
        The problem that was solved; or a plan folder read back (``solver.read_plan``), then without a result.
        Both give the same explanation.
    result
        Its result.
    need_id, asset_id
        The one that is asked about: exactly one of them.
    force
        The asset (of a need) or need (of an asset) that it is to be served by, or to serve: the
        explanation then holds what becomes of the plan (``solver.counterfactual``). Takes a problem with
        its result.

    Returns
    -------
    Explanation
        ``print`` it, take ``.text("vi")``, or read ``.facts``.

    Raises
    ------
    ValueError
        When not exactly one id is given, or a problem without its result; when ``force`` is given with a
        folder.
    UnknownIdError
        When there is no such need or asset; ``.near`` holds ids that look like it.
    PlanFolderError
        When the scenario of a plan folder cannot be read.
    """
    if isinstance(problem, StoredPlan):
        if force is not None:
            raise ValueError("explain(..., force=...) takes a problem and its result, not a plan folder")
        tables = tables_of_folder(problem)
    elif result is not None:
        tables = tables_of_result(problem, result)
    else:
        raise ValueError("explain(problem, result, ...): the result is missing")
    found = explain_rows(tables, need_id=need_id, asset_id=asset_id)
    if force is None or isinstance(problem, StoredPlan) or result is None:
        return found
    from solver.counterfactuals.entry import counterfactual  # solves again; other explanations solve nothing

    ends = (force, found.identifier) if need_id is not None else (found.identifier, force)
    return replace(found, counterfactual=counterfactual(problem, result, *ends))


def explain_rows(tables: Tables, *, need_id: str | None = None, asset_id: str | None = None) -> Explanation:
    """Explain one need or one asset from the tables of a plan; parameters and errors as of ``explain``."""
    if need_id is not None and asset_id is None:
        return _explained(tables, "need", need_id)
    if asset_id is not None and need_id is None:
        return _explained(tables, "asset", asset_id)
    raise ValueError("explain one need or one asset: give need_id or asset_id, and not both")


def _explained(tables: Tables, subject: Subject, identifier: str) -> Explanation:
    key = f"{subject}_id"
    frame, facts_of = (tables.needs, need_facts) if subject == "need" else (tables.assets, asset_facts)
    changes = change_facts(tables, **{key: identifier})
    if rows(frame, **{key: identifier}):
        outcome, facts = facts_of(tables, identifier)
        return Explanation(subject, identifier, outcome, {**facts, "changes": changes})
    if changes:  # the plan before had it
        return Explanation(subject, identifier, "gone", {key: identifier, "changes": changes})
    near = difflib.get_close_matches(identifier, texts(frame, key), n=_NEAR, cutoff=_ALIKE)
    raise UnknownIdError(subject, identifier, near)
