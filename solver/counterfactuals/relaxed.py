"""A category with one test of the funnel lifted: which assets come through, what stops the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from solver.problem.categories import given_stages
from solver.problem.numbers import NO_DAY
from solver.problem.pairs import STAGES, stage_of
from solver.problem.premises import STAGES as PREMISES_STAGES
from solver.problem.premises import Premises, stage_of_premises
from solver.problem.sides import ANYWHERE

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.problem.metres import Metres
    from solver.problem.problem import Category
    from solver.problem.sides import AssetSide, NeedSide

_Assets = TypeVar("_Assets", bound="AssetSide")
_Needs = TypeVar("_Needs", bound="NeedSide")


class Failed(NamedTuple):
    """What stops the assets of a need.

    Attributes
    ----------
    stage : the last that any of them comes to; assets : that fail it first; then : what stops each of them
    once it is lifted, "" nothing.
    """

    stage: str
    assets: Ints
    then: np.ndarray


def stages_of(member: Category | Premises) -> tuple[str, ...]:
    """Return the tests of a category, in order."""
    return PREMISES_STAGES if isinstance(member, Premises) else STAGES


def failed(member: Category | Premises, n: int, lifted: dict[str, Category | Premises], form: str) -> Failed:
    """Find the assets that come farthest in the funnel of a need that none comes through.

    Parameters
    ----------
    n : the need; lifted : a cache of ``lift``; form : of the problem.
    """
    names = stages_of(member)
    everything = np.arange(len(member.assets.ids))
    stage = _stage(member, everything, n, form)
    last = int(stage.max(initial=0))
    assets = everything[stage == last]
    name = names[last]
    if name not in lifted:
        lifted[name] = lift(member, name)
    after = _stage(lifted[name], assets, n, form)
    return Failed(name, assets, np.array([*names, ""], object)[after])


def _stage(member: Category | Premises, assets: Ints, n: int, form: str) -> Ints:
    need = np.array(n)
    if isinstance(member, Premises):
        return stage_of_premises(member, assets, need)
    if form != "matches":
        return stage_of(member.assets, member.needs, member.metres, assets, need)
    stages = given_stages(member.metres, assets, np.full(len(assets), n))
    names = [*STAGES, ""]
    return np.array([names.index(stage) for stage in stages.tolist()], np.int64)


def lift(member: Category | Premises, stage: str) -> Category | Premises:
    """Return a category without one of its tests; what has no distance, and no listed pair, stays so."""
    if stage == "banned":
        return replace(member, metres=_unbanned(member.metres))
    if stage == "freedom":
        return replace(member, metres=replace(member.metres, scope=None))
    if not isinstance(member, Premises):
        side = _kinds(_assets(member.assets, stage), stage)
        return replace(member, assets=side, needs=_needs(member.needs, stage))
    assets, needs = _assets(member.assets, stage), _needs(member.needs, stage)
    rules, zero = member.rules, np.zeros_like
    match stage:
        case "no_asset":
            rules = rules._replace(allow=np.ones_like(rules.allow))
        case "condition":
            rules = rules._replace(condition=zero(rules.condition))
        case "age":
            rules = rules._replace(age=np.full_like(rules.age, -1))
        case "within_commune":
            rules = rules._replace(within=zero(rules.within))
        case "province_rule":
            rules = rules._replace(surcharge=np.maximum(rules.surcharge, 0))
        case "too_small":
            load = None if member.match_load is None else zero(member.match_load)
            small = replace(member.needs, area=zero(member.needs.area))
            return replace(member, needs=small, match_load=load)
    return replace(member, assets=assets, needs=needs, rules=rules)


def _unbanned(metres: Metres) -> Metres:
    return replace(metres, ban_keys=metres.ban_keys[:0])


def _assets(side: _Assets, stage: str) -> _Assets:
    if stage == "legal_status":
        return replace(side, lawful=np.ones_like(side.lawful))
    if stage == "age":
        return replace(side, aged=np.ones_like(side.aged))
    if stage == "date":
        return replace(side, opens=np.zeros_like(side.opens), closes=np.full_like(side.closes, NO_DAY))
    return side


def _needs(side: _Needs, stage: str) -> _Needs:
    if stage == "condition":
        return replace(side, condition=np.zeros_like(side.condition))
    if stage == "reach":
        return replace(side, reach=np.full_like(side.reach, 2 * ANYWHERE))
    if stage == "no_asset":
        return replace(side, sets=[None for _ in side.sets])
    return side


def _kinds(side: AssetSide, stage: str) -> AssetSide:
    """Lift what the rules say by kind of movables."""
    kinds = side.kinds
    if stage == "condition":
        return replace(side, kinds=replace(kinds, min_condition=np.full_like(kinds.min_condition, -1)))
    if stage == "province_rule":
        return replace(side, kinds=replace(kinds, surcharge=np.maximum(kinds.surcharge, 0)))
    return side
