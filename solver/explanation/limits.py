"""What the scenario says of a need: its price, and the limits that its assets were tested against."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from solver.explanation.tables import plain
from solver.tables.kinds import PURPOSES, codes

if TYPE_CHECKING:
    from solver.explanation.tables import Facts, Row, Tables

_PREMISES = "premises"


def kinds_of(need: Row) -> list[str]:
    """Return the kinds that a need names, none for any."""
    return sorted(kind for kind in need["kinds"].split("|") if kind)


def price_of(tables: Tables, need: Row, unmet_vnd: int | None) -> Facts:
    """Say what one unmet unit of a need counts, and where that comes from.

    Returns
    -------
    dict
        ``source`` ("own" of the needs table, "scenario"), ``key`` (of the scenario), ``vnd`` (as written
        there, of premises per m2 with a key), ``priority``, ``priority_source``, ``factor``,
        ``with_factor_vnd`` (of shortfalls.csv; None where the need is met).
    """
    scenario, category, purpose = tables.scenario, need["category"], need["purpose"]
    kinds = kinds_of(need)
    priority = int(need["priority"] or scenario.priority(category, purpose or None, kinds))
    key, value = "", need["price_vnd"]
    if not value:
        specifics = [purpose if category == _PREMISES else "", *kinds[:1]]  # prices of several kinds agree
        key, found = _keyed(tables, "prices.unmet", category, specifics)
        value = "" if found is None else plain(found)
    return {
        "source": "scenario" if key else "own" if value else "",
        "key": key,
        "vnd": value,
        "priority": priority,
        "priority_source": "own" if need["priority"] else "scenario",
        "factor": plain(scenario.factor(priority)),
        "with_factor_vnd": unmet_vnd,
    }


def limits_of(tables: Tables, need: Row, reason: str) -> Facts:
    """Say what the test was that no asset passed: figures that hold for every asset, no others."""
    scenario = tables.scenario
    if reason == "condition":
        rules = _values(tables, "rules.min_condition_pct", need)
        least = max(Decimal(need["min_condition_pct"] or 0), Decimal(rules[0] or 0))
        return {"min_condition_pct": plain(least)} if len(rules) == 1 else {}
    if reason == "age":
        ages = _values(tables, "rules.max_age_years", need)
        return {"max_age_years": plain(ages[0])} if len(ages) == 1 and ages[0] is not None else {}
    if reason == "legal_status":
        return {"legal_status": list(scenario["rules.legal_status"])}
    if reason == "date":
        return {"deadline": need["deadline"] or scenario.date.isoformat()}
    if reason == "reach":
        reaches = [Decimal(need["reach_km"])] if need["reach_km"] else _values(tables, "reach_km", need)
        return {"reach_km": plain(reaches[0])} if len(reaches) == 1 and reaches[0] is not None else {}
    if reason == "freedom":
        return {"freedom": scenario["stability.freedom"]}
    if reason == "too_small" and tables.form != "matches":
        return {"area_m2": need["area_m2"]}
    return {}


def _keyed(tables: Tables, name: str, category: str, specifics: list[str]) -> tuple[str, Any]:
    """Return the most specific key that applies, and its value; "" and None where none does."""
    table = tables.scenario[name] or {}
    for key in (*(f"{category}/{one}" for one in specifics if one), category):
        if key in table:
            return key, table[key]
    return "", None


def _values(tables: Tables, name: str, need: Row) -> list[Decimal | int | None]:
    """Return the values of a keyed table that hold for assets that the need might take; None: no limit."""
    category = need["category"]
    purpose = [need["purpose"]] if category == _PREMISES else []
    below = {key.partition("/")[2] for key in tables.scenario[name] or {} if key.startswith(f"{category}/")}
    if (
        category == _PREMISES
    ):  # a key may name a purpose, which no asset has, or land, which has to be asked for
        below -= {*codes(PURPOSES), "land"}
    kinds = kinds_of(need) or ["", *sorted(below)]
    return list({_keyed(tables, name, category, [*purpose, kind])[1] for kind in kinds})
