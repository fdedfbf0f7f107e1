"""What the search hands down from a part to a piece of it: the patterns that are left there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled
from solver.patterns.columns import Patterns

if TYPE_CHECKING:
    from solver.flow.market import Ints, Small
    from solver.patterns.part import Part


@compiled
def inherited(
    known: Patterns,
    cost: Ints,
    guest: Small,
    bid: Ints,
    allowed: Ints,
    put: Ints,
    host_at: Ints,
    pair_at: Ints,
    into: Part,
) -> Patterns:
    """Return the patterns of a piece: those of its hosts, less the places put, that keep to its pairs.

    What places put elsewhere have left no room or demand for goes too: a master that may still buy it is
    more hopeful than any plan, and the node's bound with it.

    Parameters
    ----------
    allowed : per host, what the reduced cost of a pattern must be below; host_at, pair_at : what hosts and
    pairs are called in the piece ``into``, -1 outside.
    """
    host, first = np.empty(len(known.host), np.int64), np.zeros(len(known.host) + 1, np.int64)
    pairs, places = np.empty(len(known.pairs), np.int64), np.empty(len(known.pairs), np.int64)
    n, at = 0, 0
    for k in range(len(known.host)):
        h = known.host[k]
        if host_at[h] < 0:
            continue
        reduced = cost[k]
        for i in range(known.first[k], known.first[k + 1]):
            reduced -= bid[guest[known.pairs[i]]] * known.places[i]
        if reduced >= allowed[h]:
            continue
        end, fits, room = at, True, into.capacity[host_at[h]]
        for i in range(known.first[k], known.first[k + 1]):
            e = known.pairs[i]
            left = known.places[i] - put[e]
            if left < 0 or (left > 0 and pair_at[e] < 0):
                fits = False
                break
            if left > 0:
                to = pair_at[e]
                room -= into.load[to] * left
                if room < 0 or left > into.demand[into.guest[to]]:
                    fits = False
                    break
                pairs[end], places[end] = to, left
                end += 1
        if fits and end > at:
            host[n] = host_at[h]
            n, at = n + 1, end
            first[n] = at
    return Patterns(host[:n].copy(), first[: n + 1].copy(), pairs[:at].copy(), places[:at].copy())
