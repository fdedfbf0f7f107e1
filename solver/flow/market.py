r"""The data of one category of movables, as arrays: who offers what, who wants what, at what price.

Sets and data (one category; classes of equal rows, see ``solver.problem.classes``)
    i in A    asset class, supply s_i [units]
    j in N    need class, demand d_j [units], price p_j of one unmet unit [VND]
    r in R    row (norm row, or group of a floor), cap k_r and floor l_r [units], parent row or none: rows
              nest in one tree; each unit by which a floor is missed costs the penalty W
    c_ij      cost of one unit [VND], eligible pairs only (``docs/cost.md``)

Tariff
    Prices of side rows (``solver.limits``) make a unit dearer: with S the scale and t_j the rate of need j,
    c_ij = t_j spend_ij + S renewal_ij + surcharge_ij. Without side rows S = t_j = 1. All money of a market,
    the surcharge, p_j and W with it, is in VND / S.

Changes
    In a re-plan (docs/replan.md) a unit that changes costs T. The units of an asset that serve need j in the
    plan before are a class of their own, which keeps j. So that no cost is negative all costs and prices are
    T higher: p_j + T, c_ij where i keeps j, c_ij + 2 T elsewhere. That adds T (sum of demand - units kept).

A market is *dense* when the cost follows from places and prices, so that every pair can be priced without
being stored, and *listed* when the pairs themselves are given (explicit matches, or distances by pair).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Small: TypeAlias = NDArray[np.int32]
Bits: TypeAlias = NDArray[np.uint8]

#: Largest price or cost of one unit the core accepts [VND]; sums are Python integers.
MONEY_LIMIT = 1 << 58
#: Above every cost and reduced cost.
ANY_COST = 1 << 62


class Offers(NamedTuple):
    """Asset classes of a market; every array has one entry per class.

    Attributes
    ----------
    supply : units; origin : row of ``Market.metres``; leg : metres to the commune's point; kind : index
    into ``Kinds``; fixed : handover + repair [VND]; loss : 100 % - condition, in hundredths of a percent (0
    to 10,000); condition : in hundredths of a percent, -1 unknown; opens, closes : first and last day
    (ordinals) on which it can be had; province : index; kept : need class that these units serve in the
    plan before, -1 none.
    """

    supply: Ints
    origin: Small
    leg: Ints
    kind: Small
    fixed: Ints
    loss: Ints
    condition: Small
    opens: Small
    closes: Small
    province: Small
    kept: Small


class Kinds(NamedTuple):
    """What depends on the kind of the asset alone.

    Attributes
    ----------
    num, den : transport price per metre as a reduced fraction [VND]; surcharge : for crossing a province
    border [VND], -1 where crossing is forbidden; reach : the scenario's reach [metres]; allow :
    ``allow[kind, wanted]`` is 1 where a need that wants the kinds ``wanted`` takes the kind.
    """

    num: Ints
    den: Ints
    surcharge: Ints
    reach: Ints
    allow: Bits


class Wants(NamedTuple):
    """Need classes of a market, sorted by ``dest``; every array has one entry per class.

    Attributes
    ----------
    demand : units; dest : column of ``Market.metres``; leg : metres; wanted : index into ``Kinds.allow``;
    base : price before the priority factor [VND]; price : price with it [VND]; condition : least condition
    wanted in hundredths of a percent, 0 none; reach : own reach [metres], -1 the scenario's; deadline :
    ordinal day; province : index; row : innermost row, -1 none; rate : VND / S that a VND of spend costs;
    ceiling : pairs that cost as much are of no use, ``ANY_COST`` where a floor may pay for any.
    """

    demand: Ints
    dest: Small
    leg: Ints
    wanted: Small
    base: Ints
    price: Ints
    condition: Small
    reach: Ints
    deadline: Small
    province: Small
    row: Small
    rate: Ints
    ceiling: Ints


class Rows(NamedTuple):
    """Rows over needs: ``cap`` [units] and ``parent`` (index of the row that contains it, -1 none; later)."""

    cap: Ints
    parent: Small


class Places(NamedTuple):
    """Distances: ``metres[origin, dest]`` (-1 none) and, within one commune, ``within``.

    Attributes
    ----------
    metres : metres between commune points, shape [origins, dests]; home : the column of the same commune
    for each origin, -1 none; first : needs of column d are ``first[d]:first[d + 1]``; within : metres of
    asset class i and need class j of one commune at ``within[offset[i] + j - first[home[origin[i]]]]``.
    """

    metres: Small
    home: Small
    first: Ints
    offset: Ints
    within: Ints


class Bans(NamedTuple):
    """Forbidden pairs: asset class i may not serve ``want[first[i]:first[i + 1]]`` (sorted).

    Attributes
    ----------
    bound : 1 where the class may serve none but ``only[only_first[i]:only_first[i + 1]]`` (sorted).
    """

    first: Ints
    want: Small
    bound: Bits
    only_first: Ints
    only: Small


def no_bans(n_offers: int) -> Bans:
    """Return the bans of a market that has none."""
    none, blank = np.zeros(n_offers + 1, np.int64), np.zeros(0, np.int32)
    return Bans(none, blank, np.zeros(n_offers, np.uint8), none, blank)


class Arcs(NamedTuple):
    """Pairs of asset class and need class with cost [VND] and metres of one unit, sorted by (offer, want)."""

    offer: Small
    want: Small
    cost: Ints
    metres: Ints


def pick(arcs: Arcs, keep: NDArray[np.bool_]) -> Arcs:
    """Return the pairs of a mask."""
    return Arcs(arcs.offer[keep], arcs.want[keep], arcs.cost[keep], arcs.metres[keep])


@dataclass(frozen=True)
class Market:
    """One category of movables.

    Attributes
    ----------
    listed : all eligible pairs of a listed market, None in a dense one; floors : of the rows [units], None
    where there are none; penalty : of a missed unit [VND / S]; scale : S; 0 makes every pair cost nothing;
    change : T [VND / S].
    """

    offers: Offers
    kinds: Kinds
    wants: Wants
    rows: Rows
    places: Places
    bans: Bans
    listed: Arcs | None = None
    floors: Ints | None = None
    penalty: int = 0
    scale: int = 1
    change: int = 0

    @property
    def n_offers(self) -> int:
        """Number of asset classes."""
        return len(self.offers.supply)

    @property
    def n_wants(self) -> int:
        """Number of need classes."""
        return len(self.wants.demand)
