"""The reference scenario: the defaults but for what the inventory needs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fractions import Fraction

NAME = "Kịch bản tham chiếu 15/8/2025: xe, thiết bị, trụ sở, nhà đất (dữ liệu giả lập)"
DATE = dt.date(2025, 8, 15)
# Assumptions: what a new one costs [VND], as the default of 20 million suits computers only.
PRICES = {
    "equipment/printer": 8_000_000,
    "equipment/photocopier": 60_000_000,
    "equipment/scanner": 15_000_000,
    "equipment/desk_set": 6_000_000,
    "equipment/cabinet": 5_000_000,
    "equipment/conference_set": 60_000_000,
    "equipment/generator": 150_000_000,
    "vehicle/fire_engine": 4_000_000_000,
}
_CARS_PER_COMMUNE = 2
# Where the search ends: a gap that is proven, so that the plan does not depend on the machine.
SEARCH = {"value_gap": Decimal("0.00005"), "time_limit_s": 900}


def scenario(bans: list[list[str]], scale: Fraction) -> dict[str, Any]:
    """Return the scenario as it stands in a file; above scale 1 the norm of cars grows along."""
    made: dict[str, Any] = {
        "name": NAME,
        "date": DATE,
        "commune_codes": "2025",
        "prices": {"unmet": dict(PRICES)},
        "rules": {
            "cross_province": {"vehicle/boat": "forbidden"},
            "max_age_years": {"vehicle/truck": 20},
        },
        "solver": dict(SEARCH),
    }
    if scale > 1:
        made["norms"] = {"max_per_commune": {"vehicle/car": -(-_CARS_PER_COMMUNE * scale // 1)}}
    if bans:
        made["stability"] = {"bans": bans}
    return made


def toml(table: dict[str, Any]) -> str:
    """Return a scenario as TOML: plain keys first, then one section a table."""
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    parts = ["".join(f"{key} = {_value(value)}\n" for key, value in plain.items())]
    for key, value in table.items():
        if isinstance(value, dict):
            body = "".join(f"{name} = {_value(member)}\n" for name, member in value.items())
            parts.append(f"[{key}]\n{body}")
    return "\n".join(parts)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_text(key)} = {_value(member)}" for key, member in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(member) for member in value) + "]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def _text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
