"""A first plan of a component that is not held: whom the core leaves unmet looks at all hosts with room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.patterns.core import carried, chosen, joined, only, some_of
from solver.patterns.local import improve, insert_all
from solver.patterns.moves import empty_state, expanded, facts_of
from solver.patterns.polish import put_set, scratch_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from solver.flow.market import Ints
    from solver.patterns.part import Part

    Reals = npt.NDArray[np.float64]

#: How often those left look around.
_LOOKS = 4
#: Hosts between two looks at the clock.
_AT_ONCE = 16


def serve(
    core: Part, parts: Callable[[Ints], Iterator[tuple[int, Part]]], rate: Reals, of_guest: int
) -> tuple[Part, Ints]:
    """Put the dearest guests first; return the core with the pairs that this took, and the plan.

    Parameters
    ----------
    parts : of pairs below ceilings, as ``Whole.parts``. rate, of_guest : as for ``chosen``.
    """
    x = np.zeros(expanded(core)[0].n_pairs, np.int64)
    order = np.argsort(-core.price, kind="stable")
    for look in range(_LOOKS):
        single, class_of = expanded(core)
        state, facts = empty_state(single), facts_of(single)
        used = np.flatnonzero(x)
        put_set(facts, state, used, x[used])
        insert_all(facts, state, order)
        x = state.x
        room = np.zeros(core.n_hosts, np.int64)
        np.maximum.at(room, class_of, state.room)
        if look == _LOOKS - 1 or not state.unmet.any():
            break
        near = _with_room(parts(np.where(state.unmet > 0, core.price, 0)), room)
        bare = core._replace(
            first=np.zeros_like(core.first), guest=core.guest[:0], cost=core.cost[:0], load=core.load[:0]
        )
        more, _, _ = chosen(bare, near, rate, of_guest, 0)
        larger = joined(core, some_of(more, np.arange(more.n_pairs)))
        if larger.n_pairs == core.n_pairs:
            break
        core, x = larger, carried(core, larger, x)
    return core, x


def moved(part: Part, x: Ints, stop: Callable[[], bool]) -> Ints:
    """Run the moves over a plan, some hosts at a time so that a stop is heard; hosts are single."""
    state, facts, scratch = empty_state(part), facts_of(part), scratch_of(part)
    used = np.flatnonzero(x)
    put_set(facts, state, used, x[used])
    for _ in range(_LOOKS):
        gain = 0
        for begin in range(0, part.n_hosts, _AT_ONCE):
            if stop():
                return state.x
            hosts = np.arange(begin, min(begin + _AT_ONCE, part.n_hosts))
            gain += improve(facts, state, hosts, scratch, 1)
        if gain == 0:
            break
    return state.x


def _with_room(parts: Iterator[tuple[int, Part]], room: Ints) -> Iterator[tuple[int, Part]]:
    """Leave out pairs whose host has no room for a place."""
    for begin, part in parts:
        host = np.repeat(np.arange(begin, begin + part.n_hosts), np.diff(part.first))
        pairs = np.flatnonzero(part.load <= room[host])
        yield begin, only(part, pairs)
