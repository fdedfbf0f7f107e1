"""The text of docs/cost.md read once more, pair by pair in exact fractions; best plans by enumeration."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from tests.solver.problem.instances import COMMUNES, FakeDistances, Instance, Row, point

Pair = tuple[str, str]
Plan = dict[Pair, int]


@dataclass
class Match:
    """A pair: the first stage that it fails ("" eligible), metres, parts and cost of one unit."""

    stage: str
    metres: int | None = None
    parts: dict[str, int] = field(default_factory=dict)
    cost: int = 0
    spend: int = 0


def half_up(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def number(value: object) -> Fraction | None:
    return None if value in (None, "") else Fraction(str(value))


def keyed(table: dict[str, Any], category: str, kind: str) -> Any:  # noqa: ANN401 (a value of the scenario)
    for key in (f"{category}/{kind}", category):
        if key in table:
            return table[key]
    return None


class Naive:
    """An instance worked out."""

    def __init__(self, one: Instance) -> None:
        self.one, self.rules = one, one.scenario
        self.year = int(self.rules["date"][:4])
        self.banned = {tuple(pair) for pair in self.rules.get("stability", {}).get("bans", [])}
        scope = self.rules.get("scope_province")
        here = [row for row in one.assets if not scope or COMMUNES[row["commune_code"]] == scope]
        self.assets = {a["asset_id"]: a for a in here if a["status"] in ("surplus", "handed_idle")}
        self.needs = {n["need_id"]: n for n in one.needs if not scope or COMMUNES[n["commune_code"]] == scope}
        self.given = {(m["asset_id"], m["need_id"]): m for m in one.matches}
        self.all = {
            (a, n): self.match(self.assets[a], self.needs[n])
            for a in sorted(self.assets)
            for n in sorted(self.needs)
        }
        self.pairs = {pair: match for pair, match in self.all.items() if not match.stage}
        self.caps = self._caps()

    # --- needs ---
    def price(self, need: Row) -> int:
        if need["price_vnd"] != "":
            return int(need["price_vnd"])
        return half_up(Fraction(str(self.rules["prices"]["unmet"][need["category"]])))

    def weighted(self, need: Row) -> int:
        return half_up(
            self.price(need) * Fraction(str(self.rules["prices"]["priority_factor"][self.priority(need) - 1]))
        )

    def priority(self, need: Row) -> int:
        table = self.rules["priority_by_purpose"]
        if need["priority"] != "":
            return int(need["priority"])
        if need["purpose"] in table:
            return int(table[need["purpose"]])
        keys = [f"{need['category']}/{kind}" for kind in need["kinds"].split("|")]
        return min(
            [int(table[key]) for key in keys if key in table], default=int(table.get(need["category"], 3))
        )

    # --- pairs ---
    def metres(self, a: Row, n: Row) -> int | None:
        if self.one.form == "pairs":
            return self.one.metres.get((a["asset_id"], n["need_id"]))
        grid = FakeDistances({})

        def own(row: Row) -> tuple[float, float]:
            at = point(row["commune_code"])
            return (row["lat"], row["lon"]) if row.get("lat") is not None else at

        def leg(row: Row) -> int:
            return int(grid.metres(*own(row), *point(row["commune_code"])))

        if a["commune_code"] == n["commune_code"]:
            return int(grid.metres(*own(a), *own(n)))
        between = self.one.metres.get((a["commune_code"], n["commune_code"]))
        return None if between is None else between + leg(a) + leg(n)

    def match(self, a: Row, n: Row) -> Match:
        banned = (a["asset_id"], n["need_id"]) in self.banned
        if self.one.form == "matches":
            given = self.given.get((a["asset_id"], n["need_id"]))
            if given is None:
                return Match("no_asset")
            cost = int(given["cost_vnd"])
            km = number(given["distance_km"])
            return Match(
                "banned" if banned else "",
                None if km is None else half_up(km * 1000),
                {},
                cost,
                cost if given["spend_vnd"] == "" else int(given["spend_vnd"]),
            )
        kind, rules, prices = (a["category"], a["kind"]), self.rules["rules"], self.rules["prices"]
        metres = self.metres(a, n)
        crosses = COMMUNES[a["commune_code"]] != COMMUNES[n["commune_code"]]
        crossing = keyed(rules["cross_province"], *kind)
        stage = self.stage(a, n, metres, crosses and crossing == "forbidden", banned)
        if a["category"] != n["category"] or metres is None:
            return Match(stage, metres)
        parts = {
            "transport": half_up(Fraction(str(keyed(prices["per_km"], *kind))) * metres / 1000),
            "handover": half_up(Fraction(str(keyed(prices["handover"], *kind)))),
            "repair": int(a["repair_vnd"]),
            "renewal": half_up(self.price(n) * (100 - self.worth(a)) / 100),
            "surcharge": half_up(Fraction(str(prices["cross_province"])))
            if crosses and crossing == "surcharge"
            else 0,
        }
        spend = parts["transport"] + parts["handover"] + parts["repair"]
        return Match(stage, metres, parts, sum(parts.values()), spend)

    def age(self, a: Row) -> int | None:
        return None if a["year"] == "" else max(0, self.year - int(a["year"]))

    def worth(self, a: Row) -> Fraction:
        """Remaining quality [%], for cost."""
        known, age = number(a["condition_pct"]), self.age(a)
        if known is not None:
            return known
        life = number(keyed(self.rules["norms"]["life_years"], a["category"], a["kind"]))
        return (
            Fraction(max(0, 100 - math.floor(100 * age / life))) if life and age is not None else Fraction(0)
        )

    def stage(self, a: Row, n: Row, metres: int | None, forbidden: bool, banned: bool) -> str:
        kind, rules = (a["category"], a["kind"]), self.rules["rules"]
        if a["category"] != n["category"] or (n["kinds"] and a["kind"] not in n["kinds"].split("|")):
            return "no_asset"
        least = max(
            number(n.get("min_condition_pct")) or 0, number(keyed(rules["min_condition_pct"], *kind)) or 0
        )
        condition, age, oldest = number(a["condition_pct"]), self.age(a), keyed(rules["max_age_years"], *kind)
        reach = number(n.get("reach_km"))
        if reach is None:
            reach = number(keyed(self.rules["reach_km"], *kind))
        day = dt.date.fromisoformat(n.get("deadline") or self.rules["date"])
        opens, closes = (a.get(key) or "" for key in ("available_from", "available_until"))
        fails = {
            "condition": least > 0 and (condition is None or condition < least),
            "age": oldest is not None and (age is None or age > oldest),
            "legal_status": a["legal_status"] not in rules["legal_status"],
            "date": bool(
                (opens and dt.date.fromisoformat(opens) > day)
                or (closes and dt.date.fromisoformat(closes) < day)
            ),
            "no_distance": metres is None,
            "reach": metres is not None and reach is not None and metres > reach * 1000,
            "province_rule": forbidden,
            "banned": banned,
        }
        return next((name for name, failed in fails.items() if failed), "")

    # --- norms ---
    def norm_rows(self, pair: Pair) -> list[Pair]:
        a, n = self.assets[pair[0]], self.needs[pair[1]]
        keys = (a["category"], f"{a['category']}/{a['kind']}")
        return [(n["commune_code"], key) for key in keys if key in self.rules["norms"]["max_per_commune"]]

    def _caps(self) -> dict[Pair, int]:
        caps = {}
        for row in {row for pair in self.pairs for row in self.norm_rows(pair)}:
            code, key = row
            used = sum(
                int(a["units"])
                for a in self.one.assets
                if a["status"] == "in_use"
                and a["commune_code"] == code
                and key in (a["category"], f"{a['category']}/{a['kind']}")
            )
            caps[row] = max(0, int(self.rules["norms"]["max_per_commune"][key]) - used)
        return caps

    # --- plans ---
    def gain(self, pair: Pair) -> int:
        """What a unit of the pair changes in the objective (negative is better)."""
        return self.pairs[pair].cost - self.weighted(self.needs[pair[1]])

    def empty(self) -> int:
        return sum(int(n["units"]) * self.weighted(n) for n in self.needs.values())

    def objective(self, plan: Plan) -> int:
        return self.empty() + sum(self.gain(pair) * units for pair, units in plan.items())

    def metres_of(self, plan: Plan) -> int:
        return sum((self.pairs[pair].metres or 0) * units for pair, units in plan.items())

    def violations(self, plan: Plan) -> list[str]:
        """What a plan breaks of supply, demand, norms and eligibility."""
        wrong = [f"{pair} is not eligible" for pair in plan if pair not in self.pairs]
        wrong += [f"{pair} does not pay" for pair in plan if pair in self.pairs and self.gain(pair) >= 0]
        for place, table in enumerate((self.assets, self.needs)):
            for name, row in table.items():
                moved = sum(units for pair, units in plan.items() if pair[place] == name)
                if moved > int(row["units"]):
                    wrong.append(f"{name} has {row['units']}, not {moved}")
        received: dict[Pair, int] = dict.fromkeys(self.caps, 0)
        for pair, units in plan.items():
            for norm in self.norm_rows(pair):
                received[norm] = received.get(norm, 0) + units
        wrong += [f"{norm} allows {cap}" for norm, cap in self.caps.items() if received[norm] > cap]
        return wrong

    def best(self) -> tuple[int, int, Plan]:
        """Least objective, then least metres, then the most units on the first pair, the second ..."""
        names, wants = sorted(self.assets), sorted(self.needs)
        rows = sorted(self.caps)
        paying = {
            a: [
                (
                    n,
                    self.gain((a, n)),
                    self.pairs[a, n].metres or 0,
                    [rows.index(r) for r in self.norm_rows((a, n))],
                )
                for n in wants
                if (a, n) in self.pairs and self.gain((a, n)) < 0
            ]
            for a in names
        }
        at = {n: k for k, n in enumerate(wants)}

        @cache
        def rest(
            place: int, left: tuple[int, ...], room: tuple[int, ...]
        ) -> tuple[int, int, tuple[int, ...]]:
            if place == len(names):
                return 0, 0, ()
            choices = paying[names[place]]
            supply = int(self.assets[names[place]]["units"])
            best: tuple[int, int, tuple[int, ...]] | None = None
            for sent in product(*(range(min(supply, left[at[n]]) + 1) for n, *_ in choices)):
                if sum(sent) > supply:
                    continue
                demand, caps = list(left), list(room)
                for units, (n, _, _, counted) in zip(sent, choices, strict=True):
                    demand[at[n]] -= units
                    for row in counted:
                        caps[row] -= units
                if min(demand, default=0) < 0 or min(caps, default=0) < 0:
                    continue
                cost, far, tail = rest(place + 1, tuple(demand), tuple(caps))
                cost += sum(units * gain for units, (_, gain, _, _) in zip(sent, choices, strict=True))
                far += sum(units * metres for units, (_, _, metres, _) in zip(sent, choices, strict=True))
                found = (cost, far, (*(-units for units in sent), *tail))
                if best is None or found < best:
                    best = found
            assert best is not None
            return best

        cost, far, key = rest(
            0, tuple(int(self.needs[n]["units"]) for n in wants), tuple(self.caps[row] for row in rows)
        )
        pairs = [(a, n) for a in names for n, *_ in paying[a]]
        plan = {pair: -units for pair, units in zip(pairs, key, strict=True) if units}
        return self.empty() + cost, far, plan

    def linear(self) -> int:
        """Least objective by HiGHS; its plan is checked and summed in integers."""
        pairs = [pair for pair in self.pairs if self.gain(pair) < 0]
        if not pairs:
            return self.empty()
        names: list[Any] = [*(("a", a) for a in self.assets), *(("n", n) for n in self.needs), *self.caps]
        limits = [int(row["units"]) for table in (self.assets, self.needs) for row in table.values()]
        limits += list(self.caps.values())
        place = {name: k for k, name in enumerate(names)}
        entries = [
            (place[name], column)
            for column, (a, n) in enumerate(pairs)
            for name in (("a", a), ("n", n), *self.norm_rows((a, n)))
        ]
        row, column = zip(*entries, strict=True)
        matrix = csr_array((np.ones(len(entries)), (row, column)), shape=(len(names), len(pairs)))
        found = linprog(
            np.array([self.gain(p) for p in pairs], float), A_ub=matrix, b_ub=limits, method="highs-ds"
        )
        assert found.success, found.message
        plan = {pair: round(units) for pair, units in zip(pairs, found.x, strict=True) if round(units)}
        assert not self.violations(plan)
        return self.objective(plan)


def plan_of(transfers: Any) -> Plan:  # noqa: ANN401 (a frame)
    """Read the transfers of a plan."""
    return {
        (str(a), str(n)): int(units)
        for a, n, units in zip(transfers["asset_id"], transfers["need_id"], transfers["units"], strict=True)
    }
