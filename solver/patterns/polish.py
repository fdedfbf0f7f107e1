r"""Plans from the master: patterns of large weight are put in first, moves do the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled
from solver.patterns.local import improve, shake
from solver.patterns.moves import cost_of, empty_state, facts_of, open_rows, put

if TYPE_CHECKING:
    import numpy.typing as npt

    from solver.flow.market import Ints
    from solver.patterns.columns import Columns
    from solver.patterns.moves import Facts, State
    from solver.patterns.part import Part

#: Patterns of less weight are left to the moves.
_LEAST = 0.3
_PASSES = 50
#: Hosts shaken at a time.
_CLUSTER = 12


@compiled
def put_set(facts: Facts, state: State, pairs: Ints, places: Ints) -> None:
    """Put places as far as room, demand and norm rows allow."""
    for k in range(len(pairs)):
        e = pairs[k]
        g, h = facts.guest[e], facts.host[e]
        for _ in range(places[k]):
            if state.unmet[g] > 0 and facts.load[e] <= state.room[h] and open_rows(facts, state, g):
                put(facts, state, e)


def fitting(part: Part, x: Ints) -> Ints:
    """Return as much of a plan as a part has room and demand for."""
    state = empty_state(part)
    pairs = np.flatnonzero(x > 0)
    put_set(facts_of(part), state, pairs, x[pairs])
    return state.x


def scratch_of(part: Part) -> Ints:
    """Return the scratch of ``fill_host``."""
    return np.zeros((7, int(np.diff(part.first).max(initial=1))), np.int64)


def construct(part: Part) -> Ints:
    """Make a plan from nothing by the moves alone."""
    state = empty_state(part)
    improve(facts_of(part), state, np.arange(part.n_hosts), scratch_of(part), _PASSES)
    return state.x


def polish(part: Part, columns: Columns, shares: npt.NDArray[np.float64], x: Ints, seed: int) -> Ints:
    """Return the better of a plan made from the weights of the master and the one given, both improved."""
    facts, scratch = facts_of(part), scratch_of(part)
    hosts = np.arange(part.n_hosts)
    order = np.argsort(-shares, kind="stable")
    order = order[shares[order] >= _LEAST]
    state = empty_state(part)
    for k in order.tolist():
        if state.used[columns.host[k]] == 0:
            put_set(facts, state, columns.pairs[k], columns.places[k])
    improve(facts, state, hosts, scratch, _PASSES)
    if cost_of(part, state.x) < cost_of(part, x):
        return shaken(part, state.x, part.n_hosts, seed)
    return shaken(part, x, part.n_hosts, seed)


def shaken(part: Part, x: Ints, rounds: int, seed: int) -> Ints:
    """Return a plan no worse than the one given, after some rounds of shaking."""
    if part.n_hosts == 0:
        return x
    facts, state = facts_of(part), empty_state(part)
    pairs = np.flatnonzero(x)
    put_set(facts, state, pairs, x[pairs])
    best = state.x.copy()
    near, touched = np.zeros(part.n_hosts, np.int64), np.zeros(part.n_hosts, np.uint8)
    dice = np.array([2 * seed + 1], np.uint64)
    shake(facts, state, best, dice, rounds, min(_CLUSTER, part.n_hosts), scratch_of(part), near, touched)
    return best
