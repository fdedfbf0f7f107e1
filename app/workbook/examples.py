"""The rows of the sheet of examples: invented, in the language, and right as they stand."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from solver.tables.columns import by_name
from solver.tables.kinds import CHOICES, KINDS, label

if TYPE_CHECKING:
    from app.settings import Lang

Value = str | int | float | datetime.date
Row = dict[str, Value]

_PLACE: Row = {"province_name": "Thanh Hóa", "commune_name": "Hạc Thành"}
_FAR: Row = {"province_name": "Thanh Hóa", "commune_name": "Mường Lát", "commune_code": "14845"}

_THANH_HOA: Row = {"province_name": "Thanh Hóa", "province_code": "38"}

_ASSETS: tuple[Row, ...] = (
    _PLACE
    | {"asset_id": "TS-0001", "category": "premises", "kind": "office", "status": "surplus", "units": 1}
    | {"area_m2": 850.5, "land_area_m2": 1200, "condition_pct": 70, "year": 2009, "legal_status": "clear"}
    | {"holder_level": "province", "book_value_vnd": 6_500_000_000, "residual_value_vnd": 2_100_000_000}
    | {"available_from": datetime.date(2025, 9, 1)},
    _FAR
    | {"asset_id": "TS-0002", "category": "vehicle", "kind": "car", "status": "in_use", "units": 1}
    | {"condition_pct": 40, "year": 2015, "official_id": "36A-000.00", "holder_level": "commune"}
    | {"book_value_vnd": 720_000_000, "residual_value_vnd": 47_664_000, "mileage_km": 98_000},
    _PLACE
    | {"asset_id": "TS-0003", "category": "equipment", "kind": "computer", "status": "handed_idle"}
    | {"units": 12, "condition_pct": 60, "year": 2022, "holder_level": "commune"}
    | {"book_value_vnd": 15_000_000},
)
_NEEDS: tuple[Row, ...] = (
    _FAR
    | {"need_id": "NC-0001", "category": "vehicle", "kinds": "car|pickup", "units": 1, "priority": 1}
    | {"deadline": datetime.date(2025, 12, 31)},
    _PLACE
    | {"need_id": "NC-0002", "category": "premises", "kinds": "office", "purpose": "headquarters"}
    | {"units": 1, "area_m2": 480},
    _FAR | {"need_id": "NC-0003", "category": "equipment", "kinds": "computer", "units": 8},
)
_COMMUNES: tuple[Row, ...] = (
    _THANH_HOA
    | {"name": "Hạc Thành", "commune_code": "14797"}
    | {"staff_leaders": 8, "staff_heads": 6, "staff_specialists": 46},
    _THANH_HOA
    | {"name": "Mường Lát", "commune_code": "14845"}
    | {"staff_leaders": 5, "staff_heads": 4, "staff_specialists": 23},
)
_ROWS = {"assets": _ASSETS, "needs": _NEEDS, "communes": _COMMUNES}

#: Free texts: identifier -> column -> English and Vietnamese.
_TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "TS-0001": {
        "name": ("Former district office", "Trụ sở UBND huyện cũ"),
        "address": ("12 Hac Thanh Street", "Số 12, đường Hạc Thành"),
        "holder": ("Provincial Department of Finance", "Sở Tài chính"),
    },
    "TS-0002": {
        "name": ("Car, 5 seats", "Xe ô tô 5 chỗ"),
        "holder": ("Commune People's Committee", "UBND xã Mường Lát"),
        "note": ("counts towards the norm", "tính vào định mức"),
    },
    "TS-0003": {
        "name": ("Desktop computers", "Máy vi tính để bàn"),
        "holder": ("Ward People's Committee", "UBND phường Hạc Thành"),
    },
    "NC-0001": {"recipient": ("Commune People's Committee", "UBND xã Mường Lát")},
    "NC-0002": {"recipient": ("Ward Party Committee", "Đảng ủy phường Hạc Thành")},
    "NC-0003": {"recipient": ("Service centre", "Trung tâm Phục vụ hành chính công xã Mường Lát")},
}


def examples(table: str, lang: Lang) -> list[Row]:
    """Return the example rows of a table by column, with labels of closed lists in the language."""
    return [_in_words(table, row, lang) for row in _ROWS[table]]


def _in_words(table: str, row: Row, lang: Lang) -> Row:
    texts = _TEXTS.get(str(row.get("asset_id") or row.get("need_id")), {})
    worded: Row = {name: pair[lang == "vi"] for name, pair in texts.items()}
    kinds = KINDS.get(str(row.get("category")), ())
    for name, value in row.items():
        kind = by_name(table)[name].type
        if kind == "choice":
            worded[name] = label(CHOICES[name], str(value), lang)
        elif kind in ("kind", "kinds"):
            worded[name] = "|".join(label(kinds, code, lang) for code in str(value).split("|"))
        else:
            worded[name] = value
    return worded
