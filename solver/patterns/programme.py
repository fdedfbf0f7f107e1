r"""Linear programmes over patterns, in floating point: grown by columns, solved again from where they stood.

    min  c y + p u     A y + u = d (guests),     A y <= b (hosts, norm rows),     y, u >= 0

``Sparse`` hands them to GLOP; ``solver.patterns.simplex`` is faster up to a few hundred rows. Nothing that is
claimed rests on the digits of either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from ortools.linear_solver import pywraplp

if TYPE_CHECKING:
    import numpy.typing as npt

    from solver.flow.market import Ints

    Reals = npt.NDArray[np.float64]


class Entries(NamedTuple):
    """Columns of a programme: entries ``first[k]:first[k + 1]`` of column k lie in these rows.

    Attributes
    ----------
    cost : per column; first : one more; row, value : per entry.
    """

    cost: Reals
    first: Ints
    row: Ints
    value: Reals


class Solution(NamedTuple):
    """An optimum: ``value``, weight per column, unmet places per guest, dual per row."""

    value: float
    weight: Reals
    unmet: Reals
    dual: Reals


class Sparse:
    """A programme of many rows, guests before others: GLOP keeps it, and starts from its last basis."""

    def __init__(self, top: Reals, price: Reals) -> None:
        self.top, self.price = top, price
        self.guests = len(price)
        self._build()

    def _build(self) -> None:
        """Set the programme up anew, without columns."""
        self.solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self.most = self.solver.infinity()
        self.rows = [
            self.solver.Constraint(top if row < self.guests else -self.most, top)
            for row, top in enumerate(self.top.tolist())
        ]
        self.goal = self.solver.Objective()
        self.goal.SetMinimization()
        self.unmet = []
        for g, price in enumerate(self.price.tolist()):
            unmet = self.solver.NumVar(0.0, self.most, "")
            self.goal.SetCoefficient(unmet, price)
            self.rows[g].SetCoefficient(unmet, 1.0)
            self.unmet.append(unmet)
        self.weights: list[Any] = []

    def _extend(self, entries: Entries) -> None:
        """Take in the columns that are new since the last time."""
        for k in range(len(self.weights), len(entries.cost)):
            weight = self.solver.NumVar(0.0, self.most, "")
            self.goal.SetCoefficient(weight, float(entries.cost[k]))
            mine = slice(int(entries.first[k]), int(entries.first[k + 1]))
            for row, value in zip(entries.row[mine].tolist(), entries.value[mine].tolist(), strict=True):
                self.rows[row].SetCoefficient(weight, value)
            self.weights.append(weight)

    def solve(self, entries: Entries) -> Solution | None:
        """Solve with these columns, the first of which are those of the last time.

        None where GLOP finds no optimum, even from scratch: prices too far apart are ABNORMAL to it.
        """
        for unmet, price in zip(self.unmet, self.price.tolist(), strict=True):
            self.goal.SetCoefficient(unmet, price)
        self._extend(entries)
        status = self.solver.Solve()
        if status != pywraplp.Solver.OPTIMAL:  # a warm start may lead it astray
            self._build()
            self._extend(entries)
            self.solver.SetSolverSpecificParametersAsString("use_preprocessing: false")  # which may too
            status = self.solver.Solve()
        if status != pywraplp.Solver.OPTIMAL:
            return None
        return Solution(
            float(self.goal.Value()),
            np.array([weight.solution_value() for weight in self.weights]),
            np.array([unmet.solution_value() for unmet in self.unmet]),
            np.array([row.dual_value() for row in self.rows]),
        )
