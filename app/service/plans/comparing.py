"""Two stored plans side by side, as ``surplan compare`` does; a province gets its lines."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.comparison.result import as_dict, compared
from app.comparison.variant import read_variant
from app.plan_changes import counts
from app.service.plans.cache import plan_folder
from app.service.plans.files import plan_of, require_plan, sees_whole
from app.service.plans.seen import sight_of
from app.service.plans.turns import Turn
from app.service.store.actor import SYSTEM

if TYPE_CHECKING:
    from app.comparison.variant import Variant
    from app.service.http.state import State
    from app.service.store.actor import Actor

_COMPARING = Turn(30)
_LINES = {"transfers": ("asset_id", "need_id"), "needs": ("need_id",), "assets": ("asset_id",)}


def difference(state: State, actor: Actor, plan_id: str, against: str) -> dict[str, Any]:
    """Return what a plan has otherwise than another one.

    Raises
    ------
    MissingError, ConflictError, TooManyError
        When there is no such plan for the actor, it is a proof that there is none, or others are being
        answered.
    """
    with state.database.reading(actor) as session:
        plans = [plan_of(session, one) for one in (against, plan_id)]
        for plan in plans:
            require_plan(plan)
        whole = all(sees_whole(actor, plan) for plan in plans)
    with _COMPARING.taken():
        with state.database.reading(SYSTEM) as session:
            folders = [plan_folder(session, plan.id, state.settings.home) for plan in plans]
        variants = [
            replace(read_variant(folder), name=plan.id) for folder, plan in zip(folders, plans, strict=True)
        ]
        found: dict[str, Any] = _plain(as_dict(compared(variants)))
    return {"whole": True, **found} if whole else _own(found, variants, actor)


def _own(found: dict[str, Any], variants: list[Variant], actor: Actor) -> dict[str, Any]:
    """Return the lines of an actor's own rows, and its province's figures."""
    sights = [sight_of(actor, one.view.assets, one.view.needs, one.view.communes, ()) for one in variants]
    own = {
        "asset_id": frozenset().union(*(one.assets for one in sights)),
        "need_id": frozenset().union(*(one.needs for one in sights)),
    }
    differences = []
    for one in found["differences"]:
        lines = {
            name: [line for line in one[name] if any(line[key] in own[key] for key in keys)]
            for name, keys in _LINES.items()
        }
        provinces = [row for row in one["provinces"] if row["province_code"] == actor.province_code]
        differences.append(
            {
                "plan": one["plan"],
                **lines,
                "counts": counts([line for some in lines.values() for line in some]),
                "provinces": provinces if actor.commune_code is None else [],
            }
        )
    plans = [{name: one[name] for name in ("plan", "status")} for one in found["plans"]]
    return {"whole": False, "plans": plans, "differences": differences}


def _plain(value: object) -> Any:  # noqa: ANN401  # any JSON value
    """Return a comparison as JSON has it: decimals and shares as texts, without an exponent."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, Fraction) else value
