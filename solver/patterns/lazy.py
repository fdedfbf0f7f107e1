r"""Components whose pairs are not held: a core of them is, all others are listed and priced in passing.

The best patterns use few of a component's pairs. The *core* is, of every guest, the pairs that cost least
with the opening spread over the room they take, c_hg + f_h w_hg / k_h, and of every host a few that save
most by load. Prices come from column generation over the core. For any prices the bound

    L = sum_g d_g pi_g - sum_r cap_r lambda_r + sum_h m_h min(0, r_h)

needs the best pattern of each host over *all* its pairs (``solver.patterns.pricing``). A pair with c_hg >=
b_g is in none, so that a list under the bids, some hosts at a time, is complete: a *sweep*. What the best
patterns of hosts with r_h < 0 take and the core lacks is added to it, and column generation goes on: it is
column generation over all pairs, most of which are never looked at twice. When nothing is missing, the L of
the core is that of the component.

Hosts, guests and rows of a core are those of its component: prices, bids and names are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.patterns.close import Start
from solver.patterns.columns import no_patterns
from solver.patterns.core import Some, carried, chosen, joined, of_plan
from solver.patterns.moves import cost_of, expanded
from solver.patterns.part import AT_ONCE, part_of, slices
from solver.patterns.pricing import bids, dual_value, every_host, widest
from solver.patterns.serve import serve
from solver.patterns.tasks import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from solver.flow.market import Ints
    from solver.patterns.columns import Patterns
    from solver.patterns.estate import Estate
    from solver.patterns.part import Component, Part

#: More than any money.
_LARGE = float(1 << 62)


class Limits(NamedTuple):
    """How many pairs are held.

    Attributes
    ----------
    held : components with more are not cut out whole; at_once : listed in one go (one host aside); of_guest,
    of_host : pairs of each in the first core; of_plan : pairs of each guest that plans are made from (moves
    take long where everybody knows everybody); left : pairs that prices may leave, to be held from then on.
    """

    held: int = 4_000_000
    at_once: int = AT_ONCE
    of_guest: int = 32
    of_host: int = 4
    of_plan: int = 6
    left: int = 2_000_000


LIMITS = Limits()


@dataclass(frozen=True)
class Whole:
    """A component that is listed and not held; ``bare`` is its part without pairs."""

    estate: Estate
    component: Component
    denominator: int
    limits: Limits
    bare: Part

    def parts(self, ceiling: Ints) -> Iterator[tuple[int, Part]]:
        """Yield the pairs below ceilings, per guest in the money of the part, as parts of some hosts.

        The number is that of the first of these hosts.
        """
        estate, mine, bare = self.estate, self.component, self.bare
        bars = np.zeros(estate.n_guests, np.int64)
        bars[mine.guests] = np.minimum(estate.price[mine.guests], -(-ceiling // self.denominator))
        local = np.full(estate.n_guests, -1, np.int32)
        local[mine.guests] = np.arange(len(mine.guests), dtype=np.int32)
        begin = 0
        for hosts, pairs in slices(estate, bars, mine.hosts, self.limits.at_once):
            end = begin + len(hosts)
            yield (
                begin,
                bare._replace(
                    capacity=bare.capacity[begin:end],
                    opening=bare.opening[begin:end],
                    copies=bare.copies[begin:end],
                    first=pairs.first,
                    guest=local[pairs.guest],
                    cost=pairs.cost * self.denominator,
                    load=pairs.load,
                ),
            )
            begin = end


@dataclass(frozen=True)
class Priced:
    """Prices and what they prove over all pairs of a component: L, and r_h of every host."""

    price: Ints
    row_price: Ints
    bound: int
    reduced: Ints


@dataclass(frozen=True)
class Lazy:
    """Where a component that is not held stands.

    Attributes
    ----------
    unit : what divides the cost of every plan; core, patterns : what column generation is over, and what it
    found; part, standing : pairs of the core that plans are made from, the plan, and a bound of this part
    alone; priced : the best over all pairs; work : done, but for that on the part.
    """

    whole: Whole
    unit: int
    core: Part
    patterns: Patterns
    part: Part
    standing: Standing
    priced: Priced
    work: int


def begin_lazily(estate: Estate, component: Component, denominator: int, limits: Limits) -> Lazy:
    """Choose a core and make a first plan, at once."""
    bare = part_of(estate, component, denominator, bare=True)
    whole = Whole(estate, component, denominator, limits, bare)
    rate = bare.opening / np.maximum(bare.capacity, 1)
    core, unit, least = chosen(bare, whole.parts(bare.price), rate, limits.of_guest, limits.of_host)
    core, x = serve(core, whole.parts, rate, limits.of_guest)
    part, _, _ = chosen(bare, [(0, core)], rate, limits.of_plan, limits.of_host)
    part = joined(part, of_plan(core, x))
    single, _ = expanded(part)
    x = carried(core, part, x)
    price = np.minimum(bare.price, np.floor(np.minimum(least, _LARGE)).astype(np.int64))
    row_price = np.zeros(len(bare.cap), np.int64)
    hosts, guests = np.arange(single.n_hosts), np.arange(part.n_guests)
    start = Start(price, row_price, no_patterns(), hosts, guests)
    # At prices of 0 nobody bids: no host is worth its opening, and the bound is 0.
    none = Priced(np.zeros_like(price), np.zeros_like(row_price), 0, bare.opening)
    standing = Standing(x, cost_of(single, x), none.price, none.row_price, 0, start, 0)
    return Lazy(whole, unit, core, no_patterns(), part, standing, none, component.n_pairs)


class Swept(NamedTuple):
    """What a sweep finds: L, r_h, the pairs of best patterns with their places, how many pairs it listed."""

    bound: int
    reduced: Ints
    best: Some
    places: Ints
    listed: int


def sweep(whole: Whole, price: Ints, row_price: Ints, stop: Callable[[], bool]) -> Swept | None:
    """Price all pairs; None where that was stopped."""
    bare = whole.bare
    bid = bids(bare, price, row_price)
    reduced = bare.opening.copy()
    best: list[Some] = []
    places: list[Ints] = []
    listed = 0
    for begin, part in whole.parts(bid):
        if stop():
            return None
        mine, taken = every_host(part, bid, *widest(part))
        reduced[begin : begin + part.n_hosts] = mine
        host = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
        used = np.flatnonzero((taken > 0) & (mine[host] < 0))
        best.append(
            Some(host[used] + begin, part.guest[used].astype(np.int64), part.cost[used], part.load[used])
        )
        places.append(taken[used])
        listed += part.n_pairs
    total = Some(*(np.concatenate(column) for column in zip(*best, strict=True)))
    return Swept(dual_value(bare, price, row_price, reduced), reduced, total, np.concatenate(places), listed)
