"""What it would take to serve a need more: the least step past its reason, from tables and prices."""

from __future__ import annotations

import json
import math
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from solver.counterfactuals.best import eligible
from solver.counterfactuals.moved import lines_of, moves_of
from solver.counterfactuals.reduced import is_plain, open_gap, tolls, values_of_assets, worth_a_change
from solver.counterfactuals.relaxed import failed, stages_of
from solver.limits.rows import CHANGES
from solver.plan.moves import got_by_need
from solver.plan.tables import kilometres
from solver.problem.files import cell
from solver.problem.norms import units_in_use
from solver.problem.premises import Premises

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from solver.counterfactuals.relaxed import Failed
    from solver.flow.market import Ints
    from solver.plan.result import Result
    from solver.problem.problem import Category, Problem

#: Digits of a priority factor.
_DIGITS = 6
#: Larger is better: a step of those stages is a least one, so their value is turned round.
_LARGEST = ("too_small", "condition")


class Takes:
    """What the shortfalls of a plan would take; made once for a plan."""

    def __init__(self, problem: Problem, result: Result) -> None:
        """Take a plan."""
        self.problem, self.result = problem, result
        self.parts: dict[str, Category | Premises] = dict(problem.categories)
        if problem.premises is not None:
            self.parts[problem.premises.name] = problem.premises
        self._lifted: dict[str, dict[str, Category | Premises]] = {name: {} for name in self.parts}
        self._known: dict[tuple[str, int], Failed] = {}
        self._place = {
            str(need): (name, n)
            for name, part in self.parts.items()
            for n, need in enumerate(part.needs.ids.tolist())
        }

    def of(self, short: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a row of the shortfalls would take.

        Returns
        -------
        dict
            ``reason``, and by reason, where money is VND: a stage of the funnel: ``asset_id`` of the asset
            that is nearest to passing ("" none), ``value`` that the rule would need, ``then`` the next
            stage that it fails, "" none, None unknown; norm: ``rows`` (``row``, ``key``, ``now``,
            ``needed``); budget: ``rows`` (``row``, ``more_vnd``); cross_province_max: ``rows`` (``row``,
            ``needed``); pinned: ``asset_id``, ``serves``; equity: ``row``; too_dear, outbid: ``more_vnd``
            that the price has to rise by more than (None unknown), ``factor`` above which the priority
            factor would do ("" none), ``exact``; max_changes: ``rows`` (``row``, ``needed``), ``below_vnd``
            that the price of a change would have to be below (None where that is not in the way).
        """
        reason, detail = str(short["reason"]), json.loads(short["detail"] or "{}")
        name, n = self._place[str(short["need_id"])]
        part = self.parts[name]
        if reason in stages_of(part):
            return self._stage(name, part, n)
        found: dict[str, Any] = {"reason": reason}
        if reason == "norm":
            found["rows"] = self._norms(part, n, int(short["units"]))
        elif reason == "budget":
            found["rows"] = self._budgets(part, n, detail)
        elif reason == "cross_province_max":
            found["rows"] = [{"row": detail["row"], "needed": int(detail["bound"]) + 1}]
        elif reason == "pinned":
            found |= {"asset_id": detail["asset"], "serves": detail["serves"]}
        elif reason == "equity":
            found["row"] = detail["row"]
        elif reason == "max_changes":
            used_up = self._slack.get(CHANGES, 1) < 1
            found["rows"] = [{"row": CHANGES, "needed": int(detail["bound"]) + 1}] if used_up else []
            found["below_vnd"] = worth_a_change(self.problem, part, self.result, n)
        elif reason in ("too_dear", "outbid"):
            more = detail.get("dearer_by_vnd" if reason == "too_dear" else "outbid_by_vnd")
            found |= self._price(part, n, None if more is None else int(more))
        return found

    def _price(self, part: Category | Premises, n: int, more: int | None) -> dict[str, Any]:
        """Say by how much a price has to rise.

        The prices of a plan without limits are the largest that prove it: what one more unit of a class of
        movables costs the others. A need that has some units competes with itself: there they tell the least.
        Of premises it is what one place in the cheapest of them would ask for alone: another one may ask for
        less, and places may share an opening.
        """
        plain = not isinstance(part, Premises) and is_plain(self.problem)
        exact = plain and self.problem.baseline is None and int(self._got[part.name][n]) == 0
        replan = self.problem.baseline is not None
        if not isinstance(part, Premises) and (exact or (plain and replan and more is None)):
            i = np.flatnonzero(eligible(self.problem, part, *self._with_all(part, n)))
            least = self._reduced(part, i, np.full(len(i), n))
            more = max(0, int(least.min()) - open_gap(self.problem, part, self.result))
        elif more is not None and replan:
            i, at = self._with_all(part, n)
            more += int(self._tolls[part.name](i, at).min())  # it would be a change as well
        base = int(part.needs.base[n])
        factor = ""
        if more is not None and base > 0:
            ratio = Fraction(int(part.needs.price[n]) + more, base)
            factor = cell(Decimal(math.ceil(ratio * 10**_DIGITS)) / 10**_DIGITS)
        alone = {"alone": True} if isinstance(part, Premises) else {}
        return {"more_vnd": more, "factor": factor, "exact": exact, **alone}

    def _with_all(self, part: Category | Premises, n: int) -> tuple[Ints, Ints]:
        every = np.arange(len(part.assets.ids))
        return every, np.full(len(every), n)

    def _reduced(self, category: Category, i: Ints, j: Ints) -> Ints:
        """By how much a unit more of pairs makes a plain plan dearer at least, by the price of its need."""
        name = category.name
        cost: Ints = category.unit_cost(i, j) + self._values[name][i] + self._tolls[name](i, j)
        return cost - category.needs.price[j]

    @cached_property
    def _values(self) -> dict[str, Ints]:
        """What a unit of each asset of movables is worth to the others [VND], without limits."""
        parts = self.problem.categories
        return {name: values_of_assets(self.problem, part, self.result) for name, part in parts.items()}

    @cached_property
    def _tolls(self) -> dict[str, Callable[[Ints, Ints], Ints]]:
        return {name: tolls(self.problem, part, self.result) for name, part in self.parts.items()}

    @cached_property
    def _got(self) -> dict[str, Ints]:
        """Units that each need receives, by category."""
        transfers = self.result.plan.transfers
        return {
            name: got_by_need(part, moves_of(lines_of(part, transfers))) for name, part in self.parts.items()
        }

    def _norms(self, part: Category | Premises, n: int, units: int) -> list[dict[str, Any]]:
        """List the norms of the commune that are in the way, with what would do for all that is unmet."""
        norms, through = part.norms, self._through[part.name]
        held = self._in_use
        found = []
        row = int(norms.row_of[n])
        while row >= 0:
            if through[row] + units > norms.cap[row]:
                _, code, key = norms.ids[row].split("|", 2)
                category, _, kind = key.partition("/")
                most = int(self.problem.scenario["norms.max_per_commune"][key])
                used = held.get((code, category, kind or "*"), 0)
                pinned = self._pinned(part, code, key)
                needed = used + pinned + int(through[row]) + units
                found.append({"row": norms.ids[row], "key": key, "now": most, "needed": needed})
            row = int(norms.parent[row])
        return found

    @cached_property
    def _in_use(self) -> dict[tuple[str, str, str], int]:
        return units_in_use(self.problem.assets)

    def _pinned(self, part: Category | Premises, code: str, key: str) -> int:
        """Count the pinned units that a norm counts in a commune."""
        pins, kind = part.pins, key.partition("/")[2]
        kinds = part.assets.kinds.names
        codes = self.problem.needs["commune_code"].fillna("").astype("str").iloc[part.needs.rows].tolist()
        rows = zip(pins.asset.tolist(), pins.need.tolist(), pins.units.tolist(), strict=True)
        return sum(
            u for i, j, u in rows if codes[j] == code and kind in ("", kinds[int(part.assets.kind[i])])
        )

    @cached_property
    def _through(self) -> dict[str, Ints]:
        """Units that each norm row lets through beside the pins, by category."""
        out = {}
        for name, part in self.parts.items():
            got = self._got[name] - part.pins.got(len(part.needs.ids))
            through = np.zeros(len(part.norms.cap), np.int64)
            under = part.norms.row_of >= 0
            np.add.at(through, part.norms.row_of[under], got[under])
            for row, parent in enumerate(part.norms.parent.tolist()):  # parents come after their children
                if parent >= 0:
                    through[parent] += through[row]
            out[name] = through
        return out

    def _budgets(self, part: Category | Premises, n: int, detail: Mapping[str, Any]) -> list[dict[str, Any]]:
        """List the budgets that have less left than the asset takes that takes least."""
        code = self._province(part, n)
        counted = ("budget", f"budget|province|{code}", f"budget|category|{part.name}")
        least = int(detail["least_spend_vnd"])
        slack = self._slack
        return [
            {"row": row, "more_vnd": least - slack[row]}
            for row in counted
            if row in slack and slack[row] < least
        ]

    @cached_property
    def _slack(self) -> dict[str, int]:
        table = self.result.plan.limits
        if table is None:
            return {}
        return {str(row): int(left) for row, left in zip(table["limit"], table["slack"], strict=True)}

    @cached_property
    def _provinces(self) -> dict[str, str]:
        communes = self.problem.communes
        return dict(
            zip(communes["commune_code"].astype("str"), communes["province_code"].astype("str"), strict=True)
        )

    def _province(self, part: Category | Premises, n: int) -> str:
        code = self.problem.needs["commune_code"].iloc[int(part.needs.rows[n])]
        return self._provinces.get(str(code), "")

    def _stage(self, name: str, part: Category | Premises, n: int) -> dict[str, Any]:
        """Name the asset that is nearest to passing, and the value that would let it pass."""
        if not len(part.assets.ids):
            return {"reason": "no_asset", "category": name, "asset_id": "", "value": "", "then": ""}
        guest = int(part.guest_of[n] if isinstance(part, Premises) else part.classes.want_of[n])
        if (name, guest) not in self._known:
            self._known[name, guest] = failed(part, n, self._lifted[name], self.problem.form)
        found = self._known[name, guest]
        passes = found.then == ""
        kept = np.flatnonzero(passes) if passes.any() else self._farthest(part, found)
        size = self._size(part, n, found.stage, found.assets[kept])
        at = kept[int(np.lexsort((found.assets[kept], size))[0])]
        asset = int(found.assets[at])
        return {
            "reason": found.stage,
            "category": name,
            "asset_id": str(part.assets.ids[asset]),
            "value": self._value(part, n, found.stage, asset),
            # What lies behind an unknown distance is unknown.
            "then": None if found.stage == "no_distance" else str(found.then[at]),
        }

    def _farthest(self, part: Category | Premises, found: Failed) -> Ints:
        order = {stage: k for k, stage in enumerate(stages_of(part))}
        far = np.array([order[one] for one in found.then.tolist()])
        return np.flatnonzero(far == far.max())

    def _size(self, part: Category | Premises, n: int, stage: str, assets: Ints) -> np.ndarray:
        """Return how far each asset is from passing: the least is the nearest."""
        side, table = part.assets, self.problem.assets
        if stage in _LARGEST:
            values = side.condition if stage == "condition" else getattr(side, "capacity", side.condition)
            size: np.ndarray = -values[assets]
            return size
        if stage == "age":
            years = table["year"].iloc[side.rows[assets]].tolist()
            return np.array([10**6 if year is None else -int(year) for year in _plain(years)])
        if stage == "date":
            day = part.needs.deadline[n]
            days: np.ndarray = np.maximum(side.opens[assets] - day, day - side.closes[assets])
            return days
        far = part.metres.of(side, part.needs, assets, np.full(len(assets), n))
        return np.where(far < 0, np.iinfo(np.int64).max, far)

    def _value(self, part: Category | Premises, n: int, stage: str, asset: int) -> str:
        side, row = part.assets, int(part.assets.rows[asset])
        table = self.problem.assets
        match stage:
            case "no_asset":
                return side.kinds.names[int(side.kind[asset])]
            case "too_small":
                return cell(table["area_m2"].iloc[row])
            case "condition":
                known = int(side.condition[asset])
                return "" if known < 0 else cell(Decimal(known) / 100)
            case "age":
                year = _plain([table["year"].iloc[row]])[0]
                return "" if year is None else str(max(0, self.problem.scenario.date.year - int(year)))
            case "legal_status":
                return str(table["legal_status"].iloc[row])
            case "date":
                late = int(part.needs.deadline[n]) < int(side.opens[asset])
                return date.fromordinal(int(side.opens[asset] if late else side.closes[asset])).isoformat()
            case "banned" | "no_distance" | "freedom":
                return ""
        far = int(part.metres.of(side, part.needs, np.array([asset]), np.array([n]))[0])
        return kilometres(far) if far >= 0 else ""


def _plain(values: list[Any]) -> list[Any]:
    """Return cells with None for what is missing."""
    return [None if pd.isna(value) else value for value in values]
