r"""Local search through plans that overfill hosts, at a price that adapts.

Where every host is full, no place can move without another giving way, and moves that keep within the room
lead nowhere. Here the room may be exceeded at a price a_h for each unit of load:

    cost of a plan  +  sum_h a_h max(0, load in h - k_h)

Places are shifted, dropped, put in and swapped until no move lowers this sum. A local optimum that overfills
a host raises its price, one that fits lowers all prices, so that the search stays near the edge where the
good plans lie; the best plan that fits is kept. After each descent a few places are shifted at random. Equal
seeds, equal plans. Source: Yagiura, Ibaraki and Glover, *An ejection chain approach for the generalized
assignment problem*, INFORMS Journal on Computing 16 (2004), 133-151.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled, inlined
from solver.patterns.moves import cost_of, empty_state, facts_of, open_rows, put, take
from solver.patterns.shake import restore, roll

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    import numpy.typing as npt

    from solver.flow.market import Ints
    from solver.patterns.moves import Facts, State
    from solver.patterns.part import Part
    from solver.patterns.shake import Dice

    Reals: TypeAlias = npt.NDArray[np.float64]

#: Pairs of a guest looked at, the cheapest first.
_WIDTH = 24
#: How the price of overfilling a host grows where it is overfilled, and falls where the plan fits.
_DEARER = 1.1
_CHEAPER = 0.96
#: Visits to each guest in one descent: rounding may make two moves take each other back for ever.
_LONGEST = 200
#: Places shifted at random after each descent: one to this many.
_KICKS = 4
#: Descents between two looks at the clock.
_AT_ONCE = 64
#: Weights this close to a whole number from below count as it; parts of places below this are not rounded up.
_WHOLE = 1e-6
_TORN = 0.3
#: Roundings to set out from; what is added to the weights of all but the first, at most.
_STARTS = 2
_NOISE = 0.3


@inlined
def _over(state: State, alpha: Reals, h: int, more: int) -> float:
    """Return the price of what a host would be overfilled by with ``more`` units of load."""
    return float(alpha[h] * max(0, more - state.room[h]))


@inlined
def _rise(facts: Facts, state: State, alpha: Reals, e: int) -> float:
    """Return what putting one place of a pair into its host costs."""
    h = facts.host[e]
    delta = facts.cost[e] + _over(state, alpha, h, facts.load[e]) - _over(state, alpha, h, 0)
    return float(delta + facts.opening[h] if state.used[h] == 0 else delta)


@inlined
def _relief(facts: Facts, state: State, alpha: Reals, e: int) -> float:
    """Return what taking one place of a pair out of its host saves."""
    h = facts.host[e]
    delta = facts.cost[e] + _over(state, alpha, h, 0) - _over(state, alpha, h, -facts.load[e])
    return float(delta + facts.opening[h] if state.used[h] == 1 else delta)


@compiled
def _pair_of(facts: Facts, h: int, g: int) -> int:
    """Find the pair of a host and a guest, -1 none."""
    low, high = facts.first[h], facts.first[h + 1]
    while low < high:
        middle = (low + high) // 2
        if facts.guest[middle] < g:
            low = middle + 1
        else:
            high = middle
    return int(low) if low < facts.first[h + 1] and facts.guest[low] == g else -1


@compiled
def _shift(facts: Facts, state: State, alpha: Reals, e: int) -> bool:
    """Move one place of a pair to where it costs least, or leave it unmet; tell whether that helped."""
    g = facts.guest[e]
    now = _relief(facts, state, alpha, e)
    best, to = now - 0.5, -2
    if facts.price[g] < best:
        best, to = float(facts.price[g]), -1
    first = facts.of_guest[g]
    for k in range(first, min(facts.of_guest[g + 1], first + _WIDTH)):
        other = facts.pair[k]
        if facts.cost[other] >= best:
            break
        if other != e:
            there = _rise(facts, state, alpha, other)
            if there < best:
                best, to = there, int(other)
    if to == -2:
        return False
    take(facts, state, e)
    if to >= 0:
        put(facts, state, to)
    return True


@compiled
def _enter(facts: Facts, state: State, alpha: Reals, g: int) -> bool:
    """Put one unmet place of a guest where it costs least; tell whether that helped."""
    best, to = facts.price[g] - 0.5, -1
    first = facts.of_guest[g]
    for k in range(first, min(facts.of_guest[g + 1], first + _WIDTH)):
        e = facts.pair[k]
        if facts.cost[e] >= best:
            break
        there = _rise(facts, state, alpha, e)
        if there < best:
            best, to = there, int(e)
    if to >= 0:
        put(facts, state, to)
    return bool(to >= 0)


@compiled
def _swap(facts: Facts, state: State, alpha: Reals, e: int) -> bool:
    """Exchange one place of a pair with one of another host, the first that helps."""
    g, h = facts.guest[e], facts.host[e]
    first = facts.of_guest[g]
    for k in range(first, min(facts.of_guest[g + 1], first + _WIDTH)):
        into = facts.pair[k]
        other = facts.host[into]
        if other == h or state.used[other] == 0:
            continue
        base = facts.cost[into] - facts.cost[e]
        base -= _over(state, alpha, h, 0) + _over(state, alpha, other, 0)
        for out in range(facts.first[other], facts.first[other + 1]):
            if state.x[out] == 0 or facts.guest[out] == g:
                continue
            # Cheap tests first: the way back need not exist, and is looked for last.
            delta = base - facts.cost[out] + _over(state, alpha, other, facts.load[into] - facts.load[out])
            if delta >= 0:
                continue
            back = _pair_of(facts, h, facts.guest[out])
            if back < 0:
                continue
            delta += facts.cost[back] + _over(state, alpha, h, facts.load[back] - facts.load[e])
            if delta < -0.5:
                take(facts, state, e)
                take(facts, state, out)
                put(facts, state, into)
                put(facts, state, back)
                return True
    return False


@compiled
def _descend(facts: Facts, state: State, alpha: Reals, start: int) -> None:
    """Move until no move helps, guest by guest."""
    n = len(facts.price)
    quiet, at = 0, start
    while quiet < n and at < start + _LONGEST * n:
        g = at % n
        at += 1
        quiet += 1
        while state.unmet[g] > 0 and open_rows(facts, state, g) and _enter(facts, state, alpha, g):
            quiet = 0
        for k in range(facts.of_guest[g], facts.of_guest[g + 1]):
            e = facts.pair[k]
            while state.x[e] > 0 and (_shift(facts, state, alpha, e) or _swap(facts, state, alpha, e)):
                quiet = 0


@compiled
def _kick(facts: Facts, state: State, dice: Dice) -> None:
    """Shift some places at random, each to one of the cheapest pairs of its guest."""
    for _ in range(1 + roll(dice, _KICKS)):
        g = roll(dice, len(facts.price))
        first, last = facts.of_guest[g], facts.of_guest[g + 1]
        if first == last:
            continue
        to = facts.pair[first + roll(dice, min(_WIDTH, last - first))]
        for k in range(first, last):
            e = facts.pair[k]
            if state.x[e] > 0 and e != to:
                take(facts, state, e)
                put(facts, state, to)
                break


@compiled
def _value(facts: Facts, state: State, alpha: Reals) -> float:
    """Return what a plan costs with the price of what it overfills."""
    total = 0.0
    for h in range(len(facts.opening)):
        total += _over(state, alpha, h, 0)
        if state.used[h] > 0:
            total += facts.opening[h]
    for g in range(len(facts.price)):
        total += facts.price[g] * state.unmet[g]
    for e in range(len(state.x)):
        if state.x[e] > 0:
            total += facts.cost[e] * state.x[e]
    return total


@compiled
def _wander(
    facts: Facts, state: State, best: Ints, base: Ints, alpha: Reals, least: Reals, dice: Dice, rounds: int
) -> None:
    """Kick and descend, ``rounds`` times; ``best`` and ``least[0]`` (its cost) keep the best that fits."""
    dearest = float(facts.price.max())  # beyond it, leaving places unmet is cheaper
    for _ in range(rounds):
        state.at[0] = 0
        _descend(facts, state, alpha, roll(dice, len(facts.price)))
        fits = True
        for h in range(len(facts.opening)):
            if state.room[h] < 0:
                fits = False
                alpha[h] = min(alpha[h] * _DEARER, dearest)
        now = _value(facts, state, alpha)
        if fits:
            for h in range(len(facts.opening)):
                alpha[h] *= _CHEAPER
            if now < least[0] - 0.5:
                least[0] = now
                best[:] = state.x
        here = state.x.copy()
        restore(facts, state, base)
        if now <= _value(facts, state, alpha):
            base[:] = here
            restore(facts, state, base)
        _kick(facts, state, dice)


@compiled
def _lead(facts: Facts, state: State, pairs: Ints, places: Ints) -> None:
    """Put places as far as demand and norm rows allow, whether there is room or not."""
    for k in range(len(pairs)):
        e = pairs[k]
        g = facts.guest[e]
        for _ in range(places[k]):
            if state.unmet[g] > 0 and open_rows(facts, state, g):
                put(facts, state, e)


def wander(part: Part, x: Ints, weight: Reals, rounds: int, seed: int, stop: Callable[[], bool]) -> Ints:
    """Return a plan no dearer than the one given.

    Parameters
    ----------
    part : its hosts are single. x : a plan that fits. weight : places per pair to set out from, not whole
    (the master's): each place goes where most of it is, whether there is room or not. rounds : of kicks and
    descents.
    """
    if part.n_pairs == 0:
        return x
    facts = facts_of(part)
    sized = part.load > 0
    typical = np.median(part.cost[sized] / part.load[sized]) if sized.any() else 1.0
    best, cost = x, cost_of(part, x)
    chance = np.random.default_rng(seed)
    for turn in range(min(_STARTS, rounds)):
        state, alpha = empty_state(part), np.full(part.n_hosts, max(float(typical), 1e-9))
        _lead(facts, state, *_rounded(weight, chance.random(len(weight)) * _NOISE if turn else 0.0))
        found, base = best.copy(), state.x.copy()
        least, dice = np.array([float(cost)]), np.array([2 * (seed + turn) + 1], np.uint64)
        left = -(-rounds // _STARTS)
        while left > 0 and not stop():
            _wander(facts, state, found, base, alpha, least, dice, min(_AT_ONCE, left))
            left -= _AT_ONCE
        if cost_of(part, found) < cost:  # floating point chose: integers decide
            best, cost = found, cost_of(part, found)
    return best


def _rounded(weight: Reals, noise: Reals | float) -> tuple[Ints, Ints]:
    """Return pairs, whole ones first, then by what is left of their weight, and how many places each."""
    whole = np.floor(weight + _WHOLE).astype(np.int64)
    torn = weight - whole
    torn = np.where(torn > _WHOLE, torn + noise, 0.0)
    sure, likely = np.flatnonzero(whole), np.argsort(-torn, kind="stable")
    likely = likely[torn[likely] >= _TORN]
    return np.concatenate([sure, likely]), np.concatenate([whole[sure], np.ones(len(likely), np.int64)])
