"""A better plan at a node: from the weights of the master, by moves, and through overfilled plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.patterns.overload import wander
from solver.patterns.part import dot
from solver.patterns.polish import polish

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from solver.flow.market import Ints
    from solver.patterns.columns import Columns
    from solver.patterns.part import Part

    Reals = npt.NDArray[np.float64]

#: Hosts to a round of shaking: good plans cut the tree, but proofs need bounds.
_CALM = 16
#: Rounds of the search that may overfill hosts, at most.
_ROVE = 96
#: Pairs that all rounds at a node may come to.
_SHAKEN = 1 << 16
#: In parts with more pairs than this moves take longer than prices.
_LIGHT = 2_000
#: Room this many times what places need at least is not short.
_AMPLE = 2
_NEVER = np.iinfo(np.int64).max


def takes_long(part: Part) -> bool:
    """Tell whether moves in a part take longer than its prices."""
    return part.n_pairs > _LIGHT


def mended(
    part: Part, columns: Columns, shares: Reals, weight: Reals, x: Ints, seed: int, stop: Callable[[], bool]
) -> Ints:
    """Return a plan no worse than the one given.

    Parameters
    ----------
    shares, weight : of patterns, and of pairs, in the master's solution.
    """
    rounds = max(1, _SHAKEN // part.n_pairs)
    x = polish(part, columns, shares, x, seed, min(part.n_hosts // _CALM, rounds), stop)
    return wander(part, x, weight, min(_ROVE, rounds), seed, stop) if room_is_short(part) else x


def room_is_short(part: Part) -> bool:
    """Tell whether places need most of the room there is, so that moves within it lead nowhere."""
    least = np.full(part.n_guests, _NEVER)
    np.minimum.at(least, part.guest, part.load)
    asked = dot(np.where(least < _NEVER, least, 0), part.demand)
    return asked * _AMPLE >= dot(part.capacity, part.copies)
