"""What sets of places are worth in premises: of each the best one, or whether any is worth its opening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solver.checker.knapsack import beats, most, singles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from solver.checker.block import Pairs, Table
    from solver.checker.knapsack import Place


def fill(
    pairs: Pairs, worths: NDArray[Any], floors: list[int], rooms: list[int], copies: Sequence[int],
    more: int = 0,
) -> list[int]:  # fmt: skip
    """Return, per premises, what the best set of places that fits is worth, or its floor if that is more.

    `copies` are the places of each need, by its number; those that are kept are worth `more` each.
    """
    places = _places(pairs, worths, copies, more)
    return [most(*one) for one in zip(rooms, places, floors, strict=True)]


def pays(
    pairs: Pairs, worths: NDArray[Any], floors: list[int], rooms: list[int], copies: Sequence[int]
) -> list[bool]:
    """Tell, per premises, whether some set of places that fits is worth more than the floor."""
    found = zip(rooms, _places(pairs, worths, copies), floors, strict=True)
    return [beats(room, singles(room, places), floor) for room, places, floor in found]


def _places(
    pairs: Pairs, worths: NDArray[Any], copies: Sequence[int], more: int = 0
) -> list[tuple[Place, ...]]:
    """List, per premises, the places that are worth something: worth, load, how many."""
    places: list[list[Place]] = [[] for _ in pairs.assets]
    columns = pairs.row, pairs.need, worths, pairs.load, pairs.kept
    for i, j, value, load, kept in _cells(columns, worths > 0):
        if copies[j] > kept or not more:
            places[i].append((value, load, copies[j] - (kept if more else 0)))
    for i, _, value, load, kept in _cells(columns, pairs.kept > 0) if more else ():
        if value + more > 0:
            places[i].append((value + more, load, kept))
    return [tuple(own) for own in places]


def _cells(columns: tuple[NDArray[Any], ...], some: Table) -> Iterator[tuple[int, ...]]:
    return zip(*(column[some].tolist() for column in columns), strict=True)
