r"""Best re-plans of small problems by HiGHS: one integer programme a level, written from docs/replan.md.

x_an                units or places, pins included; up_an - down_an = x_an - pin_an - b_an, both >= 0
unmet_n, short_r    units that a need, a floor lacks
open_a              whether premises without pins receive a place
changes             sum of up + down: kappa each in the objective, at most K together
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from tests.solver.replan.naive_replan import Replan

Entries = dict[Any, float]
Level = tuple[str, Any]


class Programme:
    """The integer programme of a re-plan."""

    def __init__(self, replan: Replan) -> None:
        self.replan = replan
        self.closed = [a for a in replan.assets if replan.opening(a) and all(p[0] != a for p in replan.pins)]
        self.names: list[Any] = [(what, *p) for p in replan.pairs for what in ("x", "up", "down")]
        self.names += [("unmet", n) for n in replan.needs] + [("short", row) for row in replan.rows]
        self.names += [("open", a) for a in self.closed]
        self.at = {name: k for k, name in enumerate(self.names)}
        self.own: list[tuple[Entries, float, float]] = list(self._rules())
        by = replan.rules.get("equity", {}).get("by", "province")
        self.max_min: dict[str, list[tuple[str, int]]] = {}
        soft = []
        for name, (share, needs) in replan.groups(by).items():
            demand = sum(int(replan.needs[n]["units"]) for n in needs)
            if share == "max-min":
                self.max_min.setdefault(name.split("|", 3)[3], []).append((name, demand))
            else:
                soft.append(name)
        self.soft = soft

    def _rules(self) -> Any:  # noqa: ANN401 (rows: entries, least, most)
        one, kept, pins = self.replan, self.replan.kept, self.replan.pins
        pairs = one.pairs
        for n, need in one.needs.items():
            whole = float(need["units"])
            yield {("x", *p): 1.0 for p in pairs if p[1] == n} | {("unmet", n): 1.0}, whole, whole
        for a in one.assets:
            mine = [p for p in pairs if p[0] == a]
            scale = math.lcm(*(one.load(p).denominator for p in mine), one.room(a).denominator)
            yield {("x", *p): float(one.load(p) * scale) for p in mine}, 0, float(one.room(a) * scale)
        for norm in {norm for p in pairs for norm in one.norm_rows(p)}:
            yield {("x", *p): 1.0 for p in pairs if norm in one.norm_rows(p)}, 0, one.caps[norm]
        for p in pairs:
            stands = pins.get(p, 0) + kept.get(p, 0)
            yield {("x", *p): 1.0, ("up", *p): -1.0, ("down", *p): 1.0}, stands, stands
            if p[0] in self.closed:
                yield {("x", *p): 1.0, ("open", p[0]): -float(one.needs[p[1]]["units"])}, -np.inf, 0
        if one.most is not None:
            yield {(what, *p): 1.0 for p in pairs for what in ("up", "down")}, 0, one.most
        for row in one.rows.values():
            if row.sense == "<=":
                yield {("x", *p): float(v) for p, v in row.of.items()}, -np.inf, row.limit

    def money(self) -> Entries:
        """The objective."""
        one = self.replan
        goal: Entries = {("x", *p): one.found[p].cost for p in one.pairs}
        goal |= {(what, *p): one.kappa for p in one.pairs for what in ("up", "down")}
        goal |= {("unmet", n): one.price(n) for n in one.needs} | {
            ("open", a): one.opening(a) for a in self.closed
        }
        return goal

    def paid(self) -> int:
        """Openings of premises that have pins."""
        return sum(self.replan.opening(a) for a in {a for a, _ in self.replan.pins})

    def names_of_levels(self) -> list[str]:
        one = self.replan
        kinds = sorted({one.naive_of_need(n).priority(row) for n, row in one.needs.items()})
        return [
            *(["floor_shortfall"] if self.soft else []),
            *([f"unmet|{k}" for k in kinds] if one.coverage else []),
            *(f"max_min|{key}" for key in sorted(self.max_min)),
        ]

    def best(self, before: list[Level]) -> Any:  # noqa: ANN401 (units, a share, or money)
        """The best value of the level after these, or the least cost, of plans that attain them."""
        one, fixed, hard = self.replan, [], dict[str, int]()
        for name, value in before:
            if name.startswith("max_min"):
                hard |= {row: math.ceil(value * d) for row, d in self.max_min[name.split("|", 1)[1]]}
            else:
                fixed.append((self._goal(name), float(value)))
        names = self.names_of_levels()
        if len(before) == len(names):
            least = self.solve(self.money(), fixed, hard)
            assert least is not None
            return least + self.paid()
        name = names[len(before)]
        if not name.startswith("max_min"):
            return self.solve(self._goal(name), fixed, hard)
        groups = self.max_min[name.split("|", 1)[1]]
        shares = sorted({Fraction(c, d) for _, d in groups for c in range(d + 1)})
        low, high = 0, len(shares) - 1
        while low < high:
            middle = (low + high + 1) // 2
            asked = {row: math.ceil(shares[middle] * d) for row, d in groups}
            low, high = (low, middle - 1) if self.solve({}, fixed, hard | asked) is None else (middle, high)
        assert one.rows
        return shares[low]

    def levels(self) -> list[Level]:
        out: list[Level] = []
        for name in self.names_of_levels():
            out.append((name, self.best(out)))
        return out

    def _goal(self, level: str) -> Entries:
        if level == "floor_shortfall":
            return {("short", row): 1.0 for row in self.soft}
        one, k = self.replan, int(level.split("|")[1])
        return {("unmet", n): 1.0 for n, row in one.needs.items() if one.naive_of_need(n).priority(row) == k}

    def solve(self, goal: Entries, fixed: list[tuple[Entries, float]], hard: dict[str, int]) -> int | None:
        """Least value of a goal; None where nothing keeps to all."""
        if not self.names:
            return 0
        rows = [*self.own, *((entries, -np.inf, value) for entries, value in fixed)]
        for name, row in self.replan.rows.items():
            of: Entries = {("x", *p): float(v) for p, v in row.of.items()}
            if row.sense == ">=":
                rows.append(
                    (of, hard[name], np.inf)
                    if name in hard
                    else (of | {("short", name): 1.0}, row.limit, np.inf)
                )
        entries = [
            (r, self.at[name], v) for r, (one, _, _) in enumerate(rows) for name, v in one.items() if v
        ]
        r, c, v = zip(*entries, strict=True) if entries else ((), (), ())
        least = np.zeros(len(self.names))
        most = np.full(len(self.names), np.inf)
        for p, units in self.replan.pins.items():
            least[self.at["x", *p]] = units
        for a in self.closed:
            most[self.at["open", a]] = 1
        cost = np.zeros(len(self.names))
        for name, value in goal.items():
            cost[self.at[name]] = value
        scale = max(1.0, float(np.abs(cost).max(initial=0)) / 1e6)
        found = milp(
            cost / scale,
            integrality=np.ones(len(self.names)),
            bounds=Bounds(least, most),
            constraints=LinearConstraint(
                csr_array((v, (r, c)), shape=(len(rows), len(self.names))),
                [x[1] for x in rows],
                [x[2] for x in rows],
            ),
            options={"mip_rel_gap": 0.0},
        )
        if found.status == 2:
            return None
        assert found.success, found.message
        whole = np.round(found.x)
        return sum(int(value) * int(whole[self.at[name]]) for name, value in goal.items())
