"""What sets of places are worth in premises: of each the best one, or whether any is worth its opening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solver.checker.knapsack import beats, most, singles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solver.checker.block import Columns, Pairs
    from solver.checker.knapsack import Place


def fill(pairs: Pairs, worths: NDArray[Any], floors: list[int], columns: Columns) -> list[int]:
    """Return, per premises, what the best set of places that fits is worth, or its floor if that is more."""
    return [most(*one) for one in zip(*_places(pairs, worths, columns), floors, strict=True)]


def pays(pairs: Pairs, worths: NDArray[Any], floors: list[int], columns: Columns) -> list[bool]:
    """Tell, per premises, whether some set of places that fits is worth more than the floor."""
    found = zip(*_places(pairs, worths, columns), floors, strict=True)
    return [beats(room, singles(room, places), floor) for room, places, floor in found]


def _places(
    pairs: Pairs, worths: NDArray[Any], columns: Columns
) -> tuple[list[int], list[tuple[Place, ...]]]:
    """List, per premises, its room and the places that are worth something: worth, load, how many."""
    places: list[list[Place]] = [[] for _ in pairs.assets]
    some = worths > 0
    cells = [column[some].tolist() for column in (pairs.row, pairs.need, worths, pairs.load)]
    for i, j, value, load in zip(*cells, strict=True):
        places[i].append((value, load, columns.needs[j].units))
    return columns.area[0][pairs.assets].tolist(), [tuple(own) for own in places]
