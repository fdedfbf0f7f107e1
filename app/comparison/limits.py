"""The rows of ``limits.csv`` (docs/limits.md) of two plans, side by side."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIGURES = ("bound", "used", "slack")


@dataclass(frozen=True)
class Limit:
    """What a plan says of one limit.

    Attributes
    ----------
    unit
        "VND" or "units".
    bound, used, slack
        The limit, what counts in it, and what is left (of a floor that is missed: below 0) [`unit`].
    """

    unit: str
    bound: int
    used: int
    slack: int


def read_limits(path: Path) -> dict[str, Limit]:
    """Return the rows of a plan's ``limits.csv`` by id; none where there is no such file.

    Raises
    ------
    OSError, ValueError, KeyError
        When it can't be read.
    """
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        return {
            row["limit"]: Limit(row["unit"], *(int(row[name]) for name in _FIGURES))
            for row in csv.DictReader(stream)
        }


def changed_limits(one: Mapping[str, Limit], other: Mapping[str, Limit]) -> list[dict[str, Any]]:
    """Return the limits that two plans do not have alike, by id.

    Returns
    -------
    list of dict
        `limit`, `unit`, and `bound`, `used` and `slack` `_before` and `_after`: None where a plan has no such
        limit.
    """
    return [
        {
            "limit": name,
            "unit": (one.get(name) or other[name]).unit,
            **{
                f"{figure}_{when}": None if limit is None else getattr(limit, figure)
                for figure in _FIGURES
                for when, limit in (("before", one.get(name)), ("after", other.get(name)))
            },
        }
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    ]
