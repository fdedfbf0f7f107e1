"""Movables and premises in one instance; docs/limits.md read once more for both: a HiGHS solve a level."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.solver.limits.premises_cases import small_instance
from tests.solver.problem.instances import COMMUNES, Instance, Row, random_instance
from tests.solver.problem.naive import Naive, Plan
from tests.solver.problem.naive_premises import NaivePremises

if TYPE_CHECKING:
    from random import Random

#: A linear form: variables by name, with what they count.
Form = dict[Any, float]


def mixed_instance(rng: Random, form: str, *, movables: int = 4) -> Instance:
    """Draw premises that compete for places, and as a rule some movables; priorities are spread."""
    houses = small_instance(rng, form)
    goods = random_instance(
        rng, form, assets=movables, needs=movables, units=3, money=10**8, plain=rng.random() < 0.5
    )
    for need in (*houses.needs, *goods.needs):
        need["priority"] = rng.choice([1, 1, 2, 3, 5])
    for need in houses.needs:
        need["area_m2"] = rng.choice([20, 40, 80, 150])
        need["units"] = rng.randint(1, 4)
    goods.scenario["scope_province"] = None
    goods.scenario.pop("stability", None)  # bans by id
    return Instance(
        form,
        houses.assets + _renamed(goods.assets, "asset_id"),
        houses.needs + _renamed(goods.needs, "need_id"),
        _merged(goods.scenario, houses.scenario) | {"objective": "coverage_first"},
        houses.metres | {_renamed_pair(pair, form): far for pair, far in goods.metres.items()},
        houses.matches + _renamed(_renamed(goods.matches, "asset_id"), "need_id"),
    )


def _renamed(rows: list[Row], key: str) -> list[Row]:
    return [{**row, key: f"M{row[key]}", "official_id": ""} for row in rows]


def _renamed_pair(pair: tuple[str, str], form: str) -> tuple[str, str]:
    return pair if form == "communes" else (f"M{pair[0]}", f"M{pair[1]}")


def _merged(one: Any, other: Any) -> Any:  # noqa: ANN401 (values of a scenario)
    if isinstance(one, dict) and isinstance(other, dict):
        both = {key: _merged(one[key], other[key]) for key in one if key in other}
        return {**one, **other, **both}
    return other


class Mixed:
    """An instance worked out, and its best plan level by level."""

    def __init__(self, one: Instance) -> None:
        def part(reader: type[Naive], *, premises: bool) -> Naive:
            assets = [row for row in one.assets if (row["category"] == "premises") == premises]
            needs = [row for row in one.needs if (row["category"] == "premises") == premises]
            return reader(replace(one, assets=assets, needs=needs))

        self.goods, houses = part(Naive, premises=False), part(NaivePremises, premises=True)
        assert isinstance(houses, NaivePremises)
        self.houses, self.rules = houses, one.scenario
        self.needs = self.goods.needs | self.houses.needs
        self.assets = self.goods.assets | self.houses.assets
        self.pairs = self.goods.pairs | self.houses.pairs
        self.rows: dict[str, tuple[int, Form]] = {}  # at most, of budgets and caps
        self.asked: dict[str, tuple[int, Form]] = {}  # at least, of floors with a share
        self.groups: dict[str, list[tuple[int, Form]]] = {}  # demand and form of the groups of max-min keys
        self._limits()
        self._floors()

    def _side(self, need: str) -> Naive:
        return self.houses if self.needs[need]["category"] == "premises" else self.goods

    def province(self, row: Row) -> str:
        return COMMUNES.get(row["commune_code"] or "", "")

    def _limits(self) -> None:
        limits = self.rules.get("limits", {})
        spend = {("x", *pair): float(match.spend) for pair, match in self.pairs.items()}

        def where(test: Any) -> Form:  # noqa: ANN401 (of a need's row)
            return {name: value for name, value in spend.items() if test(self.needs[name[2]])}

        if "budget_vnd" in limits:
            self.rows["budget"] = limits["budget_vnd"], spend
        for code, most in limits.get("budget_vnd_by_province", {}).items():
            self.rows[f"budget|{code}"] = most, where(lambda n, code=code: self.province(n) == code)
        for name, most in limits.get("budget_vnd_by_category", {}).items():
            self.rows[f"budget|{name}"] = most, where(lambda n, name=name: n["category"] == name)
        for key, most in limits.get("cross_province_max", {}).items():
            crossing = {
                ("x", a, n): 1.0
                for a, n in self.pairs
                if self.province(self.assets[a]) != self.province(self.needs[n])
                and key
                in (self.assets[a]["category"], f"{self.assets[a]['category']}/{self.assets[a]['kind']}")
            }
            self.rows[f"cross|{key}"] = most, crossing

    def keys(self, need: Row) -> set[str]:
        """Keys of floors that a need is in."""
        own = need["purpose"] if need["category"] == "premises" else need["kinds"]
        single = own and "|" not in own
        return {need["category"]} | ({f"{need['category']}/{own}"} if single else set())

    def _members(self, family: str, key: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, need in self.needs.items():
            member = {
                "province": self.province(need),
                "priority": str(self._side(name).priority(need)),
                "country": "VN",
            }[family]
            if key in self.keys(need) and member and int(need["units"]):
                found.setdefault(member, []).append(name)
        return found

    def _group(self, names: list[str]) -> tuple[int, Form]:
        form = {("x", *pair): 1.0 for pair in self.pairs if pair[1] in names}
        return sum(int(self.needs[n]["units"]) for n in names), form

    def _floors(self) -> None:
        equity = self.rules.get("equity", {})
        family = equity.get("by", "province")
        for key, share in equity.get("coverage_floor", {}).items():
            for member, names in self._members(family, key).items():
                units, form = self._group(names)
                if share == "max-min":
                    self.groups.setdefault(key, []).append((units, form))
                else:
                    self.asked[f"{family}|{member}|{key}"] = math.ceil(Fraction(str(share)) * units), form
        for key in sorted({need["category"] for need in self.needs.values()}):
            known = family == "province" and key in equity.get("coverage_floor", {})
            if known and equity["coverage_floor"][key] == "max-min":
                continue
            for names in self._members("province", key).values():
                self.groups.setdefault(key, []).append(self._group(names))

    def best(self) -> tuple[list[tuple[str, Any]], int]:
        """Values of the levels in their order, and the least cost of the plans that attain them."""
        levels: list[tuple[str, Any]] = []
        fixed: list[tuple[Form, float]] = []
        goals: list[tuple[str, Form]] = []
        if self.asked:
            goals.append(("floor_shortfall", {("short", name): 1.0 for name in self.asked}))
        priority = {n: self._side(n).priority(row) for n, row in self.needs.items()}
        goals += [
            (f"unmet|{k}", {("unmet", n): 1.0 for n in self.needs if priority[n] == k})
            for k in sorted({priority[n] for n, row in self.needs.items() if int(row["units"])})
        ]
        for name, goal in goals:
            value = self._solve(goal, fixed, [])
            assert value is not None
            levels.append((name, value))
            fixed.append((goal, value))
        hard: list[tuple[Form, int]] = []
        for key in sorted(self.groups):
            shares = sorted({Fraction(c, d) for d, _ in self.groups[key] for c in range(d + 1)})
            low, high = 0, len(shares) - 1
            while low < high:
                middle = (low + high + 1) // 2
                if self._solve({}, fixed, hard + self._at(key, shares[middle])) is None:
                    high = middle - 1
                else:
                    low = middle
            hard += self._at(key, shares[low])
            levels.append((f"max_min|{key}", shares[low]))
        cost = self._solve(self._money(), fixed, hard)
        assert cost is not None
        return levels, cost

    def _at(self, key: str, share: Fraction) -> list[tuple[Form, int]]:
        return [(form, math.ceil(share * units)) for units, form in self.groups[key]]

    def _money(self) -> Form:
        goal: Form = {("x", *pair): float(match.cost) for pair, match in self.pairs.items()}
        goal |= {("open", a): float(self.houses.opening(row)) for a, row in self.houses.assets.items()}
        return goal | {("unmet", n): float(self._side(n).weighted(row)) for n, row in self.needs.items()}

    def cost(self, plan: Plan) -> int:
        """What a plan costs."""
        used = {a for (a, _), units in plan.items() if units and a in self.houses.assets}
        moved = sum(units * self.pairs[pair].cost for pair, units in plan.items())
        left = {
            n: int(row["units"]) - sum(u for (_, m), u in plan.items() if m == n)
            for n, row in self.needs.items()
        }
        unmet = sum(left[n] * self._side(n).weighted(row) for n, row in self.needs.items())
        return moved + unmet + sum(self.houses.opening(self.houses.assets[a]) for a in used)

    def broken(self, plan: Plan) -> list[str]:
        """What a plan breaks: pairs, supply, rooms, demand, norms, budgets, caps."""
        wrong = [f"{pair} is not eligible" for pair in plan if pair not in self.pairs]
        values = {("x", *pair): units for pair, units in plan.items()}
        for name, form, _, most in self._physical():
            used = sum(value * values.get(one, 0) for one, value in form.items() if one[0] == "x")
            if name and used > most + 1e-9:
                wrong.append(f"{name}: {used} of {most}")
        return wrong

    def _physical(self) -> list[tuple[str, Form, float, float]]:
        """Rows that every plan keeps to: a name, or "" where variables are but tied; form; bounds."""
        found: list[tuple[str, Form, float, float]] = []
        for n, need in self.needs.items():
            own: Form = {("x", *pair): 1.0 for pair in self.pairs if pair[1] == n}
            units = int(need["units"])
            found += [("", own | {("unmet", n): 1.0}, units, units), (n, own, 0, units)]
        for a, asset in self.goods.assets.items():
            own = {("x", *pair): 1.0 for pair in self.goods.pairs if pair[0] == a}
            found.append((a, own, 0, int(asset["units"])))
        for a, asset in self.houses.assets.items():
            mine = [pair for pair in self.houses.pairs if pair[0] == a]
            load = {("x", *pair): float(self.houses.load(asset, self.needs[pair[1]])) for pair in mine}
            found.append((a, load, 0, float(asset["area_m2"] or 0)))
            for pair in mine:
                most = float(self.needs[pair[1]]["units"])
                found.append(("", {("x", *pair): 1.0, ("open", a): -most}, -np.inf, 0))
        for side in (self.goods, self.houses):
            for norm, cap in side.caps.items():
                own = {("x", *pair): 1.0 for pair in side.pairs if norm in side.norm_rows(pair)}
                found.append((str(norm), own, 0, cap))
        return found + [(name, form, -np.inf, most) for name, (most, form) in self.rows.items()]

    def _solve(self, goal: Form, fixed: list[tuple[Form, float]], hard: list[tuple[Form, int]]) -> int | None:
        names: list[Any] = [("x", *pair) for pair in self.pairs]
        names += [("unmet", n) for n in self.needs] + [("short", name) for name in self.asked]
        names += [("open", a) for a in self.houses.assets]
        at = {name: k for k, name in enumerate(names)}
        rows = [(form, low, high) for _, form, low, high in self._physical()]
        rows += [(form | {("short", name): 1.0}, least, np.inf) for name, (least, form) in self.asked.items()]
        rows += [(form, -np.inf, value) for form, value in fixed]
        rows += [(form, least, np.inf) for form, least in hard]
        matrix = np.zeros((len(rows), len(names)))
        for k, (form, _, _) in enumerate(rows):
            for name, value in form.items():
                matrix[k, at[name]] += value
        cost = np.zeros(len(names))
        for name, value in goal.items():
            cost[at[name]] = value
        most = np.array([1.0 if name[0] == "open" else np.inf for name in names])
        scale = max(1.0, float(np.abs(cost).max(initial=0)) / 1e6)
        bounds = [np.array([row[side] for row in rows], float) for side in (1, 2)]
        found = milp(
            cost / scale,
            integrality=np.ones(len(names)),
            bounds=Bounds(np.zeros(len(names)), most),
            constraints=LinearConstraint(matrix, *bounds),
            options={"mip_rel_gap": 0.0},
        )
        if found.status == 2:
            return None
        assert found.success, found.message
        whole = np.round(found.x)
        least: int = round(sum(value * whole[at[name]] for name, value in goal.items()))
        return least


def with_rows(rng: Random, one: Instance, kind: str) -> Instance:
    """Add what binds: "budget", "cross", "floor", some of them in one word joined by "+"; "" adds nothing."""
    mixed, asked = Mixed(one), kind.split("+")
    spend = sorted(match.spend for match in mixed.pairs.values()) or [0]
    some = sum(spend[: len(mixed.needs) + 1]) + 1
    limits: dict[str, Any] = {}
    if "budget" in asked:
        which = rng.choice(["country", "province", "category", "both"])
        if which in ("country", "both"):
            limits["budget_vnd"] = rng.randrange(some)
        if which in ("province", "both"):
            limits["budget_vnd_by_province"] = {"97": rng.randrange(some)}
        if which == "category":
            limits["budget_vnd_by_category"] = {rng.choice(["premises", "vehicle"]): rng.randrange(some)}
    if "cross" in asked:
        limits["cross_province_max"] = {rng.choice(["premises", "vehicle"]): rng.randrange(3)}
    scenario = one.scenario | ({"limits": limits} if limits else {})
    if "floor" in asked:
        key = rng.choice(["premises", "vehicle", "premises/education", "vehicle/car"])
        scenario["equity"] = {
            "by": rng.choice(["province", "priority", "country"]),
            "coverage_floor": {key: rng.choice([0.5, 0.3, 1, "max-min"])},
        }
    return replace(one, scenario=scenario)
