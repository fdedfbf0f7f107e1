"""One cell of a plan table, whatever its column's type: what both exports need to know."""

from __future__ import annotations

import datetime
import numbers
from decimal import Decimal

import pandas as pd

Cell = str | int | float | bool | None

# Columns that hold numbers; every other column is text, codes and ids above all. Years have no separators.
YEARS = frozenset({"year", "age", "number", "life_years", "replace_year", "position"})
LIMITS = frozenset({"limit_used", "limit_bound", "limit_slack", "limit_step"})
CHANGES = frozenset({"units_before", "units_after", "group"})
INTEGERS = frozenset({"units", "rank", "needed", "met", "unmet"}) | YEARS | LIMITS | CHANGES
DECIMALS = frozenset({"area_m2", "distance_km", "condition_pct", "mileage_km"})
BOOLEANS = frozenset({"cross_province"})


def plain(value: object, column: str) -> Cell:
    """Return a cell as text, number, truth value or None, by its column and not by how it looks.

    An id such as "007" or "true" stays text; money is an integer; a decimal is the nearest float.
    """
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    if column in BOOLEANS:
        return value == "true" if isinstance(value, str) else bool(value)
    if is_number(column):
        if isinstance(value, str) and not value:
            return None
        return _number(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def is_number(column: str) -> bool:
    """Tell whether a column holds numbers."""
    return column in INTEGERS or column in DECIMALS or column.endswith("_vnd")


def _number(value: object) -> int | float:
    if isinstance(value, numbers.Integral):
        return int(value)
    exact = Decimal(str(value))
    return int(exact) if exact == exact.to_integral_value() else float(exact)
