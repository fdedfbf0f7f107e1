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
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from solver.flow.market import Ints, Rows, Small


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
    innermost norm row of each guest, -1 none; rows : caps [places] and parents; lister : of the pairs.
    """

    capacity: Ints
    opening: Ints
    copies: Ints
    demand: Ints
    price: Ints
    row: Small
    rows: Rows
    lister: Lister

    @property
    def n_hosts(self) -> int:
        """Number of host classes."""
        return len(self.capacity)

    @property
    def n_guests(self) -> int:
        """Number of guest classes."""
        return len(self.demand)


@dataclass(frozen=True)
class Patterns:
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
class Housing:
    """A plan for premises with its proof.

    Attributes
    ----------
    use : patterns in use, sorted by host; objective : transfers, openings and unmet places [VND]; bound :
    what prices and trees prove [VND], rounded up; claimed : what the search believes [VND]; guest_price : pi
    x denominator, at most ``price`` x denominator; row_price : lambda x denominator, 0 or more; denominator :
    1 to 2^20; trees : of components closed beyond their prices; work : units of work.
    """

    use: Patterns
    objective: int
    bound: int
    claimed: int
    guest_price: Ints
    row_price: Ints
    denominator: int
    trees: tuple[Tree, ...]
    work: int
