"""Exact numbers of rows and scenario as the integers that the core computes with (``docs/cost.md``)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    import pandas as pd

    from solver.flow.market import Ints

#: Conditions are kept in hundredths of a percent, so that 72.5 % is exact.
FULL_CONDITION = 10_000
#: No end: further than any calendar day, within int32.
NO_DAY = 2_000_000_000


def half_up(value: Fraction | Decimal | int) -> int:
    """Round to the nearest integer, halves away from below: floor(value + 1/2)."""
    exact = Fraction(value)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def scaled(values: Iterable[Decimal | int | None], scale: int, missing: int) -> Ints:
    """Multiply exact decimals by ``scale`` and drop what is left after the point.

    None becomes ``missing``.
    """
    return np.array([missing if value is None else int(value * scale) for value in values], np.int64)


def integers(column: pd.Series, missing: int) -> Ints:
    """Nullable integers as int64, ``missing`` for empty."""
    out: Ints = column.fillna(missing).to_numpy(np.int64)
    return out


def days(column: pd.Series, missing: int) -> Ints:
    """Dates as ordinal days, ``missing`` for empty."""
    return np.array([missing if day is None or day != day else day.toordinal() for day in column], np.int64)


def decimals(column: pd.Series) -> list[Decimal | None]:
    """Return an object column of Decimal with None for every kind of empty."""
    return [None if value is None or value != value else value for value in column]
