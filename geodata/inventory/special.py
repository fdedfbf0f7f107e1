"""Cases made by hand, so that every reason for a shortfall occurs (docs/reference-inventory.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geodata.inventory.lines import Cells, Line
from geodata.inventory.vehicles import LIFE_YEARS, NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from geodata.inventory.dice import Dice
    from geodata.inventory.ground import Ground

# Communes of islands without a power line to the mainland at every hour; they are always among the 601.
GENERATOR_COMMUNES = ("21607", "30814", "31105")


class Kind(NamedTuple):
    """What a kind of rare vehicle is called, who has it, and what one costs [million VND]."""

    name: str
    holder: str
    book: int


_KINDS = {
    "boat": Kind("Ca nô công vụ", "Ban Chỉ huy phòng, chống thiên tai", 650),
    "ambulance": Kind("Xe cứu thương", "Trung tâm Y tế", 1_100),
    "truck": Kind("Xe tải 2,5 tấn", "Đội Quản lý đô thị", 480),
    "bus": Kind("Xe khách 29 chỗ", "Trung tâm Văn hóa", 1_400),
}
# Surplus: kind, old district, how many, years, legal status.
_SURPLUS = (
    ("boat", "886", 2, (2014, 2019), "clear"),
    ("boat", "912", 1, (2014, 2019), "clear"),
    ("boat", "972", 2, (2014, 2019), "clear"),
    ("ambulance", "137", 1, (2015, 2019), "pending"),
    ("ambulance", "467", 1, (2015, 2019), "pending"),
    ("ambulance", "630", 1, (2015, 2019), "disputed"),
    ("truck", "268", 2, (1996, 2003), "clear"),
    ("truck", "540", 2, (1996, 2003), "clear"),
    ("truck", "718", 1, (1996, 2003), "clear"),
    ("bus", "288", 1, (2016, 2018), "clear"),
    ("bus", "336", 1, (2016, 2018), "clear"),
)
# Needs: kind, commune or old district, body, note.
_WANTED = (
    ("fire_engine", "31078", "UBND", "Địa bàn đảo, chưa có đội chữa cháy chuyên nghiệp"),
    ("fire_engine", "26732", "UBND", "Địa bàn đảo, chưa có đội chữa cháy chuyên nghiệp"),
    ("boat", "31108", "UBND", "Đi lại giữa các đảo"),
    ("boat", "29410", "UBND", "Xã cồn, đi lại bằng phà"),
    ("boat", "29413", "UBND", "Xã cồn, đi lại bằng phà"),
    ("boat", "07192", "UBND", "Đi lại giữa các đảo"),
    ("boat", "D973", "UBND", "Địa bàn sông rạch"),
    ("ambulance", "D139", "Trạm Y tế", "Cách bệnh viện gần nhất trên 30 km"),
    ("ambulance", "D465", "Trạm Y tế", "Cách bệnh viện gần nhất trên 30 km"),
    ("ambulance", "D635", "Trạm Y tế", "Cách bệnh viện gần nhất trên 30 km"),
    ("truck", "D274", "UBND", "Thu gom rác thải"),
    ("truck", "D549", "UBND", "Thu gom rác thải"),
    ("truck", "D725", "UBND", "Thu gom rác thải"),
    ("bus", "D342", "Trung tâm Văn hóa", "Chở đội văn nghệ; hai xe dôi dư đã có quyết định bán đấu giá"),
)
_NUMBER = {"fire_engine": 4, "boat": 5, "ambulance": 6, "truck": 7, "bus": 8, "minibus": 9}


def surplus(land: Ground, province: str, dice: Dice) -> Iterator[Line]:
    """Yield the rare vehicles of a province."""
    for kind, district, count, years, legal in _SURPLUS:
        unit = land.districts[district]
        for number in range(1, count + 1) if unit.province == province else ():
            name = f"V-D{district}-{_NUMBER[kind]}{number}"
            year = dice.between(*years, "year", name)
            about = _KINDS[kind]
            book = about.book * 1_000_000
            cells: Cells = {
                "asset_id": name,
                "category": "vehicle",
                "kind": kind,
                "commune_code": unit.spot.commune,
                "lat": unit.spot.lat,
                "lon": unit.spot.lon,
                "status": "surplus",
                "units": 1,
                "condition_pct": dice.between(32, 45, "condition", name)
                if kind == "truck"
                else dice.between(50, 75, "condition", name),
                "year": year,
                "legal_status": legal,
                "repair_vnd": 0,
                "release_value_vnd": book // 20,
                "book_value_vnd": book,
                "residual_value_vnd": book * max(0, LIFE_YEARS - (NOW - year)) // LIFE_YEARS,
                "name": f"{about.name} ({year})",
                "holder": f"{about.holder} {unit.title} (cũ)",
                "holder_level": "province",
                "source": "synthetic",
            }
            yield Line(cells, stays=True)


def vehicle_needs(land: Ground, province: str) -> Iterator[Line]:
    """Yield the needs for rare vehicles, and minibuses for the staff of old province seats."""
    for kind, place, body, note in _WANTED:
        code = land.districts[place[1:]].spot.commune if place.startswith("D") else place
        yield from _need(land, province, code, kind, {"note": note}, body)
    for i, unit in enumerate(land.lost_seats.values()):
        # Of five, two want it now, one asks for more quality than there is, two can wait.
        when: Cells = {} if i % 5 < 2 else {"deadline": "2026-06-30"}
        better: Cells = {"min_condition_pct": 80} if i % 5 == 2 else {}
        why: Cells = {"note": f"Đưa đón cán bộ từ trung tâm {unit.title} (cũ) đến nơi làm việc mới"}
        yield from _need(land, province, unit.spot.commune, "minibus", when | better | why, "UBND")


def equipment_needs(land: Ground, province: str) -> Iterator[Line]:
    """Yield the needs for generators, of which none is surplus."""
    for code in GENERATOR_COMMUNES:
        commune = land.communes[code]
        if commune.province == province:
            cells: Cells = {
                "need_id": f"NE-{code}-20",
                "category": "equipment",
                "kinds": "generator",
                "recipient": f"UBND {commune.title}",
                "commune_code": code,
                "units": 1,
                "priority": 2,
                "source": "synthetic",
                "note": "Điện trên đảo chưa ổn định",
            }
            yield Line(cells, stays=True)


def bans(assets: pd.DataFrame, needs: pd.DataFrame) -> list[list[str]]:
    """Return the pairs that the scenario bans: the buses that are to be auctioned."""
    buses = assets.loc[assets["kind"] == "bus", "asset_id"]
    return [[bus, need] for bus in buses for need in needs.loc[needs["kinds"] == "bus", "need_id"]]


def _need(land: Ground, province: str, code: str, kind: str, more: Cells, body: str) -> Iterator[Line]:
    commune = land.communes[code]
    if commune.province == province:
        cells: Cells = {
            "need_id": f"NV-{code}-{_NUMBER[kind]}",
            "category": "vehicle",
            "kinds": kind,
            "recipient": f"{body} {commune.title}",
            "commune_code": code,
            "units": 1,
            "priority": 2,
            "source": "synthetic",
        }
        yield Line(cells | more, stays=True)
