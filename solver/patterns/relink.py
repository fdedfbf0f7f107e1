r"""Path relinking: good plans come of the ways between good plans, hosts overfilled at a price on the way.

Where every host is full, no place can move without another giving way, and moves that keep within the room
lead nowhere. Here the room may be exceeded at a price a_h for each unit of load:

    value of a plan  =  cost  +  sum_h a_h max(0, load in h - k_h)

A pool of plans is kept. Two of them are drawn, and the one is changed into the other, place by place, each
time the one that raises the value least. The best plans on the way are improved (``solver.patterns.chains``)
and take the place of the worst in the pool. Whenever a plan so found overfills a host its price rises a
little, where none does all prices fall, so that the search stays near the edge where the good plans lie. The
best plan that fits is kept; the pool is drawn anew from time to time. Equal seeds, equal plans.

Source: Yagiura, Ibaraki and Glover, *A path relinking approach with ejection chains for the generalized
assignment problem*, European Journal of Operational Research 169 (2006), 548-569.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.flow.jit import compiled
from solver.patterns.chains import Crowd, Field, charge, improve, lay, lift, settled
from solver.patterns.moves import cost_of
from solver.patterns.part import dot
from solver.patterns.shake import roll

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    import numpy.typing as npt

    from solver.flow.market import Ints
    from solver.patterns.part import Part
    from solver.patterns.shake import Dice

    Reals: TypeAlias = npt.NDArray[np.float64]

#: Plans in a pool; plans on a way that are improved; ways until the pool is drawn anew.
_POOL = 20
_STOPS = 3
_LIFE = 1_500
#: Plans that differ in fewer places have no way between them worth going: one is shaken in a tenth of places.
_NEAR = 4
_SHAKEN = 10
#: How the price of overfilling rises where a host is overfilled the most, and falls where the plan fits.
_DEARER = 0.01
_CHEAPER = 0.1
#: A plan of the first pool puts each place into one of this many hosts, the cheapest at the prices.
_CHOICE = 3
#: Room is short where a plan fills this much of it.
_MOST, _ALL = 3, 4
#: Places times hosts, at most.
_LARGEST = 1 << 18
#: A way takes about as long as pricing this many pairs for each pair of places.
_EFFORT = 0.1
#: Pairs of places between two looks at the clock.
_AT_ONCE = 1 << 17


class _Best(NamedTuple):
    """The best plan that fits: ``at`` as in ``Crowd``, ``cost`` [its cost]."""

    at: Ints
    cost: Reals


def room_is_short(part: Part, x: Ints) -> bool:
    """Tell whether a plan fills most of the room there is, so that moves within it lead nowhere."""
    return dot(part.load, x) * _ALL >= dot(part.capacity, part.copies) * _MOST


def relinked(
    part: Part, x: Ints, price: Ints, work: int, seed: int, stop: Callable[[], bool]
) -> tuple[Ints, int]:
    """Return a plan no dearer than the one given, and the work that it took.

    Parameters
    ----------
    part : its hosts are single; one with norm rows, or too large, is left as it is. x : a plan that fits.
    price : of guests, from which the prices of room follow. work : as much as it may take [pairs
    priced]; less than a pool is worth is left alone.
    """
    places = int(part.demand.sum())
    ways = int(work / (part.n_pairs + _EFFORT * places**2 + 1))
    if len(part.cap) or ways < _POOL or places * (part.n_hosts + 1) > _LARGEST:
        return x, 0
    field, pair = _field_of(part)
    first = _prices_of_room(part, price)
    chance, dice = np.random.default_rng(seed), np.array([2 * seed + 1], np.uint64)
    best, cost, step = x, cost_of(part, x), max(1, _AT_ONCE // max(1, places**2))
    while ways > 0 and not stop():
        alpha = first.copy()
        pool = _drawn(field, alpha, chance)
        pool[0] = _at(part, best)
        found = _Best(pool[0].copy(), np.array([float(cost)]))
        for begin in range(0, _POOL, step):
            if not stop():
                _improve_all(field, pool[begin : begin + step], alpha, found, dice)
        left = min(ways, _LIFE)
        ways -= left
        while left > 0 and not stop():
            _relink(field, pool, alpha, found, dice, min(step, left))
            left -= step
        other = _x_of(part, found.at, pair)
        value = cost_of(part, other)
        if value < cost:  # floating point chose: integers decide
            best, cost = other, value
    return best, work


def _field_of(part: Part) -> tuple[Field, Ints]:
    """Lay a part out as a table of hosts, and one more for nowhere, by places; and the pair of each cell."""
    guest_of = np.repeat(np.arange(part.n_guests), part.demand)
    host = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
    pair = np.full((part.n_hosts + 1, part.n_guests), -1)
    pair[host, part.guest] = np.arange(part.n_pairs)
    # Where there is no pair, nowhere is better.
    cost = np.where(pair >= 0, np.append(part.cost, 0)[pair], 4 * part.price + 1).astype(np.float64)
    cost[-1] = part.price
    load = np.where(pair >= 0, np.append(part.load, 0)[pair], 0)
    capacity = np.append(part.capacity, 1)
    opening = np.append(part.opening, 0).astype(np.float64)
    least = 1e-9 * float(part.price.max(initial=1))
    columns = np.ascontiguousarray(cost[:, guest_of]), np.ascontiguousarray(load[:, guest_of])
    return Field(*columns, capacity, opening, least), pair[:, guest_of]


def _prices_of_room(part: Part, price: Ints) -> Reals:
    """Return for each host what the first place is worth by the load that no longer fits, best ones first."""
    gain = (price[part.guest] - part.cost).astype(np.float64)
    sized = part.load > 0
    rate = np.divide(gain, part.load, out=np.zeros(part.n_pairs), where=sized)
    typical = float(np.median(np.abs(rate[sized]))) if sized.any() else 1.0
    alpha = np.zeros(part.n_hosts + 1)
    for h in range(part.n_hosts):
        own = slice(part.first[h], part.first[h + 1])
        order = np.argsort(-rate[own], kind="stable")
        full = np.cumsum((part.load[own] * part.demand[part.guest[own]])[order]) > part.capacity[h]
        if full.any():
            alpha[h] = rate[own][order[np.argmax(full)]]
    return np.maximum(alpha, 0.01 * typical + 1e-9)


def _drawn(field: Field, alpha: Reals, chance: np.random.Generator) -> Ints:
    """Draw plans that put each place into one of the hosts that are cheapest at the prices of room."""
    value = field.cost + alpha[:, None] * field.load
    cheapest = np.argsort(value, axis=0, kind="stable")[:_CHOICE]
    n = value.shape[1]
    chosen: Ints = cheapest[chance.integers(0, len(cheapest), (_POOL, n)), np.arange(n)]
    return chosen


def _at(part: Part, x: Ints) -> Ints:
    """Return the host of every place in a plan, the number of hosts where it is unmet."""
    host = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
    begin = np.concatenate([[0], np.cumsum(part.demand)])
    at = np.full(begin[-1], part.n_hosts)
    for e in np.flatnonzero(x):
        g = part.guest[e]
        at[begin[g] : begin[g] + x[e]] = host[e]
        begin[g] += x[e]
    return at


def _x_of(part: Part, at: Ints, pair: Ints) -> Ints:
    """Return places per pair of a plan."""
    chosen = pair[at, np.arange(len(at))]
    return np.bincount(chosen[chosen >= 0], minlength=part.n_pairs).astype(np.int64)


@compiled
def _adapt(field: Field, crowd: Crowd, alpha: Reals) -> None:
    """Change the prices of overfilling after a plan, see the module."""
    worst, widest = 0.0, 0.0
    m = len(alpha) - 1
    for h in range(m):
        share = crowd.room[h] / max(1, field.capacity[h])
        worst, widest = min(worst, share), max(widest, share)
    for h in range(m):
        share = crowd.room[h] / max(1, field.capacity[h])
        if share < 0:
            alpha[h] *= 1 + _DEARER * share / worst
        elif worst == 0:
            alpha[h] *= 1 - _CHEAPER * (share / widest if widest > 0 else 1.0)


@compiled
def _value(crowd: Crowd) -> float:
    """Return the value of a plan."""
    return float(crowd.now.sum() + crowd.charge.sum())


@compiled
def _finish(field: Field, plan: Ints, alpha: Reals, best: _Best, dice: Dice) -> Crowd:
    """Improve a plan, look whether it is the best, and adapt the prices to it."""
    crowd = settled(field, plan, alpha)
    improve(field, crowd, alpha, roll(dice, len(plan)), best.at, best.cost)
    _adapt(field, crowd, alpha)
    return crowd


@compiled
def _improve_all(field: Field, pool: Ints, alpha: Reals, best: _Best, dice: Dice) -> None:
    """Improve the plans of a pool."""
    for r in range(len(pool)):
        pool[r] = _finish(field, pool[r], alpha, best, dice).at


@compiled
def _relink(field: Field, pool: Ints, alpha: Reals, best: _Best, dice: Dice, ways: int) -> None:
    """Go some ways between plans of the pool."""
    n = pool.shape[1]
    stops = np.empty((_STOPS, n), np.int64)
    for _ in range(ways):
        a = roll(dice, _POOL)
        b = (a + 1 + roll(dice, _POOL - 1)) % _POOL
        count = _way(field, pool[a], pool[b], alpha, stops)
        if count == 0:
            stops[0], count = pool[a], 1
            for _ in range(n // _SHAKEN + 2):
                stops[0, roll(dice, n)] = roll(dice, len(alpha))
        for k in range(count):
            crowd = _finish(field, stops[k], alpha, best, dice)
            _join(field, pool, settled(field, crowd.at, alpha), alpha)


@compiled
def _way(field: Field, one: Ints, other: Ints, alpha: Reals, stops: Ints) -> int:
    """Change one plan into the other; write down the best between them and return how many, 0 if too near."""
    crowd = settled(field, one, alpha)
    value, left, count = _value(crowd), int((one != other).sum()), 0
    if left < _NEAR:
        return 0
    values = np.full(len(stops), np.inf)
    while left > 1:
        best, which = np.inf, -1
        for j in range(len(one)):
            h, to = crowd.at[j], other[j]
            if h != to:
                rise = field.cost[to, j] - crowd.now[j] - crowd.charge[h] - crowd.charge[to]
                rise += charge(field, alpha, h, crowd.room[h] + field.load[h, j], crowd.used[h] - 1)
                rise += charge(field, alpha, to, crowd.room[to] - field.load[to, j], crowd.used[to] + 1)
                if rise < best:
                    best, which = rise, j
        lift(field, crowd, alpha, which)
        lay(field, crowd, alpha, which, other[which])
        value += best
        left -= 1
        worst = int(np.argmax(values))
        if value < values[worst]:
            count += values[worst] == np.inf
            values[worst] = value
            stops[worst] = crowd.at
    return int(count)


@compiled
def _join(field: Field, pool: Ints, crowd: Crowd, alpha: Reals) -> None:
    """Put a plan in the place of the worst of the pool, unless it is worse or there already."""
    value, worst, most = _value(crowd), -1, -np.inf
    for r in range(len(pool)):
        other = _value(settled(field, pool[r], alpha))
        if other == value and (pool[r] == crowd.at).all():
            return
        if other > most:
            worst, most = r, other
    if value < most:
        pool[worst] = crowd.at
