r"""Plans from the master: patterns of large weight are put in first, moves do the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled
from solver.patterns.local import insert_all, sweep
from solver.patterns.moves import cost_of, empty_state, expanded, facts_of, open_rows, put
from solver.patterns.shake import shake

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    import numpy.typing as npt

    from solver.flow.market import Ints
    from solver.patterns.columns import Columns, Patterns
    from solver.patterns.moves import Facts, State
    from solver.patterns.part import Part

    Reals: TypeAlias = npt.NDArray[np.float64]
    Stop: TypeAlias = Callable[[], bool]

#: Patterns of less weight are left to the moves.
_LEAST = 0.3
_PASSES = 50
#: Hosts shaken at a time.
_CLUSTER = 12
#: Rounds of shaking between two looks at the clock, at most, and how many pairs they may come to.
_AT_ONCE = 64
_PAIRS_AT_ONCE = 1 << 17
#: Pairs of the hosts that moves go through between two looks at the clock: some hundredths of a second.
_PAIRS_A_LOOK = 1 << 14
#: Weights this close to a whole number from below count as it.
_WHOLE = 1e-6


@compiled
def put_set(facts: Facts, state: State, pairs: Ints, places: Ints) -> None:
    """Put places as far as room, demand and norm rows allow."""
    for k in range(len(pairs)):
        e = pairs[k]
        g, h = facts.guest[e], facts.host[e]
        for _ in range(places[k]):
            if state.unmet[g] > 0 and facts.load[e] <= state.room[h] and open_rows(facts, state, g):
                put(facts, state, e)


@compiled
def put_patterns(facts: Facts, state: State, patterns: Patterns, order: Ints) -> None:
    """Put patterns one after another into hosts that are not in use yet."""
    for k in order:
        if state.used[patterns.host[k]] == 0:
            mine = slice(patterns.first[k], patterns.first[k + 1])
            put_set(facts, state, patterns.pairs[mine], patterns.places[mine])


def fitting(part: Part, x: Ints) -> Ints:
    """Return as much of a plan as a part has room and demand for."""
    state = empty_state(part)
    pairs = np.flatnonzero(x > 0)
    put_set(facts_of(part), state, pairs, x[pairs])
    return state.x


def scratch_of(part: Part) -> Ints:
    """Return the scratch of ``fill_host``."""
    return np.zeros((7, int(np.diff(part.first).max(initial=1))), np.int64)


def construct(part: Part, stop: Stop) -> Ints:
    """Make a plan from nothing by the moves alone."""
    state = empty_state(part)
    _improve(part, facts_of(part), state, stop)
    return state.x


def improved(part: Part, x: Ints, stop: Stop) -> Ints:
    """Make a plan better by the moves, as far as it fits; the hosts of the part must be single."""
    facts, state = facts_of(part), empty_state(part)
    pairs = np.flatnonzero(x > 0)
    put_set(facts, state, pairs, x[pairs])
    _improve(part, facts, state, stop)
    return state.x


def insert(part: Part) -> Ints:
    """Make a plan from nothing at once: the dearest guests first, no moves."""
    state = empty_state(part)
    insert_all(facts_of(part), state, np.argsort(-part.price, kind="stable"))
    return state.x


def _improve(part: Part, facts: Facts, state: State, stop: Stop) -> None:
    """Run the moves over all hosts until none helps, some hosts at a time so that a stop is heard."""
    hosts, scratch = np.arange(part.n_hosts), scratch_of(part)
    cuts = np.searchsorted(part.first, np.arange(_PAIRS_A_LOOK, part.n_pairs, _PAIRS_A_LOOK))
    slices = [some for some in np.split(hosts, cuts) if len(some)]
    for _ in range(_PASSES):
        gain = 0
        state.at[1] += 1
        for some in slices:
            if stop():
                return
            gain += sweep(facts, state, some, scratch)
        if gain == 0:
            return


def polish(part: Part, columns: Columns, shares: Reals, x: Ints, seed: int, rounds: int, stop: Stop) -> Ints:
    """Return the better of a plan made from the weights of the master and the one given, both improved.

    The hosts of the part must be single. ``rounds`` : of shaking.
    """
    facts = facts_of(part)
    order = np.argsort(-shares, kind="stable")
    order = order[shares[order] >= _LEAST]
    state = empty_state(part)
    put_patterns(facts, state, columns.patterns, order)
    _improve(part, facts, state, stop)
    better = state.x if cost_of(part, state.x) < cost_of(part, x) else x
    return shaken(part, better, rounds, seed, stop)


def polish_copies(part: Part, columns: Columns, shares: Reals, seed: int, stop: Stop) -> Ints:
    """Return a plan, pairs as in ``expanded(part)``, made from the weights of the master of many copies.

    Each pattern is used as often as its weight says, rounded down; what is left of hosts and guests is a
    small part of its own, planned by the moves.
    """
    times = np.floor(shares + _WHOLE).astype(np.int64)
    copies, demand, cap = part.copies.copy(), part.demand.copy(), part.cap.copy()
    single, class_of = expanded(part)
    x = np.zeros(single.n_pairs, np.int64)
    begin = np.searchsorted(class_of, np.arange(part.n_hosts))  # first copy of each host
    used = np.zeros(part.n_hosts, np.int64)
    patterns = columns.patterns
    for k in np.flatnonzero(times).tolist():
        host, mine = int(patterns.host[k]), slice(int(patterns.first[k]), int(patterns.first[k + 1]))
        pairs, places = patterns.pairs[mine], patterns.places[mine]
        for _ in range(int(times[k])):
            left = demand[part.guest[pairs]] - places
            if used[host] == part.copies[host] or (left < 0).any() or not _room(part, cap, pairs, places):
                break
            demand[part.guest[pairs]] = left
            _fill(part, cap, pairs, places)
            copy = begin[host] + used[host]
            used[host] += 1
            x[single.first[copy] + pairs - part.first[host]] = places
    copies -= used
    rest = part._replace(copies=copies, demand=demand, cap=cap)
    small, small_class = expanded(rest)
    inner = shaken(small, construct(small, stop), small.n_hosts, seed, stop)
    taken = np.zeros(part.n_hosts, np.int64)
    for h, host in enumerate(small_class.tolist()):
        copy = begin[host] + used[host] + taken[host]
        taken[host] += 1
        width = int(small.first[h + 1] - small.first[h])
        start = int(single.first[copy])
        x[start : start + width] = inner[int(small.first[h]) : int(small.first[h + 1])]
    return x


def _rows_of(part: Part, guest: int) -> list[int]:
    row, chain = int(part.row[guest]), []
    while row >= 0:
        chain.append(row)
        row = int(part.parent[row])
    return chain


def _room(part: Part, cap: Ints, pairs: Ints, places: Ints) -> bool:
    """Tell whether the norm rows take a pattern."""
    need = np.zeros(len(cap), np.int64)
    for g, n in zip(part.guest[pairs].tolist(), places.tolist(), strict=True):
        need[_rows_of(part, g)] += n
    return bool((need <= cap).all())


def _fill(part: Part, cap: Ints, pairs: Ints, places: Ints) -> None:
    """Take the places of a pattern off the norm rows."""
    for g, n in zip(part.guest[pairs].tolist(), places.tolist(), strict=True):
        cap[_rows_of(part, g)] -= n


def shaken(part: Part, x: Ints, rounds: int, seed: int, stop: Stop) -> Ints:
    """Return a plan no worse than the one given, after some rounds of shaking."""
    if part.n_hosts == 0:
        return x
    facts, state = facts_of(part), empty_state(part)
    pairs = np.flatnonzero(x)
    put_set(facts, state, pairs, x[pairs])
    best, scratch = state.x.copy(), scratch_of(part)
    near, touched = np.zeros(part.n_hosts, np.int64), np.zeros(part.n_hosts, np.uint8)
    dice = np.array([2 * seed + 1], np.uint64)
    size = min(_CLUSTER, part.n_hosts)
    some = max(1, min(_AT_ONCE, _PAIRS_AT_ONCE // max(1, part.n_pairs)))
    for done in range(0, rounds, some):
        if stop():
            break
        shake(facts, state, best, dice, min(some, rounds - done), size, scratch, near, touched)
    return best
