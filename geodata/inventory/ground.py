"""The places that the inventory stands on: communes, the seats of old units, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from geodata.register import read

if TYPE_CHECKING:
    import pandas as pd

# Neither has a road, a car or a need (docs/reference-inventory.md).
OUT_OF_REACH = frozenset({"20333", "22736"})
# Their old districts, Hoàng Sa and Trường Sa: nothing movable starts there.
ROADLESS_DISTRICTS = frozenset({"498", "576"})
_HOANG_SA_DISTRICT, _SON_TRA = "498", "20263"
# The city that was the seat of each province that lost it: old province -> old district.
_LOST_SEATS = {
    "02": "024",
    "06": "058",
    "10": "080",
    "17": "148",
    "26": "243",
    "27": "256",
    "30": "288",
    "34": "336",
    "35": "347",
    "36": "356",
    "45": "461",
    "49": "502",
    "62": "608",
    "64": "622",
    "58": "582",
    "60": "593",
    "67": "660",
    "54": "555",
    "70": "689",
    "74": "718",
    "77": "748",
    "72": "703",
    "83": "829",
    "84": "842",
    "87": "866",
    "89": "883",
    "93": "930",
    "94": "941",
    "95": "954",
}


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of today."""

    code: str
    name: str
    kind: str
    province: str
    island: str

    @property
    def title(self) -> str:
        """Kind and name."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands: today's commune, and a point [degrees] unless it is the commune's own."""

    commune: str
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class OldUnit:
    """A commune, district or province of 30 June 2025 with its seat."""

    code: str
    name: str
    kind: str
    province: str
    spot: Spot

    @property
    def title(self) -> str:
        """Kind and name."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Ground:
    """All places, each dictionary sorted by code.

    Attributes
    ----------
    communes
        The 3,321 communes.
    old_communes
        The 10,035 old communes; `spot` is in the commune that the old one, or most of it, is part of.
    districts
        The 696 old districts.
    lost_seats
        The 29 old provinces whose seat is no longer one.
    """

    communes: dict[str, Commune]
    old_communes: dict[str, OldUnit]
    districts: dict[str, OldUnit]
    lost_seats: dict[str, OldUnit]

    def served(self) -> list[Commune]:
        """Return the communes that can have a need."""
        return [one for one in self.communes.values() if one.code not in OUT_OF_REACH]


@cache
def ground() -> Ground:
    """Return the places of the register."""
    frame = read.communes().sort_values("commune_code")
    communes = {
        code: Commune(code, name, kind, province, island)
        for code, name, kind, province, island in _tuples(
            frame, "commune_code", "name", "kind", "province_code", "island"
        )
    }
    old = _old_communes(frame, communes)
    districts = _districts(old, communes)
    provinces = read.old_provinces().sort_values("old_province_code")
    lost = {
        code: OldUnit(code, name, kind, province, districts[_LOST_SEATS[code]].spot)
        for code, name, kind, province in _tuples(
            provinces, "old_province_code", "name", "kind", "province_code"
        )
        if code != province
    }
    return Ground(communes, old, districts, lost)


def _tuples(frame: pd.DataFrame, *columns: str) -> list[tuple[str, ...]]:
    return list(zip(*(frame[column].astype("str").tolist() for column in columns), strict=True))


def _old_communes(frame: pd.DataFrame, communes: dict[str, Commune]) -> dict[str, OldUnit]:
    points = dict(
        zip(
            frame["commune_code"], zip(frame["lat"].tolist(), frame["lon"].tolist(), strict=True), strict=True
        )
    )
    successors: dict[str, list[str]] = {}
    for old, new in _tuples(read.code_changes(), "old_commune_code", "commune_code"):
        successors.setdefault(old, []).append(new)
    table = read.old_communes().sort_values("old_commune_code")
    found = {}
    for (code, name, kind, source), lat, lon in zip(
        _tuples(table, "old_commune_code", "name", "kind", "point"),
        table["lat"].tolist(),
        table["lon"].tolist(),
        strict=True,
    ):
        heirs = successors[code]
        # The seat of a new commune is that of the old one with its code; else the nearest heir has it.
        heir = code if code in heirs else min(heirs, key=lambda new: (_apart(points[new], (lat, lon)), new))
        spot = Spot(heir, lat, lon) if source == "own" else Spot(heir)
        found[code] = OldUnit(code, name, kind, communes[heir].province, spot)
    return found


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _districts(old: dict[str, OldUnit], communes: dict[str, Commune]) -> dict[str, OldUnit]:
    members: dict[str, list[OldUnit]] = {}
    for code, district in _tuples(read.old_communes(), "old_commune_code", "old_district_code"):
        members.setdefault(district, []).append(old[code])
    found = {}
    for code, name, kind, island in _tuples(
        read.old_districts().sort_values("old_district_code"),
        "old_district_code",
        "name",
        "kind",
        "commune_code",
    ):
        plain = name.split(" (")[0]
        if code == _HOANG_SA_DISTRICT:
            spot = Spot(_SON_TRA)
        elif island:
            spot = Spot(island)
        else:
            spot = min(members[code], key=lambda unit: _seat_rank(unit, plain)).spot
        found[code] = OldUnit(code, plain, kind, communes[spot.commune].province, spot)
    return found


def _seat_rank(unit: OldUnit, district: str) -> tuple[int, bool, str]:
    """Rank the seats that a district may have: township, ward, commune; that of its own name first."""
    return ("thị trấn", "phường", "xã").index(unit.kind), unit.name != district, unit.code
