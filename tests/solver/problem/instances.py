"""Random small inventories with everything that can go wrong in a match, in a few communes."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import solver

if TYPE_CHECKING:
    from random import Random

Row = dict[str, Any]

COMMUNES = {"97001": "97", "97002": "97", "98001": "98", "98002": "98", "99001": "99"}
KINDS = {"vehicle": ("car", "pickup"), "equipment": ("computer", "printer")}
YEAR = 2025
FORMS = ("communes", "pairs", "matches")


@dataclass
class FakeDistances:
    """Metres between communes from a table that is no metric; between points a street grid."""

    table: dict[tuple[str, str], int]
    name: str = "fake"
    version: str = "1"

    def matrix(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> np.ndarray:
        return np.array(
            [
                [0 if a == b else self.table.get((a, b), -1) for b in destinations["commune_code"]]
                for a in origins["commune_code"]
            ],
            np.int64,
        ).reshape(len(origins), len(destinations))

    def metres(self, lat1: Any, lon1: Any, lat2: Any, lon2: Any) -> np.ndarray:  # noqa: ANN401 (arrays or floats)
        grid = [
            np.rint(np.asarray(values, float) * 1000).astype(np.int64) for values in (lat1, lon1, lat2, lon2)
        ]
        metres: np.ndarray = np.abs(grid[0] - grid[2]) * 111 + np.abs(grid[1] - grid[3]) * 105
        return metres


@dataclass
class Instance:
    """What ``solver.build`` takes, as plain rows."""

    form: str
    assets: list[Row]
    needs: list[Row]
    scenario: dict[str, Any]
    metres: dict[tuple[str, str], int] = field(default_factory=dict)  # by commune, or by asset and need
    matches: list[Row] = field(default_factory=list)

    def communes(self) -> pd.DataFrame:
        return communes_frame()

    def build(self, order: Random | None = None, distances: object = None) -> solver.Problem:
        """Make the problem, from rows in the order given or shuffled."""

        def frame(rows: list[Row], columns: tuple[str, ...]) -> pd.DataFrame:
            rows = list(rows)
            if order is not None:
                order.shuffle(rows)
            return pd.DataFrame(rows, columns=list(columns)).astype(object)

        arguments: dict[str, Any] = {"scenario": self.scenario, "communes": frame_in(order, communes_frame())}
        if self.form == "communes":
            arguments["distances"] = distances or FakeDistances(self.metres)
        elif self.form == "pairs":
            pairs = [
                {"asset_id": a, "need_id": n, "distance_km": f"{m / 1000:.3f}"}
                for (a, n), m in self.metres.items()
            ]
            arguments["distances"] = frame(pairs, ("asset_id", "need_id", "distance_km"))
        else:
            arguments["matches"] = frame(
                self.matches, ("asset_id", "need_id", "cost_vnd", "load", "spend_vnd", "distance_km")
            )
        return solver.build(frame(self.assets, ASSET_COLUMNS), frame(self.needs, NEED_COLUMNS), **arguments)


ASSET_COLUMNS = (
    "asset_id",
    "category",
    "kind",
    "commune_code",
    "lat",
    "lon",
    "status",
    "units",
    "area_m2",
    "condition_pct",
    "year",
    "legal_status",
    "available_from",
    "available_until",
    "repair_vnd",
    "release_value_vnd",
    "official_id",
    "source",
)
NEED_COLUMNS = (
    "need_id",
    "category",
    "kinds",
    "purpose",
    "recipient",
    "commune_code",
    "lat",
    "lon",
    "units",
    "area_m2",
    "min_condition_pct",
    "priority",
    "price_vnd",
    "reach_km",
    "deadline",
    "until",
)


def point(code: str) -> tuple[float, float]:
    place = list(COMMUNES).index(code)
    return 10.0 + place / 2, 105.0 + place / 4


def communes_frame() -> pd.DataFrame:
    rows = [
        {
            "commune_code": code,
            "name": f"Xã {code}",
            "kind": "xã",
            "province_code": province,
            "province_name": f"Tỉnh {province}",
            "lat": point(code)[0],
            "lon": point(code)[1],
            "area_km2": None,
            "population": None,
            "island": "",
        }
        for code, province in COMMUNES.items()
    ]
    return pd.DataFrame(rows)


def frame_in(order: Random | None, frame: pd.DataFrame) -> pd.DataFrame:
    if order is None:
        return frame
    places = list(range(len(frame)))
    order.shuffle(places)
    return frame.iloc[places].reset_index(drop=True)


def random_instance(
    rng: Random,
    form: str,
    *,
    assets: int = 5,
    needs: int = 5,
    units: int = 3,
    money: int = 10**6,
    plain: bool = False,
    ties: bool = False,
) -> Instance:
    """Draw an instance.

    Parameters
    ----------
    assets, needs : rows, at most; units : of a lot, at most; money : about the price of a unit [VND];
    plain : no rules, so that nearly every pair is eligible; ties : few distinct prices and distances.
    """
    norms = draw_norms(rng)
    scenario = draw_scenario(rng, norms, money, plain=plain)
    cheap = money // 20 if not ties else money // 20 // 4 * 4
    rows = [draw_asset(rng, k, units, cheap, plain=plain) for k in range(rng.randint(min(1, assets), assets))]
    wanted = [
        draw_need(rng, k, units, money, norms, plain=plain, ties=ties)
        for k in range(rng.randint(min(1, needs), needs))
    ]
    for kind in (rows, wanted):
        for row in list(kind):
            if rng.random() < 0.25:  # an equal row, so that classes have several members
                key = "asset_id" if kind is rows else "need_id"
                kind.append({**row, key: f"{row[key]}b", "official_id": ""})
    one = Instance(form, rows, wanted, scenario)

    def far() -> int:
        if ties:
            return rng.choice([0, 1000, 2000])
        return rng.choice([0, 1, 999, 30_000, rng.randint(0, 90_000)])

    dense = 1.0 if plain else 0.8
    if form == "communes":
        one.metres = {(a, b): far() for a in COMMUNES for b in COMMUNES if a != b and rng.random() < dense}
    ids = [(a, n) for a in rows for n in wanted if a["category"] == n["category"]]
    if form == "pairs":
        one.metres = {(a["asset_id"], n["need_id"]): far() for a, n in ids if rng.random() < dense}
    if form == "matches":
        one.matches = [
            draw_match(rng, a, n, money, ties=ties)
            for a, n in ids
            if countable(a, n, norms) and rng.random() < dense
        ]
        if not one.matches:  # an empty table is an issue, and a table needs both of its ends
            return random_instance(
                rng, form, assets=assets, needs=needs, units=units, money=money, plain=plain, ties=ties
            )
    if rng.random() < 0.4 and ids and not plain:
        shunned = rng.choice(wanted)  # banned from everything, so that this is its reason
        chosen = rng.sample(ids, max(1, len(ids) // 5)) + [pair for pair in ids if pair[1] is shunned]
        bans = dict.fromkeys((str(a["asset_id"]), str(n["need_id"])) for a, n in chosen)
        one.scenario["stability"] = {"bans": [list(pair) for pair in bans]}
    return one


def countable(asset: Row, need: Row, norms: dict[str, int]) -> bool:
    """Whether the norm rows of the pair are those of the need (else it is issue norm_mixed_kinds)."""
    kinds = any(key.startswith(f"{asset['category']}/") for key in norms)
    return not kinds or asset["kind"] in need["kinds"].split("|")


def draw_match(rng: Random, asset: Row, need: Row, money: int, *, ties: bool) -> Row:
    cost = rng.choice([0, 1, 2]) * (money // 3) if ties else rng.randint(0, money + money // 4)
    return {
        "asset_id": asset["asset_id"],
        "need_id": need["need_id"],
        "cost_vnd": cost,
        "spend_vnd": rng.choice(["", cost // 2]),
        "distance_km": rng.choice(["", "0", "12.5", "3.141"]),
    }


def draw_norms(rng: Random) -> dict[str, int]:
    """Caps on the category, on a kind, on both (nested), or none that binds."""
    free = 10**9
    return rng.choice(
        [
            {"vehicle/car": free},
            {"vehicle/car": rng.randint(0, 3)},
            {"vehicle/car": rng.randint(0, 3), "vehicle": rng.randint(0, 4)},
            {"vehicle/car": 2, "vehicle/pickup": 1, "vehicle": 2, "equipment": rng.randint(0, 4)},
            {"vehicle/car": free, "equipment/printer": rng.randint(0, 2), "equipment": 3},
            {"vehicle/car": free, "equipment": 0},
        ]
    )


def both(vehicle: Any, equipment: Any) -> dict[str, Any]:  # noqa: ANN401 (values of the scenario)
    return {"vehicle": vehicle, "equipment": equipment}


def draw_scenario(rng: Random, norms: dict[str, int], money: int, *, plain: bool) -> dict[str, Any]:
    rate = rng.choice([0, 1, money // 1000, Decimal(f"{min(money, 10**9) / 777:.2f}")])
    rule = ["allowed", "surcharge"] * 2 if plain else ["allowed", "surcharge", "allowed", "forbidden"]
    return {
        "name": "random",
        "date": "2025-08-15",
        "scope_province": None if plain or rng.random() < 0.9 else "98",
        "reach_km": both(1000, 1000)
        if plain
        else {**both(rng.choice([0, 40, 1000, 1000]), Decimal("75.5")), "vehicle/pickup": Decimal("999.999")},
        "prices": {
            "per_km": {"vehicle": rate, "vehicle/car": money // 500, "equipment": rate},
            "handover": both(rng.choice([0, money // 50, Decimal(f"{money // 40}.5")]), 1),
            "cross_province": rng.choice([0, money // 9, Decimal(f"{money // 9}.5")]),
            "unmet": both(rng.choice([0, money, money]), money // 2),
            "priority_factor": rng.choice(
                [
                    [4, 2, 1, Decimal("0.5"), Decimal("0.25")],
                    [1, 1, 1, 1, 1],
                    [8, 7, 6, 5, 4],
                    [Decimal("1.0001"), 1, 1, Decimal("0.3333"), 0],
                ]
            ),
        },
        "rules": {
            "cross_province": {"vehicle": rng.choice(rule), "equipment": rng.choice(rule)},
            "min_condition_pct": both(0, 0)
            if plain
            else both(rng.choice([0, 0, 30, Decimal("29.995")]), rng.choice([0, Decimal("50.5")])),
            "max_age_years": both(1000, 1000)
            if plain
            else both(rng.choice([1000, 1000, 10]), rng.choice([1000, 15])),
            "legal_status": ["clear", "pending"],
        },
        "priority_by_purpose": rng.choice(
            [{"health": 2}, {"vehicle/car": 2, "vehicle": 4, "equipment": 1, "health": 5}]
        ),
        "norms": {
            "max_per_commune": norms,
            "life_years": {"vehicle": 7, "vehicle/car": Decimal("12.5"), "equipment": 3},
        },
    }


def draw_asset(rng: Random, number: int, units: int, cheap: int, *, plain: bool) -> Row:
    category = rng.choice(["vehicle", "vehicle", "vehicle", "equipment"])
    code = rng.choice(list(COMMUNES))
    row: Row = {
        "asset_id": f"A-{number:03d}",
        "category": category,
        "kind": rng.choice((KINDS[category][0], *KINDS[category])),
        "commune_code": code,
        "status": rng.choice(["surplus"] * 9 + ["handed_idle", "in_use", "handled"]),
        "units": rng.randint(1, units),
        "condition_pct": rng.choice(["", "29.99", "30", "72.5", "90", "100", "100"]),
        "year": rng.choice(["", 2009, 2016, 2020, YEAR, YEAR + 1]),
        "repair_vnd": rng.choice([0, cheap]),
        "release_value_vnd": rng.choice([0, 7]),
        "official_id": rng.choice(["", f"BKS {number}"]),
        "legal_status": "clear",
    }
    if plain:
        row["condition_pct"] = rng.choice(["90", "100"])
        row["status"] = "surplus"
    else:
        row["legal_status"] = rng.choice(["clear"] * 6 + ["pending", "disputed"])
        row["available_from"] = rng.choice([""] * 6 + ["2025-10-01"])
        row["available_until"] = rng.choice([""] * 6 + ["2025-12-31"])
    return with_point(rng, row)


def draw_need(
    rng: Random, number: int, units: int, money: int, norms: dict[str, int], *, plain: bool, ties: bool
) -> Row:
    category = rng.choice(["vehicle", "vehicle", "vehicle", "equipment"])
    kinds: tuple[str, ...] = KINDS[category]
    if not any(key.startswith(f"{category}/") for key in norms):  # or caps would not nest: norm_mixed_kinds
        kinds = (*kinds, "", "|".join(kinds), "|".join(reversed(kinds)))
    row: Row = {
        "need_id": f"N-{number:03d}",
        "category": category,
        "kinds": rng.choice((kinds[0], *kinds)),
        "commune_code": rng.choice(list(COMMUNES)),
        "units": rng.randint(1, units),
        "recipient": "UBND xã",
        "purpose": rng.choice(["", "health", "other"]),
        "priority": rng.choice(["", 1, 3, 5]),
        "price_vnd": rng.choice([money, money // 2])
        if ties
        else rng.choice(
            ["", rng.choice([0, 1]), money, rng.randint(1, 2 * money), rng.randint(money, 3 * money)]
        ),
        "until": rng.choice(["", "2030-01-01"]),
    }
    if not plain:
        row["min_condition_pct"] = rng.choice(["", "", "", 0, 30, "72.51"])
        row["reach_km"] = rng.choice(["", "", "", rng.choice([0, "0.999"]), "30"])
        row["deadline"] = rng.choice(["", "", "2025-10-01", "2025-09-30", "2026-01-01"])
    return with_point(rng, row)


def with_point(rng: Random, row: Row) -> Row:
    """Give some rows a point of their own, off their commune's; others its very point, or none."""
    lat, lon = point(row["commune_code"])
    choice = rng.random()
    if choice < 0.3:
        row["lat"], row["lon"] = (
            round(lat + rng.choice([0.004, -0.02]), 3),
            round(lon + rng.choice([0, 0.013]), 3),
        )
    elif choice < 0.6:
        row["lat"], row["lon"] = lat, lon
    return row
