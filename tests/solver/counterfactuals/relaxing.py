"""Instances without what a reason names, and the walk from reason to reason until the need is met."""

from __future__ import annotations

import copy
import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from solver.scenario.load import read_scenario

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    import solver
    from tests.solver.problem.instances import Instance, Row

#: Reasons of movables and of premises in order; `unproven` stands for `outbid` in a plan with a gap.
ORDER = (
    *("no_asset", "too_small", "condition", "age", "legal_status", "date", "within_commune", "no_distance"),
    *("reach", "province_rule", "banned", "norm", "pinned", "budget", "cross_province_max", "equity"),
    *("too_dear", "outbid"),
)
STAGES = ORDER[: ORDER.index("norm")]
#: Room for whatever is asked for [m2].
VAST = "100000000"
#: Tables of the scenario with keys `premises/<purpose>`; and with purposes as they are.
_KEYED = (
    *("reach_km", "prices.handover", "prices.unmet"),
    *("rules.cross_province", "rules.min_condition_pct", "rules.max_age_years"),
)
_PLAIN = ("rules.same_use", "priority_by_purpose")
#: A purpose that no table names: whoever has it may do without, so that one need may have it to itself.
_FREE = "other"


def rank(reason: str) -> int:
    """Return the place of a reason in ``ORDER``."""
    return ORDER.index("outbid" if reason == "unproven" else reason)


def rows(plan: solver.Plan) -> list[Row]:
    """Return the rows of the shortfalls."""
    return [{str(key): value for key, value in row.items()} for row in plan.shortfalls.to_dict("records")]


def short_of(plan: solver.Plan, need_id: str) -> Row | None:
    """Return the row of the shortfalls of a need; None where it is met."""
    return next((row for row in rows(plan) if row["need_id"] == need_id), None)


def sample(shortfalls: list[Row], rng: Random, share: int) -> list[Row]:
    """Draw one of ``share`` rows of each reason, rounded up."""
    found = []
    for reason in sorted({str(row["reason"]) for row in shortfalls}):
        mine = [row for row in shortfalls if row["reason"] == reason]
        found += rng.sample(mine, -(-len(mine) // share))
    return found


def copied(one: Instance) -> Instance:
    """Copy rows and rules: as deepcopy, which takes seconds for a country."""
    return replace(
        one,
        assets=[dict(row) for row in one.assets],
        needs=[dict(row) for row in one.needs],
        scenario=copy.deepcopy(one.scenario),
        metres=dict(one.metres),
        matches=[dict(row) for row in one.matches],
    )


def relaxed(one: Instance, short: Row) -> Instance | None:
    """Return the instance without what the reason of a shortfall names; None where it has no way to say so.

    Of premises too dear the price rises to a VND above what the cheapest costs, and premises that others
    have are given room for all.
    """
    other = copied(one)
    need = next(row for row in other.needs if row["need_id"] == short["need_id"])
    reason = str(short["reason"])
    if need["category"] == "premises":
        done = _premises(other, need, reason, short)
    else:
        done = _movables(other, need, reason)
    if not done:
        done = _either(other, need, reason)
    return other if done else None


def _movables(one: Instance, need: Row, reason: str) -> bool:
    rules = one.scenario.setdefault("rules", {})
    match reason:
        case "condition":
            need["min_condition_pct"] = 0
            rules["min_condition_pct"] = {"vehicle": 0, "equipment": 0}
        case "age":
            rules["max_age_years"] = {"vehicle": 1000, "equipment": 1000}
            _dated(one)
        case "province_rule":
            rules["cross_province"] = {"vehicle": "allowed", "equipment": "allowed"}
        case "pinned":
            one.scenario["stability"]["pins"] = []
        case "budget":
            for key in [key for key in one.scenario["limits"] if key.startswith("budget")]:
                del one.scenario["limits"][key]
        case "cross_province_max":
            del one.scenario["limits"]["cross_province_max"]
        case "equity":
            del one.scenario["equity"]
        case _:
            return False
    return True


def _premises(one: Instance, need: Row, reason: str, short: Row) -> bool:
    detail = json.loads(short["detail"])
    match reason:
        case "too_small":
            for row in one.assets:
                row["area_m2"] = VAST
            for match in one.matches:
                if match["need_id"] == need["need_id"]:
                    match["load"] = 0
        case "condition":
            need["min_condition_pct"] = 0
            alone(one, need)["rules"].setdefault("min_condition_pct", {})[f"premises/{_FREE}"] = 0
        case "age":
            alone(one, need)["rules"].setdefault("max_age_years", {})[f"premises/{_FREE}"] = 1000
            _dated(one)
        case "within_commune":
            rules = alone(one, need)["rules"]
            rules["within_commune"] = [purpose for purpose in rules["within_commune"] if purpose != _FREE]
        case "province_rule":
            alone(one, need)["rules"].setdefault("cross_province", {})[f"premises/{_FREE}"] = "allowed"
        case "too_dear":
            _price(one, need, short["price_vnd"] + detail["dearer_by_vnd"] + 1)
        case "outbid" | "unproven":
            named = next(row for row in one.assets if row["asset_id"] == detail["cheapest_asset"])
            named["area_m2"] = VAST
        case _:
            return False
    return True


def _either(one: Instance, need: Row, reason: str) -> bool:
    match reason:
        case "no_asset":
            _add_asset(one, need)
        case "legal_status":
            one.scenario.setdefault("rules", {})["legal_status"] = ["clear", "pending", "disputed"]
        case "date":
            for asset in one.assets:
                asset["available_from"] = asset["available_until"] = ""
        case "no_distance":
            for asset in one.assets:
                if one.form == "communes":
                    one.metres.setdefault((asset["commune_code"], need["commune_code"]), 5)
                elif asset["category"] == need["category"]:
                    one.metres.setdefault((asset["asset_id"], need["need_id"]), 5)
        case "reach":
            need["reach_km"] = 10**5
        case "banned":
            stability = one.scenario.setdefault("stability", {})
            bans = stability.get("bans", [])
            stability["bans"] = [pair for pair in bans if pair[1] != need["need_id"]]
        case "norm":
            norms = _filled(one)["norms.max_per_commune"]
            one.scenario.setdefault("norms", {})["max_per_commune"] = dict.fromkeys(norms, 10**9)
        case _:
            return False
    return True


def _dated(one: Instance) -> None:
    """Let every asset have a year: an unknown one passes no age rule."""
    for asset in one.assets:
        if asset["year"] == "":
            asset["year"] = 2025


def _filled(one: Instance) -> Any:  # noqa: ANN401 (a scenario: values of many kinds by dotted key)
    """Return the scenario with its defaults."""
    return read_scenario(
        one.scenario, explicit_matches=one.form == "matches", inventory_date=dt.date(2025, 8, 15)
    )[0]


def alone(one: Instance, need: Row) -> dict[str, Any]:
    """Give a need a purpose of its own that means what its purpose does; return the scenario.

    So a rule by purpose can be lifted for this need and no other. The purpose is one that no table of the
    scenario names: the needs that have it lose it, which changes nothing.
    """
    scenario, filled, purpose = one.scenario, _filled(one), need["purpose"]
    rules = scenario.setdefault("rules", {})
    rules["within_commune"] = list(filled["rules.within_commune"])
    if purpose == _FREE and sum(row["purpose"] == _FREE for row in one.needs) == 1:
        return scenario  # it has it already
    assert not any(f"premises/{_FREE}" in filled[name] for name in _KEYED)
    assert not any(_FREE in filled[name] for name in (*_PLAIN, "rules.within_commune"))
    for row in one.needs:
        if row["purpose"] == _FREE:
            row["purpose"] = ""
    need["purpose"] = _FREE
    for name in (*_KEYED, *_PLAIN):
        prefix = "premises/" if name in _KEYED else ""
        if f"{prefix}{purpose}" in filled[name]:
            section, _, leaf = name.rpartition(".")
            table = scenario.setdefault(section, {}) if section else scenario
            table.setdefault(leaf, {})[f"{prefix}{_FREE}"] = filled[name][f"{prefix}{purpose}"]
    if purpose in rules["within_commune"]:
        rules["within_commune"].append(_FREE)
    return scenario


def priced(one: Instance, need_id: str, price_vnd: int) -> Instance:
    """Return the instance with another price of a need for premises, its factor counted."""
    other = copied(one)
    _price(other, next(row for row in other.needs if row["need_id"] == need_id), price_vnd)
    return other


def _price(one: Instance, need: Row, price_vnd: int) -> None:
    need["priority"] = 1 + _filled(one)["prices.priority_factor"].index(1)
    need["price_vnd"] = price_vnd


def _add_asset(one: Instance, need: Row) -> None:
    """Add an asset of the kind that is wanted, beside the need."""
    any_kind = {"vehicle": "car", "equipment": "computer", "premises": "office"}
    row: Row = {
        **dict.fromkeys(one.assets[0], ""),
        "asset_id": "A-new",
        "category": need["category"],
        "kind": need["kinds"].split("|")[0] or any_kind[need["category"]],
        "commune_code": need["commune_code"],
        "status": "surplus",
        "units": 1,
        "area_m2": VAST if need["category"] == "premises" else "",
        "condition_pct": "100",
        "year": 2025,
        "repair_vnd": 0,
        "release_value_vnd": 0,
        "legal_status": "clear",
    }
    one.assets.append({key: value for key, value in row.items() if key not in ("lat", "lon")})
    pair = {"asset_id": "A-new", "need_id": need["need_id"]}
    if one.form == "pairs":
        one.metres["A-new", need["need_id"]] = 5
    if one.form == "matches":
        load = 1 if need["category"] == "premises" else ""
        one.matches.append({**dict.fromkeys(one.matches[0], ""), **pair, "cost_vnd": 0, "load": load})


def check_lift(one: Instance, short: Row, solve: Callable[[Instance], solver.Result]) -> bool:
    """Lift a reason: a later one stands there, or more units are served; tell whether it can be lifted."""
    other = relaxed(one, short)
    if other is None:
        return False
    again = short_of(solve(other).plan, str(short["need_id"]))
    if again is not None and again["units"] >= short["units"]:
        assert rank(str(again["reason"])) > rank(str(short["reason"])), (short["need_id"], again["reason"])
    return True


def check_walk(one: Instance, short: Row, solve: Callable[[Instance], solver.Result]) -> list[str]:
    """Lift reason after reason of a need for premises until it is met; return the reasons.

    Each lift leaves a later reason or meets the need, and no reason comes back once it is lifted. A norm may
    come late, since it counts what the need receives.
    """
    reasons: list[str] = []
    again: Row | None = short
    while again is not None:
        reasons.append(str(again["reason"]))
        other = relaxed(one, again)
        assert other is not None, (short["need_id"], reasons)
        one, again = other, short_of(solve(other).plan, str(short["need_id"]))
        if again is not None:
            later = str(again["reason"])
            assert rank(later) > rank(reasons[-1]) or later == "norm", (short["need_id"], reasons, later)
            assert later not in reasons, (short["need_id"], reasons, later)
            assert again["units"] <= short["units"], (short["need_id"], reasons, later)
    return reasons


def check_first(one: Instance, short: Row, solve: Callable[[Instance], solver.Result]) -> None:
    """Lift every stage that comes after the one that is the reason: nothing changes for the need."""
    last = [stage for stage in STAGES if rank(stage) > rank(str(short["reason"]))]
    for stage in last:
        other = relaxed(one, {**short, "reason": stage})
        assert other is not None, stage
        one = other
    again = short_of(solve(one).plan, str(short["need_id"]))
    assert again is not None, short["need_id"]
    assert (again["reason"], again["units"]) == (short["reason"], short["units"]), short["need_id"]
