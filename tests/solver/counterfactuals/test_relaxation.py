"""The relaxation test: lift the reason, and a later one stands there, or the need is served more."""

from __future__ import annotations

import copy
import os
from collections import Counter
from decimal import Decimal
from random import Random
from typing import Any

import pytest

import solver
from solver.counterfactuals.takes import Takes
from tests.solver.limits.test_limits_random import limited
from tests.solver.problem.instances import FORMS, Instance, Row, random_instance

COUNT = int(os.environ.get("SURPLAN_TORTURE_COUNT", "16"))
ORDER = (
    *("no_asset", "condition", "age", "legal_status", "date", "no_distance", "reach", "province_rule"),
    *("banned", "norm", "pinned", "budget", "cross_province_max", "equity", "too_dear", "outbid"),
)


def relaxed(one: Instance, need_id: str, reason: str) -> Instance | None:
    """Return the instance without what the reason names; None where the instance has no way to say so."""
    other = copy.deepcopy(one)
    rules = other.scenario["rules"]
    need = next(row for row in other.needs if row["need_id"] == need_id)
    match reason:
        case "no_asset":
            return with_another(other, need)
        case "condition":
            need["min_condition_pct"] = 0
            rules["min_condition_pct"] = {"vehicle": 0, "equipment": 0}
        case "age":
            rules["max_age_years"] = {"vehicle": 1000, "equipment": 1000}
            for asset in other.assets:
                asset["year"] = asset["year"] or 2025
        case "legal_status":
            rules["legal_status"] = ["clear", "pending", "disputed"]
        case "date":
            for asset in other.assets:
                asset["available_from"] = asset["available_until"] = ""
        case "no_distance":
            for asset in other.assets:
                key = (
                    (asset["asset_id"], need_id)
                    if one.form == "pairs"
                    else (asset["commune_code"], need["commune_code"])
                )
                if one.form == "communes" or asset["category"] == need["category"]:
                    other.metres.setdefault(key, 5)
        case "reach":
            need["reach_km"] = 10**5
        case "province_rule":
            rules["cross_province"] = {"vehicle": "allowed", "equipment": "allowed"}
        case "banned":
            bans = [pair for pair in other.scenario["stability"]["bans"] if pair[1] != need_id]
            other.scenario["stability"]["bans"] = bans
        case "norm":
            norms = other.scenario["norms"]["max_per_commune"]
            other.scenario["norms"]["max_per_commune"] = dict.fromkeys(norms, 10**9)
        case "pinned":
            other.scenario["stability"]["pins"] = []
        case "budget":
            for key in [key for key in other.scenario["limits"] if key.startswith("budget")]:
                del other.scenario["limits"][key]
        case "cross_province_max":
            del other.scenario["limits"]["cross_province_max"]
        case "equity":
            del other.scenario["equity"]
        case _:
            return None
    return other


def with_another(one: Instance, need: Row) -> Instance | None:
    """Add an asset of the kind that is wanted, beside the need."""
    kind = need["kinds"].split("|")[0] or {"vehicle": "car", "equipment": "computer"}[need["category"]]
    row: Row = {
        **dict.fromkeys(one.assets[0], ""),
        "asset_id": "A-new",
        "category": need["category"],
        "kind": kind,
        "commune_code": need["commune_code"],
        "status": "surplus",
        "units": 1,
        "condition_pct": "100",
        "year": 2025,
        "repair_vnd": 0,
        "release_value_vnd": 0,
        "legal_status": "clear",
    }
    row = {key: value for key, value in row.items() if key not in ("lat", "lon")}
    one.assets.append(row)
    if one.form == "pairs":
        one.metres["A-new", need["need_id"]] = 5
    if one.form == "matches":
        one.matches.append(
            {
                "asset_id": "A-new",
                "need_id": need["need_id"],
                "cost_vnd": 0,
                "spend_vnd": "",
                "distance_km": "",
            }
        )
    return one


def drawn(seed: int, form: str) -> Instance:
    if seed % 2:
        return limited(seed, form)
    return random_instance(Random(seed), form, assets=6, needs=6, units=3, money=1000)


def short_of(result: solver.Result, need_id: str) -> dict[str, Any] | None:
    table = result.plan.shortfalls
    found = table[table["need_id"] == need_id].to_dict("records")
    return {str(key): value for key, value in found[0].items()} if found else None


def check_stages(one: Instance, result: solver.Result, seen: Counter[str]) -> None:
    for short in result.plan.shortfalls.to_dict("records"):
        reason, need_id = short["reason"], str(short["need_id"])
        other = relaxed(one, need_id, reason)
        if other is None:
            continue
        again = short_of(solver.solve(other.build(), time_limit=0), need_id)
        seen[reason] += 1
        if again is None or again["units"] < short["units"]:
            continue
        later = str(again["reason"]).replace("unproven", "outbid")
        assert ORDER.index(later) > ORDER.index(reason), (need_id, reason, later)


@pytest.mark.parametrize("form", FORMS)
def test_without_what_the_reason_names_a_later_one_stands_or_the_need_is_served_more(form: str) -> None:
    seen: Counter[str] = Counter()
    for seed in range(COUNT):
        one = drawn(seed, form)
        check_stages(one, solver.solve(one.build(), time_limit=0), seen)
    wanted = {"norm", "no_asset", "banned"} | ({"reach"} if form != "matches" else set())
    assert wanted <= set(seen)


@pytest.mark.parametrize("form", FORMS)
def test_a_price_that_rises_as_told_serves_a_unit_more_and_not_before(form: str) -> None:
    seen: Counter[str] = Counter()
    for seed in range(2 * COUNT):
        one = random_instance(Random(seed), form, assets=6, needs=8, units=3, money=1000, plain=seed % 2 == 0)
        problem = one.build()
        result = solver.solve(problem, time_limit=0)
        takes = Takes(problem, result)
        for short in result.plan.shortfalls.to_dict("records"):
            take = takes.of({str(key): value for key, value in short.items()})
            if short["reason"] not in ("too_dear", "outbid"):
                continue
            if take["exact"] and check_price(one, problem, result, short, int(take["more_vnd"])):
                seen[str(short["reason"])] += 1
    assert sum(seen.values()) > 3


def check_price(
    one: Instance, problem: solver.Problem, result: solver.Result, short: dict[Any, Any], more: int
) -> bool:
    """Raise the factor of one need: to the price told nothing pays, by one VND more it does."""
    need_id = str(short["need_id"])
    category = next(part for part in problem.categories.values() if need_id in part.needs.ids.tolist())
    at = category.needs.ids.tolist().index(need_id)
    taken = {int(k) for part in problem.categories.values() for k in part.needs.priority.tolist()}
    free = sorted({1, 2, 3, 4, 5} - taken)
    base, price = int(category.needs.base[at]), int(category.needs.price[at])
    if not free or base == 0:  # no factor would be its own
        return False
    for rise, served in ((more, False), (more + 1, True)):
        other = copy.deepcopy(one)
        need = next(row for row in other.needs if row["need_id"] == need_id)
        need["price_vnd"], need["priority"] = base, free[0]
        factors = list(other.scenario["prices"]["priority_factor"])
        factors[free[0] - 1] = round(Decimal(price + rise) / base, 10)
        other.scenario["prices"]["priority_factor"] = factors
        again = solver.solve(other.build(), time_limit=0)
        left = short_of(again, need_id)
        if served:
            assert left is None or left["units"] < short["units"]
        else:  # the plan at hand is still a best one
            assert again.objective == result.objective + rise * int(short["units"])
    return True


@pytest.mark.torture
def test_reasons_of_the_national_plan_pass_the_relaxation_test() -> None:
    import geodata

    rng = Random(int(os.environ.get("SURPLAN_TORTURE_SEED", "0")))
    inventory = geodata.reference(seed=1)
    assets, wants = (
        table[table["category"].isin(["vehicle", "equipment"])].astype(object)
        for table in (inventory.assets, inventory.needs)
    )
    register = geodata.read_communes(None).communes

    def solved(stock: Any, needs: Any, scenario: dict[str, Any]) -> solver.Result:  # noqa: ANN401 (frames)
        problem = solver.build(
            stock, needs, scenario=scenario, communes=register, distances=geodata.distances
        )
        return solver.solve(problem, time_limit=0)

    scenario = dict(inventory.scenario)
    result = solved(assets, wants, scenario)
    shortfalls = result.plan.shortfalls.to_dict("records")
    relaxed = 0
    for short in rng.sample(shortfalls, max(1, len(shortfalls) // 20)):
        stock, needs, rules = assets.copy(), wants.copy(), copy.deepcopy(scenario)
        mine = (needs["need_id"] == short["need_id"]).to_numpy(bool)
        match short["reason"]:
            case "reach":
                needs.loc[mine, "reach_km"] = "100000"
            case "condition":
                needs.loc[mine, "min_condition_pct"] = "0"
                rules.setdefault("rules", {})["min_condition_pct"] = {"vehicle": 0, "equipment": 0}
            case "age":
                rules.setdefault("rules", {})["max_age_years"] = {"vehicle/car": 1000, "vehicle": 1000}
            case "legal_status":
                rules.setdefault("rules", {})["legal_status"] = ["clear", "disputed", "pending"]
            case "date":
                stock["available_from"] = stock["available_until"] = None
            case "province_rule":
                rules.setdefault("rules", {})["cross_province"] = dict.fromkeys(
                    ("vehicle", "equipment", "vehicle/boat"), "allowed"
                )
            case "banned":
                rules["stability"] = {}
            case "norm":
                rules.setdefault("norms", {})["max_per_commune"] = {"vehicle/car": 10**6}
            case "too_dear" | "outbid":
                # The last stages: the cheapest way to serve a unit makes the whole dearer, by what it says.
                best = solver.best_way(result.problem, result, need_id=str(short["need_id"]))
                assert best.found is not None, short["need_id"]
                assert best.found.change_vnd is not None
                assert best.found.change_vnd >= 0, short["need_id"]
                relaxed += 1
                continue
            case _:
                continue  # no_asset: nothing that the scenario could relax
        again = short_of(solved(stock, needs, rules), str(short["need_id"]))
        if again is not None and again["units"] >= short["units"]:
            later = str(again["reason"])
            assert ORDER.index(later) > ORDER.index(str(short["reason"])), (short["need_id"], later)
        relaxed += 1
    assert relaxed > 20
