"""What a code can mean: a commune of today, an old one and what became of it, or no commune at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from geodata.names import Gazetteer
from geodata.register import read

if TYPE_CHECKING:
    import pandas as pd

CODE_LENGTH = 5


class OldCommune(NamedTuple):
    """An old commune; `point` is "own", or "seat" where the point of its new commune stands in."""

    name: str
    district: str
    province: str
    lat: float
    lon: float
    point: str


@dataclass(frozen=True, eq=False)
class CodeBook:
    """The communes in use, and the old register to recognise old codes and names by.

    Parameters
    ----------
    communes
        The communes in use, default integer index.
    """

    communes: pd.DataFrame

    @cached_property
    def position(self) -> dict[str, int]:
        """Commune code to its position in `communes`."""
        return {code: i for i, code in enumerate(self.communes["commune_code"])}

    @property
    def old(self) -> dict[str, OldCommune]:
        """Old code to the old commune."""
        return old_communes()

    @cached_property
    def parts(self) -> dict[str, list[str]]:
        """Old code to the communes in use that it is part of today."""
        links = read.code_changes()
        result: dict[str, list[str]] = {}
        for old, new in zip(links["old_commune_code"], links["commune_code"], strict=True):
            if new in self.position:
                result.setdefault(old, []).append(new)
        return result

    @cached_property
    def today_names(self) -> Gazetteer:
        """Today's communes by name and province."""
        return Gazetteer(_units(self.communes, "commune_code", "name", "kind", "province_name"))

    @cached_property
    def districts(self) -> dict[str, tuple[str, str]]:
        """Old district code to its name with its province's, and to its commune where it became one."""
        frame = read.old_districts()
        names = frame["kind"] + " " + frame["name"] + ", " + frame["old_province_name"]
        return dict(
            zip(frame["old_district_code"], zip(names, frame["commune_code"], strict=True), strict=True)
        )

    @cached_property
    def provinces(self) -> dict[str, str]:
        """Province code to name, old ones included."""
        old = read.old_provinces()
        today = read.provinces()
        return {
            **dict(zip(old["old_province_code"], old["name"], strict=True)),
            **dict(zip(today["province_code"], today["name"], strict=True)),
        }

    def likely(self, code: str) -> str:
        """Return the code that a spreadsheet turned into this number, "" when it is none."""
        digits = re.sub(r"\.0+$", "", code.replace(",", "."))
        if not digits.isdecimal() or (digits == code and len(code) == CODE_LENGTH):
            return ""
        padded = digits.zfill(CODE_LENGTH)
        return padded if padded in self.position or padded in self.old else ""

    def title(self, code: str) -> str:
        """Return a commune of today in words: name, province and code."""
        row = self.communes.iloc[self.position[code]]
        return f"{row['name']} ({row['province_name']}, {code})"

    def old_title(self, code: str) -> str:
        """Return an old commune in words: name, district, province."""
        unit = self.old[code]
        return f"{unit.name}, {unit.district}, {unit.province}"


@cache
def old_communes() -> dict[str, OldCommune]:
    """Return the old communes by code."""
    frame = read.old_communes()
    columns = ("name", "old_district_name", "old_province_name", "lat", "lon", "point")
    units = zip(*(frame[column].tolist() for column in columns), strict=True)
    return {code: OldCommune(*unit) for code, unit in zip(frame["old_commune_code"], units, strict=True)}


@cache
def old_names() -> Gazetteer:
    """Return the old communes by name and the province of then."""
    return Gazetteer(_units(read.old_communes(), "old_commune_code", "name", "kind", "old_province_name"))


@cache
def mixed_names() -> Gazetteer:
    """Return the old communes by name and the province of today."""
    frame = read.old_communes()
    merged = read.old_provinces().set_index("old_province_code")["province_code"]
    names = read.provinces().set_index("province_code")["name"]
    frame["today"] = frame["old_province_code"].map(merged).map(names)
    return Gazetteer(_units(frame, "old_commune_code", "name", "kind", "today"))


def _units(frame: pd.DataFrame, *columns: str) -> list[tuple[str, str, str, str]]:
    return list(zip(*(frame[column].fillna("").astype("str") for column in columns), strict=True))
