r"""The search for a plan of premises: a first plan at once, then bounds, then the gap is closed.

The estate falls into components (``solver.patterns.part``); each passes three stages (``solver.patterns.
tasks``), and after every task objective and bound of the whole are known:

    begin     moves alone give every component a plan, in well under a second
    root      column generation gives prices and their bound, patterns give a better plan
    search    sweeps over the components whose gap is open, each sweep with four times the work of the last

Tasks depend on their component, the seed and the sweep alone; who does them and in which order does not
matter. Limits of gap and work are looked at between stages and sweeps, so that under them equal input gives
equal plans with any number of processes. A stop from outside ends the tasks under way where they are. Where
a task fails, its part keeps its plan and bound and the others go on; ``Housing.failures`` and a warning say
so.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from solver.patterns.board import Board
from solver.patterns.crew import Crew
from solver.patterns.estate import MONEY_RANGE, at_stake
from solver.patterns.lazy import LIMITS
from solver.patterns.part import components

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.patterns.board import Cell
    from solver.patterns.estate import Estate, Housing
    from solver.patterns.lazy import Limits
    from solver.patterns.resume import Known

#: Estates with fewer pairs than this are planned by the calling process: starting others takes longer.
_WORTH_A_CREW = 20_000
#: Work of the first sweep for one component [pairs priced and columns].
_FIRST_SWEEP = 1 << 16
_DEEPER = 4
_SWEEPS = 12
#: The denominator makes a typical cost at least this large, so that rounding prices costs little.
_FINENESS = 1 << 24
_LARGEST_DENOMINATOR = 1 << 20


@dataclass(frozen=True)
class News:
    """Where the search stands: number of tasks done, objective and proven bound [VND], work so far."""

    number: int
    objective: int
    bound: int
    work: int


def denominator_of(estate: Estate, finest: int = _LARGEST_DENOMINATOR) -> int:
    """Choose the denominator of prices: a power of two, ``finest`` at most, with sums within 64 bits."""
    typical = int(np.median(estate.price)) if estate.n_guests else 1
    largest = at_stake(estate) + 1
    assert largest <= MONEY_RANGE  # ``solver.problem`` sees to it
    size = 1
    while size < finest and typical * size < _FINENESS and 2 * size * largest < MONEY_RANGE:
        size *= 2
    return size


def house(
    estate: Estate,
    *,
    stop: Callable[[], bool] = lambda: False,
    on_news: Callable[[News], None] | None = None,
    processes: int = 1,
    work_limit: int = 0,
    seed: int = 0,
    value_gap: Fraction = Fraction(0),
    gap_vnd: int = 0,
    limits: Limits | None = None,
    finest: int = _LARGEST_DENOMINATOR,
    known: Known | None = None,
) -> Housing:
    """Plan the premises of an estate.

    Parameters
    ----------
    stop : asked all the time; True ends the search with the best plan so far. on_news : told after each
    task. processes : 0 for all cores. work_limit : 0 for none. value_gap : (objective - bound) / (empty -
    bound) at which to end; gap_vnd : the same in VND. limits : of pairs held, None for the usual ones.
    finest : largest denominator of the prices. known : a plan and prices of a like estate, to go on from:
    then only the components with the widest gaps pass the stages, as many as the gap to end at takes.

    Warns
    -----
    RuntimeWarning
        When a part of the estate had to be given up.
    """
    allowed = limits or LIMITS
    board = Board(estate, components(estate), denominator_of(estate, finest), allowed, stop, known)
    number = 0

    def tell() -> None:
        if on_news is not None:  # with many components the sums alone take long
            on_news(News(number, board.objective, board.bound, board.work))

    def enough() -> bool:
        gap = board.gap if known is not None else board.objective - board.bound
        return gap <= gap_vnd or gap <= value_gap * (board.empty - board.bound)

    def target() -> int:
        return max(gap_vnd, int(value_gap * (board.empty - board.bound)))

    def chosen(seats: list[tuple[Cell, int]]) -> list[tuple[Cell, int]]:
        if known is None:
            return seats
        wanting = {(id(cell), k) for cell, k in board.wanting(target() // 2)}
        return [seat for seat in seats if (id(seat[0]), seat[1]) in wanting]

    def ended() -> bool:
        return stop() or enough() or 0 < work_limit <= board.work

    tell()
    seats = board.seats
    size = processes or os.cpu_count() or 1
    if sum(cell.parts[k].n_pairs for cell, k in seats) < _WORTH_A_CREW:
        size = 1
    with Crew(min(size, len(seats)), stop) as crew:
        held = chosen([(cell, k) for cell, k in seats if cell.lazy is None])
        ease = 0 if known is None else max(1, target() * board.denominator // (4 * max(len(held), 1)))
        for place, standing in crew.run(("root", (*cell.at(k), seed, ease)) for cell, k in held):
            board.seat(*held[place], "root", standing)
            number += 1
            tell()
        for cell in [one for one in board.cells if one.lazy is not None]:
            for _ in board.rounds(cell, seed, stop):
                number += 1
                tell()
                if ended():
                    break
            if not ended():
                board.settle(cell, stop)
        for sweep in range(_SWEEPS):
            left = chosen(board.open_seats())
            if not left or ended():
                break
            work = _FIRST_SWEEP * _DEEPER**sweep
            for place, standing in crew.run(
                ("search", (*cell.at(k), seed + sweep, work)) for cell, k in left
            ):
                board.seat(*left[place], "search", standing)
                number += 1
                tell()
            for cell in board.cells:
                board.settle(cell, stop)
    return board.housing()
