r"""Small linear programmes (``solver.patterns.programme``): the primal simplex method with a dense inverse.

The search solves thousands of programmes of some twenty rows: to build one for a library, row by row, takes
several times as long as to solve it. Unmet places and slack are a basis to begin with, and columns that come
later leave it feasible. Right-hand sides are raised by tiny different amounts, so that no two rows tie (most
vertices here are degenerate); the duals at the end are those of the programme as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled
from solver.patterns.programme import Solution

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.patterns.programme import Entries, Reals

#: Reduced costs above minus this count as 0, and entries of a column below the other.
_TINY = 1e-7
_PIVOT = 1e-9
#: How much right-hand sides are raised, once to twice.
_LIFT = 1e-7
#: Multiples of it modulo 1 lie evenly.
_GOLDEN = 0.6180339887498949
#: Pivots between two inversions; inversions before it is given up.
_FRESH = 400
_PATIENCE = 40


class Dense:
    """A programme of few rows, guests before others."""

    def __init__(self, top: Reals, price: Reals) -> None:
        rows = len(top)
        self.top, self.price = top, price
        self.basis = np.arange(rows)  # a row stands for its unmet places or its slack; columns follow
        self.inverse = np.eye(rows)
        self.raised = top + _LIFT * (1 + np.modf(np.arange(1, rows + 1) * _GOLDEN)[0])

    def solve(self, entries: Entries) -> Solution | None:
        """Solve with these columns, the first of which are those of the last time; None where digits fail."""
        rows, guests = len(self.top), len(self.price)
        slack = np.zeros(rows)
        slack[:guests] = self.price
        for _ in range(_PATIENCE):
            done = _simplex(entries, slack, self.raised, self.basis, self.inverse, _FRESH)
            if done:
                level, dual = _stand(entries, slack, self.top, self.basis, self.inverse)
                if _off(entries, self.basis, level, self.top) < _TINY * (1 + np.abs(self.top).max(initial=0)):
                    break
            if not _invert(_dense(entries, self.basis), self.inverse):
                return None
        else:
            return None
        weight, rest = np.zeros(len(entries.cost)), np.zeros(rows)
        column = self.basis >= rows
        weight[self.basis[column] - rows] = np.maximum(level[column], 0)
        rest[self.basis[~column]] = np.maximum(level[~column], 0)
        return Solution(_worth(dual, self.top), weight, rest[:guests], dual)


@compiled
def _stand(entries: Entries, slack: Reals, top: Reals, basis: Ints, inverse: Reals) -> tuple[Reals, Reals]:
    """Return the level of what is in the basis and the duals (not by BLAS: threads reorder its sums)."""
    rows = len(basis)
    level, dual = np.zeros(rows), np.zeros(rows)
    for i in range(rows):
        cost = slack[basis[i]] if basis[i] < rows else entries.cost[basis[i] - rows]
        for j in range(rows):
            level[i] += inverse[i, j] * top[j]
            dual[j] += cost * inverse[i, j]
    return level, dual


@compiled
def _worth(dual: Reals, top: Reals) -> float:
    """Return what the duals come to (not by BLAS either)."""
    total = 0.0
    for j in range(len(top)):
        total += dual[j] * top[j]
    return total


@compiled
def _dense(entries: Entries, basis: Ints) -> Reals:
    """Return the basis as a matrix."""
    rows = len(basis)
    matrix = np.zeros((rows, rows))
    for i in range(rows):
        if basis[i] < rows:
            matrix[basis[i], i] = 1.0
        else:
            k = basis[i] - rows
            for e in range(entries.first[k], entries.first[k + 1]):
                matrix[entries.row[e], i] = entries.value[e]
    return matrix


@compiled
def _invert(matrix: Reals, inverse: Reals) -> bool:
    """Write the inverse (Gauss and Jordan, rows exchanged), wrecking the matrix; tell whether there is one.

    Not numpy's: its threads cost more here than they bring.
    """
    rows = len(matrix)
    inverse[:] = 0.0
    for i in range(rows):
        inverse[i, i] = 1.0
    for c in range(rows):
        best = c
        for i in range(c + 1, rows):
            if abs(matrix[i, c]) > abs(matrix[best, c]):
                best = i
        if abs(matrix[best, c]) < _PIVOT:
            return False
        if best != c:
            for j in range(rows):
                matrix[c, j], matrix[best, j] = matrix[best, j], matrix[c, j]
                inverse[c, j], inverse[best, j] = inverse[best, j], inverse[c, j]
        pivot = matrix[c, c]
        for j in range(rows):
            matrix[c, j] /= pivot
            inverse[c, j] /= pivot
        for i in range(rows):
            factor = matrix[i, c]
            if i != c and factor != 0.0:
                for j in range(rows):
                    matrix[i, j] -= factor * matrix[c, j]
                    inverse[i, j] -= factor * inverse[c, j]
    return True


@compiled
def _off(entries: Entries, basis: Ints, level: Reals, top: Reals) -> float:
    """Return how far the levels are from meeting the right-hand side."""
    rows = len(basis)
    left = top.copy()
    for i in range(rows):
        if basis[i] < rows:
            left[basis[i]] -= level[i]
        else:
            k = basis[i] - rows
            for e in range(entries.first[k], entries.first[k + 1]):
                left[entries.row[e]] -= entries.value[e] * level[i]
    return float(np.abs(left).max()) if rows > 0 else 0.0


@compiled
def _simplex(entries: Entries, slack: Reals, top: Reals, basis: Ints, inverse: Reals, most: int) -> bool:
    """Change the basis until it is optimal (True) or pivots run out; keep its inverse."""
    rows = len(basis)
    if rows == 0:
        return True
    level, dual = _stand(entries, slack, top, basis, inverse)
    up, line = np.empty(rows), np.empty(rows)
    for _ in range(most):
        enter, least = -1, -_TINY
        for j in range(rows):
            if slack[j] - dual[j] < least:
                enter, least = j, slack[j] - dual[j]
        for k in range(len(entries.cost)):
            gain = entries.cost[k]
            for e in range(entries.first[k], entries.first[k + 1]):
                gain -= dual[entries.row[e]] * entries.value[e]
            if gain < least:
                enter, least = rows + k, gain
        if enter < 0:
            return True
        for i in range(rows):
            if enter < rows:
                up[i] = inverse[i, enter]
            else:
                up[i] = 0.0
                for e in range(entries.first[enter - rows], entries.first[enter - rows + 1]):
                    up[i] += inverse[i, entries.row[e]] * entries.value[e]
        leave, step = -1, np.inf
        for i in range(rows):
            if up[i] > _PIVOT and max(level[i], 0.0) < step * up[i]:
                leave, step = i, max(level[i], 0.0) / up[i]
        if leave < 0:
            return False  # costs are not negative: digits are off
        for j in range(rows):
            line[j] = inverse[leave, j] / up[leave]
            dual[j] += least * line[j]
        for i in range(rows):
            if up[i] != 0.0:
                level[i] -= step * up[i]
                mine, factor = inverse[i], up[i]
                for j in range(rows):
                    mine[j] -= factor * line[j]
        inverse[leave] = line
        level[leave] = step
        basis[leave] = enter
    return False
