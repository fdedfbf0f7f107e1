"""Two stored plans side by side, as ``surplan compare`` does; a province gets its own lines."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.comparison.result import as_dict, compared
from app.comparison.variant import read_variant
from app.service.plans.cache import plan_folder
from app.service.plans.files import plan_of, require_plan, sees_whole
from app.service.plans.own_lines import own_difference
from app.service.plans.turns import Turn
from app.service.refusals import InvalidError
from app.service.store.actor import SYSTEM

if TYPE_CHECKING:
    from app.service.http.state import State
    from app.service.store.actor import Actor

_COMPARING = Turn(30)


def difference(state: State, actor: Actor, plan_id: str, against: str) -> dict[str, Any]:
    """Return what a plan has otherwise than another one.

    Raises
    ------
    MissingError, ConflictError, TooManyError
        When there is no such plan for the actor, it is a proof that there is none, or others are being
        answered.
    InvalidError
        When the actor sees only its own rows of one of them, and they are of two inventories: an id there is
        another row here, and may be somebody else's.
    """
    with state.database.reading(actor) as session:
        plans = [plan_of(session, one) for one in (against, plan_id)]
        for plan in plans:
            require_plan(plan)
        whole = all(sees_whole(actor, plan) for plan in plans)
        if not whole and plans[0].inventory_id != plans[1].inventory_id:
            raise InvalidError("compare_inventories", plan=plan_id, other=against)
    with _COMPARING.taken():
        with state.database.reading(SYSTEM) as session:
            folders = [plan_folder(session, plan.id, state.settings.home) for plan in plans]
        before, after = (
            replace(read_variant(folder), name=plan.id) for folder, plan in zip(folders, plans, strict=True)
        )
        if whole:
            return {"whole": True, **_plain(as_dict(compared([before, after])))}
        found: dict[str, Any] = _plain(own_difference(actor, before, after))
        return {"whole": False, **found}


def _plain(value: object) -> Any:  # noqa: ANN401  # any JSON value
    """Return a comparison as JSON has it: decimals and shares as texts, without an exponent."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, Fraction) else value
