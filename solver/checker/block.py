"""Columns of all assets and needs, numbered once, and what is said of pairs of these numbers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from solver.checker.freedom import Freedom

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from solver.checker.baseline import Pair
    from solver.checker.inputs import Asset, Inputs, Need
    from solver.checker.rules import Rules

    Numbers = NDArray[np.int64]  # of assets or needs
    Table = NDArray[np.bool_]
    Place = TypeVar("Place", Asset, Need)


@dataclass(frozen=True)
class Given:
    """Values of single pairs: numbers of assets, in rising order, of needs, and the values."""

    asset: Numbers
    need: Numbers
    value: NDArray[Any]


class Worn(NamedTuple):
    """What rules make of the state of assets: too old, legal; what part of a new one they do not spare."""

    old: Table
    legal: Table
    lost: NDArray[Any]
    of: NDArray[Any]


def _alike(places: list[Place], keys: list[tuple[Any, ...]]) -> tuple[list[Place], Numbers]:
    """Return a place of each key, and which of them each place is like."""
    like = dict(zip(keys, places, strict=True))
    code = {key: i for i, key in enumerate(like)}
    return list(like.values()), np.array([code[key] for key in keys], np.int64)


def by_province(numbers: list[int], places: Sequence[Asset | Need]) -> dict[str, list[int]]:
    """Sort numbers of places by their province."""
    found: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        found[places[number].province].append(number)
    return found


def column(values: list[Any], kind: type) -> NDArray[Any]:
    """Make a vector."""
    return np.array(values, kind)


class Columns:
    """All assets, in the order of their ids, and all needs; a number is a place in these lists.

    Money, areas and loads are of the type `money`, days and codes plain integers.
    """

    def __init__(self, inputs: Inputs, money: type) -> None:
        self.inputs, self.money = inputs, money
        self.assets = [inputs.assets[name] for name in sorted(inputs.assets)]
        self.needs = list(inputs.needs.values())
        self.asset_of = {asset.id: i for i, asset in enumerate(self.assets)}
        self.need_of = {need.id: j for j, need in enumerate(self.needs)}
        places: list[Asset | Need] = [*self.assets, *self.needs]
        self.provinces = list(dict.fromkeys(place.province for place in places))
        self.province = self._codes([place.province for place in places])
        self.commune = self._codes([place.commune for place in places])
        self.area = self._split([inputs.area_of(place) for place in places], money)
        self.leg = self._split([place.leg for place in places])
        grades = inputs.grades
        ranks = [*map(grades.of_asset.get, self.asset_of), *map(grades.of_need.get, self.need_of)]
        self.grade = self._split(ranks, np.int32)
        self.first = column([asset.first for asset in self.assets], np.int32)
        self.last = column([asset.last for asset in self.assets], np.int32)
        self.repair = column([asset.repair for asset in self.assets], money)
        self.opening = column([asset.opening for asset in self.assets], money)
        self.deadline = column([need.deadline for need in self.needs], np.int32)
        self.reach = column([-1 if n.reach is None else n.reach for n in self.needs], np.int64)
        self.price = column([need.price for need in self.needs], money)
        self.weighted = column([need.weighted for need in self.needs], money)
        self.freedom = Freedom(inputs, self.assets, self.needs)
        self.keep({})
        self._known: dict[tuple[str, ...], NDArray[Any]] = {}
        self._worn: dict[Rules, Worn] = {}

    def _split(self, values: list[Any], kind: type = np.int64) -> tuple[NDArray[Any], NDArray[Any]]:
        """Make a column of the assets and one of the needs."""
        both = column(values, kind)
        return both[: len(self.assets)], both[len(self.assets) :]

    def _codes(self, names: list[str]) -> tuple[NDArray[Any], NDArray[Any]]:
        code = {name: i for i, name in enumerate(dict.fromkeys(names))}
        return self._split([code[name] for name in names], np.int32)

    @cached_property
    def place(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Rows and columns of the matrix of metres."""
        rows, columns = self.inputs.origins, self.inputs.destinations
        return self._split([rows[a.commune] for a in self.assets] + [columns[n.commune] for n in self.needs])

    @cached_property
    def _states(self) -> tuple[list[Asset], Numbers, dict[tuple[str, str], list[int]]]:
        """One asset of each kind, age, condition, legal status; which each asset is like; those of a kind."""
        facts = itemgetter("category", "kind", "condition_pct", "legal_status")
        like, code = _alike(self.assets, [(asset.age, *facts(asset.row)) for asset in self.assets])
        of_kind: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, asset in enumerate(like):
            of_kind[asset.category, asset.kind].append(at)
        return like, code, of_kind

    @cached_property
    def _wishes(self) -> tuple[list[Need], Numbers]:
        """One need of each category, purpose and kinds, and which of these each need is like."""
        return _alike(self.needs, [(need.category, need.purpose, *need.kinds) for need in self.needs])

    def worn(self, rules: Rules) -> Worn:
        """Return what rules make of the state of each asset; it is of no use for assets of other kinds."""
        if rules not in self._worn:
            like, code, of_kind = self._states
            own = of_kind[rules.category, rules.kind]
            found = [(rules.too_old(like[at]), rules.is_legal(like[at]), *rules.lost(like[at])) for at in own]
            table: NDArray[Any] = np.zeros((4, len(like)), object)
            table[:, own] = np.array(found, object).reshape(-1, 4).T
            old, legal, lost, of = table
            self._worn[rules] = Worn(
                old.astype(bool)[code], legal.astype(bool)[code],
                lost.astype(self.money)[code], of.astype(self.money)[code],
            )  # fmt: skip
        return self._worn[rules]

    def by_wish(self, key: tuple[str, ...], value: Callable[[Need], bool]) -> Table:
        """Make a column of the needs that depends on category, purpose and kinds; the key says which."""
        if key not in self._known:
            like, code = self._wishes
            self._known[key] = column([value(need) for need in like], bool)[code]
        return self._known[key]

    def of_needs(self, key: tuple[str, ...], value: Callable[[Need], Any], kind: type) -> NDArray[Any]:
        """Make any other column of the needs."""
        if key not in self._known:
            self._known[key] = column([value(need) for need in self.needs], kind)
        return self._known[key]

    def _given(self, values: Mapping[str, Mapping[str, int]], kind: type) -> Given:
        asset_of, need_of = self.asset_of, self.need_of
        found = [
            (i, need_of[need], value)
            for asset, i in asset_of.items()
            if asset in values
            for need, value in values[asset].items()
            if need in need_of
        ]
        assets, needs, cells = zip(*found, strict=True) if found else ((), (), ())
        return Given(np.array(assets, np.int64), np.array(needs, np.int64), np.array(cells, kind))

    @cached_property
    def pairs(self) -> Given:
        """Metres of single pairs, or the cost of matches."""
        return self._given(self.inputs.pairs, self.money if self.inputs.form == "matches" else np.int64)

    @cached_property
    def loads(self) -> Given:
        """Loads of single matches."""
        return self._given(self.inputs.loads, self.money)

    @cached_property
    def spends(self) -> Given:
        """What is spent of single matches."""
        return self._given(self.inputs.spends, self.money)

    @cached_property
    def bans(self) -> Given:
        """Pairs that are banned."""
        return self._given(self.inputs.bans, bool)

    def keep(self, units: Mapping[Pair, int]) -> None:
        """Take in what is left of the baseline."""
        nested: dict[str, dict[str, int]] = defaultdict(dict)
        for (asset, need), count in units.items():
            nested[asset][need] = count
        self.kept = self._given(nested, np.int64)

    def fill(self, table: NDArray[Any], a: Numbers, n: Numbers, given: Given) -> NDArray[Any]:
        """Write given values into a table of assets (a column of numbers) and needs, or a list of pairs."""
        low, high = (np.searchsorted(given.asset, a.ravel(), side) for side in ("left", "right"))
        counts = high - low
        if counts.any():
            row = np.repeat(np.arange(len(counts)), counts)
            at = np.arange(len(row)) + np.repeat(low - (np.cumsum(counts) - counts), counts)
            if table.ndim == 1:
                same = given.need[at] == n[row]
                table[row[same]] = given.value[at[same]]
            else:
                column = np.full(len(self.needs), -1)
                column[n] = np.arange(len(n))
                to = column[given.need[at]]
                table[row[to >= 0], to[to >= 0]] = given.value[at[to >= 0]]
        return table


@dataclass(frozen=True)
class Pairs:
    """All eligible pairs of some assets of one kind, asset by asset, and how far each need gets with them."""

    category: str
    kind: str
    norms: tuple[str, ...]
    assets: Numbers
    reached: list[tuple[Numbers, NDArray[np.int8]]]  # needs, and their farthest stage
    row: Numbers  # of each pair: place of its asset in `assets`
    need: Numbers
    cost: NDArray[Any]  # VND a unit
    spend: NDArray[Any]  # VND a unit, where there are budgets
    load: NDArray[Any]  # room that a place takes in a premises, in units of area (`Inputs.unit`)
    cross: Table  # between provinces
    kept: Numbers  # units that are left of the baseline
