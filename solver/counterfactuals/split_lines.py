"""Lines of whole rows as lines of the rows that a re-plan is solved by, and back (solver.problem.split).

Of movables the units of an asset that serve a need in the plan before are an asset of their own, of premises
the places of a need that a building has. These come behind the whole rows, one for each kept line.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from solver.problem.premises import Premises

if TYPE_CHECKING:
    from solver.counterfactuals.moved import Lines
    from solver.problem.problem import Category


def spread(part: Category | Premises, lines: Lines) -> Lines:
    """Write lines beside the pins as lines of parts: what stays by the part that is for it.

    Parameters
    ----------
    part : the category in whole rows.

    What changes comes out of the rest of the asset (premises: of the need), and where that is used up, out of
    parts of it that do not stay.
    """
    side = 1 if isinstance(part, Premises) else 0
    lots = part.needs if side else part.assets
    size = len(lots.ids)
    kept = part.kept
    sent = kept.got(size) if side else kept.sent(size)
    pinned = part.pins.got(size) if side else part.pins.sent(size)
    room: dict[int, list[list[int]]] = defaultdict(list)  # of each lot: row, units that are left
    own: dict[tuple[int, int], list[int]] = {}
    for at, (a, n, units) in enumerate(
        zip(kept.asset.tolist(), kept.need.tolist(), kept.units.tolist(), strict=True)
    ):
        own[a, n] = [size + at, units]
        room[(a, n)[side]].append(own[a, n])
    out: Lines = {}
    later: Lines = {}

    def put(pair: tuple[int, int], row: list[int], most: int) -> int:
        units = min(most, row[1])
        if units > 0:
            key = (pair[0], row[0]) if side else (row[0], pair[1])
            out[key] = out.get(key, 0) + units
            row[1] -= units
        return most - max(units, 0)

    for pair, units in sorted(lines.items()):
        rest = put(pair, own[pair], units) if pair in own else units
        if rest:
            later[pair] = rest
    whole: dict[int, list[int]] = {}
    for pair, units in later.items():
        lot = pair[side]
        if lot not in whole:
            whole[lot] = [lot, int(lots.units[lot] - sent[lot] - pinned[lot])]
        left = units
        for row in (whole[lot], *room[lot]):
            left = put(pair, row, left)
        if left:
            raise ValueError(f"{left} units more than there are: {pair}")
    return out


def gathered(part: Category | Premises, lines: Lines) -> Lines:
    """Write lines of parts as lines of whole rows; ``part`` : the category in whole rows."""
    side = 1 if isinstance(part, Premises) else 0
    size = len(part.needs.ids if side else part.assets.ids)
    of = (part.kept.need if side else part.kept.asset).tolist()
    out: Lines = {}
    for (a, n), units in lines.items():
        whole = [a, n]
        if whole[side] >= size:
            whole[side] = of[whole[side] - size]
        pair = (whole[0], whole[1])
        out[pair] = out.get(pair, 0) + units
    return out


def rows_of(part: Category | Premises, lot: int) -> set[int]:
    """Return the rows of an asset (premises: of a need): the whole one, and its parts."""
    side = 1 if isinstance(part, Premises) else 0
    size = len(part.needs.ids if side else part.assets.ids)
    of = (part.kept.need if side else part.kept.asset).tolist()
    return {lot} | {size + at for at, one in enumerate(of) if one == lot}
