"""``surplan explain DIR PLAN ID``: why a need got what it got, why an asset goes where it goes."""

from __future__ import annotations

import json
from pathlib import Path

import solver
from app.console import emit, note, visible
from app.errors import InputError
from app.failures import DONE
from app.talk import Talk
from app.texts import say
from app.verification import changed_inputs


def explain(folder: Path, plan: Path, identifier: str, talk: Talk) -> int:
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

    Raises
    ------
    InputError
        When neither a need nor an asset has the id.
    solver.PlanFolderError
        When the plan can't be read.
    """
    talk.work("reading", folder=str(plan))
    stored = solver.read_plan(plan)
    found = _explanations(stored, identifier, plan)
    changes = [change.text for change in changed_inputs(folder, plan, talk.lang)]
    if talk.as_json:
        explanations = [
            {
                "subject": one.subject,
                "id": one.identifier,
                "outcome": one.outcome,
                "facts": one.facts,
                "text": one.text(talk.lang),
            }
            for one in found
        ]
        emit(json.dumps({"explanations": explanations, "warnings": changes}, ensure_ascii=False))
        return DONE
    for text in changes:
        note(say(talk.lang, "explain.differs", text=visible(text)))
    for place, one in enumerate(found):
        for line in [""] * (place > 0) + one.text(talk.lang).split("\n"):
            emit(visible(line))
    return DONE


def _explanations(stored: solver.StoredPlan, identifier: str, plan: Path) -> list[solver.Explanation]:
    found: list[solver.Explanation] = []
    near: list[str] = []
    for subject in ("need", "asset"):
        try:
            if subject == "need":
                found.append(solver.explain(stored, need_id=identifier))
            else:
                found.append(solver.explain(stored, asset_id=identifier))
        except solver.UnknownIdError as error:
            near += [one for one in error.near if one not in near]
    if not found:
        key = "explain_unknown_near" if near else "explain_unknown"
        raise InputError(key, id=identifier, folder=str(plan), near=", ".join(near))
    return found
