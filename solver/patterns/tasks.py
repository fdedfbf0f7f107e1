r"""What is done for one component at a time: a first plan, the bound, and closing the gap between them.

The gap is closed in growing thresholds: first only plans that cost a little more than the bound are looked
for, since a cutoff near the bound rules out nearly everything; where there is none, the bound rises to the
threshold, and the next one lies twice as far. The last threshold passes the optimum by little, whereas a
search below a plan that is not yet good would go through all that lies between.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.patterns.ascent import ascend
from solver.patterns.bound import first_prices, priced, tighten
from solver.patterns.budget import Budget
from solver.patterns.close import Start, close
from solver.patterns.columns import Columns, no_patterns
from solver.patterns.master import Master
from solver.patterns.moves import cost_of, expanded
from solver.patterns.part import Part
from solver.patterns.polish import construct, insert, polish, polish_copies
from solver.patterns.relink import relinked, room_is_short

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.flow.market import Ints
    from solver.patterns.close import Node

#: The first threshold lies above the bound by this part of the gap.
_THRESHOLDS = 16
#: In parts with more pairs than this steps along a subgradient come first, and how many: a master of this
#: size takes long to solve, and the first ones say little.
_LARGE, _STEPS = 1 << 17, 30
#: Steps where prices are known that hosts or guests that came and went left behind.
_RESUMED = 100


@dataclass(frozen=True)
class Standing:
    """Where the plan of a component stands; money as in its part.

    Attributes
    ----------
    x : places per pair of the part with single hosts; cost : of the plan; price, row_price : the best
    known; bound : proven by them, or by ``node`` (``solver.patterns.close``) where there is one; start :
    prices and patterns to go on from; work : done so far; step : how far above the bound to look next, 0 not
    yet chosen; unit : what divides the cost of every plan, 0 to be found from the part.
    """

    x: Ints
    cost: int
    price: Ints
    row_price: Ints
    bound: int
    start: Start
    work: int
    node: Node | None = None
    step: int = 0
    unit: int = 0

    @property
    def open(self) -> bool:
        """Whether something is left to prove."""
        return self.bound < self.cost


def perform(name: str, arguments: tuple[Any, ...], stop: Callable[[], bool]) -> Standing:
    """Do a task by its name."""
    tasks: dict[str, Callable[..., Standing]] = {"root": root, "search": search}
    return tasks[name](*arguments, stop)


def warm_up() -> None:
    """Do the smallest task there is: what is compiled is loaded before anybody waits for it."""
    one, nothing = np.ones(1, np.int64), np.zeros(0, np.int64)
    pair, none = np.zeros(1, np.int32), np.zeros(0, np.int32)
    part = Part(one, one, one, np.array([0, 1]), pair, one, one, one, 4 * one, pair - 1, nothing, none)
    root(part, begin(part, _never), 0, 0, _never)


def _never() -> bool:
    return False


def unit_of(part: Part) -> int:
    """Return what divides the cost of every plan of a part, 1 or more."""
    unit = 0
    for money in (part.cost, part.opening, part.price):
        unit = int(np.gcd(unit, np.gcd.reduce(money, initial=0)))
    return max(unit, 1)


def begin(part: Part, stop: Callable[[], bool]) -> Standing:
    """Make a first plan, by moves alone or (many copies) without any, and a first bound from costs alone."""
    single, _ = expanded(part)
    x = construct(single, stop) if single is part else insert(single)
    dual = priced(part, first_prices(part))
    return Standing(
        x, cost_of(single, x), dual.price, dual.row_price, dual.bound,
        Start(dual.price, dual.row_price, no_patterns(), np.arange(single.n_hosts), np.arange(part.n_guests)),
        part.n_pairs,
    )  # fmt: skip


def root(part: Part, standing: Standing, seed: int, ease: int, stop: Callable[[], bool]) -> Standing:
    """Find the best prices, and a better plan from the patterns that they bring.

    Parameters
    ----------
    ease : prices need not be better than to this amount of money; 0 where they begin at nothing.
    """
    columns = Columns(part)
    rounds = [0]

    def on_round() -> None:
        rounds[0] += 1

    cost, begin_at, steps = standing.cost, (standing.start.price, standing.start.row_price), 0
    if part.n_pairs > _LARGE or ease:
        steps = _RESUMED if ease else _STEPS
        first = ascend(part, (standing.price, standing.row_price), steps, stop)
        begin_at = first.price, first.row_price
    master = Master(part, columns, begin_at[0] if ease else None)
    dual = tighten(
        part, columns, master, begin_at,
        close=lambda bound: max(ease, (cost - bound) >> 10, 0), stop=stop, on_round=on_round,
    )  # fmt: skip
    single, _ = expanded(part)
    x = standing.x
    patterns = no_patterns()
    if single is part:
        x = polish(part, columns, master.shares, x, seed, part.n_hosts, stop)
        patterns = columns.patterns
    else:
        other = polish_copies(part, columns, master.shares, seed, stop)
        x = other if cost_of(single, other) < standing.cost else x
    found = replace(
        standing, x=x, cost=cost_of(single, x),
        start=replace(standing.start, price=dual.price, row_price=dual.row_price, patterns=patterns),
        work=standing.work + rounds[0] * (part.n_pairs + len(columns)) + steps * part.n_pairs,
    )  # fmt: skip
    if dual.bound <= standing.bound:
        return found
    return replace(found, price=dual.price, row_price=dual.row_price, bound=dual.bound)


def search(part: Part, standing: Standing, seed: int, work: int, stop: Callable[[], bool]) -> Standing:
    """Close the gap, as far as ``work`` goes: in growing thresholds (see the module).

    Where room is short a better plan is looked for first, with as much work again.
    """
    single, _ = expanded(part)
    unit = standing.unit or unit_of(part)
    budget = Budget(work, stop, unit)
    x, spent = standing.x, 0
    if room_is_short(single, x):
        x, spent = relinked(single, x, standing.start.price, work, seed, stop)
    now = replace(standing, x=x, cost=cost_of(single, x), unit=unit)
    now = replace(now, step=now.step or max(unit, (now.cost - now.bound) // _THRESHOLDS))
    while now.open and not budget.over:
        threshold = min(now.cost, budget.next_cost(now.bound + now.step))
        done = close(single, now.x, threshold - unit + 1, now.start, budget, seed)
        bound = budget.next_cost(done.bound)
        whole = bound >= min(threshold, done.cost)
        now = replace(now, x=done.x, cost=done.cost, step=now.step * 2 if whole else max(unit, now.step // 2))
        if bound > now.bound:
            now = replace(now, bound=bound, node=done.node)
    return replace(now, work=standing.work + spent + work - max(budget.left, 0))
