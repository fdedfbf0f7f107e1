"""How far a re-plan may send what the plan before sends: to whom an asset is bound (docs/replan.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.flow.market import no_bans
from solver.problem.baseline import REFUSED
from solver.problem.positions import positions

if TYPE_CHECKING:
    from solver.flow.market import Bans, Ints
    from solver.problem.problem import Problem
    from solver.problem.sides import NeedSide

FREE, SAME_PROVINCE = "free", "same_province"


@dataclass(frozen=True)
class Scope:
    """To which needs assets are bound.

    Attributes
    ----------
    bound : whether each asset is; place : number of each need's province, or commune and recipient; allowed :
    (asset x places + place) of bound assets, sorted; places : how many there are.
    """

    bound: np.ndarray
    place: Ints
    allowed: Ints
    places: int

    def outside(self, i: Ints, j: Ints) -> np.ndarray:
        """Tell which pairs of positions freedom rules out."""
        i, j = np.broadcast_arrays(i, j)
        out: np.ndarray = self.bound[i] & ~np.isin(i * self.places + self.place[j], self.allowed)
        return out

    def of_classes(self, lead: Ints, want_lead: Ints) -> Bans:
        """Write which asset classes are bound, and to which need classes; nothing is banned by that.

        Parameters
        ----------
        lead, want_lead : first row of each class; bound assets are classes of their own, and needs of one
        class have one place.
        """
        place = self.place[want_lead]
        order = np.argsort(place, kind="stable")
        owner, target = np.divmod(self.allowed, self.places)
        first = np.searchsorted(place[order], target, "left")
        width = np.searchsorted(place[order], target, "right") - first
        step = np.arange(int(width.sum())) - np.repeat(np.cumsum(width) - width, width)
        wants = order[np.repeat(first, width) + step]
        bound = self.bound[lead]
        class_of = np.full(len(self.bound), -1, np.int64)
        class_of[lead[bound]] = np.flatnonzero(bound)
        offers = class_of[np.repeat(owner, width)]
        sort = np.lexsort((wants, offers))
        sort = sort[offers[sort] >= 0]  # assets that no need could take have no class
        starts = np.searchsorted(offers[sort], np.arange(len(lead) + 1)).astype(np.int64)
        only = wants[sort].astype(np.int32)
        return no_bans(len(lead))._replace(bound=bound.astype(np.uint8), only_first=starts, only=only)


def scope_of(problem: Problem, asset_ids: np.ndarray, needs: NeedSide) -> Scope | None:
    """Find to which needs the assets of a category are bound; None where every one is free.

    Parameters
    ----------
    needs : of the category.
    """
    freedom = problem.scenario["stability.freedom"]
    if problem.baseline is None or freedom == FREE:
        return None
    lines = problem.baseline.lines
    gone = positions(needs.ids, lines["need_id"]) < 0
    lines = lines[(lines["state"] != REFUSED).to_numpy(bool) | gone]
    at = positions(asset_ids, lines["asset_id"])
    lines, at = lines[at >= 0], at[at >= 0]
    communes = problem.communes["commune_code"].astype("str")
    if freedom == SAME_PROVINCE:
        known = dict(zip(communes, problem.communes["province_code"].astype("str"), strict=True))
        led: list[Any] = [known.get(code, "") for code in lines["to_commune_code"]]
        code = np.append(communes.to_numpy(object), "")[needs.place]
        own: list[Any] = [known.get(one, "") for one in code.tolist()]
    else:
        led = list(zip(lines["to_commune_code"], lines["recipient"], strict=True))
        table = problem.needs.iloc[needs.rows]
        columns = [table[name].fillna("").astype("str").tolist() for name in ("commune_code", "recipient")]
        own = list(zip(*columns, strict=True))
    number = {name: at for at, name in enumerate(dict.fromkeys([*own, *led]))}
    places = max(len(number), 1)
    bound = np.zeros(len(asset_ids), bool)
    bound[at] = True
    allowed = np.unique(at * places + np.array([number[name] for name in led], np.int64))
    return Scope(bound, np.array([number[name] for name in own], np.int64), allowed, places)
