r"""The two sides of one category as arrays: what each asset offers, what each need wants.

One entry per row of the tables (not per class). Money in VND, metres, hundredths of a percent, ordinal
days. Everything here follows ``docs/cost.md``; what concerns a pair is in ``solver.problem.pairs``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from solver.problem.numbers import FULL_CONDITION, NO_DAY, days, decimals, half_up, integers, scaled

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from solver.flow.market import Bits, Ints
    from solver.problem.prices import NeedPrices
    from solver.scenario import Scenario

#: Reach where the scenario sets none [metres]: farther than any distance accepted.
ANYWHERE = 10**9
_SUPPLY = ("surplus", "handed_idle")


@dataclass(frozen=True)
class KindTable:
    """What the scenario says of each kind of asset in the category, one entry per kind that occurs.

    Attributes
    ----------
    names : kinds, "" for unknown; per_metre : VND; handover : VND; min_condition : hundredths of a percent,
    -1 no rule; max_age : years, -1 no rule; life : years, 0 unknown; reach : metres; surcharge : VND, -1
    crossing forbidden.
    """

    names: list[str]
    per_metre: list[Fraction]
    handover: Ints
    min_condition: Ints
    max_age: Ints
    life: list[Fraction]
    reach: Ints
    surcharge: Ints


@dataclass(frozen=True)
class AssetSide:
    """Assets that may move: surplus or handed_idle rows of the category, in scope, sorted by asset_id.

    Attributes
    ----------
    rows : positions in the assets table; ids; units; kind : index into ``kinds``; place : index into the
    communes; leg : metres; lat, lon : degrees; condition : -1 unknown; aged : whether it meets the age
    rule; lawful : whether its legal status may move; opens, closes : days; repair, fixed : VND (fixed =
    handover + repair); loss : 100 % - condition for cost; province : index.
    """

    rows: Ints
    ids: np.ndarray
    units: Ints
    kind: Ints
    place: Ints
    leg: Ints
    lat: np.ndarray
    lon: np.ndarray
    condition: Ints
    aged: np.ndarray
    lawful: np.ndarray
    opens: Ints
    closes: Ints
    repair: Ints
    fixed: Ints
    loss: Ints
    province: Ints
    kinds: KindTable


@dataclass(frozen=True)
class NeedSide:
    """Needs of the category, in scope, sorted by need_id.

    Attributes
    ----------
    rows, ids, units, place, leg, lat, lon, province : as of assets; wanted : index into ``sets``; sets :
    the kinds wanted, None any; base : price before the factor [VND]; price : with it [VND]; priority : 1 to
    5; condition : own minimum, 0 none; reach : own reach [metres], -1 none; deadline : day.
    """

    rows: Ints
    ids: np.ndarray
    units: Ints
    place: Ints
    leg: Ints
    lat: np.ndarray
    lon: np.ndarray
    wanted: Ints
    sets: list[frozenset[str] | None]
    base: Ints
    price: Ints
    priority: Ints
    condition: Ints
    reach: Ints
    deadline: Ints
    province: Ints


def may_move(assets: pd.DataFrame, *, explicit: bool) -> pd.Series[bool]:
    """Tell of each row of assets whether it may move at all.

    Parameters
    ----------
    assets : with ``status`` and ``attached_to``; explicit : whether a table of matches is given.
    """
    supply = assets["status"].isin(_SUPPLY)
    # What is attached goes with its house; explicit matches say themselves what may move.
    return supply if explicit else supply & assets["attached_to"].isna()


def kind_table(names: list[str], category: str, scenario: Scenario) -> KindTable:
    """Look up what the scenario says of each kind, the most specific key first."""

    def exact(key: str, name: str) -> Fraction | None:
        value = scenario.number(key, category, name or None)
        return None if value is None else Fraction(value)

    def column(key: str, scale: int, missing: int, whole: Callable[[Fraction], int] = int) -> Ints:
        values = [exact(key, name) for name in names]
        return np.array([missing if value is None else whole(value * scale) for value in values], np.int64)

    rules = [scenario.rule("rules.cross_province", category, name or None) for name in names]
    surcharge = half_up(scenario["prices.cross_province"] or 0)
    charge = {"forbidden": -1, "surcharge": surcharge, "allowed": 0, None: 0}
    return KindTable(
        names,
        [(exact("prices.per_km", name) or Fraction(0)) / 1000 for name in names],
        np.array([half_up(exact("prices.handover", name) or 0) for name in names], np.int64),
        column("rules.min_condition_pct", 100, -1, ceil),  # 29.995 % asks for 30.00 %: cells have two digits
        column("rules.max_age_years", 1, -1),
        [exact("norms.life_years", name) or Fraction(0) for name in names],
        column("reach_km", 1000, ANYWHERE),
        np.array([charge[rule] for rule in rules], np.int64),
    )


def _loss(condition: Ints, age: Ints, kind: Ints, kinds: KindTable) -> Ints:
    """100 % - condition, for cost; an unknown condition is judged by age and life."""
    loss = FULL_CONDITION - condition
    for at in np.flatnonzero(condition < 0):
        life = kinds.life[kind[at]]
        known = age[at] > -NO_DAY and life > 0
        used = int(Fraction(100 * max(int(age[at]), 0)) / life) if known else 100
        loss[at] = 100 * min(100, used)
    return loss


def _points(table: pd.DataFrame, place: Ints, seats: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Latitude and longitude of each row; a row without a point of its own stands at its commune's."""
    lat, lon = (table[name].to_numpy(np.float64, na_value=np.nan) for name in ("lat", "lon"))
    bare = (np.isnan(lat) | np.isnan(lon)) & (place >= 0)
    lat[bare], lon[bare] = seats[place[bare], 0], seats[place[bare], 1]
    return lat, lon


def asset_side(
    assets: pd.DataFrame,
    rows: Ints,
    category: str,
    scenario: Scenario,
    place: Ints,
    province_of: Ints,
    seats: np.ndarray,
) -> AssetSide:
    """Make the asset side of a category.

    Parameters
    ----------
    assets : the typed table, canonical order; rows : positions of the rows that take part; place : commune
    index of every row of the table, -1 none; province_of : province index of every commune, then -1 for
    none; seats : latitude and longitude of every commune.
    """
    table = assets.iloc[rows]
    kind_names = table["kind"].fillna("").astype("str").to_numpy(object)
    names, kind = np.unique(kind_names.astype("U"), return_inverse=True)
    kinds = kind_table([str(name) for name in names], category, scenario)
    condition = scaled(decimals(table["condition_pct"]), 100, -1)
    year = integers(table["year"], NO_DAY)
    age = np.where(year == NO_DAY, -NO_DAY, scenario.date.year - year)
    limit = kinds.max_age[kind]
    repair = integers(table["repair_vnd"], 0)
    where = place[rows]
    lat, lon = _points(table, where, seats)
    return AssetSide(
        rows=rows,
        ids=table["asset_id"].to_numpy(object),
        units=integers(table["units"], 1),
        kind=kind.astype(np.int64),
        place=where,
        leg=integers(table["leg_m"], 0),
        lat=lat,
        lon=lon,
        condition=condition,
        aged=(limit < 0) | ((age > -NO_DAY) & (age <= limit)),
        lawful=table["legal_status"].isin(scenario["rules.legal_status"]).to_numpy(bool),
        opens=days(table["available_from"], 0),
        closes=days(table["available_until"], NO_DAY),
        repair=repair,
        fixed=repair + kinds.handover[kind],
        loss=_loss(condition, age, kind, kinds),
        province=province_of[where],
        kinds=kinds,
    )


def need_side(
    needs: pd.DataFrame,
    rows: Ints,
    scenario: Scenario,
    place: Ints,
    province_of: Ints,
    seats: np.ndarray,
    prices: NeedPrices,
) -> NeedSide:
    """Make the need side of a category; ``prices`` has one entry per row that takes part."""
    table = needs.iloc[rows]
    kinds = table["kinds"].fillna("").astype("str").to_numpy(object)
    names, wanted = np.unique(kinds.astype("U"), return_inverse=True)
    sets = [frozenset(str(name).split("|")) if name else None for name in names]
    where = place[rows]
    lat, lon = _points(table, where, seats)
    return NeedSide(
        rows=rows,
        ids=table["need_id"].to_numpy(object),
        units=integers(table["units"], 1),
        place=where,
        leg=integers(table["leg_m"], 0),
        lat=lat,
        lon=lon,
        wanted=wanted.astype(np.int64),
        sets=sets,
        base=prices.base,
        price=prices.price,
        priority=prices.priority,
        condition=scaled(decimals(table["min_condition_pct"]), 100, 0),
        reach=scaled(decimals(table["reach_km"]), 1000, -1),
        deadline=days(table["deadline"], scenario.date.toordinal()),
        province=province_of[where],
    )


def allowed_kinds(kinds: KindTable, sets: list[frozenset[str] | None]) -> Bits:
    """Whether a need that wants the set takes the kind: ``[kind, set]``, 1 or 0."""
    allow = np.zeros((max(len(kinds.names), 1), max(len(sets), 1)), np.uint8)
    for column, wanted in enumerate(sets):
        for row, name in enumerate(kinds.names):
            allow[row, column] = wanted is None or name in wanted
    return allow
