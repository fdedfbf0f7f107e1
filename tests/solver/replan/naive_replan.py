"""docs/replan.md read once more, pair by pair: lines of a baseline, what is left of it, changes.csv."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from tests.solver.problem.instances import COMMUNES, Instance
from tests.solver.problem.naive import Naive, Pair, Plan
from tests.solver.problem.naive_premises import NaivePremises

Line = dict[str, Any]
FIXED = ("signed", "executed")
#: The funnel of docs/cost.md with that of freedom.
STAGES = (
    *("no_asset", "too_small", "condition", "age", "legal_status", "date", "within_commune", "no_distance"),
    *("reach", "province_rule", "banned", "freedom"),
)


class SideRow(NamedTuple):
    """A row of docs/limits.md: its coefficient by pair."""

    sense: str
    limit: int
    of: dict[Pair, int]


class Replan:
    """An instance and a baseline worked out; movables are premises whose every unit takes one of the room.

    ``free`` : a re-plan; False: the same problem without a baseline, but for the pins and bans that it gives.
    """

    def __init__(self, one: Instance, lines: list[Line], *, free: bool = True) -> None:
        self.one, self.lines, self.free = one, lines, free
        self.rules = one.scenario
        self.stability: dict[str, Any] = self.rules.get("stability", {})
        refused = [[x["asset_id"], x["need_id"]] for x in lines if x["state"] == "refused"]
        bans = [*self.stability.get("bans", []), *refused]
        rules = {**self.rules, "stability": {**self.stability, "bans": bans}}

        def only(premises: bool) -> Instance:
            rows = [
                [row for row in table if (row["category"] == "premises") == premises]
                for table in (one.assets, one.needs)
            ]
            return replace(one, assets=rows[0], needs=rows[1], scenario=rules)

        self.movables, self.houses = Naive(only(False)), NaivePremises(only(True))
        parts: tuple[Naive, ...] = (self.movables, self.houses)
        self.assets = {a: row for part in parts for a, row in part.assets.items()}
        self.needs = {n: row for part in parts for n, row in part.needs.items()}
        self.found = {
            pair: match
            for part in parts
            for pair, match in part.all.items()
            if self.assets[pair[0]]["category"] == self.needs[pair[1]]["category"]
        }
        self.stage = {pair: match.stage or self._freedom(pair) for pair, match in self.found.items()}
        self.pairs = sorted(pair for pair, stage in self.stage.items() if not stage)
        self.caps = {row: cap for part in parts for row, cap in part.caps.items()}
        self.kappa = int(self.stability.get("change_price_vnd", 10**7)) if free else 0
        self.most: int | None = self.stability.get("max_changes") if free else None
        self.coverage = self.rules.get("objective") == "coverage_first"

    # --- lines ---
    def kind(self, line: Line) -> str:
        """What a line is: gone (for which side), refused, fixed or open."""
        a, n = self.assets.get(line["asset_id"]), self.needs.get(line["need_id"])
        if a is None:
            return "asset_gone"
        if n is None or n["category"] != a["category"]:
            return "need_gone"
        return {"refused": "refused", "signed": "fixed", "executed": "fixed"}.get(line["state"], "open")

    def _of(self, kind: str) -> dict[Pair, int]:
        return {(x["asset_id"], x["need_id"]): x["units"] for x in self.lines if self.kind(x) == kind}

    @cached_property
    def _bound(self) -> dict[str, set[Any]]:
        """Provinces, or communes with recipients, to which each bound asset may go."""
        out: dict[str, set[Any]] = {}
        for line in self.lines:
            if self.kind(line) in ("open", "fixed", "need_gone"):
                need = {row["need_id"]: row for row in self.one.needs}.get(line["need_id"], {})
                code, recipient = line["to_commune_code"], line["recipient"]
                if not code:
                    code, recipient = need.get("commune_code", ""), recipient or need.get("recipient", "")
                out.setdefault(line["asset_id"], set()).add(self._place(code, recipient))
        return out

    def _place(self, code: str, recipient: str) -> Any:  # noqa: ANN401 (a province, or a commune and who)
        same = self.stability.get("freedom", "free") == "same_province"
        return COMMUNES.get(code, "") if same else (code, recipient)

    def _freedom(self, pair: Pair) -> str:
        if not self.free or self.stability.get("freedom", "free") == "free" or pair[0] not in self._bound:
            return ""
        need = self.needs[pair[1]]
        place = self._place(need["commune_code"], need.get("recipient") or "")
        return "" if place in self._bound[pair[0]] else "freedom"

    def empty_stage(self, n: str) -> str:
        """The first stage that no asset passes; "" where one passes all."""
        stages = [stage for pair, stage in self.stage.items() if pair[1] == n]
        return "" if "" in stages else max(stages, key=STAGES.index, default="no_asset")

    # --- pairs ---
    def naive(self, pair: Pair) -> Naive:
        return self.houses if self.assets[pair[0]]["category"] == "premises" else self.movables

    def load(self, pair: Pair) -> Fraction:
        a, n = self.assets[pair[0]], self.needs[pair[1]]
        return self.houses.load(a, n) if a["category"] == "premises" else Fraction(1)

    def room(self, a: str) -> Fraction:
        row = self.assets[a]
        return Fraction(str((row["area_m2"] if row["category"] == "premises" else row["units"]) or 0))

    def opening(self, a: str) -> int:
        row = self.assets[a]
        return self.houses.opening(row) if row["category"] == "premises" else 0

    def price(self, n: str) -> int:
        row = self.needs[n]
        return (self.houses if row["category"] == "premises" else self.movables).weighted(row)

    def norm_rows(self, pair: Pair) -> list[Pair]:
        return self.naive(pair).norm_rows(pair)

    def crosses(self, pair: Pair) -> bool:
        return COMMUNES[self.assets[pair[0]]["commune_code"]] != COMMUNES[self.needs[pair[1]]["commune_code"]]

    @cached_property
    def rows(self) -> dict[str, SideRow]:
        """Side rows but for ``changes``."""
        limits, equity, pairs = self.rules.get("limits", {}), self.rules.get("equity", {}), self.pairs
        spend = {pair: self.found[pair].spend for pair in pairs}
        out = {}
        if "budget_vnd" in limits:
            out["budget"] = SideRow("<=", limits["budget_vnd"], spend)
        for code, most in limits.get("budget_vnd_by_province", {}).items():
            own = {p: spend[p] for p in pairs if self._province(p[1]) == code}
            out[f"budget|province|{code}"] = SideRow("<=", most, own)
        for name, most in limits.get("budget_vnd_by_category", {}).items():
            own = {p: spend[p] for p in pairs if self.needs[p[1]]["category"] == name}
            out[f"budget|category|{name}"] = SideRow("<=", most, own)
        for key, most in limits.get("cross_province_max", {}).items():
            own = {p: 1 for p in pairs if self._asset_in(p[0], key) and self.crosses(p)}
            out[f"cross|{key}"] = SideRow("<=", most, own)
        for name, (share, needs) in self.groups(equity.get("by", "province")).items():
            demand = sum(int(self.needs[n]["units"]) for n in needs)
            asked = 0 if share == "max-min" else math.ceil(Fraction(str(share)) * demand)
            out[name] = SideRow(">=", asked, {p: 1 for p in pairs if p[1] in needs})
        return out

    def _province(self, n: str) -> str:
        return COMMUNES[self.needs[n]["commune_code"]]

    def _asset_in(self, a: str, key: str) -> bool:
        row = self.assets[a]
        return key in (row["category"], f"{row['category']}/{row['kind']}")

    def _need_in(self, n: str, key: str) -> bool:
        row = self.needs[n]
        kinds = row["kinds"].split("|") if row["kinds"] else []
        if row["category"] == "premises":
            kinds = [row["purpose"]]
        return key == row["category"] or (len(kinds) == 1 and key == f"{row['category']}/{kinds[0]}")

    def groups(self, by: str) -> dict[str, tuple[Any, set[str]]]:
        """Floors: the share asked for and the needs of each group."""
        floors = dict(self.rules.get("equity", {}).get("coverage_floor", {}))
        if self.coverage:
            by, floors = "province", dict.fromkeys({n["category"] for n in self.needs.values()}, "max-min")
        out: dict[str, tuple[Any, set[str]]] = {}
        for key, share in floors.items():
            for n, row in self.needs.items():
                member = {"province": self._province(n), "country": "VN"}.get(by) or str(
                    self.naive_of_need(n).priority(row)
                )
                if self._need_in(n, key) and int(row["units"]):
                    out.setdefault(f"floor|{by}|{member}|{key}", (share, set()))[1].add(n)
        return out

    def naive_of_need(self, n: str) -> Naive:
        return self.houses if self.needs[n]["category"] == "premises" else self.movables

    # --- pins and what is left of the baseline ---
    @cached_property
    def pins(self) -> Plan:
        out = dict(self._of("fixed"))
        for asset, need, *units in self.stability.get("pins", []):
            pair = asset, need
            most = int(self.needs[need]["units"])
            if self.load(pair):
                most = min(most, self.room(asset) // self.load(pair))
            out[pair] = max(out.get(pair, 0), units[0] if units else most)
        return out

    def exceeded(self, plan: Plan) -> list[str]:
        """What of the rules that cap something units exceed; the row of changes is not looked at."""
        wrong = [f"{pair} is not eligible" for pair in plan if self.stage.get(pair, "gone")]
        sent: dict[str, Fraction] = {}
        for pair, units in plan.items():
            sent[pair[0]] = sent.get(pair[0], Fraction(0)) + units * self.load(pair)
        wrong += [f"{a} has no room" for a, used in sent.items() if used > self.room(a)]
        got: Counter[str] = Counter()
        received: Counter[Pair] = Counter()
        for pair, units in plan.items():
            got[pair[1]] += units
            for norm in self.norm_rows(pair):
                received[norm] += units
        wrong += [f"{n} wants less" for n, units in got.items() if units > int(self.needs[n]["units"])]
        wrong += [f"{row} allows less" for row, units in received.items() if units > self.caps.get(row, 0)]
        return wrong + [
            name
            for name, row in self.rows.items()
            if row.sense == "<=" and sum(row.of.get(p, 0) * u for p, u in plan.items()) > row.limit
        ]

    def faults(self) -> list[str]:
        """What pins and fixed lines break: then there is no plan to look for."""
        return self.exceeded(self.pins) + self.lost()

    def lost(self) -> list[str]:
        """Fixed lines that contradict today's tables; no province is left out here."""
        of_asset = {row["asset_id"]: row["category"] for row in self.one.assets}
        of_need = {row["need_id"]: row["category"] for row in self.one.needs}

        def wrong(a: str, n: str, state: str) -> bool:
            known, differ = a in of_asset and n in of_need, of_asset.get(a) != of_need.get(n)
            stuck = not known or (n in self.needs and a not in self.assets)
            at_stake = known and (a in self.assets or n in self.needs)
            return (differ and at_stake) or (state == "signed" and stuck)

        lines = [(x["asset_id"], x["need_id"], x["state"]) for x in self.lines]
        return [f"{x} can't stay" for x in lines if x[2] in FIXED and wrong(*x)]

    @cached_property
    def kept(self) -> Plan:
        """``b``: the lines that save most come first, each keeps what breaks no cap, unit by unit."""
        if not self.free:
            return {}
        lines = [pair for pair in self._of("open") if not self.stage[pair]]
        so_far, out = dict(self.pins), Plan()
        for pair in sorted(lines, key=lambda p: (self.found[p].cost - self.price(p[1]), p)):
            for _ in range(self._of("open")[pair] - self.pins.get(pair, 0)):
                more = {**so_far, pair: so_far.get(pair, 0) + 1}
                if self.exceeded(more):
                    break
                so_far = more
                out[pair] = out.get(pair, 0) + 1
        return out

    # --- plans ---
    def beside(self, plan: Plan) -> Plan:
        """``x'``: the units beside the pins."""
        return {p: u - self.pins.get(p, 0) for p, u in plan.items() if u > self.pins.get(p, 0)}

    def changes(self, plan: Plan) -> int:
        free = self.beside(plan)
        return sum(abs(free.get(p, 0) - self.kept.get(p, 0)) for p in {*free, *self.kept})

    def unmet(self, plan: Plan) -> dict[str, int]:
        got = Counter({n: sum(u for p, u in plan.items() if p[1] == n) for n in self.needs})
        return {n: int(row["units"]) - got[n] for n, row in self.needs.items()}

    def plain_cost(self, plan: Plan) -> int:
        """Objective without the price of changes."""
        total = sum(self.found[p].cost * units for p, units in plan.items())
        total += sum(self.price(n) * units for n, units in self.unmet(plan).items())
        return total + sum(self.opening(a) for a in {a for a, _ in plan})

    def objective(self, plan: Plan) -> int:
        return self.plain_cost(plan) + self.kappa * (self.changes(plan) if self.free else 0)

    def broken(self, plan: Plan) -> list[str]:
        """What a plan breaks of all rules but floors."""
        wrong = self.exceeded(plan)
        wrong += [f"{pair} is pinned" for pair, units in self.pins.items() if plan.get(pair, 0) < units]
        if self.most is not None and self.changes(plan) > self.most:
            wrong.append(f"{self.changes(plan)} changes")
        floored = {
            n
            for _, needs in self.groups(self.rules.get("equity", {}).get("by", "province")).values()
            for n in needs
        }
        return wrong + [
            f"{pair} does not pay"
            for pair in self.beside(plan)
            if self.found[pair].cost >= self.price(pair[1])
            and not self.coverage
            and pair[1] not in floored
            and not self.kept.get(pair)
        ]
