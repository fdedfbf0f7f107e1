"""Random small inventories of premises with everything that can go wrong in a match."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.solver.problem.instances import COMMUNES, Instance, Row, countable, with_point

if TYPE_CHECKING:
    from random import Random

KINDS = ("office", "school", "house", "land")
PURPOSES = ("", "headquarters", "education", "health", "housing", "other")
AREAS = (60, 80, "80.5", "120.25", 200, "0.01")


def premises_instance(rng: Random, form: str, *, assets: int = 14, needs: int = 14) -> Instance:
    """Draw an instance of premises alone; rows repeat, so that classes have several members.

    Half of them have few rules, so that many pairs are eligible.
    """
    norms = rng.choice([{}, {"premises": rng.randint(0, 3)}, {"premises/office": 1, "premises": 2}])
    one = Instance(form, [], [], _scenario(rng, norms))
    one.assets = [_asset(rng, k) for k in range(rng.randint(1, assets))]
    one.needs = [_need(rng, k, norms, form) for k in range(rng.randint(1, needs))]
    for rows, key in ((one.assets, "asset_id"), (one.needs, "need_id")):
        rows += [{**row, key: f"{row[key]}b", "official_id": ""} for row in rows if rng.random() < 0.3]
    pairs = [(str(a["asset_id"]), str(n["need_id"])) for a in one.assets for n in one.needs]
    if form == "communes":
        one.metres = {(a, b): _far(rng) for a in COMMUNES for b in COMMUNES if a != b and rng.random() < 0.9}
    if form == "pairs":
        one.metres = {pair: _far(rng) for pair in pairs if rng.random() < 0.8}
    if form == "matches":
        one.matches = [_match(rng, a, n) for a in one.assets for n in one.needs if countable(a, n, norms)]
        one.matches = [match for match in one.matches if rng.random() < 0.8]
        if not one.matches:  # an empty table is an issue
            return premises_instance(rng, form, assets=assets, needs=needs)
    if rng.random() < 0.5:
        one.scenario["reach_km"] = {"premises": 29, "premises/housing": 400}
        one.scenario["rules"].update(min_condition_pct={"premises": 0}, max_age_years={}, within_commune=[])
        for need in one.needs:
            need["min_condition_pct"] = ""
    if rng.random() < 0.4:
        one.scenario["stability"] = {"bans": [list(pair) for pair in pairs if rng.random() < 0.2]}
    return one


def _far(rng: Random) -> int:
    return rng.choice([0, 1, 999, 20_000, 20_001, rng.randint(0, 30_000)])


def _scenario(rng: Random, norms: dict[str, int]) -> dict[str, Any]:
    rule = ["allowed", "surcharge", "forbidden"]
    return {
        "name": "random",
        "date": "2025-08-15",
        "scope_province": None if rng.random() < 0.9 else "98",
        "reach_km": {
            "premises": 20,
            "premises/housing": Decimal("19.999"),
            "premises/school": rng.choice([0, 400]),
        },
        "prices": {
            "handover": {
                "premises": 5,
                "premises/health": rng.choice([0, Decimal("7.5")]),
                "premises/land": 9,
            },
            "repair_per_m2": rng.choice([0, 3_000_000, Decimal("123.456")]),
            "change_of_use_per_m2": rng.choice([0, Decimal("1500.5")]),
            "build_per_m2": rng.choice([9_000, Decimal("9.99")]),
            "travel_per_km_m2_year": rng.choice([0, 200, Decimal("0.0123")]),
            "horizon_years": rng.choice([0, 10, Decimal("2.5")]),
            "cross_province": Decimal("10.5"),
            "open_premises": rng.choice([0, 100_000_000, Decimal("99.5")]),
            "count_release_value": rng.random() < 0.5,
            "unmet": {"premises": Decimal("9000.5"), "premises/health": 5, "premises/house": 7_000},
            "priority_factor": [Decimal("4.0001"), 2, 1, Decimal("0.5"), 0],
        },
        "rules": {
            "cross_province": {
                "premises": rng.choice(rule),
                "premises/health": rng.choice(rule),
                "premises/office": rng.choice(rule),
            },
            "within_commune": rng.choice([[], ["headquarters"], ["headquarters", "health"]]),
            "min_condition_pct": {
                "premises": rng.choice([0, Decimal("29.995")]),
                "premises/health": rng.choice([0, 50]),
                "premises/house": 0,
            },
            "max_age_years": rng.choice(
                [
                    {},
                    {"premises/office": 20},
                    {"premises/education": 5},
                    {"premises/education": 5, "premises": 40},
                ]
            ),
            "legal_status": ["clear", "pending"],
            "same_use": {
                "headquarters": ["office"],
                "education": ["school", "house"],
                "health": [],
                "housing": ["house"],
            },
        },
        "priority_by_purpose": {
            "headquarters": 1,
            "education": 5,
            "health": 2,
            "housing": 3,
            "premises/house": 4,
        },
        "norms": {"max_per_commune": norms},
    }


def _asset(rng: Random, number: int) -> Row:
    row = {
        "asset_id": f"A-{number:03d}",
        "category": "premises",
        "kind": rng.choice(KINDS),
        "commune_code": rng.choice(list(COMMUNES)),
        "status": rng.choice(["surplus"] * 9 + ["handed_idle", "in_use", "handled"]),
        "units": 1,
        "area_m2": rng.choice(["", *AREAS, *[500, 10_000] * 6]),
        "condition_pct": rng.choice(["", "29.99", "30", "50", "72.51", "72.51", "100", "100"]),
        "year": rng.choice(["", 1980, 2004, 2005, 2020, 2020, 2026]),
        "legal_status": rng.choice(["clear"] * 12 + ["pending", "disputed"]),
        "available_from": rng.choice([""] * 12 + ["2025-10-01"]),
        "available_until": rng.choice([""] * 12 + ["2025-12-31"]),
        "repair_vnd": rng.choice([0, 10**9]),  # plays no role for premises
        "release_value_vnd": rng.choice([0, 10**8]),
        "official_id": "",
    }
    return with_point(rng, row)


def _need(rng: Random, number: int, norms: dict[str, int], form: str) -> Row:
    by_kind = any("/" in key for key in norms)
    kinds = rng.choice(["office", "school", "house", "land", "house|school"] + [""] * 5 * (not by_kind))
    area = rng.choice(AREAS)
    row: Row = {
        "need_id": f"N-{number:03d}",
        "category": "premises",
        "kinds": kinds,
        "purpose": rng.choice(PURPOSES),
        "recipient": "UBND xã",
        "commune_code": rng.choice(list(COMMUNES)),
        "units": rng.randint(1, 3),
        "area_m2": area,
        "priority": rng.choice(["", 1, 3, 5]),
        "price_vnd": rng.choice(["", 10**6, 3 * 10**9]),
        "min_condition_pct": rng.choice(["", "", "", 0, 30, "72.51"]),
        "reach_km": rng.choice(["", "", "", 0, "20.001"]),
        "deadline": rng.choice(["", "", "2025-10-01", "2025-09-30", "2026-01-01"]),
    }
    if form == "matches" and rng.random() < 0.2:
        row["area_m2"] = ""
    if row["area_m2"] == "" or kinds == "house|school":  # whose prices differ
        row["price_vnd"] = 10**7
    return with_point(rng, row)


def _match(rng: Random, asset: Row, need: Row) -> Row:
    load = rng.choice(["", 0, 60, "80.5", "120.25", 300])
    return {
        "asset_id": asset["asset_id"],
        "need_id": need["need_id"],
        "cost_vnd": rng.randint(0, 10**7),
        "load": 80 if load == "" and need["area_m2"] == "" else load,
        "spend_vnd": rng.choice(["", 5]),
        "distance_km": rng.choice(["", "12.5"]),
    }
