"""What sets of places are worth in premises: of each the best one, or whether any is worth its opening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solver.checker.knapsack import beats, most, singles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from solver.checker.block import Pairs
    from solver.checker.knapsack import Place


def fill(
    pairs: Pairs, worths: NDArray[Any], floors: list[int], rooms: list[int], copies: Sequence[int]
) -> list[int]:
    """Return, per premises, what the best set of places that fits is worth, or its floor if that is more.

    `copies` are the places of each need, by its number.
    """
    return [most(*one) for one in zip(rooms, _places(pairs, worths, copies), floors, strict=True)]


def pays(
    pairs: Pairs, worths: NDArray[Any], floors: list[int], rooms: list[int], copies: Sequence[int]
) -> list[bool]:
    """Tell, per premises, whether some set of places that fits is worth more than the floor."""
    found = zip(rooms, _places(pairs, worths, copies), floors, strict=True)
    return [beats(room, singles(room, places), floor) for room, places, floor in found]


def _places(pairs: Pairs, worths: NDArray[Any], copies: Sequence[int]) -> list[tuple[Place, ...]]:
    """List, per premises, the places that are worth something: worth, load, how many."""
    places: list[list[Place]] = [[] for _ in pairs.assets]
    some = worths > 0
    cells = [column[some].tolist() for column in (pairs.row, pairs.need, worths, pairs.load)]
    for i, j, value, load in zip(*cells, strict=True):
        places[i].append((value, load, copies[j]))
    return [tuple(own) for own in places]
