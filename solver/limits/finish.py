r"""The last step where few pairs are left: an integer programme over those that a better plan can use (SCIP).

At prices with bound L (x S) a plan that sends a unit over a pair of reduced cost r costs at least (L + r)
/ S. Pairs with L + r >= S value of the plan at hand are in no better plan; what is left is solved as it
stands,

    min sum c x + sum p u + W missed + sum W_k u    over x whole, rows of the tree, side rows

The programme reckons in floating point: its plan is checked in integers, and what it believes to have
proven is a claim, no proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from ortools.linear_solver import pywraplp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from solver.flow.market import Arcs
    from solver.limits.block import Answer, Weights
    from solver.limits.movables import MovableBlock
    from solver.limits.rows import Row

#: Pairs looked at, in all.
MOST_PAIRS = 3_000
_SECONDS = 5.0
#: Share of a limit that is left unused, try by try, where the programme oversteps it in integers.
MARGINS = (0.0, 1e-9, 1e-6)


class Finished(NamedTuple):
    """Units by (asset class, need class) of each block; whether the programme claims that none is better."""

    held: dict[str, dict[tuple[int, int], int]]
    claimed: bool


def finish(
    blocks: Mapping[str, MovableBlock],
    proofs: Mapping[str, Answer],
    slack: int,
    rows: Sequence[Row],
    limits: Sequence[int],
    priced: Sequence[int],
    weights: Weights,
    margin: float = 0.0,
) -> Finished | None:
    """Solve what prices leave; None where too much is left or nothing is found.

    Parameters
    ----------
    proofs : answers at the best prices; slack : S value - L: pairs with as much reduced cost or more are
    left out; priced : rows that the blocks do not see to themselves.
    """
    left = {name: block.within(proofs[name], slack, MOST_PAIRS) for name, block in blocks.items()}
    if any(arcs is None for arcs in left.values()):
        return None
    pairs = {name: arcs for name, arcs in left.items() if arcs is not None}
    if sum(len(arcs.offer) for arcs in pairs.values()) > MOST_PAIRS:
        return None
    programme = _Programme(rows, limits, priced, weights, margin)
    for name, block in blocks.items():
        programme.add(name, block, pairs[name])
    return programme.solve()


class _Programme:
    def __init__(
        self,
        rows: Sequence[Row],
        limits: Sequence[int],
        priced: Sequence[int],
        weights: Weights,
        margin: float,
    ) -> None:
        self._solver = pywraplp.Solver.CreateSolver("SCIP")
        self._solver.SetTimeLimit(int(1000 * _SECONDS))
        self._solver.SetSolverSpecificParametersAsString("limits/gap = 0\nlimits/absgap = 0.4\n")
        self._objective = self._solver.Objective()
        self._weights = weights
        self._rows, self._priced = rows, priced
        infinite = self._solver.infinity()
        self._side = {}
        for row in priced:
            if rows[row].floor:
                self._side[row] = self._solver.Constraint(limits[row], infinite)
                self._miss(self._side[row])
            else:
                self._side[row] = self._solver.Constraint(-infinite, limits[row] * (1 - margin))
        self._pairs: dict[str, list[tuple[int, int, pywraplp.Variable]]] = {}

    def _miss(self, constraint: pywraplp.Constraint) -> None:
        short = self._solver.NumVar(0, self._solver.infinity(), "")
        constraint.SetCoefficient(short, 1)
        self._objective.SetCoefficient(short, self._weights.missed)

    def add(self, name: str, block: MovableBlock, arcs: Arcs) -> None:
        """Add the pairs of a block with its supply, demand and rows."""
        market, floors = block.base, block.floors
        infinite = self._solver.infinity()
        cost, gain, used = block.measured(arcs)
        offers = {
            i: self._solver.Constraint(0, int(market.offers.supply[i])) for i in set(arcs.offer.tolist())
        }
        wants = {j: self._solver.Constraint(0, int(market.wants.demand[j])) for j in set(arcs.want.tolist())}
        tree = [self._solver.Constraint(0, int(cap)) for cap in market.rows.cap]
        lows = {
            row: self._solver.Constraint(int(floors[row]), infinite)
            for row in np.flatnonzero(floors).tolist()
        }
        for low in lows.values():
            self._miss(low)
        held = []
        for e, (i, j) in enumerate(zip(arcs.offer.tolist(), arcs.want.tolist(), strict=True)):
            most = int(min(market.offers.supply[i], market.wants.demand[j]))
            take = self._solver.IntVar(0, most, "")
            self._objective.SetCoefficient(take, self._weights.cost * int(cost[e]) - int(gain[e]))
            offers[i].SetCoefficient(take, 1)
            wants[j].SetCoefficient(take, 1)
            row = int(market.wants.row[j])
            while row >= 0:
                tree[row].SetCoefficient(take, 1)
                if row in lows:
                    lows[row].SetCoefficient(take, 1)
                row = int(market.rows.parent[row])
            for side in self._priced:
                if used[e][side]:
                    self._side[side].SetCoefficient(take, used[e][side])
            held.append((i, j, take))
        self._pairs[name] = held

    def solve(self) -> Finished | None:
        """Solve; None where nothing is found."""
        self._objective.SetMinimization()
        status = self._solver.Solve()
        if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
            return None
        held = {
            name: {(i, j): round(take.solution_value()) for i, j, take in pairs}
            for name, pairs in self._pairs.items()
        }
        return Finished(held, status == pywraplp.Solver.OPTIMAL)
