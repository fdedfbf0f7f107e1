r"""A plan of one part under change: places put and taken one at a time, with a journal to take them back.

Hosts are single here (``expanded`` makes copies of their own), x_e is the number of places of pair e, and

    cost = sum_e c_e x_e + sum_g p_g unmet_g + sum_h f_h [h in use]

Every change of the cost is an exact integer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.flow.jit import compiled, inlined
from solver.patterns.part import dot

if TYPE_CHECKING:
    from solver.flow.market import Ints, Small
    from solver.patterns.part import Part

#: One more than the changes that a move may make: taking one back writes behind the last.
_JOURNAL = 1 << 12


class Facts(NamedTuple):
    """What does not change: the part with single hosts, and its pairs by guest.

    Attributes
    ----------
    opening, first, guest, cost, load, price, row, parent : as in ``Part``; host : of each pair; of_guest,
    pair : pairs of guest g are ``pair[of_guest[g]:of_guest[g + 1]]``, the cheapest first.
    """

    opening: Ints
    first: Ints
    guest: Small
    cost: Ints
    load: Ints
    price: Ints
    row: Small
    parent: Small
    host: Small
    of_guest: Ints
    pair: Ints


class State(NamedTuple):
    """What changes.

    Attributes
    ----------
    x : places per pair; room : units of area left per host; used : places per host; unmet : places per
    guest; free : places left per norm row; journal : pair + 1 where a place was put, -(pair + 1) where one
    was taken; at : [length of the journal, number of the pass]; tried : pass in which a home was last
    looked for, per guest.
    """

    x: Ints
    room: Ints
    used: Ints
    unmet: Ints
    free: Ints
    journal: Ints
    at: Ints
    tried: Ints


def facts_of(part: Part) -> Facts:
    """Order the pairs of a part by guest; its hosts must be single."""
    host = np.repeat(np.arange(part.n_hosts, dtype=np.int32), np.diff(part.first))
    pair = np.lexsort((host, part.cost, part.guest))
    of_guest = np.searchsorted(part.guest[pair], np.arange(part.n_guests + 1)).astype(np.int64)
    return Facts(
        part.opening, part.first, part.guest, part.cost, part.load, part.price, part.row, part.parent, host,
        of_guest, pair,
    )  # fmt: skip


def empty_state(part: Part) -> State:
    """Return the plan that serves nobody."""
    return State(
        np.zeros(part.n_pairs, np.int64),
        part.capacity.copy(),
        np.zeros(part.n_hosts, np.int64),
        part.demand.copy(),
        part.cap.copy(),
        np.zeros(_JOURNAL, np.int64),
        np.zeros(2, np.int64),
        np.zeros(part.n_guests, np.int64),
    )


def expanded(part: Part) -> tuple[Part, Ints]:
    """Give every copy of a host its own entry; return the part and the class of each single host."""
    if (part.copies == 1).all():
        return part, np.arange(part.n_hosts)
    number = np.repeat(np.arange(part.n_hosts), part.copies)
    width = np.diff(part.first)[number]
    first = np.concatenate([[0], np.cumsum(width)]).astype(np.int64)
    source = np.arange(first[-1]) - np.repeat(first[:-1] - part.first[number], width)
    single = part._replace(
        capacity=part.capacity[number],
        opening=part.opening[number],
        copies=np.ones(len(number), np.int64),
        first=first,
        guest=part.guest[source],
        cost=part.cost[source],
        load=part.load[source],
    )
    return single, number


def cost_of(part: Part, x: Ints) -> int:
    """Return the cost of a plan, exactly."""
    used, unmet = _count(part.first, part.guest, part.demand, x)
    return dot(part.cost, x) + dot(part.price, unmet) + dot(part.opening, used)


@compiled
def _count(first: Ints, guest: Small, demand: Ints, x: Ints) -> tuple[Ints, Ints]:
    """Return whether each host is in use (0 or 1) and the places unmet per guest."""
    used, unmet = np.zeros(len(first) - 1, np.int64), demand.copy()
    for h in range(len(used)):
        for e in range(first[h], first[h + 1]):
            if x[e] > 0:
                used[h] = 1
            unmet[guest[e]] -= x[e]
    return used, unmet


@inlined
def open_rows(facts: Facts, state: State, g: int) -> bool:
    """Tell whether the norm rows above a guest leave room for one more place."""
    row = facts.row[g]
    while row >= 0:
        if state.free[row] <= 0:
            return False
        row = facts.parent[row]
    return True


@compiled
def put(facts: Facts, state: State, e: int) -> int:
    """Put one unmet place of a pair's guest into its host; return the change of cost."""
    h, g = facts.host[e], facts.guest[e]
    delta = facts.cost[e] - facts.price[g]
    if state.used[h] == 0:
        delta += facts.opening[h]
    state.x[e] += 1
    state.used[h] += 1
    state.room[h] -= facts.load[e]
    state.unmet[g] -= 1
    row = facts.row[g]
    while row >= 0:
        state.free[row] -= 1
        row = facts.parent[row]
    at = state.at[0]
    state.journal[at % len(state.journal)] = e + 1
    state.at[0] = at + 1
    return int(delta)


@compiled
def take(facts: Facts, state: State, e: int) -> int:
    """Take one place of a pair out of its host: it is unmet then; return the change of cost."""
    h, g = facts.host[e], facts.guest[e]
    delta = facts.price[g] - facts.cost[e]
    state.x[e] -= 1
    state.used[h] -= 1
    state.room[h] += facts.load[e]
    state.unmet[g] += 1
    if state.used[h] == 0:
        delta -= facts.opening[h]
    row = facts.row[g]
    while row >= 0:
        state.free[row] += 1
        row = facts.parent[row]
    at = state.at[0]
    state.journal[at % len(state.journal)] = -(e + 1)
    state.at[0] = at + 1
    return int(delta)


@compiled
def back_to(facts: Facts, state: State, mark: int) -> None:
    """Take back all changes since the journal was ``mark`` long."""
    while state.at[0] > mark:
        entry = state.journal[(state.at[0] - 1) % len(state.journal)]
        if entry > 0:
            take(facts, state, entry - 1)
        else:
            put(facts, state, -entry - 1)
        state.at[0] -= 2
