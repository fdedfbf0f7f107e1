"""The text of docs/cost.md for premises read once more, pair by pair in exact fractions."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from tests.solver.problem.instances import COMMUNES, Row
from tests.solver.problem.naive import Match, Naive, half_up, number


def keyed(table: dict[str, Any], purpose: str, kind: str) -> Any:  # noqa: ANN401 (a value of the scenario)
    """Look up by the purpose of the need, else the kind of the premises, else all premises."""
    return next(
        (table[k] for k in (f"premises/{purpose}", f"premises/{kind}", "premises") if k in table), None
    )


class NaivePremises(Naive):
    """An instance of premises worked out."""

    def price(self, need: Row) -> int:
        if need["price_vnd"] != "":
            return int(need["price_vnd"])
        table = self.rules["prices"]["unmet"]
        found = {Fraction(str(keyed(table, need["purpose"], kind))) for kind in need["kinds"].split("|")}
        assert len(found) == 1
        return half_up(found.pop() * Fraction(str(need["area_m2"])))

    def opening(self, a: Row) -> int:
        prices = self.rules["prices"]
        value = int(a["release_value_vnd"]) if prices["count_release_value"] else 0
        return half_up(Fraction(str(prices["open_premises"]))) + value

    def load(self, a: Row, n: Row) -> Fraction:
        given = self.given.get((a["asset_id"], n["need_id"]), {}).get("load", "")
        load = number(given)
        return load if load is not None else number(n["area_m2"]) or Fraction(0)

    def match(self, a: Row, n: Row) -> Match:
        banned = (a["asset_id"], n["need_id"]) in self.banned
        small = self.load(a, n) > (number(a["area_m2"]) or 0)
        if self.one.form == "matches":
            given = self.given.get((a["asset_id"], n["need_id"]))
            if given is None:
                return Match("no_asset")
            cost = int(given["cost_vnd"])
            spend = cost if given["spend_vnd"] == "" else int(given["spend_vnd"])
            return Match("too_small" if small else "banned" if banned else "", None, {}, cost, spend)
        metres = self.metres(a, n)
        stage = self.first_failed(a, n, metres, small, banned)
        if metres is None:
            return Match(stage, metres)
        prices, rules = self.rules["prices"], self.rules["rules"]
        area, land = Fraction(str(n["area_m2"])), a["kind"] == "land"
        same = a["kind"] in rules["same_use"].get(n["purpose"], [])
        lost = 100 - (number(a["condition_pct"]) or Fraction(0))
        year_km = Fraction(str(prices["travel_per_km_m2_year"])) * Fraction(str(prices["horizon_years"]))
        crosses = COMMUNES[a["commune_code"]] != COMMUNES[n["commune_code"]]
        crossing = keyed(rules["cross_province"], n["purpose"], a["kind"])
        exact = {
            "handover": Fraction(str(keyed(prices["handover"], n["purpose"], a["kind"]))),
            "repair": 0 if land else area * Fraction(str(prices["repair_per_m2"])) * lost / 100,
            "change_of_use": 0 if land or same else area * Fraction(str(prices["change_of_use_per_m2"])),
            "build": area * Fraction(str(prices["build_per_m2"])) if land else 0,
            "travel": year_km * metres / 1000 * area,
            "surcharge": Fraction(str(prices["cross_province"]))
            if crosses and crossing == "surcharge"
            else 0,
        }
        parts = {name: half_up(Fraction(value)) for name, value in exact.items()}
        spend = sum(parts.values()) - parts["travel"] - parts["surcharge"]
        return Match(stage, metres, parts, sum(parts.values()), spend)

    def first_failed(self, a: Row, n: Row, metres: int | None, small: bool, banned: bool) -> str:
        rules, key = self.rules["rules"], (n["purpose"], a["kind"])
        least = max(number(n["min_condition_pct"]) or 0, number(keyed(rules["min_condition_pct"], *key)) or 0)
        condition, age, oldest = number(a["condition_pct"]), self.age(a), keyed(rules["max_age_years"], *key)
        reach = number(n["reach_km"])
        if reach is None:
            reach = number(keyed(self.rules["reach_km"], *key))
        day = dt.date.fromisoformat(n["deadline"] or self.rules["date"])
        opens, closes = (
            a[side] and dt.date.fromisoformat(a[side]) for side in ("available_from", "available_until")
        )
        kinds = n["kinds"].split("|") if n["kinds"] else ["office", "school", "house"]
        home = a["commune_code"] == n["commune_code"]
        crosses = COMMUNES[a["commune_code"]] != COMMUNES[n["commune_code"]]
        fails = {
            "no_asset": a["kind"] not in kinds,
            "too_small": small,
            "condition": least > 0 and (condition is None or condition < least),
            "age": oldest is not None and (age is None or age > oldest),
            "legal_status": a["legal_status"] not in rules["legal_status"],
            "date": bool((opens and opens > day) or (closes and closes < day)),
            "within_commune": n["purpose"] in rules["within_commune"] and not home,
            "no_distance": metres is None,
            "reach": metres is not None and reach is not None and metres > reach * 1000,
            "province_rule": crosses and keyed(rules["cross_province"], *key) == "forbidden",
            "banned": banned,
        }
        return next((name for name, failed in fails.items() if failed), "")
