"""Explanations of a stored plan, as of ``surplan explain``, without what is not the actor's to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import solver
from app.errors import InputError
from app.explaining import WORDS, counterfactuals, explanations, problem_of
from app.service.plans.cache import Recent, plan_folder
from app.service.plans.files import plan_of, require_plan, require_whole, sees_whole
from app.service.plans.schemas import CounterfactualDocument, ExplanationDocument, ExplanationsDocument
from app.service.plans.seen import sight_of
from app.service.plans.turns import Turn
from app.service.refusals import ConflictError, MissingError, RefusedError
from app.service.store.actor import SYSTEM
from app.service.store.models import TransferRow
from app.talk import Talk
from app.texts import say

if TYPE_CHECKING:
    from app.explaining import WhatIf
    from app.service.http.state import State
    from app.service.plans.seen import Sight
    from app.service.store.actor import Actor
    from app.settings import Lang

_STORED, _PROBLEMS = Recent(2), Recent(1)
_SOLVING = Turn(5)
#: How `solver.explanation` begins the items of a list, and what it puts between the parts of one.
_ITEM, _PART = "  - ", "; "


def explained(
    state: State, actor: Actor, plan_id: str, identifier: str, asked: WhatIf | None, lang: Lang
) -> ExplanationsDocument:
    """Explain the need or asset of an id; both where both have it.

    Parameters
    ----------
    asked
        Also solve again with a pair forced or banned: for who sees the whole plan, since all of it may move.

    Raises
    ------
    MissingError
        When there is no such plan, need or asset for the actor, or none to be forced.
    ForbiddenError, ConflictError, TooManyError
        When something else is asked of a plan of the country, there is no plan, or others are being answered.
    """
    with state.database.reading(actor) as session:
        plan = plan_of(session, plan_id)
        require_plan(plan)
        if asked is not None:
            require_whole(session, plan)
        pairs = sa.select(TransferRow.asset_id, TransferRow.need_id).where(TransferRow.plan_id == plan_id)
        partners = None if sees_whole(actor, plan) else [(one[0], one[1]) for one in session.execute(pairs)]
    stored = stored_plan(state, plan_id)
    sight = None
    if partners is not None:
        sight = sight_of(actor, stored.assets, stored.needs, stored.communes, partners)
        if identifier not in sight.assets | sight.needs:
            raise MissingError("explanation", identifier)
    try:
        found = [one for one in explanations(stored, identifier) if _is_own(one, sight)]
        answers = [] if asked is None else _answers(stored, _with_other(stored, found, asked), asked, lang)
    except InputError as error:
        raise _refused(error, identifier, plan_id) from error
    shown = [_shown(one, sight, lang) for one in found]
    return ExplanationsDocument(
        explanations=[document for document, _ in shown],
        counterfactuals=answers,
        hidden=any(hidden for _, hidden in shown),
    )


def stored_plan(state: State, plan_id: str) -> solver.StoredPlan:
    """Return a plan with its inputs; whether somebody may see it was asked before."""
    with state.database.reading(SYSTEM) as session:
        # Each time, though the plan is in memory: some of it is read from the folder when it is asked for.
        folder = plan_folder(session, plan_id, state.settings.home)
    return _STORED.get(str(folder), lambda: solver.read_plan(folder))


def _with_other(
    stored: solver.StoredPlan, found: list[solver.Explanation], asked: WhatIf
) -> list[solver.Explanation]:
    """Return what can be paired with the other id: a need with an asset, an asset with a need.

    Raises
    ------
    MissingError
        When there is no such asset or need.
    """
    if asked.other in WORDS:
        return found
    others = {"need": ("asset", stored.assets["asset_id"]), "asset": ("need", stored.needs["need_id"])}
    fit = [one for one in found if (others[one.subject][1] == asked.other).any()]
    if found and not fit:
        raise MissingError(others[found[0].subject][0], asked.other)
    return fit


def _answers(
    stored: solver.StoredPlan, found: list[solver.Explanation], asked: WhatIf, lang: Lang
) -> list[CounterfactualDocument]:
    talk = Talk(lang, quiet=True)
    with _SOLVING.taken():
        problem, result = _PROBLEMS.get(str(stored.folder), lambda: problem_of(stored, talk))
        answers = counterfactuals(problem, result, found, asked, talk)
    return [
        CounterfactualDocument(
            text="\n".join(filter(None, [before, answer.text(lang) if answer else ""])),
            facts=_plain(answer.facts) if answer else None,
        )
        for before, answer in answers
    ]


def _is_own(one: solver.Explanation, sight: Sight | None) -> bool:
    """Tell whether it is about an own row: another province's asset may have the id of an own need."""
    return sight is None or one.identifier in (sight.needs if one.subject == "need" else sight.assets)


def _shown(one: solver.Explanation, sight: Sight | None, lang: Lang) -> tuple[ExplanationDocument, bool]:
    facts, text = _plain(one.facts), one.text(lang)
    named = sight.named(facts) if sight else set()
    if sight and named:
        facts = sight.pruned(facts)
        text = "\n".join([*_lines_without(named, text.split("\n")), say(lang, "plan_service.hidden")])
    document = ExplanationDocument(
        subject=one.subject, id=one.identifier, outcome=one.outcome, facts=facts or {}, text=text
    )
    return document, bool(named)


def _lines_without(named: set[str], lines: list[str]) -> list[str]:
    """Return lines without what names a row of these ids.

    A line that does is left out. Of an item of a list (what a need gets, where an asset goes) the part before
    is kept: it is about a transfer that the actor sees. Nothing behind the id is, since a name may follow it.
    """
    found: list[str] = []
    for line in lines:
        first = min((at for name in named if (at := line.find(name)) >= 0), default=-1)
        kept = line if first < 0 else line[: max(line.rfind(_PART, 0, first), 0)]
        if first < 0:
            found.append(line)
        elif line.startswith(_ITEM) and kept:
            found.append(f"{kept}.")
    return found


def _plain(facts: object) -> Any:  # noqa: ANN401  # any JSON value
    """Return facts as JSON has them: exact numbers as texts."""
    if isinstance(facts, dict):
        return {str(name): _plain(value) for name, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [_plain(value) for value in facts]
    return facts if facts is None or isinstance(facts, str | int | bool) else str(facts)


def _refused(error: InputError, identifier: str, plan_id: str) -> RefusedError:
    if error.key.startswith("explain_unknown"):
        return MissingError("explanation", identifier)
    if error.key.startswith("explain_unplanned"):
        return ConflictError("explain_unplanned", id=error.words["id"])
    return ConflictError("plan_infeasible", id=plan_id)
