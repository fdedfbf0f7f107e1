r"""Which pieces of the ways between plans to take: a small integer programme (SCIP), checked in integers.

    min sum_k (cost_k + W missed_k + sum W_p unmet_kp) z_k      z_k whole, 0 to most_k; one piece of a choice
    used_r + sum_k used_kr z_k <= L_r                            caps (floors: >=, missing units at W)

The programme reckons in floating point, so it is asked for a little less than is left and its answer is taken
only if it holds in integers.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ortools.linear_solver import pywraplp

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from solver.limits.block import Piece, Weights
    from solver.limits.rows import Row

#: Largest number of pieces that one programme looks at: those that promise most.
MOST_PIECES = 400
_SECONDS = 1.0
_NODES = 20_000
#: What the programme leaves of a row, as a share of its limit, try by try.
_MARGINS = (0.0, 1e-9, 1e-7, 1e-5)


def worth(piece: Piece, weights: Weights) -> int:
    """Return what one time of a piece costs by the weights [VND]."""
    unmet = sum(weight * count for weight, count in zip(weights.unmet, piece.unmet, strict=True))
    return weights.cost * piece.cost + weights.missed * piece.missed + unmet


def choose(
    pieces: Sequence[Piece],
    used: Sequence[int],
    rows: Sequence[Row],
    limits: Sequence[int],
    priced: Sequence[int],
    weights: Weights,
    hard: Collection[int] = (),
) -> list[tuple[int, int]]:
    """Choose pieces of least cost that keep to the rows.

    Parameters
    ----------
    used : by row, of the plan that pieces change; limits : by row, beside the pins; priced : rows that count;
    hard : floors among them that no choice may miss.

    Returns
    -------
    Positions of pieces and how often; empty where no choice is found.
    """
    promising = sorted(range(len(pieces)), key=lambda k: _promise(pieces[k], weights, priced))[:MOST_PIECES]
    promising.sort()
    some = [pieces[k] for k in promising]
    if not some:
        return []
    for margin in _MARGINS:
        times = _solve(some, used, rows, limits, priced, weights, margin, hard)
        if times is None:
            continue
        chosen = [(piece, count) for piece, count in zip(some, times, strict=True) if count]
        if _holds(chosen, used, rows, limits, priced):
            return [(k, count) for k, count in zip(promising, times, strict=True) if count]
    return []


def _promise(piece: Piece, weights: Weights, priced: Sequence[int]) -> float:
    spent = sum(abs(piece.used[row]) for row in priced)
    return worth(piece, weights) / (1 + spent)


def _holds(
    chosen: list[tuple[Piece, int]],
    used: Sequence[int],
    rows: Sequence[Row],
    limits: Sequence[int],
    priced: Sequence[int],
) -> bool:
    for row in priced:
        total = used[row] + sum(piece.used[row] * count for piece, count in chosen)
        if not rows[row].floor and total > limits[row]:
            return False
    return True


def _solve(
    pieces: list[Piece],
    used: Sequence[int],
    rows: Sequence[Row],
    limits: Sequence[int],
    priced: Sequence[int],
    weights: Weights,
    margin: float,
    hard: Collection[int],
) -> list[int] | None:
    solver = pywraplp.Solver.CreateSolver("SCIP")
    solver.SetTimeLimit(int(1000 * _SECONDS))
    solver.SetSolverSpecificParametersAsString(f"limits/nodes = {_NODES}\nlimits/gap = 0\n")
    scale = max(1, max(abs(worth(piece, weights)) for piece in pieces)) / 1e6
    take = [solver.IntVar(0, piece.most, "") for piece in pieces]
    objective = solver.Objective()
    for piece, variable in zip(pieces, take, strict=True):
        objective.SetCoefficient(variable, worth(piece, weights) / scale)
    for row in priced:
        amounts = [piece.used[row] for piece in pieces]
        unit = max(1, *map(abs, amounts)) / 1e3
        if rows[row].floor:
            constraint = solver.Constraint((limits[row] - used[row]) / unit, solver.infinity())
            if row not in hard:
                short = solver.NumVar(0, solver.infinity(), "")
                constraint.SetCoefficient(short, 1 / unit)
                objective.SetCoefficient(short, weights.missed / scale)
        else:
            room = limits[row] - used[row] - margin * max(1, limits[row])
            constraint = solver.Constraint(-solver.infinity(), room / unit)
        for amount, variable in zip(amounts, take, strict=True):
            if amount:
                constraint.SetCoefficient(variable, amount / unit)
    groups: dict[int, list[int]] = defaultdict(list)
    for k, piece in enumerate(pieces):
        groups[piece.choice].append(k)
    for members in groups.values():
        if len(members) > 1:
            one = solver.Constraint(-solver.infinity(), 1)
            for k in members:
                one.SetCoefficient(take[k], 1)
    objective.SetMinimization()
    status = solver.Solve()
    if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return None
    return [round(variable.solution_value()) for variable in take]
