r"""The master: the linear programme over the patterns known so far.

    min  sum_k c_k y_k + sum_g p_g u_g
         sum_k x_gk y_k + u_g = d_g       each guest          dual pi_g <= p_g
         sum_(k of h) y_k <= m_h          each host           dual <= 0
         sum of places in row r <= cap_r  each norm row       dual -lambda_r
         y, u >= 0

Over all patterns its value is the greatest L (``solver.patterns.pricing``), Dantzig and Wolfe 1960; over
those known it lies above. Money is scaled so that a typical cost is about a thousand: GLOP's tolerances are
absolute. Its duals are used as prices only after rounding to integers, and what these prove is computed in
integers: a wrong digit costs strength, never truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from ortools.linear_solver import pywraplp

from solver.errors import BackendError

if TYPE_CHECKING:
    import numpy.typing as npt

    from solver.flow.market import Ints
    from solver.patterns.columns import Columns
    from solver.patterns.part import Part

    Reals = npt.NDArray[np.float64]

#: A typical cost after scaling.
_TYPICAL = 1_000.0
#: First ceilings over the dearest way to serve a guest, and how they grow.
_AMPLE = 4
_TRACE = 1e-7


class Master:
    """A linear programme that grows by columns and is solved again from where it stood.

    Attributes
    ----------
    ceiling : what an unmet place costs here, at most its price: prices far above every cost (a need that
    must be met at all events) would drown the rest in rounding; ``raise_ceilings`` lifts them where the
    programme leans on them. shares : weight y_k of every column in the last solution; left : places unmet.
    """

    def __init__(self, part: Part, columns: Columns) -> None:
        self.part, self.columns = part, columns
        money = np.concatenate([part.cost, part.opening])
        money = money[money > 0] if money.any() else part.price
        self.scale = max(float(np.median(money)) / _TYPICAL, 1e-6) if len(money) else 1.0
        dearest = np.zeros(part.n_guests, np.int64)
        host = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
        np.maximum.at(dearest, part.guest, part.cost + part.opening[host])
        self.ceiling = np.minimum(part.price, _AMPLE * dearest + 1)
        self.above = _chains(part)
        self._build()

    def _build(self) -> None:
        """Set the programme up anew, without columns."""
        part = self.part
        self.solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self.most = self.solver.infinity()
        demand = part.demand.astype(float).tolist()
        self.guests = [self.solver.Constraint(d, d) for d in demand]
        self.hosts = [self.solver.Constraint(-self.most, m) for m in part.copies.astype(float).tolist()]
        self.rows = [self.solver.Constraint(-self.most, c) for c in part.cap.astype(float).tolist()]
        self.goal = self.solver.Objective()
        self.goal.SetMinimization()
        self.unmet = []
        for g, price in enumerate((self.ceiling / self.scale).tolist()):
            unmet = self.solver.NumVar(0.0, self.most, "")
            self.goal.SetCoefficient(unmet, price)
            self.guests[g].SetCoefficient(unmet, 1.0)
            self.unmet.append(unmet)
        self.weights: list[Any] = []

    def extend(self) -> None:
        """Take in the columns that are new since the last time."""
        columns, part = self.columns, self.part
        for k in range(len(self.weights), len(columns)):
            weight = self.solver.NumVar(0.0, self.most, "")
            self.goal.SetCoefficient(weight, columns.cost[k] / self.scale)
            self.hosts[columns.host[k]].SetCoefficient(weight, 1.0)
            used: dict[int, float] = {}
            guests = part.guest[columns.pairs[k]].tolist()
            for g, places in zip(guests, columns.places[k].astype(float).tolist(), strict=True):
                self.guests[g].SetCoefficient(weight, places)
                for row in self.above[g]:
                    used[row] = used.get(row, 0.0) + places
            for row, places in used.items():
                self.rows[row].SetCoefficient(weight, places)
            self.weights.append(weight)

    def solve(self) -> float:
        """Solve; return the value in the money of the part.

        Raises
        ------
        BackendError
            When GLOP finds no optimum, even from scratch.
        """
        status = self.solver.Solve()
        if status != pywraplp.Solver.OPTIMAL:  # a warm start may lead it astray
            self._build()
            self.extend()
            self.solver.SetSolverSpecificParametersAsString("use_preprocessing: false")  # which may too
            status = self.solver.Solve()
        if status != pywraplp.Solver.OPTIMAL:
            raise BackendError("GLOP", f"it ended with status {status}")
        # Read at once: a change of the programme makes the solution unreadable.
        self.left = np.array([unmet.solution_value() for unmet in self.unmet])
        self.shares = np.array([weight.solution_value() for weight in self.weights])
        self.duals = [np.array([row.dual_value() for row in rows]) for rows in (self.guests, self.rows)]
        return float(self.goal.Value()) * self.scale

    def raise_ceilings(self) -> bool:
        """Lift the ceilings that the last solution leans on; tell whether there were any."""
        low = np.flatnonzero((self.left > _TRACE) & (self.ceiling < self.part.price))
        for g in low.tolist():
            self.ceiling[g] = min(int(self.part.price[g]), int(self.ceiling[g]) * _AMPLE)
            self.goal.SetCoefficient(self.unmet[g], float(self.ceiling[g]) / self.scale)
        return len(low) > 0

    def prices(self) -> tuple[Ints, Ints]:
        """Return the duals as allowed integer prices: pi per guest, lambda per norm row."""
        guests, rows = self.duals
        return (
            np.minimum(np.rint(guests * self.scale).astype(np.int64), self.part.price),
            np.maximum(np.rint(-rows * self.scale).astype(np.int64), 0),
        )


def _chains(part: Part) -> list[list[int]]:
    """Return the norm rows that each guest stands in."""
    chains = []
    for row in part.row.tolist():
        chain, at = [], row
        while at >= 0:
            chain.append(at)
            at = int(part.parent[at])
        chains.append(chain)
    return chains
