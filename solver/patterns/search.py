r"""The search for a plan of premises: a first plan at once, then bounds, then the gap is closed.

The estate falls into components (``solver.patterns.part``); each passes three stages (``solver.patterns.
tasks``), and after every task objective and bound of the whole are known:

    begin     moves alone give every component a plan, in well under a second
    root      column generation gives prices and their bound, patterns give a better plan
    search    sweeps over the components whose gap is open, each sweep with four times the work of the last

Tasks depend on their component, the seed and the sweep alone; who does them and in which order does not
matter. Limits of gap and work are looked at between stages and sweeps, so that under them equal input gives
equal plans with any number of processes. A stop from outside ends the tasks under way where they are.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from solver.patterns.collect import used_patterns
from solver.patterns.crew import Crew
from solver.patterns.estate import Housing, Tree
from solver.patterns.moves import expanded
from solver.patterns.part import components, part_of
from solver.patterns.tasks import Standing, begin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from solver.flow.market import Ints
    from solver.patterns.estate import Estate
    from solver.patterns.part import Component, Part

#: Estates with fewer pairs than this are planned by the calling process: starting others takes longer.
_WORTH_A_CREW = 20_000
#: Work of the first sweep for one component [pairs priced and columns].
_FIRST_SWEEP = 1 << 16
_DEEPER = 4
_SWEEPS = 12
#: The denominator makes a typical cost at least this large, so that rounding prices costs little.
_FINENESS = 1 << 24
_LARGEST_DENOMINATOR = 1 << 20
_RANGE = 1 << 60


@dataclass(frozen=True)
class News:
    """Where the search stands: number of tasks done, objective and proven bound [VND], work so far."""

    number: int
    objective: int
    bound: int
    work: int


def denominator_of(estate: Estate) -> int:
    """Choose the denominator of the prices: a power of two that leaves all sums within 64 bits."""
    typical = int(np.median(estate.price)) if estate.n_guests else 1
    largest = sum(p * d for p, d in zip(estate.price.tolist(), estate.demand.tolist(), strict=True))
    largest += sum(estate.opening.tolist())
    size = 1
    while size < _LARGEST_DENOMINATOR and typical * size < _FINENESS and 2 * size * (largest + 1) < _RANGE:
        size *= 2
    return size


class Board:
    """Parts and standings of all components; sums are Python integers, in VND."""

    def __init__(self, estate: Estate, found: list[Component], denominator: int) -> None:
        self.found, self.denominator = found, denominator
        self.parts: list[Part] = [part_of(estate, one, denominator) for one in found]
        self.standing: list[Standing] = []
        alone = np.ones(estate.n_guests, bool)
        for one in found:
            alone[one.guests] = False
        lonely = zip(estate.price[alone].tolist(), estate.demand[alone].tolist(), strict=True)
        self.unserved = sum(price * demand for price, demand in lonely)
        prices = zip(estate.price.tolist(), estate.demand.tolist(), strict=True)
        self.empty = sum(price * demand for price, demand in prices)

    @property
    def objective(self) -> int:
        """Cost of the plan."""
        return int(self.unserved + sum(one.cost for one in self.standing) // self.denominator)

    @property
    def bound(self) -> int:
        """What is proven, rounded up."""
        sums = [one.bound for one in self.standing]
        return int(self.unserved - (-sum(sums) // self.denominator))

    @property
    def work(self) -> int:
        """Work done."""
        return sum(one.work for one in self.standing)


def house(
    estate: Estate,
    *,
    stop: Callable[[], bool] = lambda: False,
    on_news: Callable[[News], None] = lambda _news: None,
    processes: int = 1,
    work_limit: int = 0,
    seed: int = 0,
    value_gap: Fraction = Fraction(0),
    gap_vnd: int = 0,
) -> Housing:
    """Plan the premises of an estate.

    Parameters
    ----------
    stop : asked all the time; True ends the search with the best plan so far. on_news : told after each
    task. processes : 0 for all cores. work_limit : 0 for none. value_gap : (objective - bound) / (empty -
    bound) at which to end; gap_vnd : the same in VND.
    """
    board = Board(estate, components(estate), denominator_of(estate))
    number = 0

    def tell() -> None:
        on_news(News(number, board.objective, board.bound, board.work))

    def enough() -> bool:
        gap = board.objective - board.bound
        return gap <= gap_vnd or gap <= value_gap * (board.empty - board.bound)

    def spent() -> bool:
        return 0 < work_limit <= board.work

    board.standing = [begin(part, stop) for part in board.parts]
    tell()
    size = processes or os.cpu_count() or 1
    if sum(part.n_pairs for part in board.parts) < _WORTH_A_CREW:
        size = 1
    with Crew(min(size, len(board.parts)), stop) as crew:
        tasks = [(part, standing, seed) for part, standing in zip(board.parts, board.standing, strict=True)]
        for place, standing in crew.run(("root", task) for task in tasks):
            board.standing[place] = standing
            number += 1
            tell()
        for sweep in range(_SWEEPS):
            left = sorted(
                (k for k, one in enumerate(board.standing) if one.open),
                key=lambda k: board.standing[k].bound - board.standing[k].cost,
            )
            if not left or stop() or enough() or spent():
                break
            work = _FIRST_SWEEP * _DEEPER**sweep
            tasks_left = [(board.parts[k], board.standing[k], seed + sweep, work) for k in left]
            for place, standing in crew.run(("search", task) for task in tasks_left):
                board.standing[left[place]] = standing
                number += 1
                tell()
    return _housing(estate, board)


def _housing(estate: Estate, board: Board) -> Housing:
    scale = board.denominator
    price = estate.price * scale  # who is in no component bids what being left out costs
    row_price = np.zeros(len(estate.rows.cap), np.int64)
    for one, standing in zip(board.found, board.standing, strict=True):
        price[one.guests] = standing.price
        row_price[one.rows] = standing.row_price
    xs: list[Ints] = [one.x for one in board.standing]
    return Housing(
        used_patterns(board.found, board.parts, xs),
        board.objective,
        board.bound,
        board.bound,
        price,
        row_price,
        scale,
        tuple(_trees(board)),
        board.work,
    )


def _trees(board: Board) -> Iterator[Tree]:
    """Yield the proofs of the components that prices alone do not prove."""
    for one, part, standing in zip(board.found, board.parts, board.standing, strict=True):
        if standing.node is not None:
            _, class_of = expanded(part)
            yield Tree(one.hosts[class_of], one.guests, one.rows, standing.bound, standing.node)
