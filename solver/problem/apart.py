"""Columns that keep rows apart which classes would otherwise merge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.problem.freedom import Scope
    from solver.problem.sides import AssetSide, NeedSide


def point_keys(side: AssetSide | NeedSide) -> list[Ints]:
    """Coordinates as keys: a leg of 0 metres may still be half a metre, which counts within the commune."""
    return [values.view(np.int64) for values in (side.lat, side.lon)]


def ban_group(keys: Ints, n_needs: int, size: int, *, by_need: bool) -> Ints:
    """Give every row that a ban names a number of its own: it must not be merged with others."""
    named = np.unique(keys % n_needs if by_need else keys // n_needs) if len(keys) else keys
    out = np.zeros(size, np.int64)
    out[named] = np.arange(1, len(named) + 1)
    return out


def bound_columns(scope: Scope | None) -> list[Ints]:
    """Give every asset that freedom binds a number of its own."""
    return [] if scope is None else [np.where(scope.bound, np.arange(1, len(scope.bound) + 1), 0)]


def place_columns(scope: Scope | None) -> list[Ints]:
    """Keep needs apart whose places freedom tells apart."""
    return [] if scope is None else [scope.place]


def kept_columns(kept: Ints | None, size: int) -> list[Ints]:
    """Give every row that others serve in the plan before a number of its own."""
    if kept is None:
        return []
    out = np.zeros(size, np.int64)
    named = np.unique(kept[kept >= 0])
    out[named] = np.arange(1, len(named) + 1)
    return [out]
