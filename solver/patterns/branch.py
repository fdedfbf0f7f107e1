r"""What to branch on: what the master leaves most undecided, hosts before pairs.

A host open or shut decides more than a pair does. Trying some choices out in the master (strong branching,
with the patterns known) took five to ten times as many nodes: without new patterns the trials mislead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from solver.flow.market import Ints
    from solver.patterns.columns import Columns
    from solver.patterns.part import Part

    Reals = npt.NDArray[np.float64]
    Ruled = tuple[np.ndarray, Ints, np.ndarray]

#: Weights closer to whole numbers than this count as whole; a host this undecided comes before any pair.
_TINY = 1e-6
_TORN = 0.1


@dataclass(frozen=True)
class Choice:
    """A host (``pair`` -1) or a pair (``host`` -1), and whether the master leans to it."""

    host: int
    pair: int
    likely: bool


def choose(part: Part, weight: Reals, opened: Reals, ruled: Ruled) -> Choice | None:
    """Choose a host or a pair that is not settled, large places first; None where all is settled.

    Parameters
    ----------
    weight, opened : of ``weights``; ruled : what is settled (``solver.patterns.reduce``).
    """
    drop, put, is_open = ruled
    torn = np.where((part.opening > 0) & ~is_open, np.abs(opened - np.rint(opened)), 0.0)
    host = int(torn.argmax())
    if torn[host] > _TORN:
        return Choice(host, -1, bool(opened[host] % 1 >= 0.5))
    # Where all is whole, what is used comes first.
    split = np.abs(weight - np.rint(weight)) + _TINY * (1 + np.minimum(weight, 1))
    split[drop | (put > 0)] = 0.0
    pair = int((split * (1 + part.load / max(int(part.load.max(initial=1)), 1))).argmax())
    return Choice(-1, pair, bool(weight[pair] >= 0.5)) if split[pair] > 0 else None


def weights(part: Part, columns: Columns, shares: Reals) -> tuple[Reals, Reals]:
    """Return the places per pair and the weight of all patterns per host in the master's solution."""
    weight, opened = np.zeros(part.n_pairs), np.zeros(part.n_hosts)
    host, first, pairs, places = columns.patterns
    count = len(shares)  # patterns that came after the master was solved weigh nothing
    share = np.where(shares > _TINY, shares, 0.0)
    each = np.repeat(share, np.diff(first[: count + 1]))
    np.add.at(weight, pairs[: len(each)], each * places[: len(each)])
    np.add.at(opened, host[:count], share)
    return weight, opened


def twins(part: Part, host: int) -> Ints:
    """Return the hosts equal to one, itself among them: same room, opening, pairs, costs and loads."""
    first, width = part.first, np.diff(part.first)
    alike = (part.capacity == part.capacity[host]) & (part.opening == part.opening[host])
    found = np.flatnonzero(alike & (width == width[host]))
    mine = slice(int(first[host]), int(first[host + 1]))
    for values in (part.guest, part.cost, part.load):
        places = first[found][:, None] + np.arange(width[host])
        found = found[(values[places] == values[mine]).all(axis=1)]
    return found
