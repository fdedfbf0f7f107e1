"""The default distance provider: great circle times a detour factor, and ferries, in whole metres.

`docs/cost.md` defines it. Only the IEEE operations + - * /, square root and floor are used, each rounded by
itself and in a fixed order, so that the same communes give the same metres on every processor and operating
system; the sines of mathematical libraries differ in the last bit. The error against exact arithmetic is
below 5e-9 m (tested).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import factorial
from typing import TYPE_CHECKING, Any, TypeAlias

import numba
import numpy as np
import pandas as pd

EARTH_RADIUS_M = 6371008.8
RADIANS_PER_DEGREE = 0.017453292519943295

# Taylor series for |x| <= pi / 4: the first terms left out are below 1e-17.
_SINE = tuple((-1) ** k / factorial(2 * k + 1) for k in range(8))
_COSINE = tuple((-1) ** k / factorial(2 * k) for k in range(9))
# asin(y) = sum of binom(2k, k) / (4^k (2k + 1)) y^(2k + 1); for y <= 0.2 the first term left out is < 1e-19.
_ARC_SINE = tuple(factorial(2 * k) / (4**k * factorial(k) ** 2 * (2 * k + 1)) for k in range(12))
Floats = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Degrees: TypeAlias = "ArrayLike | pd.Series[float]"


@dataclass(frozen=True)
class GreatCircle:
    """Great circle on the mean sphere x detour, plus a ferry for every crossing to or from an island.

    Parameters
    ----------
    detour
        Road metres per metre of great circle, an exact decimal (assumption: 1.3).
    ferry_km
        What a crossing counts [km of road], an exact decimal (assumption: 50).

    Attributes
    ----------
    name
        `great_circle`.
    version
        The parameters, in words.
    """

    detour: Decimal | str = "1.3"
    ferry_km: Decimal | str = "50"
    name: str = field(default="great_circle", init=False)

    def __post_init__(self) -> None:
        if Decimal(self.detour) < 1:
            raise ValueError(f"the detour factor is at least 1, not {self.detour}")
        if Decimal(self.ferry_km) < 0:
            raise ValueError(f"the ferry kilometres are not negative, {self.ferry_km} is")

    @property
    def version(self) -> str:
        """States the parameters: part of every plan."""
        return (
            f"great-circle-1 detour={Decimal(self.detour)} ferry_km={Decimal(self.ferry_km)}"
            f" radius_m={EARTH_RADIUS_M}"
        )

    def metres(self, lat1: Degrees, lon1: Degrees, lat2: Degrees, lon2: Degrees) -> Integers:
        """Measure great circle x detour between points, element by element, half up [m].

        Parameters
        ----------
        lat1, lon1, lat2, lon2
            Degrees; numbers, arrays or series that broadcast against each other.

        Returns
        -------
        numpy.ndarray
            int64; -1 where a coordinate is missing.
        """
        start = unit_vectors(floats(lat1), floats(lon1))
        end = unit_vectors(floats(lat2), floats(lon2))
        return _whole(chord_to_metres(start, end) * float(self.detour))

    def matrix(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> Integers:
        """Measure between communes.

        Parameters
        ----------
        origins, destinations
            Frames of communes: `commune_code, lat, lon, island`.

        Returns
        -------
        numpy.ndarray
            int64[len(origins), len(destinations)]: great circle x detour, half up, plus the ferry metres
            for each end on an island that the other end is not on; 0 from a commune to itself; -1 where a
            coordinate is missing.
        """
        start = unit_vectors(floats(origins["lat"]), floats(origins["lon"]))
        end = unit_vectors(floats(destinations["lat"]), floats(destinations["lon"]))
        from_island, to_island = _labels(origins["island"], destinations["island"])
        from_code, to_code = _labels(origins["commune_code"], destinations["commune_code"])
        ferry = int((Decimal(self.ferry_km) * 1000).to_integral_value(ROUND_HALF_UP))
        result = np.empty((len(origins), len(destinations)), dtype=np.int64)
        _fill(start, end, from_island, to_island, from_code, to_code, float(self.detour), ferry, result)
        return result


DEFAULT = GreatCircle()


def floats(values: Degrees) -> Floats:
    """Return numbers as float64, missing ones as NaN."""
    if isinstance(values, pd.Series):
        return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan))
    return np.asarray(values, dtype=np.float64)


def _labels(one: pd.Series[str], other: pd.Series[str]) -> tuple[Integers, Integers]:
    """Equal texts get equal numbers, the empty or missing text 0."""
    both = pd.concat([one, other], ignore_index=True).fillna("")
    numbers, texts = pd.factorize(both, sort=True)
    numbers = numbers.astype(np.int64) + (0 if len(texts) and texts[0] == "" else 1)
    return numbers[: len(one)], numbers[len(one) :]


def _polynomial(coefficients: tuple[float, ...], x: Floats) -> Floats:
    total = np.full_like(x, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        total = total * x
        total = total + coefficient
    return total


def _sine_and_cosine(degrees: Floats) -> tuple[Floats, Floats]:
    quarter = np.floor(degrees / 90.0 + 0.5)
    # exact: the rest is within 45 degrees of the multiple of 90 that is taken away
    x = (degrees - 90.0 * quarter) * RADIANS_PER_DEGREE
    square = x * x
    sine = x * _polynomial(_SINE, square)
    cosine = _polynomial(_COSINE, square)
    turn = quarter - 4.0 * np.floor(quarter / 4.0)
    odd = (turn == 1.0) | (turn == 3.0)
    return (
        np.where(odd, cosine, sine) * np.where(turn >= 2.0, -1.0, 1.0),
        np.where(odd, sine, cosine) * np.where((turn == 1.0) | (turn == 2.0), -1.0, 1.0),
    )


def unit_vectors(lat: Floats, lon: Floats) -> tuple[Floats, Floats, Floats]:
    """Return points on the unit sphere, as x, y, z, from degrees."""
    sin_lat, cos_lat = _sine_and_cosine(lat)
    sin_lon, cos_lon = _sine_and_cosine(lon)
    return cos_lat * cos_lon, cos_lat * sin_lon, sin_lat


def _arc(square: float) -> float:
    """Great circle [m] of a squared chord of the unit sphere."""
    # half the chord is the sine of half the angle; rounding must not push it above 1 between antipodes
    sine = math.sqrt(square) * 0.5
    if sine > 1.0:  # false for a missing point (NaN)
        sine = 1.0
    # three times sin(x / 2) = sin x / sqrt(2 (1 + cos x)) brings it below 0.2
    for _ in range(3):
        sine = sine / math.sqrt(2.0 * (1.0 + math.sqrt(1.0 - sine * sine)))
    y = sine * sine
    total = _ARC_SINE[-1]
    for k in range(len(_ARC_SINE) - 2, -1, -1):
        total = total * y + _ARC_SINE[k]
    metres: float = sine * total * (16.0 * EARTH_RADIUS_M)
    return metres


# Compiled without fast mathematics: each operation is rounded by itself, as IEEE says, on every processor.
_vectorize: Any = numba.vectorize  # numba is untyped
_arcs = _vectorize(["float64(float64)"], cache=True)(_arc)


# A division by zero is an infinity, as IEEE says: a check for it would keep the compiler from vector
# instructions.
_compiled: Any = numba.njit(cache=True, error_model="numpy")
_arc_inside: Any = _compiled(_arc)


def _fill_loops(
    start: tuple[Floats, Floats, Floats],
    end: tuple[Floats, Floats, Floats],
    from_island: Integers,
    to_island: Integers,
    from_code: Integers,
    to_code: Integers,
    detour: float,
    ferry: int,
    result: Integers,
) -> None:
    """Fill the matrix; the loops are short and plain so that the compiler makes vector instructions."""
    count = len(to_island)
    metres = np.empty(count, np.float64)
    for i in range(len(from_island)):
        x, y, z = start[0][i], start[1][i], start[2][i]
        for j in range(count):
            along, across, up = x - end[0][j], y - end[1][j], z - end[2][j]
            metres[j] = along * along + across * across + up * up
        for j in range(count):
            metres[j] = np.floor(_arc_inside(metres[j]) * detour + 0.5)
        for j in range(count):
            far = np.int64(metres[j]) if metres[j] >= 0.0 else np.int64(-1)  # a missing point is NaN
            if far >= 0 and from_island[i] != to_island[j]:  # label 0 is the mainland
                far += ferry * ((from_island[i] > 0) + (to_island[j] > 0))
            result[i, j] = 0 if from_code[i] == to_code[j] else far


_fill: Any = _compiled(_fill_loops)


def chord_to_metres(start: tuple[Floats, ...], end: tuple[Floats, ...]) -> Floats:
    """Measure the great circle between points of the unit sphere [m], not rounded."""
    square = np.zeros(())
    for one, other in zip(start, end, strict=True):
        step = one - other
        square = square + step * step
    with np.errstate(invalid="ignore"):  # missing points stay NaN
        metres: Floats = _arcs(square)
    return metres


def _whole(metres: Floats) -> Integers:
    """Round half up; -1 for a missing distance."""
    return np.where(np.isnan(metres), -1.0, np.floor(metres + 0.5)).astype(np.int64)
