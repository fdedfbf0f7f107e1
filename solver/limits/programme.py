r"""All categories at once as an integer programme (SCIP), over the pairs that it is given.

    min  sum c x + sum f y + W missed - sum p x
    sum of a unit's use of each row x <= L_r      caps (floors: >=, missing units at W)

with the rules of each category (``solver.limits.programme_movables``, ``programme_premises``). It reckons in
floating point: what it finds is checked in integers by whoever asks, and what it believes to have proven is a
claim, no proof. While it runs the caller's stop is heard.
"""

from __future__ import annotations

import threading
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ortools.linear_solver import pywraplp

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from solver.flow.market import Ints, Small
    from solver.limits.block import Weights
    from solver.limits.rows import Row

    Uses = Iterable[tuple[int, int]]

#: Nodes that SCIP looks at; seconds, where these take longer.
_NODES, _SECONDS = 2_000, 10.0
#: What the largest cost, and the largest use of a row, are written as.
_LARGEST, _AMOUNT = 1e6, 1e3
#: Seconds between two looks at the caller's stop.
_LOOK = 0.05


class Frame(NamedTuple):
    """What all categories share.

    Attributes
    ----------
    rows; limits : by row, beside the pins; priced : rows that the blocks do not see to themselves; weights;
    hard : floors that may not be missed; toll : what use of a row costs whatever is left of it [VND].
    """

    rows: Sequence[Row]
    limits: Sequence[int]
    priced: Sequence[int]
    weights: Weights
    hard: Collection[int] = ()
    toll: Mapping[int, int] = MappingProxyType({})


class Programme:
    """The programme; categories add to it, then ``solve``."""

    def __init__(self, frame: Frame, margin: float = 0.0) -> None:
        """Begin with the side rows.

        Parameters
        ----------
        margin : share of a cap's limit that is left unused.
        """
        self.frame, self._margin = frame, margin
        self._solver = pywraplp.Solver.CreateSolver("SCIP")
        self._solver.SetSolverSpecificParametersAsString(f"limits/nodes = {_NODES}\nlimits/gap = 0\n")
        self._most = self._solver.infinity()
        self._variables: list[Any] = []
        self._cost: list[int] = []
        self._hint: list[int] = []
        self._uses: dict[int, dict[int, int]] = {row: {} for row in frame.priced}
        self._left = {row: int(frame.limits[row]) for row in frame.priced}

    # What categories add

    def whole(self, most: int, cost: int, hint: int, used: Uses = ()) -> int:
        """Add a whole number from 0 to ``most``; return its number.

        Parameters
        ----------
        cost : of one [VND]; hint : what the plan at hand has; used : (row, amount) of one.
        """
        number = self._add(self._solver.IntVar(0, most, ""), cost, hint)
        for row, amount in used:
            self._cost[number] += self.frame.toll.get(row, 0) * amount
            if amount and row in self._uses:
                self._uses[row][number] = self._uses[row].get(number, 0) + amount
        return number

    def row(self, most: int, amounts: Mapping[int, int]) -> None:
        """Let amounts of numbers come to no more than ``most``."""
        self._write(self._solver.Constraint(-self._most, most), amounts)

    def floor(self, least: int, amounts: Mapping[int, int]) -> None:
        """Let amounts of numbers come to ``least``; what is missing costs the penalty."""
        self._write(self._solver.Constraint(least, self._most), self._short(least, amounts))

    def stays(self, used: Uses) -> None:
        """Take what stays as it is off the limits of the side rows."""
        for row, amount in used:
            if row in self._left:
                self._left[row] -= amount

    def _add(self, variable: Any, cost: int, hint: int) -> int:  # noqa: ANN401 (a variable of SCIP)
        self._variables.append(variable)
        self._cost.append(cost)
        self._hint.append(hint)
        return len(self._variables) - 1

    def _short(self, least: int, amounts: Mapping[int, int]) -> dict[int, int]:
        """Add what is missing of a floor to its amounts."""
        known = sum(amount * self._hint[number] for number, amount in amounts.items())
        missing = self._solver.NumVar(0, self._most, "")
        return {**amounts, self._add(missing, self.frame.weights.missed, max(0, least - known)): 1}

    def _write(self, constraint: Any, amounts: Mapping[int, int], unit: float = 1.0) -> None:  # noqa: ANN401 (SCIP's)
        for number, amount in amounts.items():
            constraint.SetCoefficient(self._variables[number], amount / unit)

    # Solving

    def solve(self, stop: Callable[[], bool]) -> bool | None:
        """Solve; tell whether what was found is claimed to be the best, None where nothing was found."""
        for row, amounts in self._uses.items():
            self._side(row, amounts)
        scale = max(1, *map(abs, self._cost), 1) / _LARGEST
        objective = self._solver.Objective()
        for variable, cost in zip(self._variables, self._cost, strict=True):
            objective.SetCoefficient(variable, cost / scale)
        objective.SetMinimization()
        self._solver.SetHint(self._variables, self._hint)
        status = self._run(stop)
        if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
            return None
        return bool(status == pywraplp.Solver.OPTIMAL)

    def value(self, number: int) -> int:
        """Return a number of the plan that was found."""
        value: int = round(self._variables[number].solution_value())
        return value

    def _side(self, row: int, amounts: Mapping[int, int]) -> None:
        """Write a side row, with numbers near one another."""
        left, infinite = self._left[row], self._most
        unit = max(1.0, max(map(abs, amounts.values()), default=1) / _AMOUNT)
        if self.frame.rows[row].floor:
            if row not in self.frame.hard:
                amounts = self._short(left, amounts)
            self._write(self._solver.Constraint(left / unit, infinite), amounts, unit)
        else:
            most = left - self._margin * max(1, self.frame.limits[row])
            self._write(self._solver.Constraint(-infinite, most / unit), amounts, unit)

    def _run(self, stop: Callable[[], bool]) -> int:
        """Run SCIP beside this thread, which asks the caller now and then whether to stop."""
        self._solver.SetTimeLimit(int(1000 * _SECONDS))
        out: list[int] = []
        thread = threading.Thread(target=lambda: out.append(self._solver.Solve()))
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_LOOK)
                if thread.is_alive() and stop():
                    self._solver.InterruptSolve()
        finally:
            if thread.is_alive():
                self._solver.InterruptSolve()
            thread.join()
        return out[0]


def chain(row: int, parent: Ints | Small) -> Iterator[int]:
    """Yield a row, -1 none, and all that contain it."""
    while row >= 0:
        yield row
        row = int(parent[row])
