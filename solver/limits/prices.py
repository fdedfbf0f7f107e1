r"""Prices of the side rows: the outer linear programme, by cutting planes.

Every plan x that a block has answered with gives a cut on what the block's sum can be at other prices,

    theta_b <= S value_b(x) + sum_r e_r mu_r used_r(x)

The programme maximises sum_b theta_b - sum_r e_r mu_r L_r over prices 0 <= mu_r <= most_r: its prices are
where to ask next, its value is an upper bound on what any prices prove from the plans known so far
[Kelley, J. SIAM 8, 1960]. It reckons in floating point: prices are a guide, bounds come from the blocks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ortools.linear_solver import pywraplp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solver.limits.rows import Row

_MONEY = 1e9
#: After so long a solve has failed.
_MILLISECONDS = 20_000


class PriceProgramme:
    """The outer programme; ``add`` cuts, ``solve`` for the prices to ask at."""

    def __init__(
        self,
        blocks: Sequence[str],
        rows: Sequence[Row],
        limits: Sequence[int],
        priced: Sequence[int],
        most: Sequence[float],
        missed: int = 0,
    ) -> None:
        """Begin without cuts.

        Parameters
        ----------
        most : greatest price of each priced row [VND per VND, or VND per unit]; missed : units by which soft
        floors may be missed: each costs what the dearest of these floors does.
        """
        self._rows, self._priced = rows, list(priced)
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.SetTimeLimit(_MILLISECONDS)  # a solve takes milliseconds, unless it cycles
        # Prices of units are in billions, so that all numbers are near one another.
        self._mu = {
            row: self._solver.NumVar(0, limit / self._unit(row), "")
            for row, limit in zip(self._priced, most, strict=True)
        }
        endless = self._solver.infinity()  # a bound, however far, leads GLOP astray
        self._theta = {name: self._solver.NumVar(-endless, endless, "") for name in blocks}
        objective = self._solver.Objective()
        for theta in self._theta.values():
            objective.SetCoefficient(theta, 1)
        for row in self._priced:
            objective.SetCoefficient(self._mu[row], -self._sign(row) * limits[row] * self._unit(row) / _MONEY)
        if missed:
            dearest = self._solver.NumVar(0, endless, "")
            objective.SetCoefficient(dearest, -missed)
            for row in self._priced:
                if rows[row].soft:
                    below = self._solver.Constraint(-endless, 0)
                    below.SetCoefficient(self._mu[row], 1)
                    below.SetCoefficient(dearest, -1)
        objective.SetMaximization()

    def _sign(self, row: int) -> int:
        return -1 if self._rows[row].floor else 1

    def _unit(self, row: int) -> float:
        return 1.0 if self._rows[row].money else _MONEY

    def widen(self, row: int, most: float) -> None:
        """Let the price of a row go up to ``most``."""
        self._mu[row].SetUb(most / self._unit(row))

    def add(self, block: str, value: int, used: Sequence[int]) -> None:
        """Add a plan of a block: its value [VND] without prices, and what it uses of the rows."""
        cut = self._solver.Constraint(-self._solver.infinity(), value / _MONEY)
        cut.SetCoefficient(self._theta[block], 1)
        for row in self._priced:
            cut.SetCoefficient(self._mu[row], -self._sign(row) * used[row] * self._unit(row) / _MONEY)

    def solve(self) -> tuple[dict[int, float], float] | None:
        """Return prices by row [VND per VND, or per unit] and the value [VND]; None where GLOP fails."""
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        prices = {row: max(0.0, self._mu[row].solution_value() * self._unit(row)) for row in self._priced}
        return prices, self._solver.Objective().Value() * _MONEY
