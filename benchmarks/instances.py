"""The instances: N cars and the communes that want some, drawn with integers from a fixed seed.

An instance is what a planner has before anything is computed: coordinates, units, prices. Distances and
costs follow from it by ``docs/cost.md`` and belong to the time that is measured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

import geodata

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

Ints: TypeAlias = NDArray[np.int64]
Small: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float64]

#: Transport [VND per metre], handover [VND], surcharge for crossing a province border [VND], norm price of a
#: car [VND].
PER_METRE = 12
HANDOVER = 2_000_000
SURCHARGE = 5_000_000
NORM_PRICE = 950_000_000
#: Priority factors 4, 2, 1, 0.5 and 0.25, in quarters.
FACTOR_QUARTERS = (16, 8, 4, 2, 1)
#: Cars stand within this many 1e-5 degrees of their commune's seat (some 7.8 km).
SPREAD = 7_000
#: ``ties``: distances between communes are rounded to this [metres].
TIE_STEP = 10_000
#: ``nonmetric``: longest distance [metres]; one pair in this many has none.
TABLE_MAX = 2_000_000
TABLE_ABSENT = 10
#: ``lots``: a commune's norm cap is this share of the units its two needs want [percent].
CAP_PERCENT = 50


@dataclass(frozen=True)
class Instance:
    """Cars, needs and what decides their costs.

    Attributes
    ----------
    family : name; communes : frame ``commune_code, lat, lon, island``; province : index per commune;
    place, lat, lon : commune and point of each lot of cars; units : cars per lot; loss : 100 % - condition,
    in hundredths of a percent;
    seat : commune of each need, ascending (a need stands at its commune's point); demand : units; base,
    price : of an unmet unit without and with the priority factor [VND]; row : norm row of each need, -1
    none; cap : units per norm row; surcharge : for crossing a province border [VND];
    table : given distances between communes [metres], -1 none, or None = great circle; step : distances
    between communes are rounded to it [metres], 1 = not.
    """

    family: str
    communes: pd.DataFrame
    province: Small
    place: Ints
    lat: Floats
    lon: Floats
    units: Ints
    loss: Ints
    seat: Ints
    demand: Ints
    base: Ints
    price: Ints
    row: Ints
    cap: Ints
    surcharge: int = 0
    table: Small | None = None
    step: int = 1

    @property
    def cars(self) -> int:
        """Cars in all."""
        return int(self.units.sum())

    @property
    def empty(self) -> int:
        """Objective of the plan with no transfer [VND]."""
        return int((self.demand * self.price).sum())


def make(family: str, cars: int, *, seed: int = 1, communes: int | None = None) -> Instance:
    """Draw an instance.

    Parameters
    ----------
    family
        A key of `FAMILIES`.
    cars
        Cars in all (lots count their units).
    seed
        Another seed draws another instance.
    communes
        Take only this many communes, evenly spaced in the register; None = all.

    Returns
    -------
    Instance
        Equal arguments give equal instances.
    """
    draw = np.random.default_rng([seed, sorted(FAMILIES).index(family)])
    frame = geodata.communes()
    if communes is not None:
        frame = frame.iloc[np.arange(communes) * len(frame) // communes].reset_index(drop=True)
    return FAMILIES[family](family, frame, cars, draw)


def _instance(
    family: str,
    communes: pd.DataFrame,
    draw: np.random.Generator,
    place: Ints,
    wants: tuple[Ints, Ints, Ints],
) -> Instance:
    """One car per lot, each at its own point near the seat of its commune, in new condition."""
    seat, demand, price = wants
    lat, lon = _points(communes, place, draw)
    _, province = np.unique(communes["province_code"].to_numpy(dtype=str), return_inverse=True)
    return Instance(
        family=family,
        communes=communes,
        province=province.astype(np.int32),
        place=place,
        lat=lat,
        lon=lon,
        units=np.ones(len(place), np.int64),
        loss=np.zeros(len(place), np.int64),
        seat=seat,
        demand=demand,
        base=np.full(len(seat), NORM_PRICE, np.int64),
        price=price,
        row=np.full(len(seat), -1, np.int64),
        cap=np.empty(0, np.int64),
    )


def _points(communes: pd.DataFrame, place: Ints, draw: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw distinct points [degrees], a whole number of 1e-5 degrees away from the seat of the commune."""
    offset = draw.integers(-SPREAD, SPREAD + 1, (2, len(place)))
    while True:
        key = (place * (2 * SPREAD + 1) + offset[0] + SPREAD) * (2 * SPREAD + 1) + offset[1] + SPREAD
        first = np.zeros(len(place), bool)
        first[np.unique(key, return_index=True)[1]] = True
        if first.all():
            break
        offset[:, ~first] = draw.integers(-SPREAD, SPREAD + 1, (2, int((~first).sum())))
    lat, lon = (communes[name].to_numpy(dtype=np.float64)[place] for name in ("lat", "lon"))
    return lat + offset[0] / 1e5, lon + offset[1] / 1e5


def _few_each(communes: pd.DataFrame, cars: int) -> tuple[Ints, Ints, Ints]:
    """Every commune wants max(2, N / 2,000) cars, all at one price."""
    count = len(communes)
    demand = np.full(count, max(2, cars // 2000), np.int64)
    return np.arange(count), demand, np.full(count, NORM_PRICE, np.int64)


def _fewer_in_all(communes: pd.DataFrame, cars: int, draw: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Communes drawn at random want 0.83 N cars in all; each commune has one of five priorities."""
    wanted = np.bincount(draw.integers(0, len(communes), cars * 83 // 100), minlength=len(communes))
    seat = np.flatnonzero(wanted)
    quarters = np.array(FACTOR_QUARTERS)[draw.integers(0, 5, len(seat))]
    return seat, wanted[seat].astype(np.int64), NORM_PRICE // 4 * quarters


def _anywhere(communes: pd.DataFrame, cars: int, draw: np.random.Generator) -> Ints:
    return draw.integers(0, len(communes), cars)


def _scarce(family: str, communes: pd.DataFrame, cars: int, draw: np.random.Generator) -> Instance:
    return _instance(family, communes, draw, _anywhere(communes, cars, draw), _few_each(communes, cars))


def _surplus(family: str, communes: pd.DataFrame, cars: int, draw: np.random.Generator) -> Instance:
    place = _anywhere(communes, cars, draw)
    return _instance(family, communes, draw, place, _fewer_in_all(communes, cars, draw))


def old_province_towns(communes: pd.DataFrame) -> Ints:
    """Find the communes nearest to the chief towns of the 63 old provinces; sorted positions.

    The first district of a province, by code, is its chief town.
    """
    towns = geodata.old_districts().sort_values("old_district_code").drop_duplicates("old_province_code")
    lat, lon = (communes[name].to_numpy(dtype=np.float64) for name in ("lat", "lon"))
    near = [int(np.argmin((lat - y) ** 2 + (lon - x) ** 2)) for y, x in towns[["lat", "lon"]].to_numpy()]
    return np.unique(np.array(near, np.int64))


def _clustered(family: str, communes: pd.DataFrame, cars: int, draw: np.random.Generator) -> Instance:
    towns = old_province_towns(communes)
    place = towns[draw.integers(0, len(towns), cars)]
    return _instance(family, communes, draw, place, _few_each(communes, cars))


def _surcharged(family: str, communes: pd.DataFrame, cars: int, draw: np.random.Generator) -> Instance:
    """Border surcharge and renewal by condition (30 to 100 %): cost no longer grows with distance."""
    plain = _surplus(family, communes, cars, draw)
    return replace(plain, loss=100 * draw.integers(0, 71, len(plain.place)), surcharge=SURCHARGE)


def _ties(family: str, communes: pd.DataFrame, cars: int, draw: np.random.Generator) -> Instance:
    """All cars at seats, distances in steps of 10 km: very many pairs cost the same."""
    plain = _surplus(family, communes, cars, draw)
    lat, lon = (communes[name].to_numpy(dtype=np.float64)[plain.place] for name in ("lat", "lon"))
    return replace(plain, lat=lat, lon=lon, step=TIE_STEP)


def _nonmetric(family: str, communes: pd.DataFrame, cars: int, draw: np.random.Generator) -> Instance:
    """Draw a random table of distances that keeps no triangle inequality and lacks one pair in ten."""
    plain = _scarce(family, communes, cars, draw)
    count = len(communes)
    table = draw.integers(1, TABLE_MAX, (count, count), dtype=np.int32)
    table[draw.integers(0, TABLE_ABSENT, (count, count), dtype=np.int8) == 0] = -1
    np.fill_diagonal(table, 0)
    return replace(plain, table=table)


def _lots(family: str, communes: pd.DataFrame, cars: int, draw: np.random.Generator) -> Instance:
    """Lots of 2 to 40 equal cars; communes with two needs of different priority under one norm cap."""
    sizes = draw.integers(2, 41, cars // 2 + 1)
    lots = int(np.searchsorted(np.cumsum(sizes), cars)) + 1
    units = sizes[:lots].copy()
    units[-1] -= units.sum() - cars
    seat, demand, _ = _fewer_in_all(communes, 2 * cars, draw)
    first = draw.integers(0, 5, len(seat))
    second = (first + draw.integers(1, 5, len(seat))) % 5
    quarters = np.array(FACTOR_QUARTERS)[np.stack([first, second], axis=1).ravel()]
    split = np.stack([(demand + 1) // 2, demand // 2], axis=1).ravel()
    keep = split > 0
    wants = (np.repeat(seat, 2)[keep], split[keep], (NORM_PRICE // 4 * quarters)[keep])
    plain = _instance(family, communes, draw, _anywhere(communes, lots, draw), wants)
    row = np.repeat(np.arange(len(seat)), 2)[keep]
    return replace(plain, units=units, row=row, cap=(demand * CAP_PERCENT + 99) // 100)


#: How each family is drawn.
FAMILIES: dict[str, Callable[[str, pd.DataFrame, int, np.random.Generator], Instance]] = {
    "scarce": _scarce,
    "surplus": _surplus,
    "clustered": _clustered,
    "surcharged": _surcharged,
    "ties": _ties,
    "nonmetric": _nonmetric,
    "lots": _lots,
}
