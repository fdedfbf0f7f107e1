r"""The two sides of premises as arrays: what each building offers, what each need asks for a place.

Areas are integers in one unit, ``1 / area_unit`` square metres, that makes every area of the problem whole.
Everything here follows ``docs/cost.md``; what concerns a pair is in ``solver.problem.premises``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm
from typing import TYPE_CHECKING

import numpy as np

from solver.problem.ground import Rules
from solver.problem.numbers import FULL_CONDITION, NO_DAY, decimals, half_up, integers
from solver.problem.sides import ANYWHERE, AssetSide, NeedSide

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    import pandas as pd

    from solver.flow.market import Ints
    from solver.scenario import Scenario

_LAND = "land"
_NAME = "premises"
#: Areas in units stay below this if they can. Places have at most a thousand square kilometres of 100 units
#: per m2, 10^11, so that the loads of 9 x 10^7 of them add up within 64 bits; capacities are not added up.
_ROOM = 1 << 48


@dataclass(frozen=True)
class PremisesAssets(AssetSide):
    """Premises that may be used: surplus or handed_idle rows, in scope, sorted by asset_id.

    Attributes
    ----------
    capacity : units of area, 0 unknown; opening : price of using it at all [VND]; age : years, -1 unknown;
    land : whether it is land; whole, num, den : repair per unit of area, ``whole + num / den`` [VND].
    ``repair`` and ``fixed`` are 0: what premises cost hangs on the need. ``aged`` is by the rule of the kind
    alone; pairs look at ``age``.
    """

    capacity: Ints
    opening: Ints
    age: Ints
    land: np.ndarray
    whole: Ints
    num: Ints
    den: Ints


@dataclass(frozen=True)
class PremisesNeeds(NeedSide):
    """Needs for premises, in scope, sorted by need_id; ``units`` is the number of equal places.

    Attributes
    ----------
    purpose : index into ``purposes``; purposes : "" for none; area : of one place [units of area], 0
    unknown; change, build : change of use and building of one place, where they fall due [VND]; whole, num,
    den : travel of one place per metre, ``whole + num / den`` [VND].
    """

    purpose: Ints
    purposes: list[str]
    area: Ints
    change: Ints
    build: Ints
    whole: Ints
    num: Ints
    den: Ints


def area_unit(needed: Iterable[Decimal | None], offered: Iterable[Decimal | None]) -> int:
    """Return the least number of units per m2 that makes all areas whole.

    Only where that takes numbers of 2^48 or more, digits of the areas offered are given up: places whose
    areas are whole fit a building exactly when they fit its area rounded down.
    """
    small = [Fraction(area) for area in needed if area is not None]
    large = [Fraction(area) for area in offered if area is not None]
    unit = lcm(*(area.denominator for area in small))
    exact = lcm(unit, *(area.denominator for area in large))
    return exact if max([*small, *large], default=Fraction(0)) * exact < _ROOM else unit


def areas(values: Iterable[Decimal | None], unit: int, missing: int) -> Ints:
    """Areas in units, rounded down; ``missing`` where unknown."""
    return np.array([missing if area is None else int(Fraction(area) * unit) for area in values], np.int64)


def split(rates: list[Fraction]) -> tuple[Ints, Ints, Ints]:
    """Split rates into whole number, numerator and denominator: ``whole + num / den`` with num < den."""
    parts = [(*divmod(rate.numerator, rate.denominator), rate.denominator) for rate in rates]
    whole, num, den = np.array(parts, np.int64).reshape(-1, 3).T.copy()
    return whole, num, den


def times(whole: Ints, num: Ints, den: Ints, factor: Ints) -> Ints:
    """Multiply split rates by integers, rounded half up."""
    product: Ints = whole * factor + (2 * num * factor + den) // (2 * den)
    return product


def rules_of(kinds: list[str], purposes: list[str], needs: NeedSide, scenario: Scenario) -> Rules:
    """Look up what the scenario says of each kind and purpose: purpose, then kind, then premises."""
    shape = (max(len(kinds), 1), max(len(purposes), 1))

    def table(key: str, missing: int, scale: int = 1) -> Ints:
        out = np.full(shape, missing, np.int64)
        for at, (kind, purpose) in _cells(kinds, purposes):
            value = scenario.number(key, _NAME, purpose or None, kind or None)
            if value is not None:
                exact = Fraction(value) * scale
                # 29.995 % asks for 30.00 %: cells have two digits. Prices are rounded, lengths and years cut.
                whole = ceil if scale == 100 else half_up if key.startswith("prices.") else int
                out[at] = whole(exact)
        return out

    surcharge = np.zeros(shape, np.int64)
    change = np.ones(shape, np.uint8)
    price = half_up(scenario["prices.cross_province"] or 0)
    charge = {"forbidden": -1, "surcharge": price, "allowed": 0, None: 0}
    for at, (kind, purpose) in _cells(kinds, purposes):
        surcharge[at] = charge[scenario.rule("rules.cross_province", _NAME, purpose or None, kind or None)]
        same = scenario["rules.same_use"].get(purpose, ()) if purpose else ()
        change[at] = kind != _LAND and kind not in same
    allow = np.zeros((shape[0], max(len(needs.sets), 1)), np.uint8)
    for column, wanted in enumerate(needs.sets):
        for row, kind in enumerate(kinds):
            allow[row, column] = kind in wanted if wanted is not None else kind != _LAND
    return Rules(
        handover=table("prices.handover", 0),
        condition=table("rules.min_condition_pct", 0, 100),
        age=table("rules.max_age_years", -1),
        reach=table("reach_km", ANYWHERE, 1000),
        surcharge=surcharge,
        change=change,
        land=np.array([kind == _LAND for kind in kinds] or [False], np.uint8),
        allow=allow,
        within=np.array([one in scenario["rules.within_commune"] for one in purposes] or [False], np.uint8),
    )


def _cells(kinds: list[str], purposes: list[str]) -> list[tuple[tuple[int, int], tuple[str, str]]]:
    return [
        ((row, column), (kind, purpose))
        for row, kind in enumerate(kinds)
        for column, purpose in enumerate(purposes)
    ]


def _rate(scenario: Scenario, key: str, *, counted: bool) -> Fraction:
    return Fraction(scenario[key] or 0) if counted else Fraction(0)


def premises_assets(
    side: AssetSide, assets: pd.DataFrame, scenario: Scenario, unit: int, *, computed: bool
) -> PremisesAssets:
    """Add to an asset side what premises have.

    Parameters
    ----------
    unit : units of area per m2; computed : whether costs follow from the scenario (not explicit matches).
    """
    table = assets.iloc[side.rows]
    year = integers(table["year"], NO_DAY)
    loss = FULL_CONDITION - np.maximum(side.condition, 0)
    per_area = _rate(scenario, "prices.repair_per_m2", counted=computed) / unit
    rate_of = {int(one): per_area * int(one) / FULL_CONDITION for one in np.unique(loss)}
    land = np.array([name == _LAND for name in side.kinds.names], bool)[side.kind]
    whole, num, den = split(
        [rate_of[one] if not bare else Fraction(0) for one, bare in zip(loss.tolist(), land, strict=True)]
    )
    opening = np.full(len(side.rows), half_up(scenario["prices.open_premises"] or 0), np.int64)
    if scenario["prices.count_release_value"]:
        base = Fraction(scenario["prices.open_premises"] or 0)
        worth = integers(table["release_value_vnd"], 0).tolist()
        opening = np.array([half_up(base + value) for value in worth], np.int64)
    none = np.zeros(len(side.rows), np.int64)
    return PremisesAssets(
        **{**vars(side), "repair": none, "fixed": none, "loss": loss},
        capacity=areas(decimals(table["area_m2"]), unit, 0),
        opening=opening,
        age=np.where(year == NO_DAY, -1, np.maximum(scenario.date.year - year, 0)),
        land=land,
        whole=whole,
        num=num,
        den=den,
    )


def premises_needs(
    side: NeedSide, needs: pd.DataFrame, scenario: Scenario, unit: int, *, computed: bool
) -> PremisesNeeds:
    """Add to a need side what needs for premises have; parameters as of ``premises_assets``."""
    table = needs.iloc[side.rows]
    names, purpose = np.unique(
        table["purpose"].fillna("").astype("str").to_numpy(object).astype("U"), return_inverse=True
    )
    area = areas(decimals(table["area_m2"]), unit, 0)
    change, build = (
        np.array(
            [half_up(_rate(scenario, key, counted=computed) * int(one) / unit) for one in area], np.int64
        )
        for key in ("prices.change_of_use_per_m2", "prices.build_per_m2")
    )
    travel = _rate(scenario, "prices.travel_per_km_m2_year", counted=computed)
    travel *= Fraction(scenario["prices.horizon_years"] or 0) / 1000 / unit
    whole, num, den = split([travel * int(one) for one in area])
    return PremisesNeeds(
        **vars(side),
        purpose=purpose.astype(np.int64),
        purposes=[str(name) for name in names],
        area=area,
        change=change,
        build=build,
        whole=whole,
        num=num,
        den=den,
    )
