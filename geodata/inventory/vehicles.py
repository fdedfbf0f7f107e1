"""Vehicles: cars in use in communes, and what old districts and provinces have left over."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from geodata.inventory.ground import ROADLESS_DISTRICTS
from geodata.inventory.lines import Cells, Line
from geodata.inventory.text import district_body, province_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.inventory.dice import Dice
    from geodata.inventory.ground import Commune, Ground, OldUnit
    from geodata.inventory.plan import Plan

NOW = 2025
# Straight-line writing off; the plan's own life is the scenario's.
LIFE_YEARS = 15


class Model(NamedTuple):
    """A model of vehicle and its original price [million VND]."""

    name: str
    low: int
    high: int


_MODELS: dict[str, tuple[Model, ...]] = {
    "car": (
        Model("Toyota Corolla Altis", 620, 820),
        Model("Toyota Innova", 560, 880),
        Model("Toyota Fortuner", 820, 1_080),
        Model("Toyota Camry", 850, 1_100),
        Model("Ford Everest", 780, 1_050),
        Model("Mitsubishi Pajero", 760, 1_090),
        Model("Mazda 6", 780, 920),
        Model("Hyundai Santa Fe", 900, 1_090),
    ),
    "pickup": (
        Model("Ford Ranger", 580, 780),
        Model("Mitsubishi Triton", 540, 720),
        Model("Toyota Hilux", 600, 800),
    ),
    "minibus": (Model("Ford Transit 16 chỗ", 720, 950), Model("Toyota Hiace 16 chỗ", 780, 1_050)),
    "motorcycle": (Model("Honda Future", 24, 34), Model("Yamaha Sirius", 19, 26)),
}
_KIND_VI = {"car": "Xe ô tô", "pickup": "Xe bán tải", "minibus": "Xe ô tô", "motorcycle": "Xe máy"}

# Assumptions, all of them: per mille, or years with their weights.
_AGES: tuple[tuple[tuple[int, int], int], ...] = (
    ((1996, 2004), 27),
    ((2005, 2010), 31),
    ((2011, 2016), 27),
    ((2017, 2021), 12),
    ((2022, 2024), 3),
)
_IN_USE = ((1, 80), (2, 18), (3, 2))
_OF_DISTRICT = ((2, 15), (3, 30), (4, 35), (5, 20))
_DISTRICT_KINDS = (("car", 84), ("pickup", 8), ("motorcycle", 8))
_PROVINCE_KINDS = (("car", 84), ("pickup", 8), ("minibus", 8))
_LEGAL = (("clear", 88), ("pending", 7), ("disputed", 5))
_UNKNOWN_CONDITION = 90
_LATER = 190
_UNTIL = 30
_REPAIR = 250


def cars_in_use(land: Ground, choices: Plan, province: str, dice: Dice) -> Iterator[Line]:
    """Yield the cars in use, of every commune but those without: one mostly, some two, a few three."""
    for commune in land.served():
        if commune.province == province and commune.code not in choices.without_car:
            for number in range(1, in_use(commune.code, dice) + 1):
                yield _in_use(commune, number, dice)


def in_use(commune: str, dice: Dice) -> int:
    """Return how many cars a commune that has one has."""
    return dice.pick(_IN_USE, "cars-in-use", commune)


def _in_use(commune: Commune, number: int, dice: Dice) -> Line:
    name = f"V-{commune.code}-{number:02}"
    holder = f"UBND {commune.title}" if number != 2 else f"Đảng ủy {commune.title}"
    cells = _vehicle(name, "car", dice) | {
        "commune_code": commune.code,
        "status": "in_use",
        "holder": holder,
        "holder_level": "commune",
    }
    return Line(cells, stays=number == 1)


def surplus(land: Ground, province: str, dice: Dice) -> Iterator[Line]:
    """Yield the vehicles of old districts and of old provinces whose seat is none any more."""
    for unit in land.districts.values():
        if unit.province == province and unit.code not in ROADLESS_DISTRICTS:
            for number in range(1, dice.pick(_OF_DISTRICT, "district-vehicles", unit.code) + 1):
                name = f"V-D{unit.code}-{number:02}"
                kind = dice.pick(_DISTRICT_KINDS, "kind", name)
                yield _surplus(name, kind, unit, district_body(unit, number - 1), dice)
    for unit in land.lost_seats.values():
        if unit.province == province:
            for number in range(1, dice.between(12, 22, "province-vehicles", unit.code) + 1):
                name = f"V-P{unit.code}-{number:02}"
                kind = dice.pick(_PROVINCE_KINDS, "kind", name)
                yield _surplus(name, kind, unit, province_body(unit, number - 1), dice)


def _surplus(name: str, kind: str, unit: OldUnit, holder: str, dice: Dice) -> Line:
    cells = _vehicle(name, kind, dice) | {
        "commune_code": unit.spot.commune,
        "lat": unit.spot.lat,
        "lon": unit.spot.lon,
        "status": "surplus",
        "legal_status": dice.pick(_LEGAL, "legal", name),
        "holder": holder,
        "holder_level": "province",
    }
    if kind == "minibus":
        # Buses for staff run until the end of the year, and none is new.
        cells["condition_pct"] = dice.between(35, 70, "condition", name)
        cells["available_from"] = _day(dt.date(2026, 1, 1), 60, dice, name)
    elif dice.chance(_LATER, "later", name):
        cells["available_from"] = _day(dt.date(2025, 9, 15), 150, dice, name)
    elif dice.chance(_UNTIL, "until", name):
        cells["available_until"] = "2025-12-31"
        cells["note"] = "Dự kiến bán đấu giá nếu không điều chuyển trước cuối năm"
    if kind != "motorcycle" and dice.chance(_REPAIR, "repair", name):
        cells["repair_vnd"] = dice.between(5, 60, "repair-cost", name) * 1_000_000
    return Line(cells)


def _vehicle(name: str, kind: str, dice: Dice) -> Cells:
    first, last = dice.pick(_AGES, "age", name)
    year = dice.between(first, last, "year", name)
    age = NOW - year
    model = _MODELS[kind][dice.bits("model", name) % len(_MODELS[kind])]
    book = dice.between(model.low, model.high, "book", name) * 1_000_000
    worn = 100 - 4 * age + dice.between(-15, 15, "condition", name)
    condition = None if dice.chance(_UNKNOWN_CONDITION, "unknown", name) else min(98, max(5, worn))
    residual = book * max(0, LIFE_YEARS - age) // LIFE_YEARS
    return {
        "asset_id": name,
        "category": "vehicle",
        "kind": kind,
        "units": 1,
        "condition_pct": condition,
        "year": year,
        "legal_status": "clear",
        "repair_vnd": 0,
        "release_value_vnd": book * (condition or 10) // 400 // 100_000 * 100_000,
        "book_value_vnd": book,
        "residual_value_vnd": residual,
        "name": f"{_KIND_VI[kind]} {model.name} ({year})",
        "mileage_km": age * dice.between(6_000, 13_000, "mileage", name),
        "source": "synthetic",
    }


def _day(first: dt.date, within: int, dice: Dice, name: str) -> str:
    return (first + dt.timedelta(days=dice.between(0, within, "day", name))).isoformat()
