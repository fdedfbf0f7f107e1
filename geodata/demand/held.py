"""What a commune has in use, as far as the norms ask."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from geodata.demand.bodies import OTHER_LEVEL, body_of

if TYPE_CHECKING:
    from geodata.demand.read import Norms

_COLUMNS = (
    "commune_code",
    "category",
    "kind",
    "units",
    "area_m2",
    "condition_pct",
    "year",
    "holder",
    "holder_level",
)
_FIRST_YEAR = 2025


@dataclass
class Held:
    """What is in use in one commune.

    Attributes
    ----------
    offices, barracks
        Area by body [m2]; "" is what no body holds.
    unmeasured
        Whether the area of any of them is not known.
    cars
        Cars by body; "" is all whose holder is neither the Party committee nor the People's Committee.
    computers
        Computers in good condition that are not of the police or the military.
    elsewhere
        Holders of premises and computers that would count, were they not of another level; by holder, ""
        where none is named, how many assets.
    """

    offices: dict[str, Decimal] = field(default_factory=dict)
    barracks: dict[str, Decimal] = field(default_factory=dict)
    unmeasured: bool = False
    cars: dict[str, int] = field(default_factory=dict)
    computers: int = 0
    elsewhere: Counter[str] = field(default_factory=Counter)


def in_use(assets: pd.DataFrame, norms: Norms, year: int | None) -> dict[str, Held]:
    """Return what is in use, by commune.

    Parameters
    ----------
    assets
        Typed and located; of their columns `commune_code, category, kind, status, units, area_m2,
        condition_pct, year, holder, holder_level` any but the first two may be absent.
    norms
        Which kinds count, and when a computer is good.
    year
        Against which ages count; None for the latest year of the assets, 2025 at least.
    """
    years = [int(cell) for cell in assets["year"].dropna()] if "year" in assets else []
    counted = _Counted(norms, max([_FIRST_YEAR, *years]) if year is None else year)
    found: dict[str, Held] = {}
    if "status" not in assets:
        return found
    using = assets[(assets["status"] == "in_use") & assets["commune_code"].notna()]
    columns = [
        using[name].astype(object).tolist() if name in using else [None] * len(using) for name in _COLUMNS
    ]
    for commune, *cells in zip(*columns, strict=True):
        row = dict(zip(_COLUMNS[1:], (None if pd.isna(cell) else cell for cell in cells), strict=True))
        counted.add(row, found.setdefault(str(commune), Held()))
    return found


class _Counted:
    """The rules by which a row counts."""

    def __init__(self, norms: Norms, year: int) -> None:
        self._offices = norms.items("headquarters/in_use/offices")
        self._barracks = norms.items("headquarters/in_use/barracks")
        self._computers = norms.items("computers/kinds")
        self._least_condition = norms.number("computers/least_condition")
        self._most_age = norms.count("computers/most_age")
        self._year = year

    def add(self, row: dict[str, object], held: Held) -> None:
        named = str(row["holder"] or "")
        body = body_of(named, str(row["holder_level"] or ""))
        category, kind = row["category"], row["kind"]
        units = 1 if row["units"] is None else int(str(row["units"]))
        if category == "vehicle" and kind == "car":
            # The cap of a commune counts every car in it, whoever holds it.
            holder = body if body in ("party", "council") else ""
            held.cars[holder] = held.cars.get(holder, 0) + units
        elif body == OTHER_LEVEL:
            held.elsewhere[named] += self._would_count(row)
        elif category == "premises" and kind in (*self._offices, *self._barracks):
            areas = held.offices if kind in self._offices else held.barracks
            held.unmeasured |= row["area_m2"] is None
            area = Decimal(str(row["area_m2"] or 0))
            areas[body] = areas.get(body, Decimal(0)) + area
        elif category == "equipment" and kind in self._computers and body not in ("police", "military"):
            held.computers += units if self._is_good(row) else 0

    def _would_count(self, row: dict[str, object]) -> bool:
        if row["category"] == "premises":
            return row["kind"] in (*self._offices, *self._barracks)
        return row["category"] == "equipment" and row["kind"] in self._computers and self._is_good(row)

    def _is_good(self, row: dict[str, object]) -> bool:
        if row["condition_pct"] is not None:
            return Decimal(str(row["condition_pct"])) >= self._least_condition
        return row["year"] is not None and self._year - int(str(row["year"])) <= self._most_age
