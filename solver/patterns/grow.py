r"""Prices over all pairs of a component that is not held, and plans from what comes to light.

Sweeps over all pairs and column generation over the core take turns (``solver.patterns.lazy``), the latter
with more care each time: a core that lacks pairs is not worth exact prices. At first steps along a
subgradient (``solver.patterns.ascent``) do, and in parts of national size throughout. Plans are made from a
narrow part of the core, the pairs that cost each guest least at the prices of room that follow, those that
the master uses, and those of the plan.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from solver.patterns.ascent import ascend
from solver.patterns.bound import tighten
from solver.patterns.columns import Columns, Patterns, no_patterns
from solver.patterns.core import carried, chosen, joined, keys_of, of_plan, places_of, some_of
from solver.patterns.lazy import Priced, sweep
from solver.patterns.master import Master
from solver.patterns.moves import cost_of, expanded
from solver.patterns.polish import polish, polish_copies
from solver.patterns.serve import moved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from solver.flow.market import Ints
    from solver.patterns.bound import Dual
    from solver.patterns.lazy import Lazy
    from solver.patterns.part import Part

    Reals = npt.NDArray[np.float64]

#: Sweeps at most, each followed by column generation.
_MOST_SWEEPS = 100
#: Turns before these that take steps instead, and how many each: no programme is solved for a first bound.
_ASCENTS, _STEPS = 4, 60
#: With more hosts and guests than this no programme is solved; steps go on while they gain gap / 2^_ENOUGH.
_LARGE, _ENOUGH = 8_000, 7
#: Column generation ends within gap / 2^_COARSE of its end at first, _STEP finer each time, at most _FINE.
_COARSE, _STEP, _FINE = 3, 3, 10
#: Columns of less weight are not in use.
_TRACE = 1e-6


def rounds(lazy: Lazy, seed: int, stop: Callable[[], bool]) -> Iterator[Lazy]:
    """Find prices over all pairs and a better plan; yield where it stands after each turn."""
    price, row_price = lazy.standing.start.price, lazy.standing.start.row_price
    before = -1
    for turn in range(-_ASCENTS, _MOST_SWEEPS):
        swept = sweep(lazy.whole, price, row_price, stop)
        if swept is None:
            return
        lazy = replace(lazy, work=lazy.work + swept.listed)
        if swept.bound > lazy.priced.bound:
            lazy = replace(lazy, priced=Priced(price, row_price, swept.bound, swept.reduced))
        core = joined(lazy.core, swept.best)
        gap = max(0, lazy.standing.cost - lazy.priced.bound)
        yield lazy
        large = core.n_hosts + core.n_guests > _LARGE
        if large and turn >= 0 and lazy.priced.bound - before <= gap >> _ENOUGH:
            return
        before = lazy.priced.bound
        if (turn < 0 or large) and not stop():
            dual = ascend(core, (lazy.priced.price, lazy.priced.row_price), _STEPS, stop)
            price, row_price = dual.price, dual.row_price
            lazy = _enlarged(lazy, core, lazy.work + _STEPS * core.n_pairs)
            if large:
                lazy = _planned(lazy, dual, Columns(core), np.zeros(0), seed, stop)
                yield lazy
            continue
        bits = min(_FINE, _COARSE + _STEP * turn)
        fine = bits == _FINE and turn > 0
        near = lazy.standing.bound - lazy.priced.bound <= gap >> _FINE
        if stop() or (fine and (near or core.n_pairs == lazy.core.n_pairs)):
            return
        columns = Columns(core)
        columns.add(_enlarged(lazy, core, 0).patterns)
        taken = np.zeros(core.n_pairs, np.int64)
        taken[places_of(core, swept.best)] = swept.places
        columns.add_taken(taken)
        if (core.copies == 1).all():
            columns.add_taken(carried(lazy.part, core, lazy.standing.x))
        master, work = Master(core, columns), [0]

        def close(_bound: int, most: int = gap >> bits) -> int:
            return most

        def on_round(work: list[int] = work, columns: Columns = columns, width: int = core.n_pairs) -> None:
            work[0] += width + len(columns)

        dual = tighten(
            core, columns, master, (lazy.priced.price, lazy.priced.row_price),
            close=close, stop=stop, on_round=on_round,
        )  # fmt: skip
        price, row_price = dual.price, dual.row_price
        lazy = replace(lazy, core=core, patterns=columns.patterns, work=lazy.work + work[0])
        lazy = _planned(lazy, dual, columns, master.shares[: len(columns)], seed, stop)


def _enlarged(lazy: Lazy, core: Part, work: int) -> Lazy:
    """Take over a core with more pairs."""
    pair = np.searchsorted(keys_of(core), keys_of(lazy.core))
    patterns = lazy.patterns._replace(pairs=pair[lazy.patterns.pairs])
    return replace(lazy, core=core, patterns=patterns, work=work)


def _planned(
    lazy: Lazy, dual: Dual, columns: Columns, weight: Reals, seed: int, stop: Callable[[], bool]
) -> Lazy:
    """Make a plan from the patterns by their weights, and the pairs that prices favour."""
    core, whole, old = lazy.core, lazy.whole, lazy.part
    rate = (core.opening - np.minimum(dual.reduced, 0)) / np.maximum(core.capacity, 1)
    part, _, _ = chosen(whole.bare, [(0, core)], rate, whole.limits.of_plan, 0)
    used = np.zeros(core.n_pairs, bool)
    patterns = columns.patterns
    length = np.diff(patterns.first)
    used[patterns.pairs[np.repeat(weight > _TRACE, length)]] = True
    used[places_of(core, of_plan(lazy.part, lazy.standing.x))] = True
    part = joined(part, some_of(core, np.flatnonzero(used)))
    pair_at = np.full(core.n_pairs, -1, np.int64)
    pair_at[places_of(core, some_of(part, np.arange(part.n_pairs)))] = np.arange(part.n_pairs)
    strange = np.concatenate([[0], np.cumsum(pair_at[patterns.pairs] < 0)])
    inside = np.diff(strange[patterns.first]) == 0
    mine = Columns(part)
    mine.add(_selected(patterns, inside, pair_at))
    single, _ = expanded(part)
    x, cost = carried(old, part, lazy.standing.x), lazy.standing.cost
    if len(columns) == 0:
        better = moved(single, x, stop)
    elif single is part:
        better = polish(part, mine, weight[inside], x, seed, part.n_hosts, stop)
    else:
        better = polish_copies(part, mine, weight[inside], seed, stop)
    if cost_of(single, better) < cost:
        x, cost = better, cost_of(single, better)
    start = replace(
        lazy.standing.start,
        price=dual.price,
        row_price=dual.row_price,
        patterns=mine.patterns if single is part else no_patterns(),
    )
    standing = replace(
        lazy.standing,
        x=x,
        cost=cost,
        price=dual.price,
        row_price=dual.row_price,
        bound=dual.bound,
        start=start,
    )
    return replace(lazy, part=part, standing=standing)


def _selected(patterns: Patterns, mask: np.ndarray, pair_at: Ints) -> Patterns:
    """Return some patterns, with other numbers for their pairs."""
    length = np.diff(patterns.first)
    inside = np.repeat(mask, length)
    first = np.concatenate([[0], np.cumsum(length[mask])]).astype(np.int64)
    return Patterns(patterns.host[mask], first, pair_at[patterns.pairs[inside]], patterns.places[inside])
