"""From flows between classes back to rows, keeping every line of the plan that can stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from solver.plan.moves import Moves
from solver.problem.positions import positions

if TYPE_CHECKING:
    import pandas as pd

    from solver.plan.moves import Sides
    from solver.problem.problem import Category

#: Units by (asset class, need class).
Held: TypeAlias = "dict[tuple[int, int], int]"
#: Units by (asset, need), as positions in the sides.
Lines: TypeAlias = "dict[tuple[int, int], int]"


def lines_of(sides: Sides, transfers: pd.DataFrame) -> Lines:
    """Return the transfers of a category."""
    i = positions(sides.assets.ids, transfers["asset_id"])
    j = positions(sides.needs.ids, transfers["need_id"])
    rows = zip(i.tolist(), j.tolist(), transfers["units"].tolist(), strict=True)
    return {(a, n): int(units) for a, n, units in rows if a >= 0 and n >= 0}


def moves_of(lines: Lines) -> Moves:
    """Return lines as moves."""
    rows = [(a, n, units) for (a, n), units in sorted(lines.items()) if units]
    table = np.array(rows, np.int64).reshape(-1, 3)
    return Moves(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())


def held_by(category: Category, lines: Lines) -> Held:
    """Sum lines by classes."""
    offer_of, want_of = category.classes.offer_of.tolist(), category.classes.want_of.tolist()
    out: Held = {}
    for (a, n), units in lines.items():
        pair = (offer_of[a], want_of[n])
        out[pair] = out.get(pair, 0) + units
    return out


def dealt(
    category: Category, lines: Lines, held: Held, forced: Lines, banned: tuple[int, int] | None = None
) -> Lines:
    """Deal a flow between classes out to rows: what is forced first, then lines as they were, then the rest.

    Parameters
    ----------
    lines : of the plan; held : units by classes, what is forced with them; forced : lines that must be there,
    at least; banned : line that must not.
    """
    out = _dealt(category, lines, held, forced, banned)
    if banned is None or sum(out.values()) == sum(held.values()):
        return out
    # A line that stays is in the way of the ban: those of both classes are dealt anew, theirs first.
    i, j = category.classes.offer_of[banned[0]], category.classes.want_of[banned[1]]
    offer_of, want_of = category.classes.offer_of, category.classes.want_of
    stay = {(a, n): units for (a, n), units in lines.items() if offer_of[a] != i and want_of[n] != j}
    return _dealt(category, stay, held, forced, banned)


def _dealt(
    category: Category, lines: Lines, held: Held, forced: Lines, banned: tuple[int, int] | None
) -> Lines:
    offer_of, want_of = category.classes.offer_of.tolist(), category.classes.want_of.tolist()
    supply, room = category.assets.units.tolist(), category.needs.units.tolist()
    left = dict(held)
    out: Lines = {}

    def give(a: int, n: int, most: int) -> None:
        pair = (offer_of[a], want_of[n])
        units = min(most, left.get(pair, 0), supply[a], room[n])
        if units > 0 and (a, n) != banned:
            out[a, n] = out.get((a, n), 0) + units
            left[pair] -= units
            supply[a] -= units
            room[n] -= units

    for (a, n), units in sorted(forced.items()):
        give(a, n, units)
    for (a, n), units in sorted(lines.items()):
        give(a, n, units - out.get((a, n), 0))
    first = (-1, -1) if banned is None else (offer_of[banned[0]], want_of[banned[1]])
    for i, j in sorted(
        (pair for pair, units in left.items() if units), key=lambda pair: (pair != first, pair)
    ):
        givers = [a for a, one in enumerate(offer_of) if one == i]
        takers = [n for n, one in enumerate(want_of) if one == j]
        if banned is not None:  # its own ends last, and first what others may give to its need
            givers.sort(key=lambda a: a == banned[0])
            takers.sort(key=lambda n: n != banned[1])
        for a in givers:
            for n in takers:
                give(a, n, left[i, j])
    return out
