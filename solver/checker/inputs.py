"""Assets, needs and rules, read from the folder's `inputs/`: each row checked, each default filled in."""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from solver.checker.exact import (
    UnreadableError,
    half_up,
    keyed,
    non_negative,
    product,
    read_json,
    read_table,
    whole,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from solver.checker.exact import Row
    from solver.checker.report import Log

HOUSED: Final = "premises"  # the category whose needs share the room of a building
CATEGORIES: Final = (HOUSED, "vehicle", "equipment")
FAR: Final = 1 << 40  # metres: beyond any reach, and the limit of what is read
DATES: Final = ("available_from", "available_until", "deadline")


@dataclass(frozen=True)
class Asset:
    """A lot of equal units that takes part, or one premises; `first` and `last` are the days when it is free.

    `area` is the room of a premises [m2], 0 where none is stated; `opening` what using it at all costs [VND].
    """

    row: Row
    id: str
    category: str
    kind: str
    commune: str
    province: str
    units: int
    leg: int
    condition: Fraction | None
    age: int | None
    repair: int
    release: int
    area: Fraction
    opening: int
    first: int
    last: int


@dataclass(frozen=True)
class Need:
    """Units that a commune asks for; `price` is that of a purchase, `weighted` that of leaving one unmet.

    A unit of premises is a place of `area` [m2]. `purpose` is that of premises: it is a key of their rules.
    """

    row: Row
    id: str
    category: str
    kinds: list[str]
    commune: str
    province: str
    units: int
    leg: int
    area: Fraction
    purpose: str
    condition: Fraction | None  # least
    reach: int | None  # metres
    price: int
    weighted: int
    priority: int
    deadline: int

    def asks_for(self, category: str, kind: str) -> bool:
        """Tell whether it takes a kind: one that it names, or, if it names none, any but land."""
        return self.category == category and (kind in self.kinds if self.kinds else kind != "land")

    @property
    def book(self) -> tuple[str, str, str]:
        """Where its figures are booked: category, province, priority."""
        return self.category, self.province, str(self.priority)


@dataclass(frozen=True)
class Grades:
    """Conditions by their rank, so that vectors compare them exactly; -1 is an unknown one."""

    known: list[Fraction]
    of_asset: dict[str, int]
    of_need: dict[str, int]

    def least(self, condition: Fraction) -> int:
        """Return the rank below which a condition is less than this one."""
        return bisect_left(self.known, condition)


class Inputs:
    """All that `inputs/` holds; `distances.py` fills the metres in."""

    def __init__(self, scenario: dict[str, Any], distances: dict[str, Any], communes: dict[str, Row]) -> None:
        self.scenario, self.distances, self.communes = scenario, distances, communes
        self.form: str = distances["form"]
        self.assets: dict[str, Asset] = {}
        self.needs: dict[str, Need] = {}
        self.ids: set[tuple[str, str]] = set()  # (file, id) of every row
        self.in_use: Counter[tuple[str, str]] = Counter()  # (commune, norm key) -> units
        self.synthetic = False
        self.authorities: list[Row] = []  # who decides
        self.origins: dict[str, int] = {}  # commune -> row of the matrix
        self.destinations: dict[str, int] = {}  # commune -> column
        self.matrix: NDArray[np.int32] = np.zeros((0, 0), np.int32)  # metres, -1: no distance
        self.pairs: dict[str, dict[str, int]] = defaultdict(dict)  # asset -> need -> metres, or a match's VND
        self.given: dict[tuple[str, str], Row] = {}  # the rows that they come from
        self.finest = 1  # common denominator of the loads of explicit matches
        self.bans: dict[str, dict[str, int]] = defaultdict(dict)  # asset -> need -> 1
        for asset, need in scenario["stability"]["bans"]:
            self.bans[asset][need] = 1
        self.known: dict[tuple[str, ...], Any] = {}  # rules that were looked up (`rules.py`)
        self.widest = 0  # largest metres of any pair

    @cached_property
    def unit(self) -> int:
        """Units of area in a square metre such that every area and load is a whole number of them."""
        areas = [asset.area for asset in self.assets.values()] + [need.area for need in self.needs.values()]
        return lcm(*{area.denominator for area in areas}, self.finest)

    @cached_property
    def grades(self) -> Grades:
        """Ranks of all conditions, by id."""
        places: list[Asset | Need] = [*self.assets.values(), *self.needs.values()]
        known = sorted({place.condition for place in places if place.condition is not None})
        rank: dict[Fraction | None, int] = {None: -1} | {condition: i for i, condition in enumerate(known)}
        of_asset = {name: rank[asset.condition] for name, asset in self.assets.items()}
        return Grades(known, of_asset, {name: rank[need.condition] for name, need in self.needs.items()})

    def area_of(self, place: Asset | Need) -> int:
        """Room of a premises, or area of a place, in those units."""
        return place.area.numerator * (self.unit // place.area.denominator)

    def norm_keys(self, category: str, kind: str) -> list[str]:
        """Every key that applies applies."""
        return [
            key
            for key in (category, f"{category}/{kind}")
            if key in self.scenario["norms"]["max_per_commune"]
        ]

    @cached_property
    def loads(self) -> dict[str, dict[str, int]]:
        """Loads that explicit matches give, in those units: asset -> need -> load."""
        given: dict[str, dict[str, int]] = defaultdict(dict)
        for (asset, need), row in self.given.items():
            if row.get("load") and need in self.needs and self.needs[need].category == HOUSED:
                load = non_negative(row["load"], "load") or Fraction(0)
                given[asset][need] = int(load * self.unit)
        return given

    def cap(self, commune: str, key: str) -> int:
        """Units that a norm leaves room for: what it allows less what is in use."""
        most = non_negative(self.scenario["norms"]["max_per_commune"][key], key) or 0
        return max(0, int(most) - self.in_use[commune, key])


def read_inputs(folder: Path, log: Log) -> Inputs:
    """Read everything but the distances."""
    scenario, distances = (read_json(folder / name) for name in ("scenario.json", "distances.json"))
    stability = scenario["stability"]
    limits = [*scenario["limits"].values(), scenario["equity"]["coverage_floor"], stability["pins"]]
    if scenario["objective"] != "net_cost" or any(value not in (None, {}, []) for value in limits):
        raise UnreadableError(
            "scenario.json: limits, floors, pins and other objectives can't be certified yet"
        )
    register = read_table(folder / "communes.csv")
    communes = {row["commune_code"]: row for row in register}
    if len(communes) < len(register):
        raise UnreadableError("communes.csv: a commune stands twice")
    inputs = Inputs(scenario, distances, communes)
    if (folder / "authorities.csv").exists():
        inputs.authorities = read_table(folder / "authorities.csv")
    if inputs.form != "matches" or scenario["date"]:
        _day(scenario["date"])
    for file, key in (("assets.csv", "asset_id"), ("needs.csv", "need_id")):
        for row in read_table(folder / file):
            try:
                _read_row(row, file, row[key], inputs)
            except ValueError as error:
                log.add("input_value", file, row[key], str(error))
    return inputs


def _day(text: str) -> int:
    return datetime.date.fromisoformat(text).toordinal()


def _read_row(row: Row, file: str, name: str, inputs: Inputs) -> None:
    if name == "" or (file, name) in inputs.ids:
        raise ValueError("an empty id, or an id twice")
    inputs.ids.add((file, name))
    inputs.synthetic |= row["source"] == "synthetic"
    days = [_day(row[column]) if row.get(column) else None for column in DATES]
    category, status, commune = row["category"], row.get("status", "surplus"), row["commune_code"]
    if category not in CATEGORIES:
        raise ValueError(f"category is {category!r:.40}")
    if inputs.form != "matches" and commune not in inputs.communes:
        raise ValueError("its commune is not in communes.csv")
    province = inputs.communes.get(commune, {}).get("province_code", "")
    if status == "in_use":
        for norm in (category, f"{category}/{row['kind']}"):
            inputs.in_use[commune, norm] += _units(row)
    scope = inputs.scenario["scope_province"]
    if status not in ("surplus", "handed_idle") or (scope and province != scope):
        return
    if file == "assets.csv" and row["attached_to"] and inputs.form != "matches":
        return  # it goes with its house
    if file == "assets.csv":
        inputs.assets[name] = _read_asset(row, province, days, inputs.scenario)
    else:
        inputs.needs[name] = _read_need(row, province, days, inputs)


def _units(row: Row) -> int:
    """Read units: a row of premises is one property, whatever it says; a need's units are its places."""
    units = whole(row, "units", 1)
    return 1 if row["category"] == HOUSED and "asset_id" in row else units


def _read_asset(row: Row, province: str, days: list[int | None], scenario: dict[str, Any]) -> Asset:
    known = row["year"] and scenario["date"]
    prices, housed, release = scenario["prices"], row["category"] == HOUSED, whole(row, "release_value_vnd")
    opening = 0
    if housed:
        opening = half_up(non_negative(prices["open_premises"], "open_premises") or Fraction(0))
        opening += release if prices["count_release_value"] else 0
    return Asset(
        row, row["asset_id"], row["category"], row["kind"], row["commune_code"], province,
        units=_units(row), leg=whole(row, "leg_m"),
        area=(non_negative(row["area_m2"], "area_m2") if housed else None) or Fraction(0),
        opening=opening,
        age=max(0, int(scenario["date"][:4]) - whole(row, "year")) if known else None,
        condition=non_negative(row["condition_pct"], "condition_pct"), repair=whole(row, "repair_vnd"),
        release=release, first=days[0] or 0,
        last=days[1] or datetime.date.max.toordinal(),
    )  # fmt: skip


def _read_need(row: Row, province: str, days: list[int | None], inputs: Inputs) -> Need:
    category, kinds = row["category"], row["kinds"].split("|") if row["kinds"] else []
    scenario = inputs.scenario
    housed = category == HOUSED
    purpose, area = (row["purpose"], non_negative(row["area_m2"], "area_m2")) if housed else ("", None)
    listed = {keyed(scenario["prices"]["unmet"], category, purpose, kind) for kind in kinds or [""]}
    price = non_negative(row["price_vnd"], "price_vnd")
    if price is None:
        price = non_negative(listed.pop() if len(listed) == 1 else None, "prices.unmet")
        if price is not None and housed:  # per m2; a place is rounded to VND before any factor
            price = None if area is None else Fraction(product(price, area))
    usual = scenario["priority_by_purpose"]
    urgent = [usual[key] for kind in kinds if (key := f"{category}/{kind}") in usual]
    default = min(urgent, default=usual.get(category, 3))
    priority = whole(row, "priority", usual.get(row["purpose"], default) if row["purpose"] else default)
    if price is None or not 1 <= priority <= 5:
        raise ValueError(f"its price is {price}, its priority {priority}")
    if housed and area is None and inputs.form != "matches":
        raise ValueError("a place without area_m2")
    factor = non_negative(scenario["prices"]["priority_factor"][priority - 1], "priority_factor") or Fraction(
        0
    )
    reach = non_negative(row["reach_km"], "reach_km")
    return Need(
        row, row["need_id"], category, kinds, row["commune_code"], province, units=whole(row, "units", 1),
        leg=whole(row, "leg_m"), area=area or Fraction(0), purpose=purpose,
        condition=non_negative(row["min_condition_pct"], "min_condition_pct") or None,  # 0 asks nothing
        reach=None if reach is None else min(FAR, int(reach * 1000)), price=half_up(price),
        weighted=product(price, factor), priority=priority,
        deadline=days[2] or (_day(scenario["date"]) if scenario["date"] else 0),
    )  # fmt: skip
