"""A category of movables in an integer programme: supply, demand and the tree of rows of its network."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from solver.flow.market import Arcs
from solver.limits.programme import chain

if TYPE_CHECKING:
    from collections.abc import Collection

    from solver.flow.solve import Solution
    from solver.limits.block import Answer
    from solver.limits.movables import MovableBlock
    from solver.limits.programme import Programme

    Held = dict[tuple[int, int], int]


class MovablesPart:
    """What a category adds to a programme; ``found`` reads what that made of it."""

    def __init__(
        self,
        programme: Programme,
        block: MovableBlock,
        arcs: Arcs,
        plan: Answer,
        free: np.ndarray | None = None,
    ) -> None:
        """Add the category.

        Parameters
        ----------
        arcs : pairs that may be used beside those of ``plan``, the plan at hand; free : by need class,
        whether its units may change; None : all.
        """
        self._programme, self._block, self._plan = programme, block, plan
        held = _units_of(plan.plan)
        self._stay = {pair: units for pair, units in held.items() if free is not None and not free[pair[1]]}
        move = {pair: units for pair, units in held.items() if pair not in self._stay}
        pairs = zip(arcs.offer.tolist(), arcs.want.tolist(), strict=True)
        mine = sorted({*move, *(pair for pair in pairs if free is None or free[pair[1]])})
        self._taken = self._numbers(mine, move)
        market = block.base
        supply, demand = market.offers.supply.tolist(), market.wants.demand.tolist()
        cap, floors = market.rows.cap.tolist(), block.floors.tolist()
        for (i, j), units in self._stay.items():
            supply[i] -= units
            for row in chain(int(market.wants.row[j]), market.rows.parent):
                cap[row] -= units
                floors[row] -= units
        by_offer: dict[int, list[int]] = defaultdict(list)
        by_want: dict[int, list[int]] = defaultdict(list)
        by_row: dict[int, list[int]] = defaultdict(list)
        for (i, j), number in self._taken.items():
            by_offer[i].append(number)
            by_want[j].append(number)
            for row in chain(int(market.wants.row[j]), market.rows.parent):
                by_row[row].append(number)
        for groups, most in ((by_offer, supply), (by_want, demand), (by_row, cap)):
            for at, numbers in groups.items():
                programme.row(most[at], dict.fromkeys(numbers, 1))
        for row, least in enumerate(floors):
            if least > 0:
                programme.floor(least, dict.fromkeys(by_row[row], 1))

    def _numbers(self, pairs: list[tuple[int, int]], held: Held) -> dict[tuple[int, int], int]:
        """Add the units of each pair; take off what stays."""
        programme, block = self._programme, self._block
        market, cost_counts = block.base, programme.frame.weights.cost
        _, _, used = block.measured(_arcs(self._stay))
        for units, own in zip(self._stay.values(), used, strict=True):
            programme.stays((row, units * amount) for row, amount in enumerate(own))
        cost, gain, used = block.measured(_arcs(pairs))
        out = {}
        for e, (i, j) in enumerate(pairs):
            most = int(min(market.offers.supply[i], market.wants.demand[j]))
            worth = cost_counts * int(cost[e]) - int(gain[e])
            out[i, j] = programme.whole(most, worth, held.get((i, j), 0), enumerate(used[e]))
        return out

    def found(self) -> Answer:
        """Return the plan that the programme found; bound and proof are those of the plan at hand."""
        moved = {pair: self._programme.value(number) for pair, number in self._taken.items()}
        return self._block.holding(self._plan, self._stay | moved)


def _units_of(solution: Solution) -> Held:
    moved = np.flatnonzero(solution.flow.units)
    pairs = zip(solution.arcs.offer[moved].tolist(), solution.arcs.want[moved].tolist(), strict=True)
    return dict(zip(pairs, solution.flow.units[moved].tolist(), strict=True))


def _arcs(pairs: Collection[tuple[int, int]]) -> Arcs:
    offer, want = (np.array([pair[side] for pair in pairs], np.int32) for side in (0, 1))
    nothing = np.zeros(len(pairs), np.int64)
    return Arcs(offer, want, nothing, nothing)
