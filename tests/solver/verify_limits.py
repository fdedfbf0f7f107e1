"""Side rows, pins and levels of tiny instances, by the words of `docs/limits.md`, plan by plan.

What a row counts is read from its name, plans are enumerated; nothing comes from the solver or the checker.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from tests.solver.verify_naive import Case, Pair, Row, Solved, exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Plan = dict[Pair, int]
FUNNEL = ["norm", "pinned", "budget", "cross_province_max", "equity", "too_dear", "max_changes", "outbid"]


@dataclass
class Proof:
    """Prices of the cost (level "") or of a level; rows have the ids of the certificate."""

    level: str = ""
    denominator: int = 1
    need: dict[str, int] = field(default_factory=dict)
    row: dict[str, int] = field(default_factory=dict)

    def written(self) -> dict[str, object]:
        rows = {name: price for name, price in self.row.items() if price}
        head = {"name": self.level} if self.level else {"tree": None}
        return head | {"denominator": self.denominator, "need_price": self.need, "row_price": rows}


class Limited(Solved):
    """An instance with limits: which rows and levels there are, what a plan makes of them."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.coverage = self.rules["objective"] == "coverage_first"
        self.strict = self.rules["equity"]["floor_mode"] == "strict"
        self.pins = self._pins()

    # --- rows

    @cached_property
    def shares(self) -> dict[str, Fraction]:
        """Shares that floors ask for, by the row's id."""
        equity = self.rules["equity"]
        found: dict[str, Fraction] = {}
        for key, share in equity["coverage_floor"].items():
            if share != "max-min":
                found |= dict.fromkeys(self._groups(equity["by"], key), exact(share))
        return found

    @cached_property
    def worst(self) -> dict[str, list[str]]:
        """Floors that a smallest share is taken over, by their key."""
        equity = self.rules["equity"]
        asked = [(equity["by"], key) for key, share in equity["coverage_floor"].items() if share == "max-min"]
        if self.coverage:
            asked += [("province", c) for c in {n["category"] for n in self.needs.values()}]
        found: dict[str, list[str]] = {}
        for by, key in asked:
            rows = self._groups(by, key)
            if rows:
                found[key] = sorted({*found.get(key, []), *rows})
        return dict(sorted(found.items()))

    def _groups(self, by: str, key: str) -> set[str]:
        names = set()
        for n in self.needs.values():
            group = self._group(by, n)
            row = f"floor|{by}|{group}|{key}"
            if group and int(n["units"]) and self.within(row, n):
                names.add(row)
        return names

    def _group(self, by: str, n: Row) -> str:
        if by == "country":
            return "VN"
        return self.province(n) if by == "province" else str(self.priority(n))

    @cached_property
    def rows(self) -> list[str]:
        limits = self.rules["limits"]
        names = ["budget"] if limits["budget_vnd"] is not None else []
        names += [f"budget|province|{k}" for k in limits["budget_vnd_by_province"]]
        names += [f"budget|category|{k}" for k in limits["budget_vnd_by_category"]]
        names += [f"cross|{k}" for k in limits["cross_province_max"]]
        names += {*self.shares, *(row for rows in self.worst.values() for row in rows)}
        return sorted(names)

    @cached_property
    def bent(self) -> bool:
        return bool(self.rows or self.levels or self.rules["stability"]["pins"])

    @cached_property
    def mixed(self) -> bool:
        return len(self.planned) > 1 and any(row == "budget" or "budget|pro" in row for row in self.rows)

    @cached_property
    def planned(self) -> set[str]:
        return {n["category"] for n in self.needs.values() if int(n["units"])}

    def category(self, row: str) -> str:
        """Category that a row's terms are booked under."""
        head, *tail = row.split("|")
        if head == "budget" and tail[:1] != ["category"]:
            return next(iter(self.planned)) if len(self.planned) == 1 else ""
        return tail[-1].split("/")[0]

    def within(self, row: str, n: Row) -> bool:
        """Tell whether a need is in the group of a floor."""
        _, by, group, key = row.split("|")
        category, _, name = key.partition("/")
        if n["category"] != category or group != self._group(by, n):
            return False
        return name in ("", n["kinds"] or "-") or (category == "premises" and n["purpose"] == name)

    def counts(self, row: str, pair: Pair) -> int:
        """What a unit of a pair counts in a row."""
        a, n = self.assets[pair[0]], self.needs[pair[1]]
        head, *tail = row.split("|")
        if head == "floor":
            return int(self.within(row, n))
        if head == "cross":
            names = (a["category"], f"{a['category']}/{a['kind']}")
            return int(self.province(a) != self.province(n) and tail[0] in names)
        fits = not tail or tail[1] == (self.province(n) if tail[0] == "province" else n["category"])
        return self.pairs[pair].spend if fits else 0

    def used(self, row: str, plan: Plan) -> int:
        return sum(self.counts(row, pair) * units for pair, units in plan.items())

    def pinned_of(self, row: str) -> int:
        return self.used(row, self.pins)

    def demand(self, row: str) -> int:
        return sum(int(n["units"]) for n in self.needs.values() if self.within(row, n))

    def most(self, row: str) -> int | None:
        head, *tail = row.split("|")
        limits = self.rules["limits"]
        if head == "floor":
            return None
        if head == "cross":
            return int(limits["cross_province_max"][tail[0]])
        return int(limits[f"budget_vnd_by_{tail[0]}"][tail[1]] if tail else limits["budget_vnd"])

    def least_of_share(self, row: str) -> int:
        return math.ceil(self.shares[row] * self.demand(row))

    def asks(self, row: str, plan: Plan) -> int:
        """Limit of `limits.csv`."""
        most = self.most(row)
        if most is not None:
            return most
        asked = [self.least_of_share(row)] if row in self.shares else []
        for key, rows in self.worst.items():
            if row in rows:
                asked.append(math.ceil(self.smallest(key, plan) * self.demand(row)))
        return max(asked)

    # --- levels

    @cached_property
    def levels(self) -> list[str]:
        names = ["floor_shortfall"] if self.shares and not self.strict else []
        if self.coverage:
            urgent = {self.priority(n) for n in self.needs.values() if int(n["units"])}
            names += [f"unmet|{k}" for k in sorted(urgent)]
        return names + [f"max_min|{key}" for key in self.worst]

    def smallest(self, key: str, plan: Plan) -> Fraction:
        return min(Fraction(self.used(row, plan), self.demand(row)) for row in self.worst[key])

    def value(self, level: str, plan: Plan, category: str = "") -> Fraction:
        """What a plan attains of a level; of one that counts units, those of a category."""
        name, _, key = level.partition("|")
        if name == "max_min":
            return self.smallest(key, plan)
        if name == "unmet":
            short = [
                int(n["units"]) - sum(u for pair, u in plan.items() if pair[1] == k)
                for k, n in self.needs.items()
                if self.priority(n) == int(key) and category in ("", n["category"])
            ]
        else:
            short = [
                max(0, self.least_of_share(row) - self.used(row, plan))
                for row in self.shares
                if category in ("", self.category(row))
            ]
        return Fraction(sum(short))

    def worse(self, level: str, plan: Plan) -> Fraction:
        """The same, so that less is better."""
        value = self.value(level, plan)
        return -value if level.startswith("max_min") else value

    # --- pins

    def _pins(self) -> Plan:
        pins = Counter[Pair]()
        for a, n, *units in self.rules["stability"]["pins"]:
            fits = int(self.assets[a]["units"])
            if self.assets[a]["category"] == "premises":
                load = self.pairs[a, n].load
                fits = math.floor(self.room(self.assets[a]) / load) if load else 10**9
            pins[a, n] += units[0] if units else min(fits, int(self.needs[n]["units"]))
        return dict(pins)

    # --- what a plan changes of the plan before, if there was one (`verify_replan.py`)

    def changed(self, _plan: Plan) -> Plan:
        return {}

    def change_cost(self, _plan: Plan, _needs: Iterable[str]) -> int:
        return 0

    def held_back(self, plan: Plan, pair: Pair, cost: int, *, free: bool) -> bool:
        """Tell whether one more unit is a change too many or, of what is free, one too dear at this cost."""
        del plan, pair, cost, free  # there was no plan before
        return False

    def state(self, _pair: Pair) -> str:
        return "planned"

    # --- plans

    def keeps(self, plan: Plan) -> bool:
        """Tell whether a plan keeps to all limits but floors."""
        caps = [(row, most) for row in self.rows if (most := self.most(row)) is not None]
        return self.feasible(plan) and all(self.used(row, plan) <= most for row, most in caps)

    def reaches(self, plan: Plan) -> bool:
        """Tell whether a plan meets all floors that it may not miss."""
        return all(self.used(row, plan) >= self.least_of_share(row) for row in self.shares if self.strict)

    def worth_it(self, pair: Pair) -> bool:
        n = self.needs[pair[1]]
        floors = any(self.within(row, n) for row in self.rows if row.startswith("floor"))
        cheap = self.pairs[pair].cost < self.weighted(n)
        return cheap or floors or self.coverage or pair in self.pins

    def plans(self, most: int) -> list[Plan]:
        """All plans that keep to everything, pins included; more than `most` are too many: none."""
        return [plan for plan in self.tries(most) if self.reaches(plan)]

    def tries(self, most: int) -> list[Plan]:
        """All plans that keep to everything but floors, pins included; more than `most`: none."""
        pairs = [pair for pair in self.pairs if self.worth_it(pair)]

        def wider(k: int, plan: Plan) -> Iterator[Plan]:
            if k == len(pairs):
                yield plan
                return
            for units in range(int(self.needs[pairs[k][1]]["units"]) + 1):
                more = plan | ({pairs[k]: units} if units else {})
                if not self.keeps(more):
                    break
                if units >= self.pins.get(pairs[k], 0):
                    yield from wider(k + 1, more)

        found: list[Plan] = []
        for plan in wider(0, {}):
            found.append(plan)
            if len(found) > most:
                return []
        return found

    # --- the formula

    def formula(self, plan: Plan, proof: Proof) -> dict[str, int]:
        """Sums of the bound by category ("" for the whole alone), times the denominator."""
        level, scale, rows = proof.level, proof.denominator, proof.row
        money = 0 if level else scale
        before = self.before(level)
        keys = [name.partition("|")[2] for name in (*before, level) if name.startswith("max_min")]
        fair = {floor: key for key in keys for floor in self.worst[key]}
        sums = Counter[str]()
        for pair, units in self.pins.items():
            sums[self.assets[pair[0]]["category"]] += money * units * self.pairs[pair].cost
        opened = {a for a, _ in self.pins if self.assets[a]["category"] == "premises"}
        sums["premises"] += money * sum(self.opening(self.assets[a]) for a in opened)
        demand = {k: int(n["units"]) for k, n in self.needs.items()}
        for (_, need), units in self.pins.items():
            demand[need] -= units
        for k, n in self.needs.items():
            sums[n["category"]] += demand[k] * proof.need.get(k, 0)
        for name, price in rows.items():
            if not price:
                continue
            head, _, tail = name.partition("|")
            if head == "norm":
                commune, key = tail.split("|")
                taken = sum(u for pair, u in self.pins.items() if (commune, key) in self.rows_of(pair))
                sums[key.split("/")[0]] -= price * (self.cap((commune, key)) - taken)
            elif head == "level":
                for category in self.planned:
                    sums[category] -= price * int(self.value(tail, plan, category))
            elif (most := self.most(name)) is not None:
                sums[self.category(name)] -= price * (most - self.pinned_of(name))
            else:
                sums[self.category(name)] += self._floor(name, price, plan, proof, fair)
        for a, row in self.assets.items():
            sums[row["category"]] += self._gain(a, proof, money, demand)
        return sums

    def before(self, level: str) -> list[str]:
        """Levels that stand where one is proven: with "" (the cost) all, where there is no plan none."""
        if level == "infeasible":
            return []
        return self.levels[: self.levels.index(level)] if level else self.levels

    def _floor(self, name: str, price: int, plan: Plan, proof: Proof, fair: dict[str, str]) -> int:
        pinned, units, ways = self.used(name, self.pins), 0, list[int]()
        if name in fair:
            value, own = self.smallest(fair[name], plan), proof.level == f"max_min|{fair[name]}"
            units = math.floor(value * self.demand(name)) + 1 if own else math.ceil(value * self.demand(name))
            ways.append(price * (units - pinned))
        if name in self.shares and self.strict:
            ways.append(price * (self.least_of_share(name) - pinned))
        elif name in self.shares:
            ceiling = self.ceiling(proof) if name in fair else price
            part = min(price, ceiling)
            rest = price - part
            ways.append(
                part * (self.least_of_share(name) - pinned) + (rest * (units - pinned) if rest else 0)
            )
        return max(ways)

    def ceiling(self, proof: Proof) -> int:
        """Most that a floor's price may be where it may be missed."""
        own = proof.level == "floor_shortfall"
        return proof.denominator if own else proof.row.get("level|floor_shortfall", 0)

    def highest(self, need: str, proof: Proof) -> int:
        """Most that a need's price may be."""
        n = self.needs[need]
        name = f"unmet|{self.priority(n)}"
        own = proof.denominator * (self.weighted(n) if not proof.level else proof.level == name)
        return own + proof.row.get(f"level|{name}", 0)

    def _gain(self, a: str, proof: Proof, money: int, demand: dict[str, int]) -> int:
        change = self.values(a, proof, money)
        mine = {pair: units for pair, units in self.pins.items() if pair[0] == a}
        if self.assets[a]["category"] != "premises":
            return (int(self.assets[a]["units"]) - sum(mine.values())) * min([0, *change.values()])
        room = self.room(self.assets[a]) - sum(self.pairs[p].load * u for p, u in mine.items())
        best = {Fraction(0): 0}
        for pair, value in change.items():
            for area, total in list(best.items()):
                for units in range(1, demand[pair[1]] + 1):
                    taken = area + units * self.pairs[pair].load
                    if taken <= room:
                        best[taken] = max(best.get(taken, 0), total - units * value)
        return min(0, (0 if mine else money * self.opening(self.assets[a])) - max(best.values()))

    def values(self, a: str, proof: Proof, money: int) -> dict[Pair, int]:
        """What a unit of each pair of an asset changes the cost by, at the prices."""
        change = {}
        for pair, match in self.pairs.items():
            if pair[0] != a:
                continue
            value = money * match.cost - proof.need.get(pair[1], 0)
            value += sum(proof.row.get(f"norm|{c}|{key}", 0) for c, key in self.rows_of(pair))
            for row in self.rows:
                sign = -1 if row.startswith("floor") else 1
                value += sign * proof.row.get(row, 0) * self.counts(row, pair)
            change[pair] = value
        return change

    def proven(self, plan: Plan, proof: Proof) -> Fraction:
        """Bound of a question."""
        found = Fraction(sum(self.formula(plan, proof).values()), proof.denominator)
        if proof.level.startswith("max_min"):
            return self.value(proof.level, plan) if found > 0 else Fraction(1)
        return Fraction(max(0, math.ceil(found)) if proof.level else math.ceil(found))

    # --- reasons

    def stage(self, plan: Plan, pair: Pair) -> str:
        """The stage from `norm` on that an eligible pair fails, `outbid` for none."""
        a, n, match = self.assets[pair[0]], self.needs[pair[1]], self.pairs[pair]
        housed = a["category"] == "premises"
        pinned = sum(
            u * (self.pairs[p].load if housed else 1) for p, u in self.pins.items() if p[0] == pair[0]
        )
        taken = sum(u * (self.pairs[p].load if housed else 1) for p, u in plan.items() if p[0] == pair[0])
        size = match.load if housed else 1
        if self.full(plan, pair):
            return "norm"
        if (self.limit(a) - pinned < size) if housed else (pinned and pinned == int(a["units"])):
            return "pinned"
        for name, head in (("budget", "budget"), ("cross_province_max", "cross")):
            if self.spent(plan, pair, head):
                return name
        tight = [row for row in self.rows if row.startswith("floor")
                 and self.used(row, plan) <= self.asks(row, plan)]  # fmt: skip
        may = self.limit(a) - taken
        for other, units in plan.items():
            if other[0] == pair[0]:
                m = self.needs[other[1]]
                held = other[1] != pair[1] and any(self.within(r, m) and not self.within(r, n) for r in tight)
                if not held:
                    may += (units - self.pins.get(other, 0)) * (self.pairs[other].load if housed else 1)
        if tight and may < size:
            return "equity"
        below = any(self.used(row, plan) < self.asks(row, plan) and self.within(row, n)
                    for row in self.rows if row.startswith("floor"))  # fmt: skip
        shut = housed and not taken and not any(p[0] == pair[0] for p in plan)
        cost = match.cost + (self.opening(a) if shut else 0)
        if cost >= self.weighted(n):
            return "outbid" if below or self.coverage else "too_dear"
        free = self.limit(a) - taken >= size
        return "max_changes" if self.held_back(plan, pair, cost, free=free) else "outbid"

    def full(self, plan: Plan, pair: Pair) -> bool:
        return any(
            sum(u for p, u in plan.items() if row in self.rows_of(p)) >= self.cap(row)
            for row in self.rows_of(pair)
        )

    def spent(self, plan: Plan, pair: Pair, head: str) -> bool:
        """Tell whether a budget has too little for a pair, or a cap nothing left."""
        for row in self.rows:
            most, count = self.most(row), self.counts(row, pair)
            if row.split("|")[0] == head and most is not None and 0 < count > most - self.used(row, plan):
                return True
        return False

    def kept(self, plan: Plan, asset: str) -> str:
        """Why a unit stays that would be `met` by the text of plans without limits."""
        met = Counter[str]()
        for pair, units in plan.items():
            met[pair[1]] += units
        gaining = [
            pair
            for pair in self.pairs
            if pair[0] == asset
            and self.pairs[pair].cost < self.weighted(self.needs[pair[1]])
            and not self.full(plan, pair)
            and met[pair[1]] < int(self.needs[pair[1]]["units"])
        ]
        failed = [
            ("budget", {pair for pair in gaining if self.spent(plan, pair, "budget")}),
            ("cross_province_max", {pair for pair in gaining if self.spent(plan, pair, "cross")}),
            (
                "max_changes",
                {p for p in gaining if self.held_back(plan, p, self.pairs[p].cost, free=True)},
            ),
        ]
        for i, (reason, _) in enumerate(failed, 1):
            if gaining and set().union(*(pairs for _, pairs in failed[:i])) == set(gaining):
                return reason
        return "met"
