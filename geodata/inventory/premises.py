"""Premises: the seats that the reorganisation freed, what was surplus before, and who wants a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.inventory.lines import Cells, Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.inventory.dice import Dice
    from geodata.inventory.ground import Commune, Ground, Spot
    from geodata.inventory.plan import Plan

# Assumptions, all of them: kinds with their weights, floor areas and plots [m2], tens of square metres.
_KINDS = (
    ("school", 27),
    ("office", 24),
    ("culture_house", 14),
    ("land", 12),
    ("clinic", 9),
    ("house", 9),
    ("warehouse", 5),
)
_NAMES = {
    "school": "Điểm trường",
    "office": "Nhà làm việc",
    "culture_house": "Nhà văn hóa",
    "land": "Khu đất",
    "clinic": "Trạm y tế",
    "house": "Nhà công vụ",
    "warehouse": "Nhà kho",
}
_FLOOR = {
    "school": (15, 120),
    "office": (15, 90),
    "culture_house": (10, 50),
    "land": (20, 400),
    "clinic": (12, 60),
    "house": (5, 40),
    "warehouse": (8, 60),
}
_SEAT_FLOOR = {"C": (35, 130), "D": (120, 420), "P": (400, 1_400)}
_LEGAL = (("clear", 80), ("pending", 16), ("disputed", 4))
_UNKNOWN_CONDITION = 120
_ASKED: dict[str, tuple[str, str, tuple[int, int], str]] = {
    # purpose: mark in the identifier, recipient, area [m2], kinds
    "headquarters": ("TS", "Đảng ủy", (300, 900), ""),
    "service_centre": ("HC", "Trung tâm Phục vụ hành chính công", (120, 300), ""),
    "health": ("YT", "Trạm Y tế", (150, 400), ""),
    "education": ("GD", "Trường học", (200, 1_000), ""),
    "culture": ("VH", "Trung tâm Văn hóa", (150, 500), ""),
    "sport": ("TT", "Trung tâm Thể thao", (300, 900), "culture_house|sports_ground|warehouse|land"),
    "police": ("CA", "Công an", (100, 300), "office|house|clinic"),
    "military": ("QS", "Ban Chỉ huy quân sự", (80, 200), ""),
    "housing": ("NO", "UBND", (25, 45), "house|office|clinic|school"),
    "other": ("KH", "UBND", (80, 300), ""),
}


def surplus(land: Ground, choices: Plan, province: str, dice: Dice) -> Iterator[Line]:
    """Yield the surplus premises of a province: seats of old units, and others."""
    for mark, units in (("P", land.lost_seats), ("D", land.districts)):
        for unit in units.values():
            if unit.province == province:
                name = f"Trụ sở UBND {unit.title} (cũ)"
                yield _building(f"P-{mark}{unit.code}", "office", unit.spot, (name, mark), dice)
    for code in sorted(choices.free_seats):
        unit = land.old_communes[code]
        if unit.province == province:
            name = f"Trụ sở UBND {unit.title} (cũ)"
            yield _building(f"P-C{code}", "office", unit.spot, (name, "C"), dice)
    for code, count in choices.other_premises.items():
        unit = land.old_communes[code]
        if unit.province == province:
            for number in range(1, count + 1):
                mark = f"P-K{code}-{number}"
                kind = dice.pick(_KINDS, "kind", mark)
                name = f"{_NAMES[kind]} {unit.title} (cũ)"
                yield _building(mark, kind, unit.spot, (name, ""), dice)


def before(land: Ground, choices: Plan, province: str) -> int:
    """Return how many surplus premises the provinces of lower codes have."""
    units = [*land.lost_seats.values(), *land.districts.values()]
    units += [land.old_communes[code] for code in choices.free_seats]
    others = (
        count for code, count in choices.other_premises.items() if land.old_communes[code].province < province
    )
    return sum(unit.province < province for unit in units) + sum(others)


def needs(land: Ground, choices: Plan, province: str, dice: Dice) -> Iterator[Line]:
    """Yield the premises needs of a province, by purpose; units are equal places."""
    for commune in land.served():
        if commune.province == province:
            for purpose, communes in choices.premises_needs.items():
                if commune.code in communes:
                    yield Line(_need(commune, purpose, dice))


def _building(mark: str, kind: str, spot: Spot, about: tuple[str, str], dice: Dice) -> Line:
    name, seat = about
    floor = dice.between(*(_SEAT_FLOOR[seat] if seat else _FLOOR[kind]), "floor", mark) * 10
    plot = floor if kind == "land" else floor * dice.between(12, 40, "plot", mark) // 10
    known = kind != "land" and not dice.chance(_UNKNOWN_CONDITION, "unknown", mark)
    year = dice.between(1985, 2020, "year", mark)
    worn = max(10, 100 - 2 * (2025 - year) + dice.between(-15, 10, "condition", mark))
    cells: Cells = {
        "asset_id": mark,
        "category": "premises",
        "kind": kind,
        "commune_code": spot.commune,
        "lat": spot.lat,
        "lon": spot.lon,
        "status": "surplus",
        "units": 1,
        "area_m2": floor,
        "land_area_m2": plot,
        "condition_pct": min(95, worn) if known else None,
        "year": None if kind == "land" else year,
        "legal_status": dice.pick(_LEGAL, "legal", mark),
        "repair_vnd": 0,
        "release_value_vnd": plot * dice.between(3, 60, "land-price", mark) * 100_000,
        "name": name,
        "holder_level": "province" if seat in ("P", "D") else "commune",
        "source": "synthetic",
        "note": "Dôi dư do sắp xếp đơn vị hành chính" if seat else "Dôi dư từ trước khi sắp xếp",
    }
    return Line(cells)


def _need(commune: Commune, purpose: str, dice: Dice) -> Cells:
    mark, body, area, kinds = _ASKED[purpose]
    name = f"NP-{commune.code}-{mark}"
    places = dice.between(2, 8, "places", name) if purpose == "housing" else 1
    return {
        "need_id": name,
        "category": "premises",
        "kinds": kinds or None,
        "purpose": purpose,
        "recipient": f"{body} {commune.title}",
        "commune_code": commune.code,
        "units": places,
        "area_m2": dice.between(*area, "area", name),
        "source": "synthetic",
    }
