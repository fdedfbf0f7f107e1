"""The reference inventory as an instance, and what a reason of its plan of premises has to stand."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import geodata
import solver
from solver.counterfactuals.takes import Takes
from solver.problem.premises import ELIGIBLE, stage_of_premises
from tests.solver.counterfactuals.relaxing import (
    STAGES,
    check_first,
    check_walk,
    priced,
    relaxed,
    short_of,
)
from tests.solver.problem.instances import Instance, Row

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

#: A price that no other need can pay [VND].
_DEAR = 10**12
#: Work of the search of one part of the country; most parts are proven best by then.
_WORK = 1_000_000
#: Seconds after which a forced place of an open part is answered with the best plan so far.
_PATIENCE = 20


@dataclass
class National(Instance):
    """Rows of the reference inventory in the communes of the country; ``register`` : the communes."""

    register: pd.DataFrame = field(default_factory=pd.DataFrame)

    def build(self, order: Random | None = None, distances: object = None) -> solver.Problem:
        """Make the problem by the default distances."""
        assert order is None
        assert distances is None
        assets, needs = (pd.DataFrame(rows).astype(object) for rows in (self.assets, self.needs))
        return solver.build(
            assets, needs, scenario=self.scenario, communes=self.register, distances=geodata.distances
        )

    @cached_property
    def province(self) -> dict[str, str]:
        """Province of each commune, by codes."""
        codes = (self.register[name].astype("str") for name in ("commune_code", "province_code"))
        return dict(zip(*codes, strict=True))

    def home(self, row: Row) -> str:
        """Return the province of a row."""
        return self.province[str(row["commune_code"])]

    def need(self, need_id: str) -> Row:
        """Return a need."""
        return next(row for row in self.needs if row["need_id"] == need_id)

    def of(self, provinces: Collection[str]) -> National:
        """Keep the needs of some provinces, and the assets of all: they tell how far a need comes."""
        return replace(self, needs=[row for row in self.needs if self.home(row) in provinces])

    def part(self, need_id: str) -> National:
        """Keep what a need for premises has to do with: its province, and those where assets are for it.

        No other need may cross a border, so the best plan of these provinces is a part of the country's.
        """
        need = self.need(need_id)
        premises = replace(self, needs=[need]).build().premises
        assert premises is not None
        stage = stage_of_premises(premises, np.arange(len(premises.assets.ids)), np.array(0))
        some = set(premises.assets.ids[stage == ELIGIBLE].tolist())
        return self.of({self.home(need), *(self.home(row) for row in self.assets if row["asset_id"] in some)})


def national(categories: Collection[str], provinces: Collection[str | None] = (None,)) -> National:
    """Return some categories of the reference inventory, of the country or of some provinces.

    What the scenario bans of other categories is left out.
    """
    parts = [geodata.reference(seed=1, province=code) for code in provinces]
    assets, needs = (
        [row for part in parts for row in _rows(getattr(part, name), categories)]
        for name in ("assets", "needs")
    )
    known = {str(row["asset_id"]) for row in assets}
    scenario = dict(parts[0].scenario)
    bans = [pair for pair in scenario.pop("stability", {}).get("bans", []) if pair[0] in known]
    if bans:
        scenario["stability"] = {"bans": bans}
    return National("communes", assets, needs, scenario, register=geodata.read_communes(None).communes)


def _rows(table: pd.DataFrame, categories: Collection[str]) -> list[Row]:
    some = table[table["category"].isin(list(categories))].astype(object)
    return [{str(k): v for k, v in row.items()} for row in some.where(some.notna(), "").to_dict("records")]


class Trial:
    """Tries reasons of a plan of premises, province by province.

    Attributes
    ----------
    one : the inventory; proven : prices of a forced place that were proven to be above 0.
    """

    def __init__(self, one: National) -> None:
        """Take the inventory; searches end where they have proven their plan, or by their work."""
        search = {"value_gap": 0, "time_limit_s": 0, "work_limit": _WORK}
        self.one = replace(one, scenario={**one.scenario, "solver": search})
        self.proven = 0
        self._bases: dict[str, solver.Result] = {}

    def base(self, province: str) -> solver.Result:
        """Return the plan of a province with nothing lifted."""
        if province not in self._bases:
            self._bases[province] = _solve(self.one.of({province}))
        return self._bases[province]

    def check(self, plan: solver.Plan, short: Row) -> list[str]:
        """Check a row of the shortfalls of a plan of all; return the reasons until the need is met.

        With nothing lifted the province's own plan says the same, and `outbid` where it is proven best and
        the plan of all is not. Only where the two cost differently may it say otherwise of the last stages;
        a need that is met in it was rightly called no more than `unproven`, or too dear as things stood.
        """
        need_id, reason = str(short["need_id"]), str(short["reason"])
        province = self.one.home(self.one.need(need_id))
        base = self.base(province)
        same = short_of(base.plan, need_id)
        cost = plan.summary["parts"]["province"][province]["objective_vnd"]
        assert cost >= base.bound, need_id
        if reason in STAGES:
            assert same == short
            check_first(replace(self.one, needs=[self.one.need(need_id)]), short, _solve)
            self._told(base, short)
        elif same is None:
            assert cost != base.objective, need_id
            return [reason]
        else:
            proven = reason == "unproven" and base.status == solver.Status.OPTIMAL
            said = "outbid" if proven else reason, short["units"]
            assert (same["reason"], same["units"]) == said or cost != base.objective, need_id
            self._price(base, same)
            if (reason, same["reason"]) != ("too_dear", "too_dear"):
                short = same
        return check_walk(self.one, short, lambda other: _solve(_as_national(other).part(need_id)))

    def _told(self, base: solver.Result, short: Row) -> None:
        """Lift a stage: the need comes as far as is told.

        A reach to the nearest asset lifts that stage too, and a metre less does not.
        """
        need_id, reason = str(short["need_id"]), str(short["reason"])
        told = Takes(base.problem, base).of(short)
        other = _as_national(relaxed(self.one, short))
        other = replace(other, needs=[other.need(need_id)])

        def stage() -> str:
            again = short_of(_solve(other).plan, need_id)
            return again["reason"] if again is not None and again["reason"] in STAGES else ""

        assert (told["reason"], told["then"]) == (reason, stage()), need_id
        if reason == "reach":
            need, nearest = other.need(need_id), Decimal(json.loads(short["detail"])["nearest_km"])
            need["reach_km"] = told["value"]
            assert stage() == told["then"], need_id
            need["reach_km"] = str(nearest)
            assert stage() != "reach", need_id
            need["reach_km"] = str(nearest - Decimal("0.001"))
            assert stage() == "reach", need_id

    def _price(self, base: solver.Result, short: Row) -> None:
        """Prove that no plan that serves more of a need, left unmet by the last stages, costs less.

        With a price that no other can pay the need has all that there is room for; another place in the
        premises that are named takes from those whom they house.
        """
        need_id, detail = str(short["need_id"]), json.loads(short["detail"])
        need, named = self.one.need(need_id), detail["cheapest_asset"]
        most = _solve(priced(self.one.of({self.one.home(need)}), need_id, _DEAR))
        again = short_of(most.plan, need_id)
        left = 0 if again is None else int(again["units"])
        assert left <= short["units"], need_id
        assert most.objective - left * (_DEAR - int(short["price_vnd"])) >= base.bound, need_id

        lines = base.plan.transfers[base.plan.transfers["asset_id"] == named]
        got = int(lines.loc[lines["need_id"] == need_id, "units"].sum())
        place = Decimal(need["area_m2"])
        whole = Decimal(next(row for row in self.one.assets if row["asset_id"] == named)["area_m2"])
        room = whole - sum(map(Decimal, lines["area_m2"].tolist()))
        proven = base.status == solver.Status.OPTIMAL
        assert room < place or short["reason"] == "too_dear" or not proven, need_id
        forced = solver.counterfactual(base.problem, base, named, need_id, got + 1, time_limit=_PATIENCE)
        if forced.change_vnd is None:
            assert (forced.outcome, forced.blocked_by) == ("blocked", "room"), need_id
            assert (got + 1) * place > whole, need_id
            return
        assert base.objective + forced.change_vnd >= base.bound, need_id
        if not forced.exact:
            return
        self.proven += forced.change_vnd > 0
        if short["units"] == 1 and left == 0:
            assert most.bound - base.objective <= forced.change_vnd, need_id
        if short["reason"] == "too_dear" and room >= place:
            assert forced.change_vnd <= detail["dearer_by_vnd"], need_id
        if room < place:
            fewer = forced.changes["units_after"] < forced.changes["units_before"]
            lost = forced.changes[fewer & (forced.changes["asset_id"] == named)]
            assert not lost.empty, need_id
            assert set(lost["need_id"]) <= set(lines["need_id"]), need_id
            assert set(lost["need_id"]) <= set(detail.get("houses", lines["need_id"])), need_id


def _solve(one: Instance) -> solver.Result:
    return solver.solve(one.build())


def _as_national(one: Instance | None) -> National:
    assert isinstance(one, National)
    return one
