"""Where every component of an estate stands: its parts under work, its plan, and what is proven of it."""

from __future__ import annotations

import traceback
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from solver.patterns.collect import used_patterns
from solver.patterns.crew import Failed
from solver.patterns.estate import Failure, Housing, Tree
from solver.patterns.grow import rounds
from solver.patterns.lazy import begin_lazily
from solver.patterns.moves import expanded
from solver.patterns.part import part_of
from solver.patterns.resume import resume
from solver.patterns.settle import settle
from solver.patterns.tasks import begin, unit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from solver.flow.market import Ints
    from solver.patterns.estate import Estate
    from solver.patterns.lazy import Lazy, Limits
    from solver.patterns.part import Component, Part
    from solver.patterns.resume import Known
    from solver.patterns.settle import Settled
    from solver.patterns.tasks import Standing


class Cell:
    """A component: one part that is all of it or some of its pairs, or the pieces that prices left of it.

    Attributes
    ----------
    parts, standings : what is worked on; lost : numbers of those that are not any more; lazy : of a component
    that is not held; still : whether it keeps its plan; settled : once it is down to its pieces. Money is in
    VND times the denominator.
    """

    def __init__(
        self,
        estate: Estate,
        component: Component,
        denominator: int,
        limits: Limits,
        stop: Callable[[], bool],
        known: Known | None = None,
    ) -> None:
        self.component = component
        self.lazy: Lazy | None = None
        self.settled: Settled | None = None
        self.lost: set[int] = set()
        self._tried = 0
        self.still = False
        self._unit = 1
        if component.n_pairs <= limits.held:
            part = part_of(estate, component, denominator)
            begun = begin(part, stop) if known is None else resume(part, component, known, denominator, stop)
            self.parts, self.standings = [part], [begun]
            self.still = known is not None and known.is_still(component)
            if estate.parted[component.guests].any() and not self.still:
                self._unit = unit_of(part)  # its proof is a tree, whatever it consists of
            return
        self.see(begin_lazily(estate, component, denominator, limits))

    @property
    def cost(self) -> int:
        """Cost of the plan."""
        return sum(one.cost for one in self.standings) + (self.settled.rest.fixed if self.settled else 0)

    @property
    def bound(self) -> int:
        """What is proven."""
        if self.settled:
            return self.settled.bound(self.standings)
        bound = self.lazy.priced.bound if self.lazy else self.standings[0].bound
        return -(-bound // self._unit) * self._unit

    @property
    def work(self) -> int:
        """Work done."""
        return sum(one.work for one in self.standings) + (self.lazy.work if self.lazy else 0)

    @property
    def prices(self) -> tuple[Ints, Ints]:
        """Return the best prices of guests and norm rows."""
        one = self.lazy.priced if self.lazy else self.standings[0]
        return one.price, one.row_price

    def at(self, k: int) -> tuple[Part, Standing]:
        """Return a part and where it stands."""
        return self.parts[k], self.standings[k]

    def rounds(self, seed: int, stop: Callable[[], bool]) -> Iterator[Lazy]:
        """Find prices over all pairs of a component that is not held (``solver.patterns.lazy``)."""
        if self.lazy is None:
            return iter(())
        return rounds(replace(self.lazy, standing=self.standings[0]), seed, stop)

    def see(self, lazy: Lazy) -> None:
        """Take over where a component that is not held stands."""
        self.lazy, self.parts, self.standings = lazy, [lazy.part], [lazy.standing]

    def settle(self, stop: Callable[[], bool]) -> None:
        """Go on with the pieces that prices leave, where these are held; try again for a better plan only."""
        if self.lazy is None or self.settled or self.cost == self._tried or self.bound >= self.cost:
            return
        if self.lost:
            return
        self._tried = self.cost
        self.lazy = replace(self.lazy, standing=self.standings[0])
        found = settle(self.lazy, stop)
        if found is not None:
            before = self.work
            self.settled, self.parts, self.standings = found
            self.lazy = replace(self.lazy, work=before)

    def plan(self) -> tuple[Component, Part, Ints]:
        """Return places per pair of a part, and the component with the names of its hosts."""
        if not self.settled:
            return self.component, self.parts[0], self.standings[0].x
        hosts = self.component.hosts[self.settled.class_of]
        return replace(self.component, hosts=hosts), self.settled.part, self.settled.plan(self.standings)

    def trees(self, parted: np.ndarray) -> list[Tree]:
        """Return the proof of what the prices of needs do not prove, if there is any.

        Parameters
        ----------
        parted : guests whose price is not the need's (``Estate.parted``).
        """
        if self.still:
            return []  # it has one price a need, and its tree where it had one
        one, node = self.component, self.standings[0].node if self.standings else None
        class_of = self.settled.class_of if self.settled else expanded(self.parts[0])[1]
        if self.settled:
            node = self.settled.node(self.standings) if self.settled.priced.bound < self.bound else None
        elif self.lazy:
            node = None
        if node is None and parted[one.guests].any():
            price, row_price = self.prices
            node = {"k": self.bound, "p": price.tolist()}
            node |= {"r": row_price.tolist()} if len(row_price) else {}
        return [] if node is None else [Tree(one.hosts[class_of], one.guests, one.rows, self.bound, node)]


class Board:
    """All components of an estate; sums are Python integers, in VND."""

    def __init__(
        self,
        estate: Estate,
        found: list[Component],
        denominator: int,
        limits: Limits,
        stop: Callable[[], bool],
        known: Known | None = None,
    ) -> None:
        self.estate, self.denominator = estate, denominator
        self.cells = [Cell(estate, one, denominator, limits, stop, known) for one in found]
        alone = np.ones(estate.n_guests, bool)
        for one in found:
            alone[one.guests] = False
        lonely = zip(estate.price[alone].tolist(), estate.demand[alone].tolist(), strict=True)
        self.failures: list[Failure] = []
        self.unserved = sum(price * demand for price, demand in lonely)
        prices = zip(estate.price.tolist(), estate.demand.tolist(), strict=True)
        self.empty = sum(price * demand for price, demand in prices)

    @property
    def objective(self) -> int:
        """Cost of the plan."""
        return int(self.unserved + sum(one.cost for one in self.cells) // self.denominator)

    @property
    def bound(self) -> int:
        """What is proven, rounded up."""
        sums = [one.bound for one in self.cells]
        return int(self.unserved - (-sum(sums) // self.denominator))

    @property
    def gap(self) -> int:
        """What is not proven of the components that are worked on, rounded up [VND]."""
        return -(-sum(one.cost - one.bound for one in self.cells if not one.still) // self.denominator)

    @property
    def work(self) -> int:
        """Work done."""
        return sum(one.work for one in self.cells)

    @property
    def seats(self) -> list[tuple[Cell, int]]:
        """Parts under work: the component and the number of the part in it."""
        return [(cell, k) for cell in self.cells if not cell.still for k in range(len(cell.parts))]

    def open_seats(self) -> list[tuple[Cell, int]]:
        """Parts with something left to prove, the widest gap first."""
        left = [
            (cell, k)
            for cell, k in self.seats
            if cell.standings[k].open and cell.bound < cell.cost and k not in cell.lost
        ]
        return sorted(
            left, key=lambda seat: seat[0].standings[seat[1]].bound - seat[0].standings[seat[1]].cost
        )

    def wanting(self, most: int) -> list[tuple[Cell, int]]:
        """Return the open parts of the widest gaps, so that the others' come to ``most`` at most [VND]."""
        seats = self.open_seats()
        left = sum(cell.standings[k].cost - cell.standings[k].bound for cell, k in seats)
        for count, (cell, k) in enumerate(seats):
            if left <= most * self.denominator:
                return seats[:count]
            left -= cell.standings[k].cost - cell.standings[k].bound
        return seats

    def seat(self, cell: Cell, k: int, task: str, result: Standing | Failed) -> None:
        """Take over what a task came to; a part whose task failed stays where it stands and is left alone."""
        if isinstance(result, Failed):
            self._lose(cell, k, task, result.reason)
        else:
            cell.standings[k] = result

    def rounds(self, cell: Cell, seed: int, stop: Callable[[], bool]) -> Iterator[None]:
        """Find prices over all pairs of a component that is not held, round after round."""
        try:
            for lazy in cell.rounds(seed, stop):
                cell.see(lazy)
                yield
        except Exception:  # what it has so far is kept
            self._lose(cell, 0, "rounds", traceback.format_exc())

    def settle(self, cell: Cell, stop: Callable[[], bool]) -> None:
        """Go on with the pieces of a component that is not held, where it falls into such."""
        try:
            cell.settle(stop)
        except Exception:  # what it has so far is kept
            self._lose(cell, 0, "settle", traceback.format_exc())

    def _lose(self, cell: Cell, k: int, task: str, reason: str) -> None:
        """Go on without a part: an error of ours must not cost the whole plan, nor pass in silence."""
        part = cell.parts[k]
        cell.lost.add(k)
        self.failures.append(Failure(task, part.n_hosts, part.n_guests, part.n_pairs, reason))
        warnings.warn(str(self.failures[-1]), RuntimeWarning, stacklevel=3)

    def housing(self) -> Housing:
        """Return the plan with its proof."""
        scale, parted = self.denominator, self.estate.parted
        price = self.estate.price * scale  # who is in no component bids what being left out costs
        row_price = np.zeros(len(self.estate.rows.cap), np.int64)
        for cell in self.cells:
            price[cell.component.guests], row_price[cell.component.rows] = cell.prices
        plans = [cell.plan() for cell in self.cells]
        return Housing(
            used_patterns([p[0] for p in plans], [p[1] for p in plans], [p[2] for p in plans]),
            self.objective,
            self.bound,
            price,
            row_price,
            scale,
            tuple(tree for cell in self.cells for tree in cell.trees(parted)),
            self.work,
            tuple(self.failures),
            self.unserved * scale + sum(cell.bound for cell in self.cells),
            still=np.concatenate(
                [np.zeros(0, np.int64), *(one.component.guests for one in self.cells if one.still)]
            ),
        )
