r"""The master: the linear programme over the patterns known so far.

    min  sum_k c_k y_k + sum_g p_g u_g
         sum_k x_gk y_k + u_g = d_g       each guest          dual pi_g <= p_g
         sum_(k of h) y_k <= m_h          each host           dual <= 0
         sum of places in row r <= cap_r  each norm row       dual -lambda_r
         y, u >= 0

Over all patterns its value is the greatest L (``solver.patterns.pricing``), Dantzig and Wolfe 1960; over
those known it lies above. Money is scaled so that a typical cost is about a thousand: tolerances are
absolute. Where the dearest is too much for the digits then, it is scaled again, and the cheapest lose theirs.
Its duals are used as prices only after rounding to integers, and what these prove is computed in integers: a
wrong digit costs strength, never truth. No answer at all costs no more: the best L so far remains.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled
from solver.patterns.programme import Entries, Sparse
from solver.patterns.simplex import Dense

if TYPE_CHECKING:
    import numpy.typing as npt

    from solver.flow.market import Ints, Small
    from solver.patterns.columns import Columns, Patterns
    from solver.patterns.part import Part

    Reals = npt.NDArray[np.float64]

#: A typical cost after scaling.
_TYPICAL = 1_000.0
#: First ceilings over the dearest way to serve a guest, and how they grow.
_AMPLE = 4
_TRACE = 1e-7
#: First ceilings over prices that are known to be near: by this part of them, 2^-_CLOSE.
_CLOSE = 8
#: Most money of a programme that was given up: tolerances keep their distance from the last digit.
_MOST = 2.0**27
#: Most rows of a programme that is solved with a dense inverse.
_FEW_ROWS = 400


class Master:
    """A linear programme that grows by columns and is solved again from where it stood.

    Attributes
    ----------
    ceiling : what an unmet place costs here, at most its price: prices far above every cost (a need that
    must be met at all events) would drown the rest in rounding; ``raise_ceilings`` lifts them where the
    programme leans on them. shares : weight y_k of every column in the last solution; left : places unmet.
    """

    def __init__(self, part: Part, columns: Columns, near: Ints | None = None) -> None:
        """Take the part; ``near`` : prices that good ones are near to, so that duals do not leap."""
        self.part, self.columns, self.near = part, columns, near
        self.shares, self.left, self.dual = np.zeros(0), np.zeros(0), np.zeros(0)

    # Set up when it is first solved: the first prices are often enough.
    @cached_property
    def scale(self) -> float:
        """Money of the part to one unit of the programme's."""
        money = np.concatenate([self.part.cost, self.part.opening])
        money = np.sort(money[money > 0] if money.any() else self.part.price)
        return max(float(money[len(money) // 2]) / _TYPICAL, 1e-6) if len(money) else 1.0

    @cached_property
    def ceiling(self) -> Ints:
        """Return the first ceilings."""
        part = self.part
        if self.near is not None:
            ample: Ints = self.near + (np.abs(self.near) >> _CLOSE) + 1
            return np.minimum(part.price, ample)
        dearest = np.zeros(part.n_guests, np.int64)
        host = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
        np.maximum.at(dearest, part.guest, part.cost + part.opening[host])
        return np.minimum(part.price, _AMPLE * dearest + 1)

    @cached_property
    def programme(self) -> Dense | Sparse:
        """The programme, without columns to begin with."""
        part = self.part
        top = np.concatenate([part.demand, part.copies, part.cap]).astype(np.float64)
        kind = Dense if len(top) <= _FEW_ROWS else Sparse
        return kind(top, self.ceiling / self.scale)

    def solve(self) -> float | None:
        """Solve over the columns as they are now; return the value in the money of the part.

        None where no optimum is found: the last solution stays, columns since then weigh nothing.
        """
        found = self.programme.solve(self.entries())
        if found is None and self._scale_down():
            found = self.programme.solve(self.entries())
        if found is None and isinstance(self.programme, Dense):
            self.programme = Sparse(self.programme.top, self.programme.price)
            found = self.programme.solve(self.entries())
        if found is None:
            self.shares = np.append(self.shares, np.zeros(len(self.columns) - len(self.shares)))
            return None
        self.shares, self.left, self.dual = found.weight, found.unmet, found.dual
        return found.value * self.scale

    def _scale_down(self) -> bool:
        """Begin anew with all money at most ``_MOST``; tell whether it was more."""
        dearest = max(self.ceiling.max(initial=0), self.columns.cost[: len(self.columns)].max(initial=0))
        if dearest <= _MOST * self.scale:
            return False
        self.scale *= 2.0 ** np.ceil(np.log2(dearest / self.scale / _MOST))
        self.programme = type(self.programme)(self.programme.top, self.ceiling / self.scale)
        return True

    def entries(self) -> Entries:
        """Return the columns as a programme has them, norm rows after hosts after guests."""
        part, patterns = self.part, self.columns.patterns
        most = len(patterns.host) + len(patterns.pairs) * (1 + len(part.cap))
        row, value = np.empty(most, np.int64), np.empty(most)
        first = np.empty(len(patterns.host) + 1, np.int64)
        _write(part.n_hosts, part.n_guests, part.guest, part.row, part.parent, patterns, first, row, value)
        return Entries(self.columns.cost[: len(patterns.host)] / self.scale, first, row, value)

    def raise_ceilings(self) -> bool:
        """Lift the ceilings that the last solution leans on; tell whether there were any."""
        low = np.flatnonzero((self.left > _TRACE) & (self.ceiling < self.part.price))
        for g in low.tolist():
            self.ceiling[g] = min(int(self.part.price[g]), int(self.ceiling[g]) * _AMPLE)
        self.programme.price = self.ceiling / self.scale
        return len(low) > 0

    def prices(self) -> tuple[Ints, Ints]:
        """Return the duals as allowed integer prices: pi per guest, lambda per norm row."""
        n_guests, n_hosts = self.part.n_guests, self.part.n_hosts
        guests, rows = self.dual[:n_guests], self.dual[n_guests + n_hosts :]
        return (
            np.minimum(np.rint(guests * self.scale).astype(np.int64), self.part.price),
            np.maximum(np.rint(-rows * self.scale).astype(np.int64), 0),
        )


@compiled
def _write(
    n_hosts: int,
    n_guests: int,
    guest: Small,
    norm: Small,
    parent: Small,
    patterns: Patterns,
    first: Ints,
    row: Ints,
    value: Reals,
) -> None:
    """Write the entries of every pattern: its guests, its host, the norm rows its guests stand in."""
    at = 0
    for k in range(len(patterns.host)):
        first[k] = at
        row[at], value[at] = n_guests + patterns.host[k], 1.0
        at += 1
        for i in range(patterns.first[k], patterns.first[k + 1]):
            row[at], value[at] = guest[patterns.pairs[i]], patterns.places[i]
            at += 1
        own = at
        for i in range(patterns.first[k], patterns.first[k + 1]):
            line = norm[guest[patterns.pairs[i]]]
            while line >= 0:
                seen = own
                while seen < at and row[seen] != n_guests + n_hosts + line:
                    seen += 1
                if seen == at:
                    row[at], value[at] = n_guests + n_hosts + line, 0.0
                    at += 1
                value[seen] += patterns.places[i]
                line = parent[line]
    first[len(patterns.host)] = at
