r"""Shifts, swaps and ejection chains of places, in hosts that may be overfilled at a price.

A place is taken out of its host and goes where it costs least (a shift); or to where another place goes out
that fills the gap it left (a swap); or that place leaves a gap in its turn, which the next one fills, and so
on, and the first place goes where it costs least in the end (an ejection chain). Each link is the swap that
costs least. What lowers the value of the plan is kept (``solver.patterns.relink``).

Source: Yagiura, Ibaraki and Glover, *An ejection chain approach for the generalized assignment problem*,
INFORMS Journal on Computing 16 (2004), 133-151.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.flow.jit import compiled, inlined

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy.typing as npt

    from solver.flow.market import Bits, Ints

    Reals: TypeAlias = npt.NDArray[np.float64]

#: Links of a chain, at most.
_LINKS = 4
#: Visits to each place in one descent: rounding may make two moves take each other back for ever.
_LONGEST = 200


class Field(NamedTuple):
    """Places and where they may go; the last host is nowhere.

    Attributes
    ----------
    cost, load : of each host and place; capacity, opening : of hosts; least : what a move must save.
    """

    cost: Reals
    load: Ints
    capacity: Ints
    opening: Reals
    least: float


class Crowd(NamedTuple):
    """A plan under change.

    Attributes
    ----------
    at : host of each place, -1 for one that is taken out; now : what it costs there; room : left in each
    host, below 0 overfilled; used : places in it; charge : its opening and the price of what it is overfilled
    by.
    """

    at: Ints
    now: Reals
    room: Ints
    used: Ints
    charge: Reals


@inlined
def charge(field: Field, alpha: Reals, h: int, room: int, used: int) -> float:
    """Return what a host costs with so much room left and so many places."""
    cost = field.opening[h] if used > 0 else 0.0
    return float(cost - alpha[h] * room if room < 0 else cost)


@compiled
def settled(field: Field, at: Ints, alpha: Reals) -> Crowd:
    """Return a plan with all that follows from where its places are."""
    m, n = field.cost.shape
    crowd = Crowd(at.copy(), np.empty(n), field.capacity.copy(), np.zeros(m, np.int64), np.empty(m))
    for j in range(n):
        h = at[j]
        crowd.now[j] = field.cost[h, j]
        crowd.room[h] -= field.load[h, j]
        crowd.used[h] += 1
    for h in range(m):
        crowd.charge[h] = charge(field, alpha, h, crowd.room[h], crowd.used[h])
    return crowd


@inlined
def lift(field: Field, crowd: Crowd, alpha: Reals, j: int) -> float:
    """Take a place out; return the change of the value."""
    h = crowd.at[j]
    delta = -crowd.now[j] - crowd.charge[h]
    crowd.room[h] += field.load[h, j]
    crowd.used[h] -= 1
    crowd.charge[h] = charge(field, alpha, h, crowd.room[h], crowd.used[h])
    crowd.at[j] = -1
    return float(delta + crowd.charge[h])


@inlined
def lay(field: Field, crowd: Crowd, alpha: Reals, j: int, h: int) -> float:
    """Put a place that is out into a host; return the change of the value."""
    delta = field.cost[h, j] - crowd.charge[h]
    crowd.room[h] -= field.load[h, j]
    crowd.used[h] += 1
    crowd.charge[h] = charge(field, alpha, h, crowd.room[h], crowd.used[h])
    crowd.at[j] = h
    crowd.now[j] = field.cost[h, j]
    return float(delta + crowd.charge[h])


@inlined
def _home(field: Field, crowd: Crowd, alpha: Reals, j: int) -> tuple[float, int]:
    """Return where a place that is out costs least, and what."""
    best, to = np.inf, -1
    for h in range(len(crowd.room)):
        rise = field.cost[h, j] - crowd.charge[h]
        if rise < best:  # the charge cannot fall
            rise += charge(field, alpha, h, crowd.room[h] - field.load[h, j], crowd.used[h] + 1)
            if rise < best:
                best, to = rise, h
    return best, to


@compiled
def _link(
    field: Field, crowd: Crowd, alpha: Reals, j: int, gap: int, moved: Bits, into: Reals
) -> tuple[float, int]:
    """Return which place costs least to move into a gap with j, which is out, put where it was; and what.

    ``moved`` : places to pass over. ``into`` : scratch, one entry per host.
    """
    m, n = field.cost.shape
    for h in range(m):
        into[h] = field.cost[h, j] - crowd.charge[h]
    base, room, used = crowd.charge[gap], crowd.room[gap], crowd.used[gap] + 1
    cost, load = field.cost[gap], field.load[gap]
    best, which = np.inf, -1
    for q in range(n):
        h = crowd.at[q]
        if h < 0 or h == gap:
            continue
        rise = into[h] + cost[q] - crowd.now[q] - base
        if rise >= best or moved[q]:  # charges cannot be negative: cheap tests first
            continue
        rise += charge(field, alpha, gap, room - load[q], used)
        if rise >= best:
            continue
        rise += charge(field, alpha, h, crowd.room[h] + field.load[h, q] - field.load[h, j], crowd.used[h])
        if rise < best:
            best, which = rise, q
    return best, which


@compiled
def _move(field: Field, crowd: Crowd, alpha: Reals, j: int, moved: Bits, into: Reals, chain: Ints) -> float:
    """Make the first move of a place that helps; return the change of the value, 0 for none.

    ``chain`` : scratch, places moved and the hosts they came from.
    """
    least = -field.least
    first = crowd.at[j]
    total = lift(field, crowd, alpha, j)
    rise, to = _home(field, crowd, alpha, j)
    if to != first and total + rise < least:
        return total + lay(field, crowd, alpha, j, to)
    gap, links = first, 0
    while links < _LINKS:
        _, q = _link(field, crowd, alpha, j, gap, moved, into)
        if q < 0:
            break
        h = crowd.at[q]
        chain[links], chain[_LINKS + links] = q, h
        links += 1
        total += lift(field, crowd, alpha, q)
        total += lay(field, crowd, alpha, q, gap)
        moved[q] = 1
        gap = h
        rise, to = _home(field, crowd, alpha, j)
        if total + rise < least:
            break
    for k in range(links):
        moved[chain[k]] = 0
    if links and total + rise < least:
        return total + lay(field, crowd, alpha, j, to)
    for k in range(links - 1, -1, -1):
        lift(field, crowd, alpha, chain[k])
        lay(field, crowd, alpha, chain[k], chain[_LINKS + k])
    lay(field, crowd, alpha, j, first)
    return 0.0


@compiled
def improve(field: Field, crowd: Crowd, alpha: Reals, start: int, best: Ints, cost: Reals) -> None:
    """Move places until no move helps; ``best`` and ``cost[0]`` keep the cheapest plan met that fits."""
    n = len(crowd.at)
    moved, into, chain = np.zeros(n, np.uint8), np.empty(len(crowd.room)), np.empty(2 * _LINKS, np.int64)
    quiet, visit = 0, start
    while quiet < n and visit < start + _LONGEST * n:
        j = visit % n
        visit += 1
        quiet += 1
        if _move(field, crowd, alpha, j, moved, into, chain) < 0:
            quiet = 0
            if crowd.room.min() >= 0:
                now = crowd.now.sum()
                for h in range(len(crowd.room)):
                    now += crowd.charge[h]
                if now < cost[0] - field.least:
                    cost[0] = now
                    best[:] = crowd.at
