"""docs/limits.md read once more for movables: best plans by HiGHS, one integer programme a level."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.solver.problem.instances import COMMUNES, Instance
from tests.solver.problem.naive import Naive, Pair, Plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random


class Limits:
    """An instance with its rows worked out: rows are (id, sense, limit, coefficient by pair)."""

    def __init__(self, one: Instance, reader: type[Naive] = Naive) -> None:
        self.naive = reader(one)
        naive, rules = self.naive, one.scenario
        self.pairs = sorted(naive.pairs)
        limits, equity = rules.get("limits", {}), rules.get("equity", {})
        self.rows: dict[str, tuple[str, int, dict[Pair, int]]] = {}
        spend = {pair: naive.pairs[pair].spend for pair in self.pairs}
        if "budget_vnd" in limits:
            self.rows["budget"] = ("<=", limits["budget_vnd"], spend)
        for code, most in limits.get("budget_vnd_by_province", {}).items():
            own = {pair: x for pair, x in spend.items() if self.province(naive.needs[pair[1]]) == code}
            self.rows[f"budget|province|{code}"] = ("<=", most, own)
        for name, most in limits.get("budget_vnd_by_category", {}).items():
            own = {pair: x for pair, x in spend.items() if naive.needs[pair[1]]["category"] == name}
            self.rows[f"budget|category|{name}"] = ("<=", most, own)
        for key, most in limits.get("cross_province_max", {}).items():
            own = {
                pair: 1
                for pair in self.pairs
                if self.crosses(pair) and self.of_kind(naive.assets[pair[0]], key)
            }
            self.rows[f"cross|{key}"] = ("<=", most, own)
        self.groups: dict[str, list[tuple[str, int]]] = {}
        for key, share in equity.get("coverage_floor", {}).items():
            for name, needs in self.members(equity.get("by", "province"), key).items():
                demand = sum(int(naive.needs[n]["units"]) for n in needs)
                if share == "max-min":
                    self.groups.setdefault(key, []).append((name, demand))
                asked = 0 if share == "max-min" else math.ceil(Fraction(str(share)) * demand)
                self.rows[name] = (">=", asked, {pair: 1 for pair in self.pairs if pair[1] in needs})
        if rules.get("objective") == "coverage_first":
            for key in sorted({n["category"] for n in naive.needs.values()}):
                for name, needs in self.members("province", key).items():
                    demand = sum(int(naive.needs[n]["units"]) for n in needs)
                    self.groups.setdefault(key, []).append((name, demand))
                    self.rows[name] = (">=", 0, {pair: 1 for pair in self.pairs if pair[1] in needs})
        self.pins = {(pin[0], pin[1]): pin[2] for pin in rules.get("stability", {}).get("pins", [])}

    def province(self, row: dict[str, Any]) -> str:
        return COMMUNES.get(row["commune_code"] or "", "")

    def crosses(self, pair: Pair) -> bool:
        return self.province(self.naive.assets[pair[0]]) != self.province(self.naive.needs[pair[1]])

    def of_kind(self, asset: dict[str, Any], key: str) -> bool:
        return key in (asset["category"], f"{asset['category']}/{asset['kind']}")

    def members(self, family: str, key: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, need in self.naive.needs.items():
            kinds = need["kinds"].split("|") if need["kinds"] else []
            inside = key == need["category"] or (len(kinds) == 1 and key == f"{need['category']}/{kinds[0]}")
            member = self.province(need) if family == "province" else str(self.naive.priority(need))
            if inside and member and int(need["units"]):
                found.setdefault(f"floor|{family}|{member}|{key}", set()).add(name)
        return found

    def best(self, coverage: bool = False) -> tuple[list[tuple[str, Any]], int]:
        """Values of the levels in their order, and the least cost of the plans that attain them."""
        levels: list[tuple[str, Any]] = []
        fixed: list[tuple[dict[Any, float], float]] = []
        floors = [name for name in self.rows if name.startswith("floor")]
        soft = [
            name
            for name in floors
            if not any(name == own for group in self.groups.values() for own, _ in group)
        ]
        if soft:
            goal = {("short", name): 1.0 for name in soft}
            value = self.solve(goal, fixed, {})[0]
            levels.append(("floor_shortfall", value))
            fixed.append((goal, value))
        if coverage:
            for k in sorted({self.naive.priority(n) for n in self.naive.needs.values()}):
                goal = {
                    ("unmet", n): 1.0 for n, row in self.naive.needs.items() if self.naive.priority(row) == k
                }
                value = self.solve(goal, fixed, {})[0]
                levels.append((f"unmet|{k}", value))
                fixed.append((goal, value))
        hard: dict[str, int] = {}
        for key in sorted(self.groups):
            shares = sorted({Fraction(c, d) for _, d in self.groups[key] for c in range(d + 1)})
            low, high = 0, len(shares) - 1
            while low < high:
                middle = (low + high + 1) // 2
                asked = {name: math.ceil(shares[middle] * d) for name, d in self.groups[key]}
                if self.solve({}, fixed, hard | asked) is None:
                    high = middle - 1
                else:
                    low = middle
            hard |= {name: math.ceil(shares[low] * d) for name, d in self.groups[key]}
            levels.append((f"max_min|{key}", shares[low]))
        cost, _ = self.solve(self.money(), fixed, hard)
        return levels, cost

    def best_of_strict(self) -> int:
        """Least cost of the plans that meet every floor."""
        hard = {name: row[1] for name, row in self.rows.items() if name.startswith("floor")}
        return int(self.solve(self.money(), [], hard)[0])

    def money(self) -> dict[Any, float]:
        goal: dict[Any, float] = {("x", *pair): self.naive.pairs[pair].cost for pair in self.pairs}
        return goal | {("unmet", n): self.naive.weighted(row) for n, row in self.naive.needs.items()}

    def buildings(self) -> list[Any]:
        """Variables beyond units, none for movables."""
        return []

    def supply(self) -> Iterator[tuple[dict[Any, float], float]]:
        """Rows of what assets have, and the most of each."""
        for a, asset in self.naive.assets.items():
            mine: dict[Any, float] = {("x", *pair): 1.0 for pair in self.pairs if pair[0] == a}
            yield mine, int(asset["units"])

    def solve(self, goal: dict[Any, float], fixed: list[Any], hard: dict[str, int]) -> Any:  # noqa: ANN401 (values by name)
        naive = self.naive
        names: list[Any] = [("x", *pair) for pair in self.pairs]
        names += [("unmet", n) for n in naive.needs] + [("short", row) for row in self.rows]
        names += self.buildings()
        if not names:
            return 0, np.zeros(0)
        at = {name: k for k, name in enumerate(names)}
        low, high, rows = [], [], []

        def row(entries: dict[Any, float], least: float, most: float) -> None:
            line = np.zeros(len(names))
            for name, value in entries.items():
                line[at[name]] += value
            rows.append(line)
            low.append(least)
            high.append(most)

        for n, need in naive.needs.items():
            own = {("x", *pair): 1.0 for pair in self.pairs if pair[1] == n}
            row(own | {("unmet", n): 1.0}, int(need["units"]), int(need["units"]))
        for own, most in self.supply():
            row(own, -np.inf, most)
        for norm, cap in naive.caps.items():
            row({("x", *pair): 1.0 for pair in self.pairs if norm in naive.norm_rows(pair)}, 0, cap)
        for name, (sense, limit, entries) in self.rows.items():
            columns: dict[Any, float] = {("x", *pair): float(v) for pair, v in entries.items()}
            if sense == "<=":
                row(columns, -np.inf, limit)
            elif name in hard:
                row(columns, hard[name], np.inf)
            else:
                row(columns | {("short", name): 1.0}, limit, np.inf)
        for entries, value in fixed:
            row(entries, -np.inf, value)
        least = np.zeros(len(names))
        for pair, units in self.pins.items():
            least[at["x", *pair]] = units
        cost = np.zeros(len(names))
        for name, value in goal.items():
            cost[at[name]] = value
        scale = max(1.0, float(np.abs(cost).max(initial=0)) / 1e6)
        found = milp(
            cost / scale,
            integrality=np.ones(len(names)),
            bounds=Bounds(least, np.inf),
            constraints=LinearConstraint(np.array(rows), low, high),
            options={"mip_rel_gap": 0.0},
        )
        if found.status == 2:
            return None
        assert found.success, found.message
        whole = np.round(found.x)
        return round(sum(value * whole[at[name]] for name, value in goal.items())), whole

    def broken(self, plan: Plan) -> list[str]:
        """Caps and pins that a plan breaks."""
        wrong = [
            f"{name}: {used} of {limit}"
            for name, (sense, limit, entries) in self.rows.items()
            if sense == "<="
            and (used := sum(entries.get(pair, 0) * units for pair, units in plan.items())) > limit
        ]
        return wrong + [f"{pair} is pinned" for pair, units in self.pins.items() if plan.get(pair, 0) < units]


def with_limits(one: Instance, rng: Random) -> Instance:
    """Give an instance random limits, floors or pins; a budget is a share of what the pairs would spend."""
    naive = Naive(one)
    spend = sorted(match.spend for match in naive.pairs.values()) or [0]
    total = sum(spend[: len(naive.needs) + 1]) + 1
    scenario = dict(one.scenario)
    limits: dict[str, Any] = {}
    if rng.random() < 0.6:
        limits["budget_vnd"] = rng.randrange(total)
    if rng.random() < 0.3:
        codes = sorted({COMMUNES[n["commune_code"]] for n in one.needs if n["commune_code"] in COMMUNES})
        limits["budget_vnd_by_province"] = {code: rng.randrange(total) for code in codes[:2]}
    if rng.random() < 0.3:
        limits["budget_vnd_by_category"] = {"vehicle": rng.randrange(total)}
    if rng.random() < 0.3:
        limits["cross_province_max"] = {rng.choice(["vehicle", "equipment", "vehicle/car"]): rng.randrange(3)}
    floor = rng.choice([None, 0.5, 0.3, 1, "max-min"])
    if floor is not None:
        scenario["equity"] = {
            "by": rng.choice(["province", "priority"]),
            "coverage_floor": {rng.choice(["vehicle", "equipment", "vehicle/car"]): floor},
        }
    if rng.random() < 0.3 and naive.pairs:
        pair = rng.choice(sorted(naive.pairs))
        if all(naive.caps[norm] > 0 for norm in naive.norm_rows(pair)) and not limits:
            scenario["stability"] = {**scenario.get("stability", {}), "pins": [[*pair, 1]]}
    if limits:
        scenario["limits"] = limits
    return Instance(**{**vars(one), "scenario": scenario})
