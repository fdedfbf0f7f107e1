"""The golden table of premises, row by row, in exact fractions.

Nothing here is a solver: every eligible pair states its own metres, rates and surcharge, every pair that
fails beyond `no_asset` states its stage, and two tiny rules (half up, the sum of the parts) do the rest. The
reasons stand beside the tricky rows. Run as a script it writes matches.csv.
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
    *("asset_id", "need_id", "stage", "metres", "load_m2"),
    *("handover_vnd", "repair_vnd", "change_of_use_vnd", "build_vnd", "travel_vnd", "surcharge_vnd"),
    *("cost_vnd", "spend_vnd", "price_vnd", "price_with_factor"),
]
REPAIR, CHANGE, BUILD = 3_000_100, 1_500_001, 9_000_001  # VND per m2
TRAVEL = 200 * 10  # VND per km and m2: a year's rate x years
SURCHARGE = 50_000_000
# P-SCH-A stands 0.04 degrees north of its commune's point: 5,782.14 m, as N-CAR-E of the movables' table.
LEG_SCHOOL = 5_782


def half_up(value: F | int) -> int:
    """Round a non-negative exact value to the nearest integer, a half upwards."""
    return (2 * F(value) + 1) // 2


# need -> (area of one place [m2], VND per m2, priority factor): where each comes from stands beside it.
NEEDS: dict[str, tuple[str, int, int]] = {
    "N-ANY-D": ("10", 9_000_000, 1),  # premises; no kinds: the key of the category; priority 3
    "N-CLI-C": ("90", 9_000_000, 2),  # health: priority 2
    "N-CUL-A": ("240", 8_000_000, 1),  # no key of culture, so that of its kind: office
    "N-CUL-B": ("80", 9_000_000, 1),
    "N-CUL-U": ("60.6", 9_000_000, 1),
    "N-CUL-W": ("100.5", 9_000_000, 1),
    "N-EDU-A": ("130.15", 9_000_000, 2),
    "N-EDU-B": ("123.45", 9_000_000, 2),
    "N-EDU-D": ("100", 9_000_000, 2),
    "N-EDU-L": ("100", 9_000_000, 2),
    "N-EDU-X": ("377.06", 9_000_000, 2),
    "N-HEA-L": ("120.5", 9_000_000, 2),  # land and clinic both resolve to premises
    "N-HOU-B": ("50", 9_000_000, 1),
    "N-HQ-A": ("260", 8_000_000, 4),  # office; headquarters: priority 1
    "N-HQ-C": ("100", 8_000_000, 4),
    "N-MIL-A": ("100", 9_000_000, 1),
    "N-OTH-C": ("80", 8_000_000, 1),
    "N-POL-E": ("50", 7_654_321, 2),  # the key of the purpose police comes before that of the kind office
    "N-POL-H": ("30", 7_654_321, 2),
    "N-SVC-A": ("250", 8_000_000, 2),  # its own priority 2 (the default of its purpose is 1)
}
# need -> (price of one place [VND], with its factor)
PRICES: dict[str, tuple[int, int]] = {
    need: (half_up(F(area) * per_m2), half_up(F(area) * per_m2) * factor)
    for need, (area, per_m2, factor) in NEEDS.items()
} | {
    # 100.5 x 7,654,321 = 769,259,260.5 -> 769,259,261; x 0.5 = 384,629,630.5 -> 384,629,631.
    "N-POL-D": (769_259_261, 384_629_631),
    # 300 x 9,000,000; sport has no priority, so that of its kind: 4, x 0.5.
    "N-SPO-B": (2_700_000_000, 1_350_000_000),
    # 200 x 9,000,000; no purpose: its kind's priority too.
    "N-WAR-C": (1_800_000_000, 900_000_000),
    "N-CUL-L": (454_000_051, 454_000_051),  # given; priority 3
    "N-HOU-D": (127_500_749, 127_500_749),  # given; priority 3
}


@dataclass(frozen=True)
class Pair:
    """One eligible pair as facts stated by hand; `worn_pct` is 100 - condition."""

    asset_id: str
    need_id: str
    metres: int
    area: str  # of one place [m2]
    handover: F | int = 5_000_000
    worn_pct: str = "0"
    change: bool = False
    build: bool = False
    surcharge: int = 0


CULTURE = F("4000000.5")  # handover by purpose, -> 4,000,001; it comes before that of land, 3,000,000
LAND = 3_000_000  # handover by kind

ELIGIBLE = [
    # Condition unknown, and no minimum for a culture house: 0 % for the repair.
    # 60.6 x 3,000,100 = 181,806,060. A culture house for culture is no change of use.
    # 2,000 x 16 x 60.6 = 1,939,200.
    Pair("P-CUH-C", "N-CUL-U", 16_000, "60.6", CULTURE, "100"),
    # Age 60 of at most 60 (housing; the kind's own limit of 40 comes second). 8.503 km: within the 10 km of
    # housing. 2,000 x 8.503 x 50 = 850,300.
    Pair("P-HOU-A", "N-HOU-B", 8_503, "50", worn_pct="20"),
    # 50 x 3,000,100 x 0.01 / 100 = 15,000.5 -> 15,001.
    Pair("P-HOU-B", "N-HOU-B", 0, "50", worn_pct="0.01"),
    # c = 27,500,750 < 127,500,749, but not with the opening price of 100,000,000.
    Pair("P-HOU-D", "N-HOU-D", 0, "15", worn_pct="50"),
    # Unknown condition meets no minimum: that of land is 0. Land is built, not repaired, and its use not
    # changed: 120.5 x 9,000,001 = 1,084,500,120.5 -> 1,084,500,121.
    Pair("P-LAN-A", "N-HEA-L", 0, "120.5", LAND, build=True),
    # 4,000,001 + 450,000,050 = 454,000,051: the price exactly.
    Pair("P-LAN-A", "N-CUL-L", 0, "50", CULTURE, build=True),
    # Condition 60. Office for headquarters and service centre: the same use; for culture not.
    Pair("P-OFF-A", "N-HQ-A", 0, "260", worn_pct="40"),
    Pair("P-OFF-A", "N-CUL-A", 0, "240", CULTURE, "40", change=True),
    Pair("P-OFF-A", "N-SVC-A", 0, "250", worn_pct="40"),
    # 240 m2 for 240 m2. The table has directions: 96002 -> 96001 is 9 km, the way back 8.503.
    Pair("P-OFF-B", "N-CUL-A", 9_000, "240", CULTURE, "50", change=True),
    # Deadline on the day it comes free. 8,503 + 5,782 = 14,285 m: 2,000 x 14.285 x 123.45 = 3,526,966.5
    # -> 3,526,967. 123.45 x 3,000,100 x 27.5 / 100 = 101,849,644.875.
    Pair("P-SCH-A", "N-EDU-B", 8_503 + LEG_SCHOOL, "123.45", worn_pct="27.5"),
    # One commune: point to point, which is the leg.
    Pair("P-SCH-A", "N-EDU-A", LEG_SCHOOL, "130.15", worn_pct="27.5"),
    # Warehouses have a reach of 30 km. 96002 -> 96003 is 20 km. No purpose: the change of use is paid.
    Pair("P-WAR-B", "N-WAR-C", 20_000, "200", worn_pct="60", change=True),
    # Between provinces: warehouses pay the surcharge.
    Pair("P-WAR-B", "N-ANY-D", 18_200, "10", worn_pct="60", change=True, surcharge=SURCHARGE),
    Pair("P-WAR-C", "N-WAR-C", 0, "200", worn_pct="55", change=True),
    # 20.001 km: beyond the 20 of premises, within the 30 of warehouses. Sport has no entry in same_use.
    Pair("P-WAR-C", "N-SPO-B", 20_001, "300", worn_pct="55", change=True),
    # Condition 45 meets the need's 45. 100.5 x 3,000,100 x 55 / 100 = 165,830,527.5 -> 165,830,528.
    Pair("P-WAR-C", "N-CUL-W", 16_000, "100.5", CULTURE, "55", change=True),
    Pair("P-WAR-D", "N-SPO-B", 18_000, "300", worn_pct="20", change=True, surcharge=SURCHARGE),
    # Culture may cross the border free: the purpose's "allowed" comes before the kind's "surcharge".
    # 100.5 x 1,500,001 = 150,750,100.5 -> 150,750,101.
    Pair("P-WAR-D", "N-CUL-W", 12_500, "100.5", CULTURE, "20", change=True),
    Pair("P-WAR-D", "N-ANY-D", 0, "10", worn_pct="20", change=True),
]

# Pairs whose kind is asked for, of premises that may be given, that fail: the first stage they fail.
# A pair in neither list differs in kind, names no land, or its asset is in use or handled: `no_asset`.
FAILS: dict[tuple[str, str], str] = {
    ("P-CUH-B", "N-ANY-D"): "legal_status",
    ("P-CUH-B", "N-CUL-B"): "legal_status",  # 70 meets the need's 30; the ban comes later
    ("P-CUH-B", "N-CUL-U"): "legal_status",
    ("P-CUH-C", "N-ANY-D"): "no_distance",  # unknown condition passes; 96003 -> 95001 is not in the table
    ("P-CUH-C", "N-CUL-B"): "condition",  # unknown never meets the need's 30
    ("P-HOU-A", "N-ANY-D"): "age",  # 60 > 40, the kind's; "other" has no key of its own
    ("P-HOU-A", "N-HOU-D"): "reach",  # 12 km: within the 25 of houses, beyond the 10 of housing
    ("P-HOU-A", "N-POL-H"): "age",
    ("P-HOU-B", "N-ANY-D"): "age",  # 45 > 40
    ("P-HOU-B", "N-HOU-D"): "reach",  # 18.2 km
    ("P-HOU-B", "N-POL-H"): "age",
    ("P-HOU-B2", "N-ANY-D"): "condition",  # 15 < 20
    ("P-HOU-B2", "N-HOU-B"): "condition",
    ("P-HOU-B2", "N-HOU-D"): "condition",
    ("P-HOU-B2", "N-POL-H"): "condition",
    ("P-HOU-C", "N-ANY-D"): "age",  # unknown year
    ("P-HOU-C", "N-HOU-B"): "age",
    ("P-HOU-C", "N-HOU-D"): "age",
    ("P-HOU-C", "N-POL-H"): "age",
    ("P-HOU-D", "N-ANY-D"): "age",  # 2025 - 1984 = 41 > 40
    ("P-HOU-D", "N-HOU-B"): "reach",  # 18 km; forbidden between provinces too: that comes later
    ("P-HOU-D", "N-POL-H"): "age",
    ("P-LAN-A", "N-EDU-L"): "condition",  # education asks 50 %, and its key comes before land's 0
    ("P-LAN-A", "N-MIL-A"): "banned",
    ("P-LAN-D", "N-CUL-L"): "too_small",  # unknown area
    ("P-LAN-D", "N-EDU-L"): "too_small",  # unknown condition too: that comes later
    ("P-LAN-D", "N-HEA-L"): "too_small",
    ("P-LAN-D", "N-MIL-A"): "too_small",
    ("P-OFF-A", "N-ANY-D"): "province_rule",  # 12 km, within reach; offices are forbidden
    ("P-OFF-A", "N-HQ-C"): "within_commune",
    ("P-OFF-A", "N-OTH-C"): "reach",  # 15.0005 km = 15,000.5 -> 15,001 m > 15,000.5 m
    ("P-OFF-A", "N-POL-D"): "province_rule",
    ("P-OFF-A", "N-POL-E"): "no_distance",
    ("P-OFF-B", "N-ANY-D"): "province_rule",
    ("P-OFF-B", "N-HQ-A"): "too_small",  # 240 < 260; another commune too: that comes later
    ("P-OFF-B", "N-HQ-C"): "within_commune",
    ("P-OFF-B", "N-OTH-C"): "reach",  # 20 km
    ("P-OFF-B", "N-POL-D"): "province_rule",  # 18.2 km
    ("P-OFF-B", "N-POL-E"): "no_distance",
    ("P-OFF-B", "N-SVC-A"): "too_small",  # 240 < 250
    **{  # 10 < 20; disputed comes later
        ("P-OFF-D", need): "condition"
        for need in ("N-ANY-D", "N-CUL-A", "N-HQ-A", "N-HQ-C", "N-OTH-C", "N-POL-D", "N-POL-E", "N-SVC-A")
    },
    ("P-SCH-A", "N-ANY-D"): "date",  # no deadline: 15 August 2025 is before 1 October
    ("P-SCH-A", "N-EDU-D"): "date",  # 30 September is before 1 October
    ("P-SCH-A", "N-EDU-X"): "too_small",  # 377.05 < 377.06
    ("P-WAR-B", "N-CUL-W"): "condition",  # 40 meets the rule's 20, not the need's 45
    ("P-WAR-B", "N-SPO-B"): "too_small",  # 250 < 300
    ("P-WAR-C", "N-ANY-D"): "no_distance",
    ("P-WAR-D", "N-WAR-C"): "no_distance",  # 95001 -> 96003 is not in the table
}


def read(name: str) -> list[dict[str, str]]:
    """Read one table of the scenario folder as given."""
    with (FOLDER / "inputs" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cells(pair: Pair) -> list[int | str]:
    """Metres, area, the six parts, cost and spend of one place: each part is rounded once, then added."""
    area = F(pair.area)
    handover = half_up(pair.handover)
    repair = half_up(area * REPAIR * F(pair.worn_pct) / 100)
    change = half_up(area * CHANGE) if pair.change else 0
    build = half_up(area * BUILD) if pair.build else 0
    travel = half_up(TRAVEL * F(pair.metres, 1000) * area)
    spend = handover + repair + change + build
    cost = spend + travel + pair.surcharge
    parts = [handover, repair, change, build, travel, pair.surcharge, cost, spend]
    return [pair.metres, pair.area, *parts]


def matches_csv() -> str:
    """Return the text of matches.csv: every premises with every need for premises, by id."""
    eligible = {(pair.asset_id, pair.need_id): pair for pair in ELIGIBLE}
    assets = sorted(row["asset_id"] for row in read("assets.csv") if row["category"] == "premises")
    needs = sorted(row["need_id"] for row in read("needs.csv") if row["category"] == "premises")
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(COLUMNS)
    for asset in assets:
        for need in needs:
            pair = eligible.get((asset, need))
            stage = "eligible" if pair else FAILS.get((asset, need), "no_asset")
            out.writerow([asset, need, stage, *(cells(pair) if pair else [""] * 10), *PRICES[need]])
    return text.getvalue()


if __name__ == "__main__":
    (FOLDER / "matches.csv").write_text(matches_csv(), encoding="utf-8", newline="\n")
