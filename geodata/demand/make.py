"""`needs_from_norms`: premises, cars and computers that communes lack by the norms (docs/needs.md).

Computers: one for each civil post (given or expected), less the computers in use in good condition: of known
condition at or above the least one, or of unknown condition and known year not older than the greatest age.
Those of the police, the military and bodies of the province do not count. A computer that would not count
does not meet the need either: the least condition is that of the need.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from geodata.demand.bodies import BODIES
from geodata.demand.cars import missing_cars
from geodata.demand.held import Held, in_use
from geodata.demand.premises import lacking
from geodata.demand.read import as_norms
from geodata.demand.staff import STAFF_COLUMNS, TITLES, count, staff_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from geodata.demand.read import Norms

#: Notes of needs, in Vietnamese as in the table itself.
ASSUMED_STAFF = "Chưa có đủ số biên chế; dùng số bình quân dự kiến"
UNMEASURED = "Có trụ sở đang sử dụng chưa rõ diện tích, chưa được trừ"
SOURCE = "Tính theo tiêu chuẩn, định mức"

NEED_COLUMNS = (
    "need_id",
    "category",
    "kinds",
    "purpose",
    "recipient",
    "commune_code",
    "units",
    "area_m2",
    "min_condition_pct",
    "priority",
    "price_vnd",
    "location_source",
    "source",
    "note",
)
_COUNTS = ("units", "priority", "price_vnd")
_OBJECTS = ("area_m2", "min_condition_pct")


def needs_from_norms(
    communes: pd.DataFrame,
    assets: pd.DataFrame,
    norms: pd.DataFrame | None = None,
    *,
    provinces: Collection[str] | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Derive what communes lack by the norms.

    Parameters
    ----------
    communes
        The register (`commune_code, name, kind, province_code`), optionally with `staff_leaders`,
        `staff_heads`, `staff_specialists` [persons]; a missing number takes the expected average.
    assets
        Typed and located (today's commune codes); those in use count.
    norms
        A planner's norms over the defaults (:func:`geodata.norms`).
    provinces
        Codes of the provinces whose communes are looked at; default all.
    year
        Against which ages count; default the latest year of the assets, 2025 at least.

    Returns
    -------
    pandas.DataFrame
        Needs as `solver.build` takes them, sorted by `need_id`: ``HQ-<commune>-<body>``,
        ``CAR-<commune>-<number of the car>``, ``PC-<commune>``. `area_m2` in m2, `price_vnd` in VND.
        Equal whatever the order of the rows.

    Raises
    ------
    ValueError
        For wrong norms, a negative or broken number of staff, provinces without communes, and communes
        with more than one row.
    """
    table = as_norms(norms)
    chosen = communes
    if provinces is not None:
        chosen = communes[communes["province_code"].isin(list(provinces))]
        absent = sorted(set(provinces) - set(chosen["province_code"]))
        if absent:
            raise ValueError(f"no commune belongs to province {', '.join(absent)}")
    twice = chosen.loc[chosen["commune_code"].duplicated(), "commune_code"]
    if len(twice):
        raise ValueError(f"more than one row for commune {', '.join(sorted(set(twice)))}")
    held = in_use(assets, table, year)
    found = (
        row
        for place in _places(chosen)
        for row in _needs(place, held.get(place["commune_code"], Held()), table)
    )
    rows = sorted(found, key=lambda row: str(row["need_id"]))
    return pd.DataFrame({name: _column(name, [row.get(name) for row in rows]) for name in NEED_COLUMNS})


def _places(communes: pd.DataFrame) -> Iterator[dict[str, Any]]:
    names = ("commune_code", "name", "kind", "province_code", *STAFF_COLUMNS)
    columns = [
        communes[name].astype(object).tolist() if name in communes else [None] * len(communes)
        for name in names
    ]
    for cells in zip(*columns, strict=True):
        yield dict(zip(names, cells, strict=True))


def _needs(place: dict[str, Any], held: Held, norms: Norms) -> Iterator[dict[str, object]]:
    code = str(place["commune_code"])
    unit = " ".join(str(word) for word in (place["kind"], place["name"]) if not pd.isna(word)) or code
    given = {title: count(place[f"staff_{title}"]) for title in TITLES}
    staff = staff_of(given, str(place["province_code"]), norms)
    assumed = [ASSUMED_STAFF] if staff.assumed else []
    unmeasured = [UNMEASURED] if held.unmeasured else []
    areas = lacking(staff.posts, held, norms)
    for body in BODIES:
        if body.code in areas:
            yield {
                "need_id": f"HQ-{code}-{body.mark}",
                "category": "premises",
                "kinds": "|".join(norms.items("headquarters/kinds")),
                "purpose": body.purpose,
                "recipient": f"{body.words} {unit}",
                "area_m2": Decimal(areas[body.code]),
                "note": [*(assumed if body.civil else []), *unmeasured],
            } | _common(code)
    for car in missing_cars(code, held, norms):
        yield {
            "need_id": f"CAR-{code}-{car.number}",
            "category": "vehicle",
            "kinds": "car",
            "recipient": f"{car.recipient} {unit}",
            "priority": car.priority,
        } | _common(code)
    computers = staff.civil - held.computers
    if computers > 0:
        yield (
            {
                "need_id": f"PC-{code}",
                "category": "equipment",
                "kinds": "|".join(norms.items("computers/kinds")),
                "recipient": f"UBND {unit}",
                "min_condition_pct": norms.number("computers/least_condition"),
                "price_vnd": norms.count("computers/price"),
                "note": assumed,
            }
            | _common(code)
            | {"units": computers}
        )


def _common(code: str) -> dict[str, object]:
    # `location_source` says that the code is today's, whatever the other tables of a folder hold.
    return {"commune_code": code, "units": 1, "location_source": "commune", "source": SOURCE}


def _column(name: str, values: list[Any]) -> pd.Series[Any]:
    if name in _COUNTS:
        return pd.Series(values, dtype="Int64")
    if name in _OBJECTS:
        return pd.Series(values, dtype=object)
    texts = ["; ".join(value) or None if isinstance(value, list) else value for value in values]
    return pd.Series(texts, dtype="str")
