"""Assets and needs that take part, and all else that the folder's `inputs/` hold."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from solver.checker.baseline import Baseline
from solver.checker.exact import non_negative, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solver.checker.exact import Row

HOUSED: Final = "premises"  # the category whose needs share the room of a building
CATEGORIES: Final = (HOUSED, "vehicle", "equipment")
FAR: Final = 1 << 40  # metres: beyond any reach, and the limit of what is read


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
        self.away: set[tuple[str, str]] = set()  # of those that lie outside the scope
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
        self.baseline = Baseline()  # the plan before, where there is one
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

    @cached_property
    def budgets(self) -> bool:
        """Whether what is spent is limited."""
        limits = self.scenario["limits"]
        return limits["budget_vnd"] is not None or any(
            limits[f"budget_vnd_by_{scope}"] for scope in ("province", "category")
        )

    @cached_property
    def spends(self) -> dict[str, dict[str, int]]:
        """What explicit matches spend, asset -> need -> VND of a unit: their cost, or what is given."""
        spends: dict[str, dict[str, int]] = {}
        if self.form != "matches":
            return spends
        for asset, own in self.pairs.items():
            spends[asset] = {
                need: whole(self.given[asset, need], "spend_vnd", cost) for need, cost in own.items()
            }
        return spends

    def cap(self, commune: str, key: str) -> int:
        """Units that a norm leaves room for: what it allows less what is in use."""
        most = non_negative(self.scenario["norms"]["max_per_commune"][key], key) or 0
        return max(0, int(most) - self.in_use[commune, key])
