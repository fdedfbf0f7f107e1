"""What every category of a plan has in common: two sides of rows, and units that move between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.problem.metres import Metres
    from solver.problem.norms import NormRows
    from solver.problem.sides import AssetSide, NeedSide


class Sides(Protocol):
    """A category of the problem, movables or premises, as tables and figures look at it."""

    @property
    def name(self) -> str:
        """Name of the category."""

    @property
    def assets(self) -> AssetSide:
        """Assets that may move or be used."""

    @property
    def needs(self) -> NeedSide:
        """Needs."""

    @property
    def metres(self) -> Metres:
        """Distances of pairs."""

    @property
    def norms(self) -> NormRows:
        """Norm rows of the needs."""


@dataclass(frozen=True)
class Moves:
    """Transfers of a category by row, sorted by (asset, need).

    Attributes
    ----------
    asset, need : positions in the sides; units : of movables, or places of the need in the premises.
    """

    asset: Ints
    need: Ints
    units: Ints


def got_by_need(sides: Sides, moves: Moves) -> Ints:
    """Units that each need receives."""
    got = np.zeros(len(sides.needs.ids), np.int64)
    np.add.at(got, moves.need, moves.units)
    return got


def left_of_assets(sides: Sides, moves: Moves) -> Ints:
    """Units of each asset that stay."""
    gone = np.zeros(len(sides.assets.ids), np.int64)
    np.add.at(gone, moves.asset, moves.units)
    left: Ints = sides.assets.units - gone
    return left


def full_rows(norms: NormRows, got: Ints) -> Ints:
    """Return the innermost norm row above each need that has received all its cap allows, -1 none.

    Parameters
    ----------
    got : units received by each need.
    """
    through = np.zeros(len(norms.cap), np.int64)
    within = norms.row_of >= 0
    np.add.at(through, norms.row_of[within], got[within])
    for row, parent in enumerate(norms.parent.tolist()):  # parents come after their children
        if parent >= 0:
            through[parent] += through[row]
    above = np.append(np.where(through >= norms.cap, np.arange(len(through)), -1), -1)
    for row in range(len(through) - 1, -1, -1):  # from the outermost inwards
        if above[row] < 0:
            above[row] = above[norms.parent[row]]
    found: Ints = above[norms.row_of]
    return found


def exhausted(norms: NormRows, units: Ints, got: Ints) -> np.ndarray:
    """Whether a norm row above each need has received all that its cap allows.

    Parameters
    ----------
    units, got : wanted and received by each need.
    """
    open_brims = norms.brim[got < units]
    brimming = (norms.brim >= 0) & ~np.isin(norms.brim, open_brims)
    closed: np.ndarray = brimming | (full_rows(norms, got) >= 0)
    return closed


def first_two(class_of: Ints, size: int) -> Ints:
    """Positions of the first two rows of each class, -1 where there are fewer: ``[size, 2]``."""
    order = np.argsort(class_of, kind="stable")
    order = order[class_of[order] >= 0]
    first = np.searchsorted(class_of[order], np.arange(size + 1))
    count = np.diff(first)
    two = np.full((size, 2), -1, np.int64)
    for column in range(2):
        has = count > column
        two[has, column] = order[first[:-1][has] + column]
    return two
