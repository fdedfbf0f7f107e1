"""Equipment: lots left over by old districts, provinces and communes, and what 601 communes lack."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from geodata.inventory.ground import OUT_OF_REACH, ROADLESS_DISTRICTS
from geodata.inventory.lines import Cells, Line
from geodata.inventory.text import district_body, province_body
from geodata.inventory.vehicles import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.inventory.dice import Dice
    from geodata.inventory.ground import Commune, Ground, OldUnit
    from geodata.inventory.plan import Plan


class Ware(NamedTuple):
    """A kind of equipment.

    `district` and `commune` are the least and the greatest units of a lot; `often`, `merged` and `wanted` say
    how many in a thousand districts, merged communes and communes short of equipment have such a lot or need;
    `asks` the units wanted; `book` the original price [million VND]; `fails` the years until nothing is left.
    """

    name: str
    district: tuple[int, int]
    often: int
    commune: tuple[int, int]
    merged: int
    asks: tuple[int, int]
    wanted: int
    book: tuple[int, int]
    fails: int


# Assumptions, all of them.
WARES: dict[str, Ware] = {
    "computer": Ware("Máy vi tính để bàn", (10, 45), 950, (2, 10), 250, (3, 16), 880, (11, 18), 10),
    "laptop": Ware("Máy tính xách tay", (2, 12), 450, (2, 3), 40, (1, 4), 160, (14, 20), 9),
    "printer": Ware("Máy in laser", (4, 20), 850, (2, 5), 180, (1, 5), 520, (4, 9), 10),
    "photocopier": Ware("Máy photocopy", (2, 4), 600, (2, 2), 60, (1, 1), 300, (45, 75), 12),
    "scanner": Ware("Máy quét tài liệu", (2, 8), 500, (2, 2), 60, (1, 2), 380, (8, 18), 10),
    "desk_set": Ware("Bộ bàn ghế làm việc", (15, 60), 900, (3, 14), 220, (4, 16), 330, (3, 7), 18),
    "cabinet": Ware("Tủ đựng tài liệu", (8, 40), 700, (2, 10), 150, (2, 8), 180, (3, 6), 20),
    "air_conditioner": Ware("Máy điều hòa nhiệt độ", (4, 20), 450, (2, 4), 70, (1, 4), 100, (9, 16), 12),
    "projector": Ware("Máy chiếu", (2, 4), 350, (2, 2), 30, (1, 1), 70, (12, 25), 10),
    "conference_set": Ware("Thiết bị họp trực tuyến", (2, 2), 250, (2, 2), 10, (1, 1), 90, (40, 90), 8),
}
_UNKNOWN_CONDITION = 80
_LATER = 120
_LEGAL = (("clear", 96), ("pending", 4))
_POOR = 850
_CAN_WAIT = 400
_NEAR = 30
_PRIORITY = ((2, 20), (3, 50), (4, 25), (5, 5))
_LEAST_CONDITION = ((40, 25), (50, 45), (60, 20), (70, 10))


def surplus(land: Ground, choices: Plan, province: str, dice: Dice) -> Iterator[Line]:
    """Yield the lots of a province: of its old districts, lost province seats and merged communes."""
    for unit in land.districts.values():
        if unit.province == province and unit.code not in ROADLESS_DISTRICTS:
            for i, (kind, ware) in enumerate(WARES.items()):
                if dice.chance(ware.often, "lot", "district", unit.code, kind):
                    name = f"E-D{unit.code}-{i + 1:02}"
                    yield _lot(name, kind, unit, ware.district, (district_body(unit, i), "province"), dice)
    for unit in land.lost_seats.values():
        if unit.province == province:
            for i, (kind, ware) in enumerate(WARES.items()):
                name = f"E-P{unit.code}-{i + 1:02}"
                size = (ware.district[1] // 2 + 1, 60 if ware.district[1] > 10 else ware.district[1] * 2)
                yield _lot(name, kind, unit, size, (province_body(unit, i), "province"), dice)
    for code in sorted(choices.free_seats):
        unit = land.old_communes[code]
        if unit.province == province and unit.spot.commune not in OUT_OF_REACH:
            for i, (kind, ware) in enumerate(WARES.items()):
                if dice.chance(ware.merged, "lot", "commune", code, kind):
                    holder = f"UBND {land.communes[unit.spot.commune].title}", "commune"
                    yield _lot(f"E-C{code}-{i + 1:02}", kind, unit, ware.commune, holder, dice)


def in_use(land: Ground, choices: Plan, province: str, dice: Dice) -> Iterator[Line]:
    """Yield the equipment in use where it falls short: mostly worn, else good and too little."""
    for commune, i, kind, ware in _wanted(land, choices, province, dice):
        name = f"E-{commune.code}-{i + 1:02}"
        asked = _asked(commune, kind, ware, dice)
        poor = dice.chance(_POOR, "poor", commune.code)
        if not poor and asked < 2:
            continue
        age = dice.between(*((7, 13) if poor else (1, 4)), "age", name)
        condition = dice.between(*((5, 35) if poor else (60, 85)), "condition", name)
        cells = _thing(name, kind, (NOW - age, condition), dice) | {
            "commune_code": commune.code,
            "status": "in_use",
            "units": asked if poor else asked // 2,
            "holder": f"UBND {commune.title}",
            "holder_level": "commune",
        }
        yield Line(cells, stays=kind == first_kind(commune, dice))


def needs(land: Ground, choices: Plan, province: str, dice: Dice) -> Iterator[Line]:
    """Yield the equipment needs of a province: several kinds a commune."""
    for commune, i, kind, ware in _wanted(land, choices, province, dice):
        name = f"NE-{commune.code}-{i + 1:02}"
        body = "Trung tâm Phục vụ hành chính công" if kind == "scanner" else "UBND"
        cells: Cells = {
            "need_id": name,
            "category": "equipment",
            "kinds": kind,
            "recipient": f"{body} {commune.title}",
            "commune_code": commune.code,
            "units": _asked(commune, kind, ware, dice),
            "priority": dice.pick(_PRIORITY, "priority", name),
            "min_condition_pct": dice.pick(_LEAST_CONDITION, "least", name),
            "source": "synthetic",
        }
        if kind == "conference_set" and dice.chance(_CAN_WAIT, "can-wait", name):
            cells["deadline"] = "2026-03-31"
        if dice.chance(_NEAR, "near", name):
            cells["reach_km"] = dice.between(5, 20, "reach", name)
        if dice.chance(_POOR, "poor", commune.code):
            cells["note"] = "Thay thiết bị đang dùng đã xuống cấp"
        yield Line(cells, stays=kind == first_kind(commune, dice))


def first_kind(commune: Commune, dice: Dice) -> str:
    """Return the kind that a commune short of equipment asks for in any case."""
    others = tuple((kind, ware.wanted) for kind, ware in WARES.items() if kind != "computer")
    if dice.chance(WARES["computer"].wanted, "wants", commune.code, "computer"):
        return "computer"
    return dice.pick(others, "wants", commune.code, "instead")


def _wanted(
    land: Ground, choices: Plan, province: str, dice: Dice
) -> Iterator[tuple[Commune, int, str, Ware]]:
    for code in sorted(choices.short_of_equipment):
        commune = land.communes[code]
        if commune.province == province:
            always = first_kind(commune, dice)
            for i, (kind, ware) in enumerate(WARES.items()):
                if kind == always or dice.chance(ware.wanted, "wants", code, kind):
                    yield commune, i, kind, ware


def _asked(commune: Commune, kind: str, ware: Ware, dice: Dice) -> int:
    return dice.between(*ware.asks, "asks", commune.code, kind)


def _lot(
    name: str, kind: str, unit: OldUnit, size: tuple[int, int], holder: tuple[str, str], dice: Dice
) -> Line:
    cells = _thing(name, kind, _age(name, kind, dice), dice) | {
        "commune_code": unit.spot.commune,
        "lat": unit.spot.lat,
        "lon": unit.spot.lon,
        "status": "surplus",
        "units": dice.between(*size, "units", name),
        "legal_status": dice.pick(_LEGAL, "legal", name),
        "holder": holder[0],
        "holder_level": holder[1],
    }
    if kind == "conference_set":
        # They serve the hearings of the old districts until the end of the year.
        cells["available_from"] = "2026-01-15"
    elif dice.chance(_LATER, "later", name):
        day = dt.date(2025, 9, 1) + dt.timedelta(days=dice.between(0, 120, "day", name))
        cells["available_from"] = day.isoformat()
    return Line(cells)


def _age(name: str, kind: str, dice: Dice) -> tuple[int, int | None]:
    """Draw the year and the condition of a lot."""
    ware = WARES[kind]
    year = NOW - dice.between(1, ware.fails, "year", name)
    worn = 100 - 100 * (NOW - year) // ware.fails + dice.between(-5, 15, "condition", name)
    unknown = dice.chance(_UNKNOWN_CONDITION, "unknown", name)
    return year, None if unknown else min(95, max(5, worn))


def _thing(name: str, kind: str, age: tuple[int, int | None], dice: Dice) -> Cells:
    ware, (year, condition) = WARES[kind], age
    book = dice.between(*ware.book, "book", name) * 1_000_000
    return {
        "asset_id": name,
        "category": "equipment",
        "kind": kind,
        "condition_pct": condition,
        "year": year,
        "legal_status": "clear",
        "repair_vnd": 0,
        "release_value_vnd": 0,
        "book_value_vnd": book,
        "residual_value_vnd": book * max(0, 5 - (NOW - year)) // 5,
        "name": f"{ware.name} ({year})",
        "source": "synthetic",
    }
