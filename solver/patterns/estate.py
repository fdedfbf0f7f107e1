r"""The data of premises as arrays: who can host, who asks for places, and what a pair costs.

Sets and data (classes of equal rows, see ``solver.problem.premises``)
    h in H    host: premises, capacity k_h, opening price f_h [VND], m_h equal copies
    g in G    guest: need, demand d_g [places], price p_g of one place left unmet [VND]
    r in R    norm row, cap [places], parent row or none: rows nest in one tree, each guest stands in one
    c_hg      cost of one place [VND], w_hg its load; eligible pairs only (``docs/cost.md``)

Capacities and loads are integers in one unit of area (a fraction of a square metre that makes every area of
the problem whole).

Pairs are never all held: they are listed for some hosts at a time, and only those that cost less than a
ceiling. A pair that costs at least the price its guest bids is in no best pattern, so that a list under the
ceilings is complete for all bids up to them.

Range: compiled loops reckon with money in 64 bits, over the denominator D of the prices. With

    S = sum_g d_g p_g + sum_h m_h f_h    (``at_stake``)    and    D (S + 1) <= 2^60    (``MONEY_RANGE``)

all of it stays inside. Only pairs with c_hg < p_g take part, so that what a set of places costs, saves or
bids is at most D S, and so is what a move changes (bids are at most p_g; -2^61 is the least they are let fall
to, ``solver.patterns.pricing.bids``). The largest sums are the master's ceilings, 4 (c + f) + 1 <= 2^62 with
c + f <= D S, and what a pair adds to the bound, f - (b - c) - rest - min(0, r): at most c + f - r <= 2^61 and
-b <= 2^61. Bounds and costs of whole plans are summed in integers of any size (``solver.patterns.part.dot``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from solver.flow.market import Ints, Rows, Small


#: S + 1 is at most this [VND], and so it is times the denominator.
MONEY_RANGE = 1 << 60


class Pairs(NamedTuple):
    """Eligible pairs of some hosts.

    Attributes
    ----------
    first : pairs of the k-th host asked are ``first[k]:first[k + 1]``; guest : sorted within a host; cost :
    of one place [VND]; load : of one place [units of area].
    """

    first: Ints
    guest: Small
    cost: Ints
    load: Ints


class Lister(Protocol):
    """Lists eligible pairs on demand."""

    def pairs(self, hosts: Ints, ceiling: Ints) -> Pairs:
        """List the eligible pairs of ``hosts`` (indices) with a cost below ``ceiling[guest]`` [VND].

        Pairs whose load exceeds the host's capacity are not eligible.
        """


@dataclass(frozen=True)
class Estate:
    """Hosts, guests and rows; every array has one entry per class.

    Attributes
    ----------
    capacity : units of area; opening : VND; copies : equal premises; demand : places; price : VND; row :
    innermost norm row of each guest, -1 none; rows : caps [places] and parents; lister : of the pairs; twin :
    the same number for guests that are parts of one need, -1 for whole needs; None where all are; home :
    host of each guest's places before, -1 none; None where there is no plan before.
    """

    capacity: Ints
    opening: Ints
    copies: Ints
    demand: Ints
    price: Ints
    row: Small
    rows: Rows
    lister: Lister
    twin: Ints | None = None
    home: Ints | None = None

    @property
    def n_hosts(self) -> int:
        """Number of host classes."""
        return len(self.capacity)

    @property
    def n_guests(self) -> int:
        """Number of guest classes."""
        return len(self.demand)

    @property
    def parted(self) -> np.ndarray:
        """Tell which guests are parts of a need that has several with places: one price does not fit them."""
        if self.twin is None:
            return np.zeros(self.n_guests, bool)
        some = (self.twin >= 0) & (self.demand > 0)
        count = np.bincount(self.twin[some], minlength=int(self.twin.max(initial=-1)) + 2)
        parted: np.ndarray = some & (count[self.twin] > 1)
        return parted


def at_stake(estate: Estate) -> int:
    """Return S: what all places unmet and all buildings opened come to, more than any plan costs [VND]."""
    places = zip(estate.price.tolist(), estate.demand.tolist(), strict=True)
    buildings = zip(estate.opening.tolist(), estate.copies.tolist(), strict=True)
    total: int = sum(one * count for one, count in (*places, *buildings))
    return total


@dataclass(frozen=True)
class Use:
    """Sets of places, each in one host.

    Attributes
    ----------
    host : of each pattern; times : copies of the host that take it; first : its guests are
    ``guest[first[k]:first[k + 1]]`` (sorted) with ``places`` each.
    """

    host: Ints
    times: Ints
    first: Ints
    guest: Small
    places: Ints


@dataclass(frozen=True)
class Tree:
    """Proof of a component whose bound lies above what prices alone prove (``solver.patterns.close``).

    Attributes
    ----------
    hosts : class of each single host; guests; rows : of the estate; bound : what it proves x denominator;
    node : decisions and prices x denominator, hosts and guests by their place in these lists.
    """

    hosts: Ints
    guests: Ints
    rows: Ints
    bound: int
    node: dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """A part of the estate that the search gave up, with the plan and the bound that it had by then.

    Attributes
    ----------
    task : what failed; hosts, guests, pairs : how many the part has; reason : a traceback, or what became of
    the worker.
    """

    task: str
    hosts: int
    guests: int
    pairs: int
    reason: str

    def __str__(self) -> str:
        last = self.reason.strip().rpartition("\n")[2]
        size = f"{self.hosts} buildings, {self.guests} needs and {self.pairs} pairs"
        return f"the search gave up {size}, whose plan and bound stay as they were ({self.task}: {last})"


@dataclass(frozen=True)
class Housing:
    """A plan for premises with its proof.

    Attributes
    ----------
    use : patterns in use, sorted by host; objective : transfers, openings and unmet places [VND]; bound :
    what prices and trees prove [VND], rounded up; guest_price : pi x denominator, at most ``price`` x
    denominator; row_price : lambda x denominator, 0 or more; denominator : 1 to 2^20; trees : of components
    closed beyond their prices; work : units of work; failures : what the search gave up; exact :
    ``bound`` x denominator before it was rounded; carried : trees of a plan before that hold, as written;
    still : guests of components that kept their plan without being solved.
    """

    use: Use
    objective: int
    bound: int
    guest_price: Ints
    row_price: Ints
    denominator: int
    trees: tuple[Tree, ...]
    work: int
    failures: tuple[Failure, ...] = ()
    exact: int = 0
    carried: tuple[dict[str, Any], ...] = ()
    still: Ints | None = None
