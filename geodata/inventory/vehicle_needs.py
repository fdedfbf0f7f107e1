"""Vehicle needs: communes without a car, communes that want a second one, pickups and motorcycles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.inventory import figures
from geodata.inventory.lines import Cells, Line
from geodata.inventory.vehicles import in_use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.inventory.dice import Dice
    from geodata.inventory.ground import Commune, Ground
    from geodata.inventory.plan import Plan

# Assumptions: priorities with their weights, and cases per mille.
_FIRST_PRIORITY = ((1, 18), (2, 34), (3, 30), (4, 12), (5, 6))
_SECOND_PRIORITY = ((2, 10), (3, 42), (4, 30), (5, 18))
_WANTS_TWO = 100
_SECOND = 330
_SECOND_OVER_NORM = 30
_THIRD = 80
_PICKUP = 90
_MOTORCYCLE = 20


def vehicle_needs(land: Ground, choices: Plan, province: str, dice: Dice) -> Iterator[Line]:
    """Yield the needs for cars, pickups and motorcycles of a province."""
    for commune in land.served():
        if commune.province != province:
            continue
        if commune.code in choices.without_car:
            yield Line(_first_car(commune, dice), stays=True)
        elif (cells := _another_car(commune, dice)) is not None:
            yield Line(cells)
        if commune.kind == "xã":
            if province in figures.MOUNTAINS and dice.chance(_PICKUP, "wants-pickup", commune.code):
                yield Line(_pickup(commune, dice))
            if dice.chance(_MOTORCYCLE, "wants-motorcycle", commune.code):
                yield Line(_motorcycle(commune, dice))


def _first_car(commune: Commune, dice: Dice) -> Cells:
    name = f"NV-{commune.code}-1"
    cells = _need(name, "car", commune, "UBND") | {
        "units": 2 if dice.chance(_WANTS_TWO, "wants-two", name) else 1,
        "priority": dice.pick(_FIRST_PRIORITY, "priority", name),
        "note": "Xã chưa có xe ô tô",
    }
    special = dice.bits("special", name) % 100
    if special < 8:
        cells |= {"deadline": "2025-12-31", "note": "Xã chưa có xe ô tô; cần trước cuối năm 2025"}
    elif special < 14:
        cells |= {"min_condition_pct": 50, "note": "Xã chưa có xe ô tô; đường đèo, cần xe còn tốt"}
    elif special < 24:
        cells |= {"reach_km": dice.between(1, 8, "reach", name) * 10}
    elif special < 28:
        cells |= {"price_vnd": 720_000_000, "note": "Xã chưa có xe ô tô; giá theo dự toán của tỉnh"}
    return cells


def _another_car(commune: Commune, dice: Dice) -> Cells | None:
    have = in_use(commune.code, dice)
    draw = dice.bits("another-car", commune.code) % 1000
    name = f"NV-{commune.code}-1"
    cells = _need(name, "car", commune, "Đảng ủy")
    if have == 1 and draw < _SECOND:
        units = 2 if draw < _SECOND_OVER_NORM else 1
        note = "Đã có 01 xe, đề nghị thêm 02 xe" if units == 2 else "Đã có 01 xe, đề nghị thêm 01 xe"
    elif have == 2 and draw < _THIRD:
        units, note = 1, "Đã có 02 xe quá cũ, đề nghị thay 01 xe"
    else:
        return None
    return cells | {
        "units": units,
        "note": note,
        "priority": dice.pick(_SECOND_PRIORITY, "priority", name),
    }


def _pickup(commune: Commune, dice: Dice) -> Cells:
    name = f"NV-{commune.code}-2"
    return _need(name, "pickup", commune, "UBND") | {
        "priority": dice.pick(((3, 60), (4, 30), (5, 10)), "priority", name),
        "note": "Xe bán tải phục vụ phòng, chống thiên tai",
    }


def _motorcycle(commune: Commune, dice: Dice) -> Cells:
    name = f"NV-{commune.code}-3"
    return _need(name, "motorcycle", commune, "Ban Chỉ huy quân sự") | {
        "units": dice.between(1, 3, "units", name),
        "priority": dice.pick(((3, 30), (4, 40), (5, 30)), "priority", name),
    }


def _need(name: str, kind: str, commune: Commune, body: str) -> Cells:
    return {
        "need_id": name,
        "category": "vehicle",
        "kinds": kind,
        "recipient": f"{body} {commune.title}",
        "commune_code": commune.code,
        "units": 1,
        "source": "synthetic",
    }
