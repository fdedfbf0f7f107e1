"""Rows of a province's list of assets: the synthetic reference, and what a real list has besides.

The reference holds what is left over. A list that a department of finance keeps also has the offices and
computers in use, what was handed over and stands idle, what is settled, addresses instead of coordinates, and
several words for one thing. All of it is made up, and every row says so.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, TypeAlias

import geodata

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

PROVINCE = "12"
PROVINCE_NAME = "Lai Châu"
#: Communes that have not sent their staff numbers.
WITHOUT_STAFF = ("Nậm Sỏ", "Pa Ủ", "Sìn Hồ")

Row: TypeAlias = dict[str, Any]

_CATEGORIES = {
    "premises": ("Nhà, đất",),
    "vehicle": ("Phương tiện", "Xe"),
    "equipment": ("Máy móc, thiết bị", "Thiết bị"),
}
_KINDS = {
    "office": ("Trụ sở làm việc", "Nhà làm việc"),
    "barracks": ("Trụ sở công an",),
    "house": ("Nhà công vụ",),
    "land": ("Khu đất",),
    "school": ("Trường học", "Điểm trường"),
    "clinic": ("Trạm y tế",),
    "culture_house": ("Nhà văn hóa", "Hội trường"),
    "warehouse": ("Nhà kho",),
    "car": ("Xe ô tô", "Ô tô con"),
    "pickup": ("Xe bán tải",),
    "motorcycle": ("Xe máy",),
    "computer": ("Máy vi tính", "Máy tính để bàn"),
    "laptop": ("Máy tính xách tay",),
    "printer": ("Máy in",),
    "photocopier": ("Máy photocopy",),
    "scanner": ("Máy scan",),
    "projector": ("Máy chiếu",),
    "air_conditioner": ("Điều hòa",),
    "desk_set": ("Bàn ghế làm việc", "Bộ bàn ghế"),
    "cabinet": ("Tủ tài liệu", "Tủ hồ sơ"),
    "conference_set": ("Thiết bị họp trực tuyến",),
}
_STATUSES = {
    "surplus": ("Dôi dư", "dôi dư"),
    "handed_idle": ("Đã bàn giao, chưa sử dụng", "Bàn giao chưa sử dụng"),
    "in_use": ("Đang sử dụng",),
    "handled": ("Đã xử lý",),
}
_LEGAL = {"clear": ("Rõ ràng", ""), "disputed": ("Đang tranh chấp",), "pending": ("Chưa hoàn thiện hồ sơ",)}
_LEVELS = {"province": ("Cấp tỉnh",), "commune": ("Cấp xã",), "central": ("Trung ương",)}
#: One in so many of the reference's surplus premises is idle after its handover, or settled.
_IDLE_EACH, _SETTLED_EACH = 4, 15
#: So many communes have two cars of which neither is over age.
_YOUNGER_PAIRS = 2
_VND_PER_M2 = 4_500_000


def communes() -> list[Row]:
    """Return the province's communes: code, name, kind and staff numbers, None where not known."""
    register = geodata.communes()
    rows = register.loc[register["province_code"] == PROVINCE].to_dict("records")
    return [
        {
            "code": str(row["commune_code"]),
            "name": str(row["name"]),
            "kind": str(row["kind"]),
            "staff": None if row["name"] in WITHOUT_STAFF else (6 + at % 3, 6 + at % 4, 13 + at * 5 % 9),
        }
        for at, row in enumerate(rows)
    ]


def assets() -> dict[str, list[Row]]:
    """Return category -> rows of the list, as texts, numbers and dates that stand in its cells."""
    places = {row["code"]: row for row in communes()}
    raw = [*_reference(), *_offices_in_use(places), *_computers_in_use(places)]
    _attach_air_conditioners(raw)
    _buy_cars_later(raw)
    found: dict[str, list[Row]] = {"premises": [], "vehicle": [], "equipment": []}
    for row in sorted(raw, key=lambda row: str(row["asset_id"])):
        rows = found[row["category"]]
        rows.append(_in_words(row, places[row["commune_code"]], len(rows)))
    return found


def _reference() -> Iterator[Row]:
    inventory = geodata.reference(seed=1, province=PROVINCE)
    frame: pd.DataFrame = inventory.assets.drop(columns=["lat", "lon"])
    old_bodies = {
        row["old_commune_code"]: f"UBND {row['kind']} {row['name']} (cũ)"
        for row in geodata.old_communes().to_dict("records")
    }
    premises = 0
    for record in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        row = {str(name): value for name, value in record.items()}
        if row["category"] == "premises":
            premises += 1
            if premises % _IDLE_EACH == 0:
                row["status"] = "handed_idle"
            if premises % _SETTLED_EACH == 1:
                row |= {"status": "handled", "note": "Đã điều chuyển theo quyết định năm 2025"}
            if row["area_m2"]:
                row |= _book(int(row["area_m2"]) * _VND_PER_M2, row["condition_pct"])
        if row["category"] == "equipment" and row["status"] == "surplus":  # E-C03427-01: of an old commune
            row["holder"] = old_bodies.get(str(row["asset_id"])[3:8], row["holder"])
        for name in ("available_from", "available_until"):
            row[name] = None if row[name] is None else dt.date.fromisoformat(str(row[name]))
        yield row


def _offices_in_use(places: dict[str, Row]) -> Iterator[Row]:
    """Yield the offices of the bodies of each commune: some are missing, most are too small."""
    for at, (code, place) in enumerate(places.items()):
        title = f"{place['kind']} {place['name']}"
        bodies = [("UB", "office", f"UBND {title}", 380 + 37 * at % 240)]
        if at % 5:
            bodies.append(("DU", "office", f"Đảng ủy {title}", 150 + 29 * at % 170))
        if at % 3 == 0:
            bodies.append(("MT", "office", f"UBMTTQ Việt Nam {title}", 60 + 11 * at % 60))
        if at % 4 != 1:
            bodies.append(("CA", "barracks", f"Công an {title}", 170 + 23 * at % 260))
        for mark, kind, holder, area in bodies:
            condition = 45 + (at * 13 + area) % 50
            yield {
                **_plain(f"P-S{code}-{mark}", "premises", kind, code, holder),
                "name": f"Trụ sở {holder}",
                "units": 1,
                "area_m2": area,
                "land_area_m2": area * 3,
                "condition_pct": condition,
                "year": 1998 + (at * 7 + area) % 24,
                **_book(area * _VND_PER_M2, condition),
            }


def _computers_in_use(places: dict[str, Row]) -> Iterator[Row]:
    """Yield two lots of computers of each commune, a newer and an old one."""
    for at, (code, place) in enumerate(places.items()):
        holder = f"UBND {place['kind']} {place['name']}"
        lots = (("1", 14 + at * 3 % 13, 2021 + at % 4, 70 + at % 20), ("2", 3 + at % 6, 2014 + at % 4, 25))
        for mark, units, year, condition in lots:
            yield {
                **_plain(f"E-S{code}-{mark}", "equipment", "computer", code, holder),
                "name": f"Máy vi tính để bàn ({year})",
                "units": units,
                "year": year,
                "condition_pct": condition,
                **_book(14_000_000, condition),
            }


def _plain(identifier: str, category: str, kind: str, code: str, holder: str) -> Row:
    return {
        "asset_id": identifier,
        "category": category,
        "kind": kind,
        "commune_code": code,
        "status": "in_use",
        "legal_status": "clear",
        "holder": holder,
        "holder_level": "commune",
        "source": "synthetic",
    }


def _book(value: int, condition: int | None) -> Row:
    """Return original price and residual value, to the thousand."""
    residual = value * (40 if condition is None else int(condition)) // 100
    return {"book_value_vnd": value // 1000 * 1000, "residual_value_vnd": residual // 1000 * 1000}


def _attach_air_conditioners(rows: list[Row]) -> None:
    """Attach each surplus lot of air conditioners to a building left over in its commune, a house first."""
    idle = ("surplus", "handed_idle")
    for row in rows:
        if row["kind"] == "air_conditioner" and row["status"] in idle:
            houses = [
                (other["kind"] != "house", other["asset_id"])
                for other in rows
                if other["category"] == "premises"
                and other["kind"] != "land"
                and other["commune_code"] == row["commune_code"]
                and other["status"] in idle
            ]
            row["attached_to"] = min(houses)[1] if houses else None


def _buy_cars_later(rows: list[Row]) -> None:
    """Make the two cars of some communes younger: the reference's are all due by now."""
    cars = {row["asset_id"]: row for row in rows if row["kind"] == "car" and row["status"] == "in_use"}
    pairs = [(f"{name[:-1]}1", name) for name in sorted(cars) if name.endswith("-02")]
    for at, (first, second) in enumerate(pairs[:_YOUNGER_PAIRS]):
        for name, year, condition in ((first, 2019 + at, 74), (second, 2012 + at, 45)):
            car = cars[name]
            model = str(car["name"]).partition(" (")[0]
            car |= {"name": f"{model} ({year})", "year": year, "condition_pct": condition}
            car |= _book(int(car["book_value_vnd"]), condition)


def _in_words(row: Row, place: Row, at: int) -> Row:
    """Return the row as a clerk writes it: names, labels, a street, an owner."""
    title = f"{place['kind']} {place['name']}"
    near = "Tổ dân phố" if place["kind"] == "phường" else "Bản"
    words: Row = {
        **row,
        "category": _pick(_CATEGORIES[row["category"]], at),
        "kind": _pick(_KINDS[row["kind"]], at),
        "commune_name": _pick((place["name"], f"{title[0].upper()}{title[1:]}"), at // 9),
        "province_name": PROVINCE_NAME,
        "status": _pick(_STATUSES[row["status"]], at // 3),
        "legal_status": _pick(_LEGAL[row["legal_status"]], at // 5),
        "holder": row.get("holder") or f"UBND {title}",
        "holder_level": _pick(_LEVELS[row["holder_level"]], at),
    }
    if row["category"] == "premises":
        words["address"] = f"{near} số {1 + at * 7 % 12}, {title}, tỉnh {PROVINCE_NAME}"
    for name in ("repair_vnd", "release_value_vnd"):
        words[name] = row.get(name) or None
    return words


def _pick(words: tuple[str, ...], at: int) -> str:
    return words[at % len(words)]
