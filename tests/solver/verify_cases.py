"""Tiny instances to check: worked by hand, with every reason of the funnel, and random."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.solver.verify_naive import (
    ASSET_COLUMNS,
    AUTHORITY_COLUMNS,
    COMMUNE_COLUMNS,
    NEED_COLUMNS,
    Case,
    Row,
)


def scenario(**changes: object) -> dict[str, Any]:
    """Every key, filled in; a dict given for a section is merged into it."""
    base: dict[str, Any] = {
        "name": "Thử",
        "objective": "net_cost",
        "date": "2025-08-15",
        "commune_codes": "2025",
        "scope_province": None,
        "reach_km": {"vehicle": 400, "equipment": 150},
        "prices": {
            "per_km": {"vehicle": 12000, "equipment": 6000.5},
            "handover": {"vehicle": 2000000, "equipment": 200000, "premises": 5000000},
            "repair_per_m2": 3000000,
            "change_of_use_per_m2": 1500000,
            "build_per_m2": 9000000,
            "travel_per_km_m2_year": 200,
            "horizon_years": 10,
            "cross_province": 5000000,
            "open_premises": 100000000,
            "count_release_value": False,
            "unmet": {
                "vehicle": 300000000,
                "vehicle/car": 950000000,
                "equipment": 15000000,
                "premises": 9000000,
            },
            "priority_factor": [4.0, 2.0, 1.0, 0.5, 0.25],
        },
        "rules": {
            "cross_province": {"vehicle": "surcharge", "equipment": "forbidden", "premises": "forbidden"},
            "within_commune": ["headquarters", "service_centre", "health", "police"],
            "min_condition_pct": {"vehicle": 30},
            "max_age_years": {"vehicle/car": 20},
            "legal_status": ["clear"],
            "same_use": {"headquarters": ["office"]},
        },
        "priority_by_purpose": {"headquarters": 1, "health": 2},
        "norms": {
            "max_per_commune": {"vehicle/car": 2},
            "life_years": {"vehicle/car": 15, "equipment/computer": 5},
        },
        "limits": {
            "budget_vnd": None,
            "budget_vnd_by_province": {},
            "budget_vnd_by_category": {},
            "cross_province_max": {},
        },
        "equity": {"by": "province", "coverage_floor": {}, "floor_mode": "attainable"},
        "stability": {
            "freedom": "free",
            "change_price_vnd": 10000000,
            "max_changes": None,
            "pins": [],
            "bans": [],
        },
        "solver": {
            "time_limit_s": 60,
            "work_limit": 0,
            "cost_gap": 0.0,
            "value_gap": 0.0,
            "gap_vnd": 0,
            "seed": 0,
            "processes": 0,
        },
    }
    for key, value in changes.items():
        if isinstance(value, dict):
            base[key] = base[key] | value
        else:
            base[key] = value
    return base


def commune(code: str, province: str, lat: float, lon: float, island: str = "") -> Row:
    return dict.fromkeys(COMMUNE_COLUMNS, "") | {
        "commune_code": code,
        "name": f"Xã {code}",
        "kind": "xã",
        "province_code": province,
        "island": island,
        "province_name": f"Tỉnh {province}",
        "lat": str(lat),
        "lon": str(lon),
        "area_km2": "10",
        "population": "9000",
    }


def asset(asset_id: str, category: str, kind: str, code: str, **more: str) -> Row:
    return (
        dict.fromkeys(ASSET_COLUMNS, "")
        | {
            "asset_id": asset_id,
            "category": category,
            "kind": kind,
            "commune_code": code,
            "status": "surplus",
            "units": "1",
            "legal_status": "clear",
            "repair_vnd": "0",
            "release_value_vnd": "0",
            "official_id": f"OFF-{asset_id}",
        }
        | more
    )


def need(need_id: str, category: str, kinds: str, code: str, **more: str) -> Row:
    return (
        dict.fromkeys(NEED_COLUMNS, "")
        | {
            "need_id": need_id,
            "category": category,
            "kinds": kinds,
            "commune_code": code,
            "units": "1",
            "recipient": f"UBND xã {code}",
        }
        | more
    )


def communes() -> list[Row]:
    """Seven communes in three provinces, two of them on an island."""
    return [
        commune("00101", "01", 21.02, 105.85),
        commune("00102", "01", 21.1, 105.7),
        commune("00103", "01", 20.9, 105.95),
        commune("03801", "38", 19.8, 105.77),
        commune("03802", "38", 20.05, 105.3),
        commune("09101", "91", 10.2, 103.96, "Phú Quốc"),
        commune("09102", "91", 10.0, 105.1),
    ]


def authorities() -> list[Row]:
    """Who decides: the province that gives; the ministry for what leaves 01."""
    rows = [
        ("", "", "", "", "Chủ tịch UBND {province}"),
        ("01", "", "", "true", "Bộ Tài chính"),
        ("", "", "premises", "", "UBND {province}, {commune}"),
    ]
    return [dict(zip(AUTHORITY_COLUMNS, row, strict=True)) for row in rows]


def mixed_case() -> Case:
    """Most reasons of the funnel, lots, a norm that binds, in-use rows, premises, a ban, an island."""
    assets = [
        asset("V-01", "vehicle", "car", "00101", condition_pct="80", year="2019", source="register"),
        asset(
            "V-02",
            "vehicle",
            "car",
            "00102",
            condition_pct="55.5",
            year="2015",
            lat="21.12",
            lon="105.72",
            repair_vnd="30000001",
        ),
        asset(
            "V-03",
            "vehicle",
            "car",
            "03801",
            condition_pct="60",
            year="2016",
            units="2",
            release_value_vnd="5000000",
        ),
        asset("V-04", "vehicle", "car", "03801", condition_pct="20", year="2004", release_value_vnd="12345"),
        asset("V-05", "vehicle", "car", "03802", condition_pct="70", year="2018", legal_status="disputed"),
        asset(
            "V-06", "vehicle", "pickup", "03802", condition_pct="40", year="2012", available_from="2025-12-01"
        ),
        asset("V-07", "vehicle", "car", "00103", status="in_use"),
        asset("V-08", "vehicle", "car", "03802", status="in_use", units="2"),
        asset("V-09", "vehicle", "boat", "09101", condition_pct="50", year="2014", status="handed_idle"),
        asset("V-10", "vehicle", "car", "00101", status="handled", condition_pct="90", year="2020"),
        asset("E-01", "equipment", "computer", "00101", units="5", year="2023", lat="21.0", lon="105.8"),
        asset("E-02", "equipment", "computer", "03801", units="2", year="2010", release_value_vnd="7"),
        asset("E-03", "equipment", "printer", "09102", units="3", condition_pct="33.3"),
        asset("P-01", "premises", "office", "00101", area_m2="300"),
    ]
    needs = [
        need("N-01", "vehicle", "car", "00101", units="2", priority="1"),
        need(
            "N-02", "vehicle", "car|pickup", "00102", priority="2", until="2030-01-01", price_vnd="950000000"
        ),
        need("N-03", "vehicle", "car", "00103", units="2", price_vnd="800000001", priority="5"),
        need("N-04", "vehicle", "car", "03802"),
        need(
            "N-05",
            "vehicle",
            "boat",
            "09101",
            lat="10.25",
            lon="103.99",
            reach_km="20.5",
            price_vnd="400000000",
        ),
        need("N-06", "vehicle", "minibus", "00101"),
        need("N-07", "vehicle", "car", "09102", reach_km="30"),
        need("N-08", "vehicle", "pickup", "03801", deadline="2025-10-01"),
        need("N-09", "vehicle", "car", "03801", min_condition_pct="95"),
        need("N-10", "vehicle", "boat", "09102", price_vnd="100"),
        need("N-11", "equipment", "computer", "00102", units="4", purpose="headquarters"),
        need("N-12", "equipment", "", "03802", units="3", priority="4"),
        need("N-13", "equipment", "printer", "09101"),
        need("N-14", "equipment", "printer", "09102", units="2"),
        need("N-15", "equipment", "printer", "00101", reach_km="5000"),
        need("P-01", "premises", "", "00101", purpose="headquarters", area_m2="100"),
    ]
    return Case(
        communes(),
        assets,
        needs,
        scenario(
            stability={"bans": [["E-03", "N-14"]]},
            norms={"max_per_commune": {"vehicle/car": 2, "vehicle": 3}},
        ),
        authorities=authorities(),
    )


def premises_case() -> Case:
    """Premises with every stage and reason: sharing, land, decimals, several places, norms, keys."""

    def house(name: str, kind: str, code: str, area: str, **more: str) -> Row:
        usual = {"area_m2": area, "condition_pct": "70", "year": "2011"}
        return asset(name, "premises", kind, code, **(usual | more))

    def place(name: str, kinds: str, code: str, area: str, purpose: str, **more: str) -> Row:
        return need(name, "premises", kinds, code, **({"area_m2": area, "purpose": purpose} | more))

    assets = [
        house("P-01", "office", "00101", "500.5", release_value_vnd="900000000"),
        house("P-02", "school", "00101", "300", condition_pct="45.5", units="7", status="handed_idle"),
        house("P-03", "house", "00102", "120", condition_pct="", source="register"),
        house("P-04", "land", "00103", "1000", condition_pct="", release_value_vnd="7"),
        house("P-05", "warehouse", "00102", "80", condition_pct="9", year="1980"),
        house("P-06", "clinic", "03801", "250", legal_status="disputed"),
        house("P-07", "clinic", "03801", "200", legal_status="disputed", condition_pct="5"),
        house("P-08", "office", "03802", "", year="2001"),
        house("P-09", "other:kho", "03802", "400", available_from="2026-01-01", lat="20.06", lon="105.31"),
        house("P-10", "culture_house", "09101", "150.25", year="1990"),
        house("P-11", "culture_house", "09102", "150.25"),
        house("P-12", "house", "03801", "90", condition_pct="60"),
        house("P-13", "house", "03801", "90", condition_pct="60"),
        house("P-14", "office", "00103", "200", status="in_use", units="4"),
        house("P-15", "house", "03801", "50", status="in_use"),
        house("P-16", "warehouse", "03802", "3000"),
        house("P-17", "school", "03802", "60", condition_pct="100"),
        house("P-18", "office", "09102", "75"),
        house("P-19", "school", "00101", "160", condition_pct="40"),
    ]
    needs = [
        place("H-01", "", "00101", "200.5", "headquarters"),
        place("H-02", "office|house", "00101", "100", "service_centre", units="3", until="2031-12-31"),
        place("H-03", "", "00102", "125", "headquarters"),  # all that is large enough lies elsewhere
        place("H-04", "land", "00103", "750.125", "sport", priority="1"),
        place("H-05", "land", "09101", "10", "other", reach_km="5000"),  # it lies in another province
        place("H-06", "clinic", "03801", "100", "health"),  # legal status
        place("H-07", "culture_house", "09101", "100", "culture", min_condition_pct="80"),  # condition
        place("H-08", "culture_house", "09102", "150.25", "culture"),
        place("H-09", "house", "03801", "45", "housing", units="5", price_vnd="500000000"),
        place("H-10", "other:kho", "03802", "390", "other"),  # date
        place("H-11", "office", "03802", "10", "police"),  # no commune has one that is free
        place("H-12", "house", "00101", "50.5", "housing", reach_km="3"),  # reach
        place("H-13", "school", "03801", "50", "education", priority="5"),
        place("H-14", "warehouse", "03802", "60", "other", priority="5", price_vnd="100000000"),
        place("H-15", "school", "03802", "60", "education"),  # banned
        place("H-16", "hospital", "03802", "60", "health"),
        place("H-17", "house", "03801", "20", "housing", price_vnd="400000000", priority="4"),
        place("H-18", "office", "09102", "10", "other", price_vnd="60000000"),  # opening is too dear for it
        place("H-19", "office", "09102", "75", "other", priority="1", price_vnd="150000000"),
        place("H-20", "culture_house", "09102", "80", "culture", priority="2"),
        place("H-21", "land", "00103", "1000.001", "other"),  # too small
        place("H-22", "warehouse", "03802", "60", "military"),  # age, by purpose
        place("H-23", "school", "00102", "150", "other", priority="1"),
        place("H-24", "land", "03802", "100", "sport", priority="1", reach_km="5000"),
    ]
    return Case(
        communes(),
        assets,
        needs,
        scenario(
            reach_km={"premises": 80, "premises/office": 70, "premises/housing": 25.5},
            prices={
                "unmet": {"premises": 9000000.5, "premises/school": 8000000, "premises/culture": 7000000},
                "handover": {"premises": 5000000.5, "premises/house": 4000000, "premises/health": 1},
                "repair_per_m2": 3000000.7,
                "travel_per_km_m2_year": 200.3,
                "horizon_years": 9.5,
                "per_km": {},
                "cross_province": 5000000,
                "open_premises": 100000000.5,
                "count_release_value": False,
                "change_of_use_per_m2": 1500000.25,
                "build_per_m2": 5000000,
                "priority_factor": [4.0, 2.0, 1.0, 0.5, 0.25],
            },
            rules=scenario()["rules"]
            | {
                "min_condition_pct": {"premises/warehouse": 10, "premises/culture": 20},
                "max_age_years": {"premises/military": 13, "premises/office": 50},
                "cross_province": {"premises": "forbidden", "premises/sport": "surcharge"},
            },
            norms={"max_per_commune": {"premises/house": 3}, "life_years": {"premises": 40}},
            stability={"bans": [["P-17", "H-15"]]},
        ),
        denominator=6,
        authorities=authorities(),
    )


AREAS = ("0", "50", "50", "100", "100.5", "150", "33.333")
ROOMS = ("", "0", "50", "100", "100", "150.5", "300", "412.75")


def add_premises(case: Case, rng: Random, size: int, big: int) -> None:
    """Random premises and places: ties, equal copies, no room, loads that fill it, prices near the cost."""
    codes = [row["commune_code"] for row in case.communes][: rng.choice([2, 5, 7])]
    kinds = ["office", "office", "school", "house", "land"]
    purposes = ["", "headquarters", "education", "housing", "other", "other"]
    for i in range(1 if rng.random() < 0.2 else size):
        row = asset(
            f"P-{i:03}",
            "premises",
            rng.choice(kinds),
            rng.choice(codes),
            area_m2=rng.choice(ROOMS),
            status=rng.choice(["surplus", "surplus", "surplus", "handed_idle", "in_use"]),
            condition_pct=rng.choice(["", "9.99", "50", "77.7", "100"]),
            year=rng.choice(["", "1990", "2020"]),
            legal_status=rng.choice(["clear", "clear", "clear", "pending"]),
            release_value_vnd=str(rng.choice([0, 1, 50_000_000])),
        )
        case.assets += [row] + [row | {"asset_id": f"P-{i:03}x"}] * (rng.random() < 0.2)
    for i in range(0 if rng.random() < 0.1 else size):
        case.needs.append(
            need(
                f"H-{i:03}",
                "premises",
                rng.choice(["", "", "office", "house|school", "land"]),
                rng.choice(codes),
                area_m2=rng.choice(AREAS),
                purpose=rng.choice(purposes),
                units=rng.choice(["1", "1", "2", "3"]),
                price_vnd=rng.choice(["", "", str(rng.randint(1, 10**9) * big), "100000000", "105000000"]),
                priority=rng.choice(["", "1", "3", "5"]),
                reach_km=rng.choice(["", "", "500.001"]),
                min_condition_pct=rng.choice(["", "", "0", "60"]),
            )
        )
    case.scenario["prices"] |= {
        "open_premises": rng.choice([0, 1, 100000000, 50000000.5] + [None, 3] * (case.form == "matches")),
        "count_release_value": rng.random() < 0.4,
        "handover": case.scenario["prices"]["handover"] | {"premises/housing": 0},
        "unmet": case.scenario["prices"]["unmet"]
        | rng.choice([{}, {"premises/house": 2.5, "premises/school": 2.5}]),
    }
    case.denominator = rng.choice([1, 2, 6, 1 << 20])
    case.scenario["norms"]["max_per_commune"] |= rng.choice([{}, {"premises": 3}, {"premises/office": 1}])
    rule = {"premises": rng.choice(["forbidden", "surcharge", "allowed"])}
    case.scenario["rules"]["cross_province"] |= rule | rng.choice([{}, {"premises/housing": "surcharge"}])
    case.scenario["rules"]["min_condition_pct"] |= rng.choice([{}, {"premises": 10}, {"premises/office": 60}])
    far = {"premises": 2500, "premises/school": 100}
    case.scenario["reach_km"] |= rng.choice([{}, {"premises": 60}, far])


LEVELS = ("", "central", "province", "commune")


def add_offices(case: Case, rng: Random) -> None:
    """Levels of holders, a table of authorities, needs for a time, and assets that go with a house."""
    for row in case.assets:
        row |= {"holder_level": rng.choice(LEVELS), "attached_to": "P-999" if rng.random() < 0.1 else ""}
    for row in case.needs:
        row["until"] = rng.choice(["", "", "", "2031-01-31"])
    keys = {
        (
            rng.choice(["", "", "01", "38", "91"]),
            rng.choice(LEVELS),
            rng.choice(["", "", "vehicle", "premises"]),
            rng.choice(["", "true", "false"]),
        )
        for _ in range(rng.choice([0, 3, 12]))
    }
    for number, key in enumerate(sorted(keys)):
        text = rng.choice(["Chủ tịch UBND {province}", "UBND {commune}, {province}", "Bộ"]) + f" {number}"
        case.authorities.append(dict(zip(AUTHORITY_COLUMNS, (*key, text), strict=True)))


def random_case(seed: int, *, form: str = "communes", size: int = 6, big: int = 1, premises: int = 0) -> Case:
    """Random instance with ties, lots, caps and, where `form` allows, a table that is no metric."""
    rng = Random(seed)
    places = communes()
    codes = [row["commune_code"] for row in places]
    kinds = {"vehicle": ["car", "pickup"], "equipment": ["computer", "printer"]}
    assets, needs = [], []
    for i in range(size):
        category = rng.choice(["vehicle", "vehicle", "equipment"])
        assets.append(
            asset(
                f"A-{i:03}",
                category,
                rng.choice(kinds[category]),
                rng.choice(codes),
                units=str(rng.randint(1, 3)),
                status=rng.choice(["surplus", "surplus", "surplus", "handed_idle", "in_use"]),
                condition_pct=rng.choice(["", "29.9", "30", "50", "77.7", "100"]),
                year=rng.choice(["", "2004", "2005", "2018", "2026"]),
                repair_vnd=str(rng.choice([0, 1, 10**6]) * big),
                release_value_vnd=str(rng.randint(0, 9)),
                source=rng.choice(["", "register"]),
            )
        )
    for i in range(size):
        category = rng.choice(["vehicle", "vehicle", "equipment"])
        needs.append(
            need(
                f"N-{i:03}",
                category,
                rng.choice(kinds[category]),
                rng.choice(codes),
                units=str(rng.randint(1, 3)),
                price_vnd=rng.choice(["", str(rng.randint(1, 10**9) * big)]),
                priority=rng.choice(["", "1", "2", "5"]),
                min_condition_pct=rng.choice(["", "", "40"]),
                reach_km=rng.choice(["", "", "900.001"]),
            )
        )
    case = Case(
        places,
        assets,
        needs,
        scenario(
            priority_by_purpose=rng.choice([{}, {"vehicle/car": 2, "equipment": 1, "health": 2}]),
            rules={"min_condition_pct": rng.choice([{}, {"vehicle": 30}, {"vehicle": 30, "vehicle/car": 0}])}
            | {
                "cross_province": {
                    "vehicle": rng.choice(["surcharge", "allowed"]),
                    "equipment": rng.choice(["forbidden", "surcharge"]),
                }
            },
            norms={
                "max_per_commune": rng.choice(
                    [{"vehicle/car": 2}, {"vehicle": 2, "vehicle/car": 1}, {"equipment": 1}, {}]
                )
            },
            reach_km=rng.choice([{"vehicle": 400}, {"vehicle": 2500}, {"vehicle/car": 150}]),
            stability={"bans": [[f"A-{rng.randrange(size):03}", f"N-{rng.randrange(size):03}"]]},
        ),
        form=form,
        provider="great_circle" if form == "communes" and rng.random() < 0.6 else "table",
    )
    if premises:
        add_premises(case, Random(seed + 10**6), premises, big)
    add_offices(case, Random(seed + 2 * 10**6))
    ends = [(a["asset_id"], n["need_id"]) for a in assets for n in needs]
    if form == "matches":
        case.matches = [
            {
                "asset_id": a,
                "need_id": n,
                "cost_vnd": str(rng.choice([1, 5, 5, 70, 10**9]) * big),
                "load": "" if a[0] != "P" else rng.choice(["", "", "0", "50", "49.9"]),
                "spend_vnd": rng.choice(["", "4"]),
                "distance_km": rng.choice(["", "12.5"]),
            }
            for a, n in ends
            if rng.random() < 0.6
        ]
    elif case.provider == "table":
        keys = ends if form == "pairs" else [(o, d) for o in codes for d in codes]
        case.table = {
            key: rng.choice([0, 999, 1000, 120_000, rng.randint(0, 10**6)])
            for key in keys
            if rng.random() < 0.8
        }
    return case
