r"""Local search: the plan of one part made better move by move, and shaken where no move helps.

Moves, each kept only if the cost falls:

    insert, shift   a place goes where it costs less
    chain           a place goes where it costs less and puts another out, which goes on, up to ``_DEPTH``
                    times (swaps are chains of two)
    fill            a host takes the set of places that is worth most to it (exact knapsack over what each
                    place costs where it is now)
    close           a host is emptied and all its places go elsewhere
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled
from solver.patterns.knapsack import fit
from solver.patterns.moves import back_to, open_rows, put, take

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.patterns.moves import Facts, State

_DEPTH = 3
#: Hosts looked at from one place; chains would otherwise take long where everybody knows everybody.
_WIDTH = 24


@compiled
def rehome(facts: Facts, state: State, g: int, budget: int, depth: int, barred: int, chain: Ints) -> int:
    """Find a home for one unmet place of a guest, putting out up to ``depth`` others one after another.

    Return the change of cost, such that it outweighs ``budget`` >= 0 (what led here cost), change +
    budget < 0; or 1 where there is none, nothing being changed then. A host is not offered the place it has
    just given up (``barred``). ``chain`` : scratch, 6 rows of ``_DEPTH`` + 1: guest, position among its
    pairs, place to put out, barred host, length of the journal, cost so far.
    """
    chain[0, 0], chain[1, 0], chain[2, 0], chain[3, 0], chain[5, 0] = g, -1, 0, barred, budget
    level = 0
    while level >= 0:
        guest, spent = chain[0, level], chain[5, level]
        if chain[1, level] < 0:  # first visit
            delta = _direct(facts, state, guest, spent, chain[3, level])
            if delta <= 0:
                return int(spent + delta - budget)
            if level == depth or not open_rows(facts, state, guest):
                level = _step_back(facts, state, level, chain)
                continue
            chain[1, level] = 0
            chain[2, level] = -1
        e, out = _next_chain(facts, state, level, chain)
        if out < 0:
            level = _step_back(facts, state, level, chain)
            continue
        chain[4, level] = state.at[0]
        spent += take(facts, state, out)
        spent += put(facts, state, e)
        if spent < 0:  # even with the other left unmet
            more = _direct(facts, state, facts.guest[out], 0, facts.host[e])
            return int(spent + min(more, 0) - budget)
        level += 1
        chain[0, level], chain[1, level], chain[3, level], chain[5, level] = (
            facts.guest[out], -1, facts.host[e], spent,
        )  # fmt: skip
    return 1


@compiled
def insert_all(facts: Facts, state: State, guests: Ints) -> None:
    """Put the places of the guests, in their order, where they cost least among the hosts with room."""
    for g in guests:
        while state.unmet[g] > 0:
            if _direct(facts, state, g, 0, -1) > 0:
                break
            state.at[0] = 0


@compiled
def _step_back(facts: Facts, state: State, level: int, chain: Ints) -> int:
    if level > 0:
        back_to(facts, state, chain[4, level - 1])
    return level - 1


@compiled
def _direct(facts: Facts, state: State, g: int, budget: int, barred: int) -> int:
    """Put an unmet place into a host with room, the first that outweighs the budget; 1 where none does."""
    price = facts.price[g]
    if not open_rows(facts, state, g):
        return 1
    looked = 0
    for k in range(facts.of_guest[g], facts.of_guest[g + 1]):
        e = facts.pair[k]
        delta = facts.cost[e] - price
        if delta + budget >= 0:
            break
        h = facts.host[e]
        if h == barred or facts.load[e] > state.room[h]:
            continue
        if state.used[h] == 0:
            delta += facts.opening[h]
        if delta + budget < 0:
            return put(facts, state, e)
        looked += 1
        if looked == _WIDTH:
            break
    return 1


@compiled
def _next_chain(facts: Facts, state: State, level: int, chain: Ints) -> tuple[int, int]:
    """Find the next pair for the guest of a level and the place that it puts out; (-1, -1) at the end."""
    g, spent, barred = chain[0, level], chain[5, level], chain[3, level]
    first = facts.of_guest[g]
    while first + chain[1, level] < facts.of_guest[g + 1] and chain[1, level] < 2 * _WIDTH:
        e = facts.pair[first + chain[1, level]]
        if facts.cost[e] - facts.price[g] + spent >= 0:
            break
        h = facts.host[e]
        lack = facts.load[e] - state.room[h]
        if h != barred and state.used[h] > 0 and lack > 0:
            start = facts.first[h] if chain[2, level] < 0 else chain[2, level] + 1
            for out in range(start, facts.first[h + 1]):
                if state.x[out] > 0 and facts.load[out] >= lack and facts.guest[out] != g:
                    chain[2, level] = out
                    return int(e), int(out)
        chain[1, level] += 1
        chain[2, level] = -1
    return -1, -1


@compiled
def improve_host(facts: Facts, state: State, h: int, chain: Ints) -> int:
    """Shift or chain each place of a host; return the change of cost."""
    total = np.int64(0)
    for e in range(facts.first[h], facts.first[h + 1]):
        while state.x[e] > 0:
            mark = state.at[0]
            delta = take(facts, state, e)
            more = rehome(facts, state, facts.guest[e], max(delta, 0), _DEPTH, h, chain)
            if more < 0:
                total += delta + more
            elif delta < 0:  # the host was not worth its opening price
                total += delta
            else:
                back_to(facts, state, mark)
                break
    return int(total)


@compiled
def close_host(facts: Facts, state: State, h: int, chain: Ints) -> int:
    """Empty a host if that pays; return the change of cost."""
    if state.used[h] == 0 or state.used[h] > 200:
        return 0
    mark = state.at[0]
    delta = np.int64(0)
    for e in range(facts.first[h], facts.first[h + 1]):
        while state.x[e] > 0:
            delta += take(facts, state, e)
    for e in range(facts.first[h], facts.first[h + 1]):
        g = facts.guest[e]
        while state.unmet[g] > 0:
            more = rehome(facts, state, g, 0, 1, h, chain)
            if more >= 0:
                break
            delta += more
    if delta < 0:
        return int(delta)
    back_to(facts, state, mark)
    return 0


@compiled
def fill_host(facts: Facts, state: State, h: int, scratch: Ints) -> int:
    """Give the room of a host to the places that are worth most to it; return the change of cost.

    ``scratch`` : 7 rows as wide as the widest host.
    """
    value, size, most, order, x, chosen, pair = (
        scratch[0], scratch[1], scratch[2], scratch[3], scratch[4], scratch[5], scratch[6],
    )  # fmt: skip
    n = 0
    for e in range(facts.first[h], facts.first[h + 1]):
        g = facts.guest[e]
        if facts.load[e] > state.room[h]:
            continue
        now, count = _dearest(facts, state, g, h)
        if count > 0 and now > facts.cost[e]:
            value[n], size[n], most[n], pair[n] = now - facts.cost[e], facts.load[e], count, e
            n += 1
    if n == 0:
        return 0
    worth = fit(n, value, size, most, state.room[h], order, x, chosen)
    if state.used[h] == 0 and worth <= facts.opening[h]:
        return 0
    mark = state.at[0]
    delta = np.int64(0)
    for i in range(n):
        e = pair[i]
        g = facts.guest[e]
        for _ in range(chosen[i]):
            if state.at[0] - mark + 2 >= len(state.journal):
                break  # more could not be taken back
            if state.unmet[g] == 0:
                out = _dearest_pair(facts, state, g, h)
                if out < 0:
                    break
                delta += take(facts, state, out)
            elif not open_rows(facts, state, g):
                break
            delta += put(facts, state, e)
    if delta < 0:
        return int(delta)
    back_to(facts, state, mark)
    return 0


@compiled
def _dearest_pair(facts: Facts, state: State, g: int, h: int) -> int:
    """Find the dearest pair that holds a place of a guest outside of a host, -1 none."""
    for k in range(facts.of_guest[g + 1] - 1, facts.of_guest[g] - 1, -1):
        e = facts.pair[k]
        if state.x[e] > 0 and facts.host[e] != h:
            return int(e)
    return -1


@compiled
def _dearest(facts: Facts, state: State, g: int, h: int) -> tuple[int, int]:
    """Tell what the dearest place of a guest outside of a host costs now, and how many cost that."""
    if state.unmet[g] > 0 and open_rows(facts, state, g):
        return int(facts.price[g]), int(state.unmet[g])
    e = _dearest_pair(facts, state, g, h)
    if e < 0:
        return 0, 0
    cost = facts.cost[e]
    alone = facts.host[e]
    if state.used[alone] == state.x[e]:
        cost += facts.opening[alone] // state.x[e]
    return int(cost), int(state.x[e])


@compiled
def sweep(facts: Facts, state: State, hosts: Ints, scratch: Ints) -> int:
    """Run all moves over some hosts once; return the change of cost.

    Whom the pass (``state.at[1]``) has found no home for before is not tried again.
    """
    gain = np.int64(0)
    chain = np.zeros((6, _DEPTH + 1), np.int64)
    for h in hosts:
        for e in range(facts.first[h], facts.first[h + 1]):
            g = facts.guest[e]
            if state.tried[g] == state.at[1]:
                continue
            state.tried[g] = state.at[1]
            while state.unmet[g] > 0:
                state.at[0] = 0
                more = rehome(facts, state, g, 0, _DEPTH, -1, chain)
                if more >= 0:
                    break
                gain += more
        state.at[0] = 0
        gain += improve_host(facts, state, h, chain)
        state.at[0] = 0
        gain += fill_host(facts, state, h, scratch)
        state.at[0] = 0
        gain += close_host(facts, state, h, chain)
    return int(gain)


@compiled
def improve(facts: Facts, state: State, hosts: Ints, scratch: Ints, passes: int) -> int:
    """Run all moves over some hosts until none helps; return the change of cost."""
    total = np.int64(0)
    for _ in range(passes):
        state.at[1] += 1
        gain = sweep(facts, state, hosts, scratch)
        total += gain
        if gain == 0:
            break
    return int(total)
