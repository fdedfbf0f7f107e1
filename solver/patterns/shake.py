r"""Shaking (iterated local search): a plan that no move helps is disturbed in one place and improved again.

The places of some neighbouring hosts are taken out and put back in another order, then the moves run over
the hosts touched; a worse plan is taken back. The generator is a linear congruence with the seed given:
equal seeds, equal plans.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled, inlined
from solver.patterns.local import improve
from solver.patterns.moves import put, take

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy.typing as npt

    from solver.flow.market import Bits, Ints
    from solver.patterns.moves import Facts, State

    Dice: TypeAlias = npt.NDArray[np.uint64]

#: Neighbours looked for from one host while hosts are gathered for shaking.
_TRIES = 4


@inlined
def roll(dice: Dice, sides: int) -> int:
    """Return a number from 0 to sides - 1."""
    dice[0] = dice[0] * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
    return int(np.int64((dice[0] >> np.uint64(33)) % np.uint64(sides)))  # signed: it is added to places


@compiled
def shake(
    facts: Facts,
    state: State,
    best: Ints,
    dice: Dice,
    rounds: int,
    size: int,
    scratch: Ints,
    near: Ints,
    touched: Bits,
) -> int:
    """Take out, put back and improve, ``rounds`` times; return the change of cost.

    ``best`` holds x of the plan kept, on entry and at the end. ``dice`` : [state of the generator]. ``near``,
    ``touched`` : scratch, one entry per host, the latter 0.
    """
    total = np.int64(0)
    for _ in range(rounds):
        count = _gather(facts, roll(dice, len(facts.opening)), size, near, touched, dice)
        delta = np.int64(0)
        for k in range(count):
            for e in range(facts.first[near[k]], facts.first[near[k] + 1]):
                if state.x[e] > 0 and roll(dice, 4) > 0:
                    while state.x[e] > 0:
                        delta += take(facts, state, e)
        for k in range(count):
            other = roll(dice, count)
            near[k], near[other] = near[other], near[k]
        delta += improve(facts, state, near[:count], scratch, 4)
        if delta < 0:
            total += delta
            best[:] = state.x
        elif delta > 0:
            restore(facts, state, best)
    return int(total)


@compiled
def _gather(facts: Facts, start: int, size: int, near: Ints, touched: Bits, dice: Dice) -> int:
    """Collect hosts around one: those that share a guest with it, and so on, at random; return how many."""
    near[0] = start
    touched[start] = 1
    count, k = 1, 0
    while k < count and count < size:
        h = near[k]
        k += 1
        width = facts.first[h + 1] - facts.first[h]
        for _ in range(_TRIES if width > 0 else 0):
            g = facts.guest[facts.first[h] + roll(dice, width)]
            first = facts.of_guest[g]
            other = facts.host[facts.pair[first + roll(dice, facts.of_guest[g + 1] - first)]]
            if touched[other] == 0 and count < size:
                touched[other] = 1
                near[count] = other
                count += 1
    for k in range(count):
        touched[near[k]] = 0
    return count


@compiled
def restore(facts: Facts, state: State, x: Ints) -> None:
    """Go back to a plan."""
    for e in range(len(x)):
        while state.x[e] > x[e]:
            take(facts, state, e)
    for e in range(len(x)):
        while state.x[e] < x[e]:
            put(facts, state, e)
    state.at[0] = 0
