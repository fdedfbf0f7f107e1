r"""Rows to classes and back: a market in which equal rows are one node.

Two assets are equal when every column that eligibility or cost looks at agrees; so are two needs. Equal
rows may be exchanged in any plan without changing its cost, so the market needs only their sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.flow.market import Arcs, Kinds, Market, Offers, Places, Rows, Wants, no_bans
from solver.problem.apart import ban_group, bound_columns, kept_columns, place_columns, point_keys
from solver.problem.numbers import NO_DAY
from solver.problem.pairs import ELIGIBLE, parts_of, stage_of
from solver.problem.sides import allowed_kinds

if TYPE_CHECKING:
    from solver.flow.market import Bans, Ints, Small
    from solver.problem.metres import DistanceProvider, Metres
    from solver.problem.sides import AssetSide, NeedSide
    from solver.problem.tree import Tree


@dataclass(frozen=True)
class Free:
    """What pins leave of a category to plan, and which needs must not be merged.

    Attributes
    ----------
    supply, demand : units of each asset and need that no pin takes; tree : rows over needs; apart : columns
    by need that classes may not mix: groups, and the priority where coverage comes first; kept : need that
    the units of each asset serve in the plan before, -1 none; None where there is none.
    """

    supply: Ints
    demand: Ints
    tree: Tree
    apart: list[Ints]
    kept: Ints | None = None


@dataclass(frozen=True)
class Classes:
    """A market and which rows its classes stand for.

    Attributes
    ----------
    market; offer_of : class of each asset, -1 where no need could take it whatever the pair; want_of :
    class of each need.
    """

    market: Market
    offer_of: Ints
    want_of: Ints


def first_rows(classes: Classes) -> tuple[Ints, Ints]:
    """Return the position of the first row of each asset class and of each need class."""
    firsts = []
    for class_of, size in (
        (classes.offer_of, classes.market.n_offers),
        (classes.want_of, classes.market.n_wants),
    ):
        first = np.full(size, len(class_of), np.int64)
        known = np.flatnonzero(class_of >= 0)
        np.minimum.at(first, class_of[known], known)
        firsts.append(first)
    return firsts[0], firsts[1]


def group(columns: list[Ints]) -> tuple[Ints, Ints]:
    """Give the distinct rows of the columns numbers in ascending order.

    Return (number of each row, first row of each).
    """
    number = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        _, code = np.unique(column, return_inverse=True)
        number = np.unique(number * (int(code.max(initial=0)) + 1) + code, return_inverse=True)[1]
    _, first = np.unique(number, return_index=True)
    return number, first


def sum_by(number: Ints, units: Ints, size: int) -> Ints:
    """Sum ``units`` by class."""
    out = np.zeros(size, np.int64)
    np.add.at(out, number, units)
    return out


def small(values: Ints) -> Small:
    """Store as 32-bit integers what is known to fit."""
    return values.astype(np.int32)


def _kinds(assets: AssetSide, needs: NeedSide) -> Kinds:
    table = assets.kinds
    return Kinds(
        np.array([rate.numerator for rate in table.per_metre], np.int64),
        np.array([rate.denominator for rate in table.per_metre], np.int64),
        table.surcharge,
        table.reach,
        allowed_kinds(table, needs.sets),
    )


def dense_classes(
    assets: AssetSide, needs: NeedSide, metres: Metres, free: Free, provider: DistanceProvider
) -> Classes:
    """Make the market of a category whose distances lie between communes."""
    kinds = assets.kinds
    fit = assets.lawful & assets.aged & (assets.condition >= kinds.min_condition[assets.kind])
    fit |= assets.lawful & assets.aged & (kinds.min_condition[assets.kind] <= 0)
    rows = np.flatnonzero(fit)
    bans = metres.ban_keys
    asset_columns = [
        assets.place,
        assets.leg,
        *point_keys(assets),
        assets.kind,
        assets.fixed,
        assets.loss,
        assets.condition,
        assets.opens,
        assets.closes,
        ban_group(bans, metres.n_needs, len(assets.ids), by_need=False),
        *bound_columns(metres.scope),
        *([] if free.kept is None else [free.kept]),
    ]
    number, first = group([column[rows] for column in asset_columns])
    lead = rows[first]
    offer_of = np.full(len(assets.ids), -1, np.int64)
    offer_of[rows] = number
    want_of, want_lead = group(
        [
            metres.dest[needs.place],
            needs.leg,
            *point_keys(needs),
            needs.wanted,
            needs.base,
            needs.price,
            needs.condition,
            needs.reach,
            needs.deadline,
            free.tree.row_of,
            *free.apart,
            ban_group(bans, metres.n_needs, len(needs.ids), by_need=True),
            *place_columns(metres.scope),
            *kept_columns(free.kept, len(needs.ids)),
        ]
    )
    offers = Offers(
        sum_by(number, free.supply[rows], len(lead)),
        small(metres.origin[assets.place[lead]]),
        assets.leg[lead],
        small(assets.kind[lead]),
        assets.fixed[lead],
        assets.loss[lead],
        small(assets.condition[lead]),
        small(assets.opens[lead]),
        small(assets.closes[lead]),
        small(assets.province[lead]),
        _kept(free, lead, want_of),
    )
    wants = _wants(needs, want_of, want_lead, metres.dest[needs.place], free)
    places = places_of(assets, needs, lead, want_lead, metres, wants.dest, provider)
    market = Market(
        offers,
        _kinds(assets, needs),
        wants,
        Rows(free.tree.cap, small(free.tree.parent)),
        places,
        bans_of(metres, offer_of, want_of, lead, want_lead),
    )
    return Classes(market, offer_of, want_of)


def _kept(free: Free, lead: Ints, want_of: Ints) -> Small:
    """Need class that each asset class keeps, -1 none."""
    if free.kept is None:
        return np.full(len(lead), -1, np.int32)
    return small(np.append(want_of, -1)[free.kept[lead]])


def _wants(needs: NeedSide, want_of: Ints, lead: Ints, dest: Ints, free: Free) -> Wants:
    return Wants(
        sum_by(want_of, free.demand, len(lead)),
        small(dest[lead]),
        needs.leg[lead],
        small(needs.wanted[lead]),
        needs.base[lead],
        needs.price[lead],
        small(needs.condition[lead]),
        needs.reach[lead],
        small(np.minimum(needs.deadline[lead], NO_DAY)),
        small(needs.province[lead]),
        small(free.tree.row_of[lead]),
        np.ones(len(lead), np.int64),
        needs.price[lead],
    )


def places_of(
    assets: AssetSide,
    needs: NeedSide,
    lead: Ints,
    want_lead: Ints,
    metres: Metres,
    dest: Small,
    provider: DistanceProvider,
) -> Places:
    """Distances between communes, and those within one commune for the classes that share it."""
    n_dests = metres.between.shape[1]
    first = np.searchsorted(dest, np.arange(n_dests + 1)).astype(np.int64)
    home = np.full(metres.between.shape[0], -1, np.int32)
    shared = np.flatnonzero((metres.origin >= 0) & (metres.dest >= 0))
    home[metres.origin[shared]] = metres.dest[shared]
    at_home = home[metres.origin[assets.place[lead]]].astype(np.int64)
    width = np.where(at_home >= 0, first[at_home + 1] - first[at_home], 0)
    offset = np.concatenate([[0], np.cumsum(width)])[:-1].astype(np.int64)
    i = np.repeat(np.arange(len(lead)), width)
    j = np.arange(int(width.sum())) - np.repeat(offset, width) + np.repeat(first[at_home], width)
    away = (assets.leg[lead[i]] > 0) | (needs.leg[want_lead[j]] > 0)
    within = np.zeros(len(i), np.int64)
    a, n = lead[i[away]], want_lead[j[away]]
    if len(a):
        within[away] = provider.metres(assets.lat[a], assets.lon[a], needs.lat[n], needs.lon[n])
    return Places(metres.between, home, first, offset, within)


def bans_of(metres: Metres, offer_of: Ints, want_of: Ints, lead: Ints, want_lead: Ints) -> Bans:
    """Translate forbidden pairs of rows, and what binds assets, to pairs of classes.

    Parameters
    ----------
    lead, want_lead : first row of each class.
    """
    keys = metres.ban_keys
    offer, want = offer_of[keys // metres.n_needs], want_of[keys % metres.n_needs]
    offer, want = offer[offer >= 0], want[offer >= 0]
    order = np.lexsort((want, offer))
    first = np.searchsorted(offer[order], np.arange(len(lead) + 1)).astype(np.int64)
    bound = no_bans(len(lead)) if metres.scope is None else metres.scope.of_classes(lead, want_lead)
    return bound._replace(first=first, want=small(want[order]))


def listed_classes(
    assets: AssetSide, needs: NeedSide, metres: Metres, free: Free, cost: Ints | None
) -> Classes:
    """Make the market of listed pairs; every row is a class of its own.

    Parameters
    ----------
    cost : cost of one unit of each pair of ``metres`` as given [VND]; None to compute it by
    ``docs/cost.md``.
    """
    n_assets, n_needs = len(assets.ids), len(needs.ids)
    i, j = metres.pair_keys // metres.n_needs, metres.pair_keys % metres.n_needs
    if cost is None:
        keep = stage_of(assets, needs, metres, i, j) == ELIGIBLE
        i, j = i[keep], j[keep]
        cost = parts_of(assets, needs, metres, i, j).cost
        far = metres.pair_metres[keep]
    else:
        keep = ~metres.banned(i, j) & ~metres.outside(i, j)
        i, j, cost, far = i[keep], j[keep], cost[keep], np.maximum(metres.pair_metres[keep], 0)
    empty, none = np.zeros(0, np.int64), np.zeros(0, np.int32)
    zeros = np.zeros(n_assets, np.int64)
    blank = small(zeros)
    kept = np.full(n_assets, -1, np.int64) if free.kept is None else free.kept
    market = Market(
        Offers(free.supply, blank, zeros, blank, zeros, zeros, blank, blank, blank, blank, small(kept)),
        Kinds(empty, empty, empty, empty, np.zeros((1, 1), np.uint8)),
        _wants(needs, np.arange(n_needs), np.arange(n_needs), np.zeros(n_needs, np.int64), free),
        Rows(free.tree.cap, small(free.tree.parent)),
        Places(np.zeros((1, 1), np.int32), none, empty, empty, empty),
        no_bans(n_assets),
        Arcs(small(i), small(j), cost, far),
    )
    return Classes(market, np.arange(n_assets), np.arange(n_needs))
