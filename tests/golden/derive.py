"""The golden table of matches, row by row, in exact fractions.

Nothing here is a solver: every eligible pair states its own metres and rates, every pair that fails beyond
`no_asset` states its stage, and three tiny rules (half up, metres of a degree of a meridian, the sum of the
parts) do the rest. The reasons stand beside the tricky rows. Run as a script it writes matches.csv.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

F = Fraction  # a name short enough for a table
FOLDER = Path(__file__).parent
COLUMNS = [
    *("asset_id", "need_id", "stage", "metres"),
    *("transport_vnd", "handover_vnd", "repair_vnd", "renewal_vnd", "surcharge_vnd"),
    *("cost_vnd", "spend_vnd", "price_vnd", "price_with_factor"),
]


def half_up(value: F | int) -> int:
    """Round a non-negative exact value to the nearest integer, a half upwards."""
    return (2 * F(value) + 1) // 2


# One degree of a meridian, times the detour 1.3: pi / 180 x 6,371,008.8 m x 1.3 = 144,553.604... m.
DEGREE = F("3.14159265358979323846") / 180 * F("6371008.8") * F("1.3")
LEG_CAR_09 = half_up(F("0.1") * DEGREE)  # 12.6 - 12.5 degrees: 14,455.36 -> 14,455 m
LEG_NEED_E = half_up(F("0.04") * DEGREE)  # 12.54 - 12.5 degrees: 5,782.14 -> 5,782 m
WITHIN_E = half_up(
    F("0.06") * DEGREE
)  # 12.6 - 12.54, point to point: 8,673.22 -> 8,673 m, not the sum of the legs


@dataclass(frozen=True)
class Pair:
    """One eligible pair as facts stated by hand; prices and rates in VND."""

    asset_id: str
    need_id: str
    metres: int
    per_km: F
    handover: int
    repair: int
    worn_pct: F  # 100 - condition: what this asset does not spare of a new one
    surcharge: int


# need -> (price of one unit [VND], priority factor): where each comes from stands beside it.
PRICES: dict[str, tuple[int, F]] = {
    "N-CAR-B": (950_000_000, F(4)),  # vehicle/car; priority 1
    "N-CAR-C": (950_000_000, F(4)),  # vehicle/car; priority 1
    "N-CAR-D": (950_000_000, F(2)),  # vehicle/car; priority empty, purpose police -> 2
    "N-CAR-E": (950_000_000, F("1.005")),  # vehicle/car; nothing given -> 3
    "N-CAR-F": (800_000_000, F("0.25")),  # price given, and the factor multiplies it too; priority 5
    "N-CAR-G": (950_000_000, F("0.5")),  # vehicle/car; priority 4
    "N-PIC-80": (600_000_000, F("1.005")),  # vehicle
    "N-PICBOAT": (600_000_000, F("1.005")),  # pickup and boat both resolve to vehicle
    "N-BOA": (600_000_000, F("1.005")),
    "N-MOT": (600_000_000, F("1.005")),
    "N-BUS": (600_000_000, F("1.005")),
    "N-COM-C": (20_000_000, F("0.5")),  # equipment/computer; priority empty, the kind's key -> 4
    "N-COM-G": (20_000_000, F("0.5")),
    "N-COM-R": (20_000_000, F("0.5")),
    "N-PRI-X": (12_345_678, F("0.25")),  # 3,086,419.5 -> 3,086,420
    "N-PRI-Y": (10_000_000, F(4)),  # equipment; priority 1
    "N-PRI-H": (10_000_000, F("1.005")),
    "N-PHO-1": (10_000_200, F("1.005")),  # 10,050,201 exactly
    "N-PHO-D": (10_000_000, F("1.005")),
    "N-DES": (10_000_000, F("1.005")),
    "N-ANY": (40_000_000, F("1.005")),  # 40,200,000 exactly
}

# (per km, handover) by the asset's kind.
CAR = (F("10000.5"), 2_000_000)  # vehicle/car wins over vehicle
PICKUP = (F(12000), 2_500_000)  # the keys of vehicle
EQUIPMENT = (F(6000), 200_000)
PRINTER = (F("1.005"), 200_000)  # equipment/printer has a rate of its own; the handover is that of equipment
CROSS = 5_000_000  # surcharge of a match between provinces

# asset, need, metres, per km, handover, repair, worn per cent, surcharge
ELIGIBLE = [
    # V-CAR-01: 97001, at its commune's point, condition 72.5, repair 15,000,000.
    # Rates of a car are per km: 10,000.5 x 25.5 = 255,012.75 -> 255,013.
    Pair("V-CAR-01", "N-CAR-B", 25_500, *CAR, 15_000_000, F("27.5"), 0),
    # Eligible although the cap of 97003 is 0: norms are the plan's business, not the match's.
    Pair("V-CAR-01", "N-CAR-C", 30_000, *CAR, 15_000_000, F("27.5"), 0),
    Pair("V-CAR-01", "N-CAR-D", 180_250, *CAR, 15_000_000, F("27.5"), CROSS),
    # 210 km + the need's leg; the asset stands at its commune's point (leg 0).
    Pair("V-CAR-01", "N-CAR-E", 210_000 + LEG_NEED_E, *CAR, 15_000_000, F("27.5"), CROSS),
    Pair("V-CAR-01", "N-CAR-G", 100_000, *CAR, 15_000_000, F("27.5"), CROSS),
    # V-CAR-02: 97002, condition 60, two units; parts are those of one unit.
    # Same commune, both at its point: 0 metres, though the distance table has no such row.
    Pair("V-CAR-02", "N-CAR-B", 0, *CAR, 0, F("40"), 0),
    Pair("V-CAR-02", "N-CAR-C", 20_400, *CAR, 0, F("40"), 0),
    # V-CAR-03: 98001, condition 30, the rule's minimum exactly. 175.0005 km = 175,000.5 m -> 175,001 m.
    Pair("V-CAR-03", "N-CAR-B", 175_001, *CAR, 0, F("70"), CROSS),
    Pair("V-CAR-03", "N-CAR-E", 40_000 + LEG_NEED_E, *CAR, 0, F("70"), 0),
    Pair("V-CAR-03", "N-CAR-G", 250_000, *CAR, 0, F("70"), CROSS),
    # V-CAR-09: 98002, 0.1 degrees north of the point, condition 90, handed over and idle: it may move.
    Pair("V-CAR-09", "N-CAR-C", 200_000 + LEG_CAR_09, *CAR, 0, F("10"), CROSS),
    # The table has directions: 98002 -> 98001 is 41.2 km, 98001 -> 98002 is 40 km.
    Pair("V-CAR-09", "N-CAR-D", 41_200 + LEG_CAR_09, *CAR, 0, F("10"), 0),
    # Within one commune: point to point, never leg + leg.
    Pair("V-CAR-09", "N-CAR-E", WITHIN_E, *CAR, 0, F("10"), 0),
    # 49,645 + 14,455 = 64,100 m: the need's reach of 64.1 km exactly (binary 64.1 x 1000 is less).
    # Renewal is a part of the need's own price, 800,000,000, before its factor 0.25.
    Pair("V-CAR-09", "N-CAR-F", 49_645 + LEG_CAR_09, *CAR, 0, F("10"), 0),
    # V-CAR-11: 99001, condition 100: nothing to renew.
    Pair("V-CAR-11", "N-CAR-B", 220_000, *CAR, 0, F("0"), CROSS),
    # 300,000 m: the reach of vehicle/car exactly.
    Pair("V-CAR-11", "N-CAR-D", 300_000, *CAR, 0, F("0"), CROSS),
    Pair("V-CAR-11", "N-CAR-G", 0, *CAR, 0, F("0"), 0),
    # Pickups follow the keys of vehicle, and vehicle is "allowed" across provinces: no surcharge.
    Pair("V-PIC-01", "N-PICBOAT", 90_000, *PICKUP, 0, F("27.5"), 0),
    # From the island, which has this one row in the table; 400,000 m: the reach of vehicle exactly.
    Pair("V-PIC-03", "N-PICBOAT", 400_000, *PICKUP, 0, F("20.01"), 0),
    Pair("Q-COM-01", "N-COM-C", 30_000, *EQUIPMENT, 0, F("35"), 0),
    # 10,655,733 against a price of 10,000,000 (with the factor): eligible, and too dear.
    Pair("Q-COM-02", "N-COM-C", 20_400, *EQUIPMENT, 333_333, F("50"), 0),
    # Q-PRI-01: condition unknown, age 5, life 7: 100 - floor(500 / 7) = 29; 71 % is to be renewed.
    # 12,345,678 x 71 / 100 = 8,765,431.38. Available until the scenario's date: the deadline that counts.
    Pair("Q-PRI-01", "N-PRI-X", 0, *PRINTER, 0, F("71"), 0),
    # 1.005 x 100 = 100.5 -> 101 (in binary it is below 100.5).
    Pair("Q-PRI-01", "N-PRI-Y", 100_000, *PRINTER, 0, F("71"), CROSS),
    # Q-PRI-02: condition and year unknown: 0. 120,500 m: the reach of equipment exactly.
    Pair("Q-PRI-02", "N-PRI-X", 120_500, *PRINTER, 0, F("100"), CROSS),
    # 1.005 x 100.4 = 100.902 -> 101: the same cost as Q-PRI-03 over 400 m more.
    Pair("Q-PRI-02", "N-PRI-Y", 100_400, *PRINTER, 0, F("100"), CROSS),
    # Q-PRI-03: condition unknown, age 10, life 7: 100 - floor(1000 / 7) = 100 - 142 < 0, so 0.
    Pair("Q-PRI-03", "N-PRI-X", 0, *PRINTER, 0, F("100"), 0),
    Pair("Q-PRI-03", "N-PRI-Y", 100_000, *PRINTER, 0, F("100"), CROSS),
    # Deadline = available_from. 10,000,200 x 4.75 / 100 = 475,009.5 -> 475,010.
    Pair("Q-PHO-01", "N-PHO-1", 49_645, *EQUIPMENT, 0, F("4.75"), 0),
    # No deadline: 15 August 2025, before its last day. 12,345,678 x 60 / 100 = 7,407,406.8.
    Pair("Q-PHO-02", "N-PRI-X", 26_100, *EQUIPMENT, 1_500_000, F("60"), 0),
    # Any kind; a minimum of 0 is none; reach 0 admits 0 metres. Unknown condition, age 7, life 6: 0 for cost.
    # 40,000,000 + 200,000 = 40,200,000 = price x factor: a transfer would change nothing, so none is made.
    Pair("Q-DES-01", "N-ANY", 0, *EQUIPMENT, 0, F("100"), 0),
]

CAR_NEEDS = ("N-CAR-B", "N-CAR-C", "N-CAR-D", "N-CAR-E", "N-CAR-F", "N-CAR-G")

# Pairs of one category and kind, of an asset that may move, that fail: the first stage they fail.
# A pair in neither list differs in category or kind, or its asset is in use or handled: `no_asset`.
FAILS: dict[tuple[str, str], str] = {
    ("V-CAR-01", "N-CAR-F"): "reach",  # 310 km: beyond the need's 64.1 (and the scenario's 300)
    ("V-CAR-02", "N-CAR-D"): "no_distance",  # 60 meets 60, 15 meets 15; no row
    ("V-CAR-02", "N-CAR-E"): "no_distance",
    ("V-CAR-02", "N-CAR-F"): "no_distance",
    ("V-CAR-02", "N-CAR-G"): "no_distance",
    ("V-CAR-03", "N-CAR-C"): "no_distance",
    ("V-CAR-03", "N-CAR-D"): "condition",  # 30 meets the rule's 30, not the need's 60: the greater counts
    ("V-CAR-03", "N-CAR-F"): "reach",  # 64.101 km: one metre too far
    **{("V-CAR-04", need): "condition" for need in CAR_NEEDS},  # 29.99 < 30; age 25 > 15 comes later
    **{("V-CAR-05", need): "age" for need in CAR_NEEDS},  # 2025 - 2009 = 16 > 15; its ban comes later
    **{("V-CAR-06", need): "age" for need in CAR_NEEDS},  # unknown year; disputed comes later
    ("V-CAR-09", "N-CAR-B"): "no_distance",
    ("V-CAR-09", "N-CAR-G"): "no_distance",
    **{("V-CAR-10", need): "condition" for need in CAR_NEEDS},  # unknown never meets a minimum
    ("V-CAR-11", "N-CAR-C"): "no_distance",
    ("V-CAR-11", "N-CAR-E"): "reach",  # 294,219 + the need's leg 5,782 = 300,001 m: one metre too far
    ("V-CAR-11", "N-CAR-F"): "reach",  # 290 km is within the scenario's 300; the need's own 64.1 replaces it
    ("V-PIC-01", "N-PIC-80"): "condition",  # 72.5 < 80
    ("V-PIC-02", "N-PIC-80"): "condition",
    ("V-PIC-02", "N-PICBOAT"): "condition",  # 20 meets the need's 10, not the rule's 30
    ("V-PIC-03", "N-PIC-80"): "condition",  # 79.99 < 80
    ("V-BOA-01", "N-BOA"): "legal_status",  # no way to the island either: that comes later
    ("V-BOA-01", "N-PICBOAT"): "legal_status",
    ("V-MOT-01", "N-MOT"): "age",  # 2025 - 2014 = 11 > 10
    ("V-MOT-02", "N-MOT"): "age",  # unknown year
    ("Q-COM-01", "N-ANY"): "reach",  # 30 km > 0
    ("Q-COM-01", "N-COM-G"): "province_rule",  # 100 km, within reach; its ban comes later
    ("Q-COM-01", "N-COM-R"): "reach",  # 30 km > 5
    ("Q-COM-02", "N-ANY"): "reach",
    ("Q-COM-02", "N-COM-G"): "no_distance",
    ("Q-COM-02", "N-COM-R"): "reach",  # 20.4 km > 5
    ("Q-COM-03", "N-ANY"): "condition",  # the need's minimum 0 does not lift the rule's 50 for computers
    ("Q-COM-03", "N-COM-C"): "condition",
    ("Q-COM-03", "N-COM-G"): "condition",
    ("Q-COM-03", "N-COM-R"): "condition",
    ("Q-PRI-01", "N-ANY"): "reach",
    ("Q-PRI-01", "N-PRI-H"): "no_distance",
    ("Q-PRI-02", "N-ANY"): "no_distance",
    ("Q-PRI-02", "N-PRI-H"): "no_distance",
    ("Q-PRI-03", "N-ANY"): "reach",
    ("Q-PRI-03", "N-PRI-H"): "no_distance",
    ("Q-PHO-01", "N-ANY"): "date",  # no deadline: 15 August 2025 is before 1 December
    ("Q-PHO-01", "N-PHO-D"): "date",  # 30 November is before 1 December
    ("Q-PHO-01", "N-PRI-X"): "date",
    ("Q-PHO-02", "N-ANY"): "reach",  # 20.4 km > 0
    ("Q-PHO-02", "N-PHO-1"): "date",  # 1 December is after 29 November
    ("Q-PHO-02", "N-PHO-D"): "date",  # 30 November is after 29 November
    ("Q-DES-01", "N-DES"): "banned",
}


def read(name: str) -> list[dict[str, str]]:
    """Read one table of the scenario folder as given."""
    with (FOLDER / "inputs" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cells(pair: Pair) -> list[int]:
    """Metres, the five parts, cost and spend of one unit: each part is rounded once, then added."""
    price, _ = PRICES[pair.need_id]  # before the factor
    transport = half_up(pair.per_km * pair.metres / 1000)
    renewal = half_up(price * pair.worn_pct / 100)
    spend = transport + pair.handover + pair.repair
    cost = spend + renewal + pair.surcharge
    return [pair.metres, transport, pair.handover, pair.repair, renewal, pair.surcharge, cost, spend]


def matches_csv() -> str:
    """Return the text of matches.csv: every asset with every need, by id."""
    eligible = {(pair.asset_id, pair.need_id): pair for pair in ELIGIBLE}
    assets = sorted(row["asset_id"] for row in read("assets.csv"))
    needs = sorted(row["need_id"] for row in read("needs.csv"))
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(COLUMNS)
    for asset in assets:
        for need in needs:
            price, factor = PRICES[need]
            pair = eligible.get((asset, need))
            stage = "eligible" if pair else FAILS.get((asset, need), "no_asset")
            parts: list[int] | list[str] = cells(pair) if pair else [""] * 8
            out.writerow([asset, need, stage, *parts, price, half_up(price * factor)])
    return text.getvalue()


if __name__ == "__main__":
    (FOLDER / "matches.csv").write_text(matches_csv(), encoding="utf-8", newline="\n")
