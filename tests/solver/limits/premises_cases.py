"""Small premises under side rows and pins, and every plan of them, by rows of the tables, not by classes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

import solver
from solver.limits.rows import side_rows
from solver.problem.premises import ELIGIBLE, load_of, parts_of_premises, stage_of_premises
from tests.solver.problem.instances import COMMUNES, countable
from tests.solver.problem.premises_instances import premises_instance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from solver.limits.rows import SideRows
    from solver.problem.premises import Premises
    from tests.solver.problem.instances import Instance, Row

#: Places of needs in premises, by position in the sides.
Plan = dict[tuple[int, int], int]


def small_instance(rng: Random, form: str) -> Instance:
    """Draw at most four premises and three needs, often with equal rows; most pairs may be made."""
    norms = rng.choice([{}, {"premises": rng.randint(1, 3)}, {"premises/office": 2, "premises": 3}])
    one = premises_instance(rng, form, assets=1, needs=1)
    asset, need = one.assets[0], one.needs[0]
    one.scenario["stability"] = {}
    one.scenario["scope_province"] = None
    one.scenario["norms"] = {"max_per_commune": norms}
    one.scenario["reach_km"] = {"premises": 400}
    one.scenario["prices"] |= {
        "repair_per_m2": rng.choice([3_000_000, Decimal("123456.7")]),
        "unmet": {"premises": 3_000_000},
        "open_premises": rng.choice([0, 10**8]),
        "cross_province": 10**7,
    }
    one.scenario["rules"] |= {
        "cross_province": {"premises": rng.choice(["allowed", "surcharge"])},
        "within_commune": [],
        "min_condition_pct": {"premises": 0},
        "max_age_years": {},
    }
    one.assets = [_asset(rng, asset, k) for k in range(rng.randint(2, 4))]
    one.needs = [_need(rng, need, k, norms) for k in range(rng.randint(1, 3))]
    pairs = [(str(a["asset_id"]), str(n["need_id"])) for a in one.assets for n in one.needs]
    if rng.random() < 0.3:
        one.scenario["stability"] = {"bans": [list(rng.choice(pairs))]}
    if form != "matches":
        ends = [(a, b) for a in COMMUNES for b in COMMUNES if a != b] if form == "communes" else pairs
        one.metres = {end: rng.randint(0, 30_000) for end in ends if rng.random() < 0.9}
        return one
    one.matches = [
        {
            "asset_id": a["asset_id"],
            "need_id": n["need_id"],
            "cost_vnd": rng.randint(0, 4 * 10**8),
            "load": rng.choice(["", 0, 60, "80.5"]),
            "spend_vnd": rng.choice(["", 5 * 10**8, 10**6]),
            "distance_km": "",
        }
        for a in one.assets
        for n in one.needs
        if countable(a, n, norms) and rng.random() < 0.9
    ]
    return one if one.matches else small_instance(rng, form)


def _without_point(row: Row) -> Row:
    return {key: value for key, value in row.items() if key not in ("lat", "lon")}


def _asset(rng: Random, row: Row, number: int) -> Row:
    return {
        **_without_point(row),
        "asset_id": f"A-{number}",
        "kind": rng.choice(["office", "office", "school"]),
        "commune_code": rng.choice(["97001", "97002", "98001"]),
        "status": "surplus",
        "area_m2": rng.choice([90, 160, 160, "250.5"]),
        "condition_pct": rng.choice(["50", "100", "100"]),
        "legal_status": "clear",
        **dict.fromkeys(("available_from", "available_until", "year", "official_id"), ""),
    }


def _need(rng: Random, row: Row, number: int, norms: dict[str, int]) -> Row:
    return {
        **_without_point(row),
        "need_id": f"N-{number}",
        "kinds": rng.choice(["office", "school"]) if "premises/office" in norms else "",
        "purpose": rng.choice(["", "education"]),
        "commune_code": rng.choice(["97001", "97001", "98001"]),
        "units": rng.randint(1, 2),
        "area_m2": rng.choice([40, 80, 80, "80.5"]),
        "priority": rng.choice([1, 3, 4]),
        "price_vnd": rng.choice([3 * 10**8, 10**9]),
        **dict.fromkeys(("min_condition_pct", "reach_km", "deadline"), ""),
    }


def with_rows(rng: Random, one: Instance, *, priorities: bool) -> Instance:
    """Add budgets, caps and floors; with ``priorities`` no class mixes needs of several."""
    one.scenario["limits"] = {
        "budget_vnd": 10**9,
        "budget_vnd_by_province": {"97": 10**9, "98": rng.randint(0, 10**9)},
        "budget_vnd_by_category": {"premises": 10**9},
        "cross_province_max": {"premises": 2, "premises/office": 1},
    }
    shares = [Decimal("0.4"), 1, "max-min"]
    one.scenario["equity"] = {
        "by": "priority" if priorities else rng.choice(["province", "priority"]),
        "coverage_floor": {"premises": rng.choice(shares), "premises/education": rng.choice(shares)},
    }
    return one


def with_pins(rng: Random, one: Instance) -> solver.Problem | None:
    """Pin some eligible pairs; None where these pins break a norm together, or nothing takes part."""
    problem = one.build()
    premises = problem.premises
    if premises is None:
        return None
    case = Case(problem, premises, side_rows(problem, {}))
    pins: list[list[Any]] = []
    for a, n in rng.sample(sorted(case.eligible), min(len(case.eligible), rng.randint(0, 2))):
        pin = [str(premises.assets.ids[a]), str(premises.needs.ids[n])]
        if all(pin[0] != other[0] and pin[1] != other[1] for other in pins):
            pins.append([*pin, 1] if rng.random() < 0.7 else pin)
    one.scenario["stability"]["pins"] = pins
    try:
        return one.build()
    except solver.InvalidProblemError:
        return None


@dataclass(frozen=True)
class Case:
    """Premises with everything about their pairs looked up."""

    problem: solver.Problem
    premises: Premises
    rows: SideRows

    @cached_property
    def _pairs(self) -> tuple[np.ndarray, np.ndarray]:
        i, j = np.indices((len(self.premises.assets.ids), len(self.premises.needs.ids)))
        return i.ravel(), j.ravel()

    def _by_pair(self, values: np.ndarray) -> dict[tuple[int, int], int]:
        i, j = self._pairs
        return dict(zip(zip(i.tolist(), j.tolist(), strict=True), values.tolist(), strict=True))

    @cached_property
    def cost(self) -> dict[tuple[int, int], int]:
        return self._by_pair(parts_of_premises(self.premises, *self._pairs).cost)

    @cached_property
    def spend(self) -> dict[tuple[int, int], int]:
        return self._by_pair(parts_of_premises(self.premises, *self._pairs).spend)

    @cached_property
    def load(self) -> dict[tuple[int, int], int]:
        return self._by_pair(load_of(self.premises, *self._pairs))

    @cached_property
    def eligible(self) -> set[tuple[int, int]]:
        stage = self._by_pair(stage_of_premises(self.premises, *self._pairs))
        return {pair for pair, one in stage.items() if one == ELIGIBLE}

    @cached_property
    def pinned(self) -> Plan:
        pins = self.premises.pins
        ends = zip(pins.asset.tolist(), pins.need.tolist(), strict=True)
        return dict(zip(ends, pins.units.tolist(), strict=True))

    @cached_property
    def room(self) -> list[int]:
        room = [int(one) for one in self.premises.assets.capacity]
        for (a, n), units in self.pinned.items():
            room[a] -= units * self.load[a, n]
        return room

    @cached_property
    def opening(self) -> list[int]:
        open_already = {a for a, _ in self.pinned}
        return [0 if a in open_already else int(f) for a, f in enumerate(self.premises.assets.opening)]

    @cached_property
    def wanted(self) -> list[int]:
        wanted = [int(one) for one in self.premises.needs.units]
        for (_, n), units in self.pinned.items():
            wanted[n] -= units
        return wanted

    def quantity(self, row: int, a: int, n: int) -> int:
        """What a place counts in a side row (docs/limits.md), by the row's id."""
        tables = self.problem.assets, self.problem.needs
        asset = tables[0].iloc[int(self.premises.assets.rows[a])]
        need = tables[1].iloc[int(self.premises.needs.rows[n])]
        home, away = _province(asset), _province(need)
        match self.rows.rows[row].id.split("|"):
            case ["budget"] | ["budget", "category", "premises"]:
                return self.spend[a, n]
            case ["budget", "province", code]:
                return self.spend[a, n] if away == code else 0
            case ["cross", key]:
                return int(home != away and key in ("premises", f"premises/{asset['kind']}"))
            case ["floor", family, member, key]:
                purpose = need["purpose"] if isinstance(need["purpose"], str) else ""
                mine = away if family == "province" else str(int(self.premises.needs.priority[n]))
                return int(member == mine and key in ("premises", f"premises/{purpose}"))
        raise AssertionError(self.rows.rows[row].id)

    def used(self, plan: Plan) -> tuple[int, ...]:
        return tuple(
            sum(units * self.quantity(row, a, n) for (a, n), units in plan.items())
            for row in range(len(self.rows.rows))
        )

    def met(self, plan: Plan) -> list[int]:
        met = [0] * len(self.wanted)
        for (_, n), units in plan.items():
            met[n] += units
        return met

    def total(self, plan: Plan) -> int:
        """Transfers, openings and what stays unmet, beside the pins."""
        left = zip(self.premises.needs.price.tolist(), self.wanted, self.met(plan), strict=True)
        opened = {a for (a, _), units in plan.items() if units}
        return int(
            sum(units * self.cost[pair] for pair, units in plan.items())
            + sum(self.opening[a] for a in opened)
            + sum(price * (want - got) for price, want, got in left)
        )

    def unmet(self, plan: Plan) -> tuple[int, ...]:
        unmet = [0] * 5
        priorities = self.premises.needs.priority.tolist()
        for priority, want, got in zip(priorities, self.wanted, self.met(plan), strict=True):
            unmet[priority - 1] += want - got
        return tuple(unmet)

    def keeps_norms(self, met: Sequence[int]) -> bool:
        norms, used = self.premises.norms, Counter[int]()
        for n, places in enumerate(met):
            row = int(norms.row_of[n])
            while row >= 0:
                used[row] += places
                row = int(norms.parent[row])
        return all(count <= norms.cap[row] for row, count in used.items())

    def assert_valid(self, plan: Plan) -> None:
        assert set(plan) <= self.eligible
        taken = Counter[int]()
        for (a, n), units in plan.items():
            assert units > 0
            taken[a] += units * self.load[a, n]
        assert all(area <= self.room[a] for a, area in taken.items())
        met = self.met(plan)
        assert all(got <= want for got, want in zip(met, self.wanted, strict=True))
        assert self.keeps_norms(met)

    def patterns(self, a: int) -> Iterator[Plan]:
        """Every set of places that fits one building."""
        mine = [pair for pair in sorted(self.eligible) if pair[0] == a and self.load[pair] <= self.room[a]]
        for places in product(*(range(self.wanted[n] + 1) for _, n in mine)):
            if sum(k * self.load[pair] for k, pair in zip(places, mine, strict=True)) <= self.room[a]:
                yield {pair: k for k, pair in zip(places, mine, strict=True) if k}

    def priced_pair(self, pair: tuple[int, int], scale: int, prices: Sequence[int], cost: int) -> int:
        """Cost of a place with what rows add and floors pay [VND / S]."""
        signed = ((-1 if row.floor else 1, k) for k, row in enumerate(self.rows.rows))
        return scale * cost * self.cost[pair] + sum(
            sign * prices[k] * self.quantity(k, *pair) for sign, k in signed
        )

    def least(self, scale: int, prices: Sequence[int], cost: int, weight: Sequence[int]) -> int:
        """Least priced sum of any plan."""
        found = self.least_using(None, scale, prices, cost, weight)
        assert found is not None
        return found

    def least_using(
        self,
        using: tuple[int, int] | None,
        scale: int,
        prices: Sequence[int],
        cost: int,
        weight: Sequence[int],
    ) -> int | None:
        """Least priced sum of any plan with a place of this pair, every set in one building after another."""
        best: dict[tuple[int, ...], int] = {(0,) * len(self.wanted): 0}
        for a in range(len(self.room)):
            reached = {} if using is not None and using[0] == a else dict(best)
            for pattern in self.patterns(a):
                if not pattern or (using is not None and using[0] == a and using not in pattern):
                    continue
                more = scale * cost * self.opening[a]
                more += sum(k * self.priced_pair(p, scale, prices, cost) for p, k in pattern.items())
                places = self.met(pattern)
                for met, total in best.items():
                    after = tuple(one + two for one, two in zip(met, places, strict=True))
                    if all(got <= want for got, want in zip(after, self.wanted, strict=True)):
                        reached[after] = min(reached.get(after, total + more), total + more)
            best = reached
        needs = self.premises.needs
        price = [
            scale * (cost * p + weight[k - 1])
            for p, k in zip(needs.price.tolist(), needs.priority.tolist(), strict=True)
        ]
        sums = [
            total + sum(p * (w - m) for p, w, m in zip(price, self.wanted, met, strict=True))
            for met, total in best.items()
            if self.keeps_norms(met)
        ]
        return min(sums, default=None)


def _province(row: Any) -> str:  # noqa: ANN401 (a row of a table)
    code = row["commune_code"]
    return str(code)[:2] if isinstance(code, str) else ""
