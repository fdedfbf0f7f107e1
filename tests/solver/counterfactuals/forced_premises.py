"""Best plans of premises with a pair forced or banned, by an integer programme of rows (HiGHS)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.solver.problem.instances import COMMUNES
from tests.solver.problem.naive import Plan, number
from tests.solver.problem.naive_premises import NaivePremises

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.solver.problem.instances import Instance


class Programme:
    """An instance of premises under a budget by province and pins of its own."""

    def __init__(self, one: Instance) -> None:
        self.naive = NaivePremises(one)
        self.budgets = one.scenario.get("limits", {}).get("budget_vnd_by_province", {})
        self.pins = {(a, n): units for a, n, units in one.scenario.get("stability", {}).get("pins", [])}

    def best(self, least: Plan, banned: tuple[str, str] | None = None) -> int | None:
        """Return the least cost of a plan with these units and without a pair; None where there is none."""
        naive = self.naive
        pairs = sorted(pair for pair in naive.pairs if pair != banned)
        assets = sorted(naive.assets)
        width = len(pairs) + len(assets)
        if width == 0:
            return naive.empty()
        rows, most = [], []

        def row(entries: Mapping[int, float], limit: float) -> None:
            line = np.zeros(width)
            for column, value in entries.items():
                line[column] += value
            rows.append(line)
            most.append(limit)

        for n, need in naive.needs.items():
            row({k: 1 for k, pair in enumerate(pairs) if pair[1] == n}, int(need["units"]))
        for at, a in enumerate(assets):
            asset = naive.assets[a]
            own = {
                k: float(naive.load(asset, naive.needs[pair[1]]))
                for k, pair in enumerate(pairs)
                if pair[0] == a
            }
            row(own, float(number(asset["area_m2"]) or 0) + 1e-7)
            for k in own:
                places = int(naive.needs[pairs[k][1]]["units"])
                row({k: 1, len(pairs) + at: -places}, 0)
        for norm, cap in naive.caps.items():
            row({k: 1 for k, pair in enumerate(pairs) if norm in naive.norm_rows(pair)}, cap)
        for code, limit in self.budgets.items():
            mine = {
                k: naive.pairs[pair].spend
                for k, pair in enumerate(pairs)
                if COMMUNES[naive.needs[pair[1]]["commune_code"]] == code
            }
            row(mine, limit)
        cost = [naive.gain(pair) for pair in pairs] + [naive.opening(naive.assets[a]) for a in assets]
        low = np.zeros(width)
        for wanted in (self.pins, least):
            for pair, units in wanted.items():
                low[pairs.index(pair)] = max(units, low[pairs.index(pair)])
        high = [np.inf] * len(pairs) + [1.0] * len(assets)
        scale = max(1.0, float(np.abs(np.array(cost, float)).max(initial=0)) / 1e6)
        found = milp(
            np.array(cost, float) / scale,
            integrality=np.ones(width),
            bounds=Bounds(np.minimum(low, high), high),
            constraints=LinearConstraint(np.array(rows), -np.inf, most),
            options={"mip_rel_gap": 0.0},
        )
        if found.status == 2:
            return None
        assert found.success, found.message
        return int(naive.empty() + sum(c * round(x) for c, x in zip(cost, found.x, strict=True)))

    def cost(self, plan: Plan) -> int:
        """Return what a plan costs."""
        opened = sum(self.naive.opening(self.naive.assets[a]) for a in {a for a, _ in plan})
        return self.naive.objective(plan) + opened

    def broken(self, plan: Plan) -> list[str]:
        """Say what a plan breaks."""
        naive = self.naive
        wrong = [text for text in naive.violations(plan) if "pay" not in text and " has " not in text]
        for a, asset in naive.assets.items():
            taken = sum(
                units * naive.load(asset, naive.needs[pair[1]])
                for pair, units in plan.items()
                if pair[0] == a
            )
            if taken > (number(asset["area_m2"]) or 0):
                wrong.append(f"{a} is too small")
        for n, need in naive.needs.items():
            if sum(units for pair, units in plan.items() if pair[1] == n) > int(need["units"]):
                wrong.append(f"{n} has too much")
        return wrong
