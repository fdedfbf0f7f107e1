"""What sets of places are worth in premises: of each the best one, or whether any is worth its opening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from solver.checker.knapsack import beats, most, singles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solver.checker.block import Pairs
    from solver.checker.knapsack import Place


def fill(group: list[Pairs], worths: list[NDArray[Any]], floors: list[int]) -> list[int]:
    """Return, per premises, what the best set of places that fits is worth, or its floor if that is more."""
    return [most(*one) for one in zip(*_places(group, worths), floors, strict=True)]


def pays(group: list[Pairs], worths: list[NDArray[Any]], floors: list[int]) -> list[bool]:
    """Tell, per premises, whether some set of places that fits is worth more than the floor."""
    found = zip(*_places(group, worths), floors, strict=True)
    return [beats(room, singles(room, places), floor) for room, places, floor in found]


def _places(group: list[Pairs], worths: list[NDArray[Any]]) -> tuple[list[int], list[tuple[Place, ...]]]:
    """List, per premises, its room and the places that are worth something: worth, load, how many."""
    rooms: list[int] = group[0].room.tolist()
    places: list[list[Place]] = [[] for _ in rooms]
    for pairs, worth in zip(group, worths, strict=True):
        units = [need.units for need in pairs.block.needs]
        rows, columns = np.nonzero(worth > 0)
        of = [table[rows, columns].tolist() for table in (worth, pairs.load)]
        for i, j, value, load in zip(rows.tolist(), columns.tolist(), *of, strict=True):
            places[i].append((value, load, units[j]))
    return rooms, [tuple(own) for own in places]
