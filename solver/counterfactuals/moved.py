"""From flows between classes back to rows, keeping every line of the plan that can stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from solver.plan.moves import Moves
from solver.problem.positions import positions

if TYPE_CHECKING:
    from collections.abc import Collection

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
    category: Category, lines: Lines, held: Held, forced: Lines, banned: Collection[tuple[int, int]] = ()
) -> Lines:
    """Deal a flow between classes out to rows: what is forced first, then lines as they were, then the rest.

    Parameters
    ----------
    lines : of the plan; held : units by classes, what is forced with them; forced : lines that must be there,
    at least; banned : lines that must not, of one need.
    """
    out = _dealt(category, lines, held, forced, banned)
    if not banned or sum(out.values()) == sum(held.values()):
        return out
    # A line that stays is in the way of the ban: those of all its classes are dealt anew, theirs first.
    offer_of, want_of = category.classes.offer_of, category.classes.want_of
    offers, wants = {int(offer_of[a]) for a, _ in banned}, {int(want_of[n]) for _, n in banned}
    stay = {
        (a, n): units
        for (a, n), units in lines.items()
        if int(offer_of[a]) not in offers and int(want_of[n]) not in wants
    }
    return _dealt(category, stay, held, forced, banned)


def _dealt(
    category: Category, lines: Lines, held: Held, forced: Lines, banned: Collection[tuple[int, int]]
) -> Lines:
    offer_of, want_of = category.classes.offer_of.tolist(), category.classes.want_of.tolist()
    supply, room = category.assets.units.tolist(), category.needs.units.tolist()
    left = dict(held)
    out: Lines = {}

    def give(a: int, n: int, most: int) -> None:
        pair = (offer_of[a], want_of[n])
        units = min(most, left.get(pair, 0), supply[a], room[n])
        if units > 0 and (a, n) not in banned:
            out[a, n] = out.get((a, n), 0) + units
            left[pair] -= units
            supply[a] -= units
            room[n] -= units

    for (a, n), units in sorted(forced.items()):
        give(a, n, units)
    for (a, n), units in sorted(lines.items()):
        give(a, n, units - out.get((a, n), 0))
    first = {(offer_of[a], want_of[n]) for a, n in banned}
    ends = {a for a, _ in banned}, {n for _, n in banned}
    for i, j in sorted(
        (pair for pair, units in left.items() if units), key=lambda pair: (pair not in first, pair)
    ):
        givers = [a for a, one in enumerate(offer_of) if one == i]
        takers = [n for n, one in enumerate(want_of) if one == j]
        if banned:  # its own ends last, and first what others may give to its need
            givers.sort(key=lambda a: a in ends[0])
            takers.sort(key=lambda n: n not in ends[1])
        for a in givers:
            for n in takers:
                give(a, n, left[i, j])
    return out
