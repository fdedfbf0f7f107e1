"""Eligibility, cost and best plans of tiny instances, worked out naively, pair by pair.

Nothing here comes from the solver or the checker: it is the text of `docs/cost.md` in scalar code. The
best plan comes from enumerating all plans or, for larger instances, from SciPy's linear programme, whose
marginals are the certificate's prices.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import LinearConstraint, linprog, milp
from scipy.sparse import coo_matrix

if TYPE_CHECKING:
    from collections.abc import Iterable

Row = dict[str, str]
Pair = tuple[str, str]


def words(text: str) -> list[str]:
    return text.split()


ASSET_COLUMNS = words(
    "asset_id category kind commune_code lat lon status units area_m2 land_area_m2 "
    "condition_pct year legal_status available_from available_until repair_vnd "
    "release_value_vnd book_value_vnd residual_value_vnd name address official_id attached_to "
    "mileage_km holder holder_level source note old_commune_code location_source leg_m"
)
NEED_COLUMNS = words(
    "need_id category kinds purpose recipient commune_code lat lon units area_m2 "
    "min_condition_pct priority price_vnd reach_km deadline until source note old_commune_code "
    "location_source leg_m"
)
COMMUNE_COLUMNS = words(
    "commune_code name kind province_code province_name lat lon area_km2 population island"
)
PARTS = words("transport handover repair change_of_use build renewal travel surcharge")
TRANSFER_COLUMNS = words(
    "asset_id need_id units area_m2 distance_km cost_vnd transport_vnd handover_vnd repair_vnd "
    "change_of_use_vnd build_vnd renewal_vnd travel_vnd surcharge_vnd spend_vnd "
    "from_commune_code to_commune_code cross_province recipient official_id form authority "
    "until state rank alternative_asset_id alternative_extra_vnd"
)
AUTHORITY_COLUMNS = words("province_code holder_level category cross_province authority_vi")
DETOUR, FERRY_M, RADIUS_M = Fraction(13, 10), 50_000, 6371008.8
STAGES = words(
    "no_asset too_small condition age legal_status date within_commune no_distance reach province_rule "
    "banned freedom"
)
PLANNED = {"premises", "vehicle", "equipment"}


@dataclass
class Case:
    """One instance: tables of strings, a scenario, and where the distances come from."""

    communes: list[Row]
    assets: list[Row]
    needs: list[Row]
    scenario: dict[str, Any]
    form: str = "communes"
    provider: str = "great_circle"
    table: dict[tuple[str, str], int] = field(default_factory=dict)  # metres by commune, or by asset and need
    matches: list[Row] = field(default_factory=list)
    denominator: int = 1  # of the certificate's prices
    authorities: list[Row] = field(default_factory=list)
    baseline: list[Row] | None = None  # of a re-plan: the plan before


@dataclass
class Match:
    """One pair, as the text of cost.md has it."""

    stage: str  # "" when eligible
    metres: int | None
    parts: dict[str, int]
    cost: int
    spend: int
    load: Fraction = Fraction(0)  # m2 of a place, premises only


def half_up(value: Fraction | float) -> int:
    return (
        int(Decimal(str(value)).quantize(Decimal(1), ROUND_HALF_UP))
        if isinstance(value, float)
        else math.floor(value + Fraction(1, 2))
    )


def exact(value: object) -> Fraction:
    return Fraction(str(value))


def specific(table: dict[str, Any], category: str, kind: str) -> Any:  # noqa: ANN401 (from the scenario)
    for key in (f"{category}/{kind}", category):
        if key in table:
            return table[key]
    return None


def great_circle(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Metres on the sphere, by the angle between two unit vectors: another formula than the haversine."""
    a, b, c, d = (math.radians(v) for v in (lat1, lon1, lat2, lon2))
    one = (math.cos(a) * math.cos(b), math.cos(a) * math.sin(b), math.sin(a))
    two = (math.cos(c) * math.cos(d), math.cos(c) * math.sin(d), math.sin(c))
    cross = (
        one[1] * two[2] - one[2] * two[1],
        one[2] * two[0] - one[0] * two[2],
        one[0] * two[1] - one[1] * two[0],
    )
    return RADIUS_M * math.atan2(math.hypot(*cross), sum(u * v for u, v in zip(one, two, strict=True)))


def road(one: Row, two: Row, *, ferries: bool) -> int:
    points = [float(row[k]) for row in (one, two) for k in ("lat", "lon")]
    metres = half_up(great_circle(*points) * float(DETOUR))
    if ferries and one["island"] != two["island"]:
        metres += FERRY_M * ((one["island"] != "") + (two["island"] != ""))
    return metres


def form_of(a: Row, n: Row, *, crosses: bool, changes: bool) -> str:
    if n["until"] != "":
        return "tạm sử dụng"
    if changes:
        return "chuyển đổi công năng"
    return "giao" if a["status"] == "handed_idle" and not crosses else "điều chuyển"


def authority_of(case: Case, a: Row, *, crosses: bool) -> str:
    """Who decides: a row counts 8 for its province, 4 for its level, 2 for its category, 1 for crossing."""
    place = {row["commune_code"]: row for row in case.communes}.get(a["commune_code"], {})
    facts = [place.get("province_code", ""), a["holder_level"], a["category"], "true" if crosses else "false"]
    best, text = -1, ""
    for row in case.authorities:
        keys = [row[name] for name in AUTHORITY_COLUMNS[:4]]
        if any(key not in {"", fact} for key, fact in zip(keys, facts, strict=True)):
            continue
        weight = sum(w for w, key in zip((8, 4, 2, 1), keys, strict=True) if key)
        if weight > best:
            best, text = weight, row["authority_vi"]
    for word, column in (("{province}", "province_name"), ("{commune}", "name")):
        text = text.replace(word, place.get(column, ""))
    return text


class Solved:
    """An instance worked out naively: eligible pairs with their costs, caps, prices."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.rules = case.scenario
        self.at = {row["commune_code"]: row for row in case.communes}
        scope = self.rules["scope_province"]
        for row in (*case.assets, *case.needs):
            home = self.at.get(row["commune_code"])
            if home and not row["lat"]:
                row["lat"], row["lon"] = home["lat"], home["lon"]
            row["leg_m"] = str(road(row, home | {"island": ""}, ferries=False)) if home else "0"
        self.assets = {
            a["asset_id"]: a
            for a in case.assets
            if a["category"] in PLANNED
            and a["status"] in ("surplus", "handed_idle")
            and (case.form == "matches" or a["attached_to"] == "")
            and (not scope or self.province(a) == scope)
        }
        self.needs = {
            n["need_id"]: n
            for n in case.needs
            if n["category"] in PLANNED and (not scope or self.province(n) == scope)
        }
        for a in self.assets.values():
            if a["category"] == "premises":
                a["units"] = "1"
        self.all = {
            (a, n): self.match(self.assets[a], self.needs[n]) for a in self.assets for n in self.needs
        }
        self.pairs = {pair: match for pair, match in self.all.items() if not match.stage}

    def province(self, row: Row) -> str:
        return self.at.get(row["commune_code"], {}).get("province_code", "")

    def priority(self, n: Row) -> int:
        if n["priority"]:
            return int(n["priority"])
        usual = self.rules["priority_by_purpose"]
        kinds = [
            usual[f"{n['category']}/{k}"] for k in n["kinds"].split("|") if f"{n['category']}/{k}" in usual
        ]
        return int(usual.get(n["purpose"] or "-", min([*kinds] or [usual.get(n["category"], 3)])))

    def price(self, n: Row) -> int:
        if n["price_vnd"]:
            return int(n["price_vnd"])
        unmet = self.rules["prices"]["unmet"]
        if n["category"] == "premises":
            keys = (f"premises/{n['purpose']}", f"premises/{n['kinds'].split('|')[0]}", "premises")
            per_m2 = next(unmet[key] for key in keys if key in unmet)
            return half_up(exact(per_m2) * exact(n["area_m2"]))
        return int(specific(unmet, n["category"], n["kinds"].split("|")[0]))

    def opening(self, a: Row) -> int:
        """What using an asset at all costs."""
        prices = self.rules["prices"]
        if a["category"] != "premises":
            return 0
        given_up = int(a["release_value_vnd"]) if prices["count_release_value"] else 0
        return half_up(exact(prices["open_premises"] or 0) + given_up)

    def room(self, a: Row) -> Fraction:
        return exact(a["area_m2"] or 0)

    def weighted(self, n: Row) -> int:
        factor = exact(self.rules["prices"]["priority_factor"][self.priority(n) - 1])
        return half_up(self.price(n) * factor)

    def metres(self, a: Row, n: Row) -> int | None:
        if self.case.form == "pairs":
            return self.case.table.get((a["asset_id"], n["need_id"]))
        legs = int(a["leg_m"]) + int(n["leg_m"])
        if a["commune_code"] == n["commune_code"]:
            return road(a | {"island": ""}, n | {"island": ""}, ferries=False) if legs else 0
        between = self.between(a["commune_code"], n["commune_code"])
        return None if between is None else between + legs

    def between(self, origin: str, destination: str) -> int | None:
        if origin == destination:
            return 0
        if self.case.provider != "great_circle":
            return self.case.table.get((origin, destination))
        return road(self.at[origin], self.at[destination], ferries=True)

    def age(self, a: Row) -> int | None:
        return max(0, date.fromisoformat(self.rules["date"]).year - int(a["year"])) if a["year"] else None

    def match(self, a: Row, n: Row) -> Match:
        kind, rules, prices = (a["category"], a["kind"]), self.rules["rules"], self.rules["prices"]
        banned = [a["asset_id"], n["need_id"]] in self.rules["stability"]["bans"]
        if self.case.form == "matches":
            rows = [
                m for m in self.case.matches if (m["asset_id"], m["need_id"]) == (a["asset_id"], n["need_id"])
            ]
            if not rows or a["category"] != n["category"]:
                return Match("no_asset", None, {}, 0, 0)
            cost, stage, load = int(rows[0]["cost_vnd"]), "banned" if banned else "", Fraction(0)
            if a["category"] == "premises":
                load = exact(rows[0]["load"] or n["area_m2"])
                stage = "too_small" if load > self.room(a) else stage
            return Match(stage, None, {}, cost, int(rows[0]["spend_vnd"] or cost), load)
        if a["category"] != n["category"] or (n["kinds"] and a["kind"] not in n["kinds"].split("|")):
            return Match("no_asset", None, {}, 0, 0)
        if a["category"] == "premises":
            return self.place(a, n, banned=banned)
        metres = self.metres(a, n)
        wanted = [
            exact(v)
            for v in (n["min_condition_pct"], specific(rules["min_condition_pct"], *kind))
            if v not in ("", None)
        ]
        oldest, age = specific(rules["max_age_years"], *kind), self.age(a)
        deadline = n["deadline"] or self.rules["date"]
        reach = n["reach_km"] or specific(self.rules["reach_km"], *kind)
        cross = self.province(a) != self.province(n)
        rule = specific(rules["cross_province"], *kind)
        stage = ""
        if max(wanted, default=0) > 0 and (not a["condition_pct"] or exact(a["condition_pct"]) < max(wanted)):
            stage = "condition"
        elif oldest is not None and (age is None or age > oldest):
            stage = "age"
        elif a["legal_status"] not in rules["legal_status"]:
            stage = "legal_status"
        elif deadline < a["available_from"] or (a["available_until"] and deadline > a["available_until"]):
            stage = "date"
        elif metres is None:
            stage = "no_distance"
        elif reach is not None and metres > exact(reach) * 1000:
            stage = "reach"
        elif cross and rule == "forbidden":
            stage = "province_rule"
        elif banned:
            stage = "banned"
        if a["condition_pct"]:
            condition = exact(a["condition_pct"])
        else:
            life = specific(self.rules["norms"]["life_years"], *kind)
            condition = Fraction(
                max(0, 100 - math.floor(100 * age / exact(life))) if life and age is not None else 0
            )
        parts = dict.fromkeys(PARTS, 0) | {
            "transport": half_up(exact(specific(prices["per_km"], *kind) or 0) * (metres or 0) / 1000),
            "handover": half_up(exact(specific(prices["handover"], *kind) or 0)),
            "repair": int(a["repair_vnd"]),
            "renewal": half_up(self.price(n) * (100 - condition) / 100),
            "surcharge": half_up(exact(prices["cross_province"])) if cross and rule == "surcharge" else 0,
        }
        spend = parts["transport"] + parts["handover"] + parts["repair"]
        return Match(stage, metres, parts, sum(parts.values()), spend)

    def place(self, a: Row, n: Row, *, banned: bool) -> Match:
        """One place in one building: every test in a row, the first that fails gives the stage."""
        if a["kind"] == "land" and not n["kinds"]:
            return Match("no_asset", None, {}, 0, 0)
        rules, prices, purpose = self.rules["rules"], self.rules["prices"], n["purpose"]

        def keyed(table: dict[str, Any]) -> Any:  # noqa: ANN401 (from the scenario)
            keys = (f"premises/{purpose}", f"premises/{a['kind']}", "premises")
            return next((table[key] for key in keys if key in table), None)

        area, metres, code = exact(n["area_m2"]), self.metres(a, n), n["commune_code"]
        metre_limit = n["reach_km"] or keyed(self.rules["reach_km"])
        least = max(exact(n["min_condition_pct"] or 0), exact(keyed(rules["min_condition_pct"]) or 0))
        oldest, age = keyed(rules["max_age_years"]), self.age(a)
        deadline = n["deadline"] or self.rules["date"]
        abroad, rule = self.province(a) != self.province(n), keyed(rules["cross_province"])
        tests = {
            "too_small": self.room(a) >= area,
            "condition": least == 0 or (a["condition_pct"] != "" and exact(a["condition_pct"]) >= least),
            "age": oldest is None or (age is not None and age <= oldest),
            "legal_status": a["legal_status"] in rules["legal_status"],
            "date": a["available_from"] <= deadline <= (a["available_until"] or "9999"),
            "within_commune": purpose not in rules["within_commune"] or a["commune_code"] == code,
            "no_distance": metres is not None,
            "reach": metres is None or metre_limit is None or Fraction(metres, 1000) <= exact(metre_limit),
            "province_rule": not (abroad and rule == "forbidden"),
            "banned": not banned,
        }
        stage = next((name for name, passed in tests.items() if not passed), "")
        missing = 100 - exact(a["condition_pct"] or 0)
        years, km = exact(prices["horizon_years"]), Fraction(metres or 0, 1000)
        parts = dict.fromkeys(PARTS, 0) | {
            "handover": half_up(exact(keyed(prices["handover"]) or 0)),
            "travel": half_up(exact(prices["travel_per_km_m2_year"]) * years * km * area),
            "surcharge": half_up(exact(prices["cross_province"])) if abroad and rule == "surcharge" else 0,
        }
        if a["kind"] == "land":
            parts["build"] = half_up(area * exact(prices["build_per_m2"]))
        else:
            parts["repair"] = half_up(area * exact(prices["repair_per_m2"]) * missing / 100)
            if a["kind"] not in rules["same_use"].get(purpose, []):
                parts["change_of_use"] = half_up(area * exact(prices["change_of_use_per_m2"]))
        spend = sum(parts[name] for name in ("handover", "repair", "change_of_use", "build"))
        return Match(stage, metres, parts, sum(parts.values()), spend, area)

    def rows_of(self, pair: Pair) -> list[Pair]:
        """Norm rows (commune, key) that a pair counts in."""
        a, n = self.assets[pair[0]], self.needs[pair[1]]
        keys = (a["category"], f"{a['category']}/{a['kind']}")
        return [(n["commune_code"], key) for key in keys if key in self.rules["norms"]["max_per_commune"]]

    def cap(self, row: Pair) -> int:
        used = sum(
            1 if a["category"] == "premises" else int(a["units"])
            for a in self.case.assets
            if a["status"] == "in_use"
            and a["commune_code"] == row[0]
            and row[1] in (a["category"], f"{a['category']}/{a['kind']}")
        )
        return max(0, math.floor(exact(self.rules["norms"]["max_per_commune"][row[1]])) - used)

    def objective(self, plan: dict[Pair, int]) -> int:
        met = Counter[str]()
        for pair, units in plan.items():
            met[pair[1]] += units
        paid = sum(self.pairs[pair].cost * units for pair, units in plan.items())
        paid += sum(self.opening(self.assets[a]) for a in {pair[0] for pair in plan})
        return paid + sum((int(n["units"]) - met[k]) * self.weighted(n) for k, n in self.needs.items())

    def feasible(self, plan: dict[Pair, int]) -> bool:
        used, met, full = dict.fromkeys(self.assets, Fraction(0)), Counter[str](), Counter[Pair]()
        for pair, units in plan.items():
            housed = self.assets[pair[0]]["category"] == "premises"
            used[pair[0]] += units * (self.pairs[pair].load if housed else 1)
            met[pair[1]] += units
            for row in self.rows_of(pair):
                full[row] += units
        return (
            all(v <= self.limit(self.assets[k]) for k, v in used.items())
            and all(v <= int(self.needs[k]["units"]) for k, v in met.items())
            and all(v <= self.cap(row) for row, v in full.items())
        )

    def limit(self, a: Row) -> Fraction:
        return self.room(a) if a["category"] == "premises" else Fraction(a["units"])

    def brute_force(self) -> int:
        """Least objective over all plans, by enumeration with no bound but feasibility.

        Premises and movables have nothing in common but the sum.
        """
        premises = [pair for pair in self.pairs if self.assets[pair[0]]["category"] == "premises"]
        movable = [pair for pair in self.pairs if pair not in premises]
        return self._least(movable) + self._least(premises) - self.objective({})

    def _least(self, pairs: list[Pair]) -> int:
        def least(k: int, plan: dict[Pair, int]) -> int:
            if k == len(pairs):
                return self.objective(plan)
            best = least(k + 1, plan)
            for units in range(1, int(self.needs[pairs[k][1]]["units"]) + 1):
                wider = plan | {pairs[k]: units}
                if not self.feasible(wider):
                    break
                best = min(best, least(k + 1, wider))
            return best

        return least(0, {})

    def optimum(self) -> tuple[dict[Pair, int], dict[str, int], dict[Pair, int]]:
        """Plan, need prices and norm prices, of movables and of premises."""
        gaining = [
            pair for pair, match in self.pairs.items() if match.cost < self.weighted(self.needs[pair[1]])
        ]
        one = self._movables([pair for pair in gaining if self.assets[pair[0]]["category"] != "premises"])
        two = self._premises([pair for pair in gaining if self.assets[pair[0]]["category"] == "premises"])
        scale = self.case.denominator
        prices = {
            k: two[1][k] if n["category"] == "premises" else one[1][k] * scale for k, n in self.needs.items()
        }
        return one[0] | two[0], prices, {row: v * scale for row, v in one[2].items()} | two[2]

    def _premises(self, pairs: list[Pair]) -> tuple[dict[Pair, int], dict[str, int], dict[Pair, int]]:
        """All sets of places of each building as columns: HiGHS chooses, and prices the linear relaxation."""
        norms = sorted({row for pair in pairs for row in self.rows_of(pair)})
        names: list[Any] = [*self.assets, *((k,) for k in self.needs), *norms]
        at = {name: i for i, name in enumerate(names)}
        limit = [1] * len(self.assets) + [int(n["units"]) for n in self.needs.values()]
        limit += [self.cap(row) for row in norms]
        columns: list[dict[Pair, int]] = []

        def more(own: list[Pair], chosen: dict[Pair, int], room: Fraction) -> None:
            if chosen:
                columns.append(chosen)
            for k, pair in enumerate(own):
                for units in range(1, int(self.needs[pair[1]]["units"]) + 1):
                    if units * self.pairs[pair].load <= room:
                        more(own[k + 1 :], chosen | {pair: units}, room - units * self.pairs[pair].load)

        for k, a in self.assets.items():
            more([pair for pair in pairs if pair[0] == k], {}, self.room(a))
        prices = {k: self.weighted(n) for k, n in self.needs.items()}
        if not columns:
            return {}, {k: price * self.case.denominator for k, price in prices.items()}, {}
        matrix = np.zeros((len(names), len(columns)))
        for j, column in enumerate(columns):
            for pair, units in column.items():
                matrix[at[pair[0]], j] = 1
                matrix[at[pair[1],], j] += units
                for row in self.rows_of(pair):
                    matrix[at[row], j] += units
        gain = [
            self.opening(self.assets[next(iter(column))[0]])
            + sum((self.pairs[pair].cost - prices[pair[1]]) * units for pair, units in column.items())
            for column in columns
        ]
        scaled = np.array(gain, dtype=float) / max(1, *(abs(value) for value in gain))
        ones = np.ones(len(columns))
        chosen = milp(
            scaled, integrality=ones, bounds=(0, 1), constraints=LinearConstraint(matrix, ub=limit),
            options={"mip_rel_gap": 0},
        )  # fmt: skip
        found = linprog(scaled, A_ub=matrix, b_ub=limit, method="highs-ds")
        size = max(1, *(abs(value) for value in gain))
        plan = {
            pair: units
            for j, column in enumerate(columns)
            if round(chosen.x[j])
            for pair, units in column.items()
        }
        tried = []
        for rounded in (round, math.floor, math.ceil):  # whichever proves most
            dual = [max(0, rounded(-v * size * self.case.denominator)) for v in found.ineqlin.marginals]
            bids = {k: price * self.case.denominator - dual[at[k,]] for k, price in prices.items()}
            rows = {row: dual[at[row]] for row in norms if dual[at[row]]}
            bound = self.bound_of({pair[0] for pair in pairs}, self.needs, bids, rows)
            tried.append((bound, bids, rows))
        _, bids, rows = max(tried, key=lambda one: one[0])
        return plan, bids, rows

    def _movables(self, pairs: list[Pair]) -> tuple[dict[Pair, int], dict[str, int], dict[Pair, int]]:
        """Solve a linear programme whose vertices are integer."""
        rows: list[Any] = [*self.assets, *((k,) for k in self.needs)]
        norms = sorted({row for pair in pairs for row in self.rows_of(pair)})
        rows += [("norm", *row) for row in norms]
        at = {name: i for i, name in enumerate(rows)}
        limit = [int(a["units"]) for a in self.assets.values()] + [
            int(n["units"]) for n in self.needs.values()
        ]
        limit += [self.cap(row) for row in norms]
        if not pairs:
            return {}, {k: self.weighted(n) for k, n in self.needs.items()}, {}
        entries = [
            (at[name], j)
            for j, pair in enumerate(pairs)
            for name in (pair[0], (pair[1],), *(("norm", *row) for row in self.rows_of(pair)))
        ]
        i, j = np.array(entries).T
        matrix = coo_matrix((np.ones(len(entries)), (i, j)), shape=(len(rows), len(pairs))).tocsr()
        gain = [self.pairs[pair].cost - self.weighted(self.needs[pair[1]]) for pair in pairs]
        found = linprog(np.array(gain, dtype=float), A_ub=matrix, b_ub=limit, method="highs-ds")
        plan = {pair: round(v) for pair, v in zip(pairs, found.x, strict=True) if round(v)}
        dual = [max(0, -round(v)) for v in found.ineqlin.marginals]
        prices = {k: self.weighted(n) - dual[at[k,]] for k, n in self.needs.items()}
        return plan, prices, {row: dual[at["norm", *row]] for row in norms if dual[at["norm", *row]]}

    def bound(self, prices: dict[str, int], rows: dict[Pair, int]) -> int:
        return self.bound_of(self.assets, self.needs, prices, rows)

    def bound_of(
        self, assets: Iterable[str], needs: Iterable[str], prices: dict[str, int], rows: dict[Pair, int]
    ) -> int:
        """Certificate's formula, pair by pair, rounded up."""
        return math.ceil(Fraction(self.amount_of(assets, needs, prices, rows), self.case.denominator))

    def amount_of(
        self, assets: Iterable[str], needs: Iterable[str], prices: dict[str, int], rows: dict[Pair, int]
    ) -> int:
        """Return it times the denominator."""
        scale = self.case.denominator
        total = sum(int(self.needs[k]["units"]) * prices[k] for k in needs)
        total -= sum(v * self.cap(row) for row, v in rows.items())
        for a in assets:
            change = {
                pair: match.cost * scale
                + sum(rows.get(row, 0) for row in self.rows_of(pair))
                - prices[pair[1]]
                for pair, match in self.pairs.items()
                if pair[0] == a
            }
            if self.assets[a]["category"] == "premises":
                worth = self.fullest({pair: -value for pair, value in change.items()})
                total += min(0, self.opening(self.assets[a]) * scale - worth)
            else:
                total += int(self.assets[a]["units"]) * min([0, *change.values()])
        return total

    def fullest(self, worth: dict[Pair, int]) -> int:
        """Most that places in one building are worth: best total for every area that they can add up to."""
        best = {Fraction(0): 0}
        for pair, value in worth.items():
            wider = dict(best)
            for units in range(1, int(self.needs[pair[1]]["units"]) + 1):
                for area, total in best.items():
                    taken = area + units * self.pairs[pair].load
                    if taken <= self.room(self.assets[pair[0]]):
                        wider[taken] = max(wider.get(taken, 0), total + units * value)
            best = wider
        return max(best.values())
