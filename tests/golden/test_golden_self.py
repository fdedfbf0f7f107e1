"""The golden table and plan agree with themselves: derivation, certificate and a second method (HiGHS)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.golden import derive

FOLDER = Path(__file__).parent
STAGES = [
    *("no_asset", "condition", "age", "legal_status", "date"),
    *("no_distance", "reach", "province_rule", "banned", "eligible"),
]
Pairs = dict[tuple[str, str], int]


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


MATCHES = table("matches.csv")
COST: Pairs = {(m["asset_id"], m["need_id"]): int(m["cost_vnd"]) for m in MATCHES if m["cost_vnd"]}
METRES: Pairs = {(m["asset_id"], m["need_id"]): int(m["metres"]) for m in MATCHES if m["metres"]}
PRICE = {m["need_id"]: int(m["price_with_factor"]) for m in MATCHES}
ASSETS = {row["asset_id"]: row for row in table("inputs/assets.csv")}
NEEDS = {row["need_id"]: row for row in table("inputs/needs.csv")}
SUPPLY = {
    a: int(row["units"] or 1) for a, row in ASSETS.items() if row["status"] in ("", "surplus", "handed_idle")
}
DEMAND = {n: int(row["units"]) for n, row in NEEDS.items()}
# The only norm is two cars a commune; one is in use in 97002, two are in 97003, none elsewhere.
CAR_NEEDS = {n: row["commune_code"] for n, row in NEEDS.items() if row["kinds"] == "car"}
CAP = {commune: {"97002": 1, "97003": 0}.get(commune, 2) for commune in CAR_NEEDS.values()}

EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
CERTIFICATE: dict[str, Any] = json.loads((FOLDER / "plan" / "certificate.json").read_text(encoding="utf-8"))
PLAN: Pairs = {(t["asset_id"], t["need_id"]): t["units"] for t in EXPECTED["transfers"]}
UNMET = {s["need_id"]: s["units"] for s in EXPECTED["shortfalls"]}
PI: dict[str, int] = CERTIFICATE["need_price"]
ROW = {n: CERTIFICATE["row_price"].get(f"norm|{commune}|vehicle/car", 0) for n, commune in CAR_NEEDS.items()}
REDUCED: Pairs = {(a, n): cost + ROW.get(n, 0) - PI[n] for (a, n), cost in COST.items()}
WORTH = {a: min([0, *(value for (b, _), value in REDUCED.items() if b == a)]) for a in SUPPLY}


def received(commune: str) -> int:
    return sum(units for (_, need), units in PLAN.items() if CAR_NEEDS.get(need) == commune)


def least(objective: dict[tuple[str, str], float], exactly: set[str]) -> float:
    """Minimum of `objective` over the plans; the assets, needs and communes in `exactly` are used in full."""
    pairs = list(objective)
    limits = [(key, {p for p in pairs if p[0] == key}, units) for key, units in SUPPLY.items()]
    limits += [(key, {p for p in pairs if p[1] == key}, units) for key, units in DEMAND.items()]
    limits += [(key, {p for p in pairs if CAR_NEEDS.get(p[1]) == key}, cap) for key, cap in CAP.items()]
    matrix = np.array([[float(pair in members) for pair in pairs] for _, members, _ in limits])
    upper = np.array([float(limit) for _, _, limit in limits])
    lower = np.array([float(limit) if key in exactly else 0.0 for key, _, limit in limits])
    result = milp(
        np.array([float(objective[pair]) for pair in pairs]),
        constraints=LinearConstraint(matrix, lower, upper),
        integrality=np.ones(len(pairs)),
        bounds=Bounds(0, np.inf),
    )
    assert result.success, result.message
    return float(result.fun)


def test_the_derivation_reproduces_the_table_byte_for_byte() -> None:
    assert (FOLDER / "matches.csv").read_bytes() == derive.matches_csv().encode()


def test_a_pair_is_no_asset_exactly_when_kind_or_status_forbid_it() -> None:
    for match in MATCHES:
        asset, need = ASSETS[match["asset_id"]], NEEDS[match["need_id"]]
        kinds = need["kinds"].split("|") if need["kinds"] else [asset["kind"]]
        fits = (
            asset["category"] == need["category"] and asset["kind"] in kinds and match["asset_id"] in SUPPLY
        )
        assert (match["stage"] != "no_asset") == fits, match


def test_the_derivation_names_every_pair_once_and_no_pair_that_does_not_exist() -> None:
    eligible = [(pair.asset_id, pair.need_id) for pair in derive.ELIGIBLE]
    assert len(set(eligible)) == len(eligible)
    assert not set(eligible) & set(derive.FAILS)
    assert set(eligible) | set(derive.FAILS) <= {(a, n) for a in SUPPLY for n in DEMAND}
    assert set(derive.PRICES) == set(DEMAND)


def test_every_stage_and_every_reason_of_the_standard_occurs() -> None:
    assert {match["stage"] for match in MATCHES} == set(STAGES)
    reasons = {shortfall["reason"] for shortfall in EXPECTED["shortfalls"]}
    assert reasons == {*STAGES[:-1], "norm", "too_dear", "outbid"}
    assert {release["reason"] for release in EXPECTED["releases"]} == {"no_need", "too_dear", "norm", "met"}


def test_the_plan_keeps_supply_demand_and_norm() -> None:
    assert all(COST[pair] < PRICE[pair[1]] and units > 0 for pair, units in PLAN.items())
    for need, demand in DEMAND.items():
        assert sum(units for (_, n), units in PLAN.items() if n == need) + UNMET.get(need, 0) == demand
    left = {release["asset_id"]: release["units"] for release in EXPECTED["releases"]}
    for asset, supply in SUPPLY.items():
        assert sum(units for (a, _), units in PLAN.items() if a == asset) + left.get(asset, 0) == supply
    assert all(received(commune) <= cap for commune, cap in CAP.items())


def test_the_objective_is_the_sum_of_the_plan_and_its_parts_add_up() -> None:
    cost = sum(COST[pair] * units for pair, units in PLAN.items())
    assert cost == EXPECTED["cost_vnd"] == sum(EXPECTED["cost_parts"].values())
    assert cost + sum(PRICE[need] * units for need, units in UNMET.items()) == EXPECTED["objective_vnd"]
    assert sum(EXPECTED["objective_by_category"].values()) == EXPECTED["objective_vnd"]
    assert sum(METRES[pair] * units for pair, units in PLAN.items()) == EXPECTED["unit_metres"]
    assert [s["price_vnd"] for s in EXPECTED["shortfalls"]] == [PRICE[need] for need in UNMET]


def test_the_certificate_proves_the_objective_in_integers() -> None:
    assert all(PI[need] <= price for need, price in PRICE.items())
    assert min(CERTIFICATE["row_price"].values()) >= 0
    bound = sum(DEMAND[need] * price for need, price in PI.items())
    bound -= sum(CERTIFICATE["row_price"].get(f"norm|{c}|vehicle/car", 0) * cap for c, cap in CAP.items())
    bound += sum(SUPPLY[asset] * worth for asset, worth in WORTH.items())
    assert bound == EXPECTED["bound_vnd"] == EXPECTED["objective_vnd"]


def test_the_plan_folders_metres_and_legs_give_the_metres_of_the_table() -> None:
    between = {
        (row["from_commune_code"], code): int(cell)
        for row in table("plan/inputs/metres.csv")
        for code, cell in row.items()
        if code != "from_commune_code" and cell
    }
    within = {
        (row["asset_id"], row["need_id"]): int(row["metres"]) for row in table("plan/inputs/metres_pairs.csv")
    }
    assets = {row["asset_id"]: row for row in table("plan/inputs/assets.csv")}
    needs = {row["need_id"]: row for row in table("plan/inputs/needs.csv")}
    for (asset, need), metres in METRES.items():
        ends = assets[asset]["commune_code"], needs[need]["commune_code"]
        legs = int(assets[asset]["leg_m"]) + int(needs[need]["leg_m"])
        assert metres == (within.get((asset, need), 0) if ends[0] == ends[1] else between[ends] + legs), (
            asset,
            need,
        )


def test_highs_finds_the_same_optimum() -> None:
    # Minimise cost - price over the pairs; the plan with no transfer costs every need its price.
    empty = sum(DEMAND[need] * price for need, price in PRICE.items())
    optimum = empty + least({pair: cost - PRICE[pair[1]] for pair, cost in COST.items()}, set())
    assert round(optimum) == EXPECTED["objective_vnd"]


def test_no_optimal_plan_has_fewer_metres() -> None:
    # Complementary slackness: with these prices a plan is optimal exactly when it uses tight pairs only, uses
    # up what is priced (assets of negative worth, rows of positive price), and meets every need priced below
    # what leaving it unmet costs.
    tight = {pair: float(METRES[pair]) for pair, value in REDUCED.items() if value == WORTH[pair[0]]}
    full = {asset for asset, worth in WORTH.items() if worth < 0}
    full |= {need for need, price in PI.items() if price < PRICE[need]}
    full |= {commune for need, commune in CAR_NEEDS.items() if ROW[need] > 0}
    assert round(least(tight, full)) == EXPECTED["unit_metres"]


def test_the_reason_of_a_shortfall_is_the_first_stage_that_no_asset_passes() -> None:
    for shortfall in EXPECTED["shortfalls"]:
        need = shortfall["need_id"]
        reached = max(STAGES.index(match["stage"]) for match in MATCHES if match["need_id"] == need)
        if STAGES[reached] != "eligible":
            reason = STAGES[reached]
        elif CAP.get(CAR_NEEDS.get(need, ""), 99) == received(CAR_NEEDS.get(need, "")):
            reason = "norm"
        elif all(cost >= PRICE[need] for (_, n), cost in COST.items() if n == need):
            reason = "too_dear"
        else:
            reason = "outbid"
        assert shortfall["reason"] == reason, need


def test_ranks_and_alternatives_follow_the_costs() -> None:
    for transfer in EXPECTED["transfers"]:
        asset, need = transfer["asset_id"], transfer["need_id"]
        others = sorted((cost, a) for (a, n), cost in COST.items() if n == need and a != asset)
        cost = COST[asset, need]
        assert transfer["rank"] == 1 + sum(other < cost for other, _ in others)
        best = (others[0][1], others[0][0] - cost) if others else (None, None)
        assert (transfer["alternative_asset_id"], transfer["alternative_extra_vnd"]) == best


def test_the_written_transfers_are_those_of_the_plan_with_the_parts_of_the_table() -> None:
    parts = {(m["asset_id"], m["need_id"]): m for m in MATCHES}
    rows = table("plan/transfers.csv")
    assert {(row["asset_id"], row["need_id"]): int(row["units"]) for row in rows} == PLAN
    for row in rows:
        match = parts[row["asset_id"], row["need_id"]]
        for column in (name for name in match if name in row and name.endswith("_vnd")):
            assert int(row[column]) == int(match[column]) * int(row["units"]), (row, column)
