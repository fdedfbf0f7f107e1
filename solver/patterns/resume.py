"""Going on from a plan and prices of a like estate: what is known of each component to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.patterns.bound import first_prices, priced
from solver.patterns.close import Start
from solver.patterns.columns import no_patterns
from solver.patterns.core import Some, keys_of
from solver.patterns.moves import cost_of, expanded
from solver.patterns.polish import improved
from solver.patterns.tasks import Standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.flow.market import Ints
    from solver.patterns.estate import Use
    from solver.patterns.part import Component, Part


@dataclass(frozen=True)
class Known:
    """A plan and prices to go on from.

    Attributes
    ----------
    use : patterns that fit, each in a host of one copy; guest_price, row_price : of guests and norm rows,
    x denominator [VND]; denominator; still : hosts and guests that stay as they are: components of such
    alone are not solved again, their plan is the known one.
    """

    use: Use
    guest_price: Ints
    row_price: Ints
    denominator: int
    still: tuple[np.ndarray, np.ndarray] | None = None

    def is_still(self, component: Component) -> bool:
        """Tell whether a component stays as it is."""
        if self.still is None:
            return False
        hosts, guests = self.still
        return bool(hosts[component.hosts].all() and guests[component.guests].all())

    def scaled(self, price: Ints, denominator: int) -> Ints:
        """Write prices over another denominator, rounded down."""
        exact = price.astype(object) * denominator // self.denominator
        scaled: Ints = exact.astype(np.int64)
        return scaled

    def within(self, component: Component) -> Some:
        """List the pairs of the plan in a component, by the places of host and guest in it; load : places."""
        width = np.diff(self.use.first)
        host, guest = np.repeat(self.use.host, width), self.use.guest.astype(np.int64)
        mine = np.isin(host, component.hosts)
        at = np.searchsorted(component.hosts, host[mine]), np.searchsorted(component.guests, guest[mine])
        return Some(*at, np.zeros(len(at[0]), np.int64), self.use.places[mine])


def resume(
    part: Part, component: Component, known: Known, denominator: int, stop: Callable[[], bool]
) -> Standing:
    """Begin with the known plan, made better by moves, and with the known prices, as far as they are good."""
    single, class_of = expanded(part)
    pairs = known.within(component)
    first = np.searchsorted(class_of, pairs.host)
    keys = keys_of(single)
    at = np.searchsorted(keys, first * part.n_guests + pairs.guest)
    x = np.zeros(single.n_pairs, np.int64)
    listed = np.append(keys, -1)[at] == first * part.n_guests + pairs.guest
    x[at[listed]] = pairs.load[listed]  # a pair that costs what leaving it unmet does is not listed
    if not known.is_still(component):
        x = improved(single, x, stop)
    price = np.minimum(known.scaled(known.guest_price[component.guests], denominator), part.price)
    row_price = known.scaled(known.row_price[component.rows], denominator)
    dual = priced(part, (price, row_price))
    if not known.is_still(component):
        dual = max(dual, priced(part, first_prices(part)), key=lambda one: one.bound)
    start = Start(
        dual.price, dual.row_price, no_patterns(), np.arange(single.n_hosts), np.arange(part.n_guests)
    )
    return Standing(x, cost_of(single, x), dual.price, dual.row_price, dual.bound, start, 2 * part.n_pairs)
