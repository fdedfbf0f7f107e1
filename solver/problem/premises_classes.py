r"""Premises to classes: an estate in which equal rows are one host or one guest.

Two premises are equal when every column that eligibility, room or cost looks at agrees; so are two needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.market import Rows
from solver.patterns.estate import Estate, Pairs
from solver.problem.apart import ban_group, bound_columns, kept_columns, place_columns, point_keys
from solver.problem.classes import bans_of, group, places_of, small, sum_by
from solver.problem.ground import Ground, Guests, Hosts
from solver.problem.lister import DenseLister, ListedLister, near_columns
from solver.problem.numbers import NO_DAY

if TYPE_CHECKING:
    from solver.flow.market import Ints, Places, Small
    from solver.problem.ground import Rules
    from solver.problem.metres import DistanceProvider, Metres
    from solver.problem.norms import NormRows
    from solver.problem.premises_sides import PremisesAssets, PremisesNeeds


def dense_estate(
    assets: PremisesAssets,
    needs: PremisesNeeds,
    rules: Rules,
    metres: Metres,
    norms: NormRows,
    apart: list[Ints],
    provider: DistanceProvider,
    kept: Ints | None = None,
    twin: Ints | None = None,
) -> tuple[Estate, Ints, Ints]:
    """Make the estate of premises whose distances lie between communes.

    Return (estate, host of each asset, guest of each need).

    Parameters
    ----------
    assets, needs : with the room and the places that are to be planned; apart : columns by need that classes
    may not mix; kept : building that has the places of each need in the plan before, -1 none;
    twin : the same number for parts of one need, -1 for whole needs.
    """
    rows = np.flatnonzero(_wanted(assets, needs, rules))
    bans = metres.ban_keys
    asset_columns = [
        assets.place,
        assets.leg,
        *point_keys(assets),
        assets.kind,
        assets.condition,
        assets.age,
        assets.opens,
        assets.closes,
        assets.capacity,
        assets.opening,
        ban_group(bans, metres.n_needs, len(assets.ids), by_need=False),
        *bound_columns(metres.scope),
        *kept_columns(kept, len(assets.ids)),
    ]
    number, first = group([column[rows] for column in asset_columns])
    lead = rows[first]
    host_of = np.full(len(assets.ids), -1, np.int64)
    host_of[rows] = number
    dest = metres.dest[needs.place]
    guest_of, guest_lead = group(
        [
            dest,
            needs.leg,
            *point_keys(needs),
            needs.purpose,
            needs.wanted,
            needs.area,
            needs.price,
            needs.condition,
            needs.reach,
            needs.deadline,
            norms.row_of,
            *apart,
            ban_group(bans, metres.n_needs, len(needs.ids), by_need=True),
            *place_columns(metres.scope),
            *(column for column in (kept, twin) if column is not None),
        ]
    )
    hosts = Hosts(
        small(metres.origin[assets.place[lead]]),
        assets.leg[lead],
        small(assets.kind[lead]),
        small(assets.province[lead]),
        small(assets.condition[lead]),
        small(assets.age[lead]),
        small(assets.opens[lead]),
        small(assets.closes[lead]),
        assets.capacity[lead],
        assets.whole[lead],
        assets.num[lead],
        assets.den[lead],
    )
    guests = _guests(needs, guest_lead, small(dest[guest_lead]))
    places = places_of(assets, needs, lead, guest_lead, metres, guests.dest, provider)
    lister = DenseLister(
        hosts,
        guests,
        rules,
        _ground(assets, needs, rules, metres, places),
        bans_of(metres, host_of, guest_of, lead, guest_lead),
    )
    demand = sum_by(guest_of, needs.units, len(guest_lead))
    estate = Estate(
        hosts.capacity,
        assets.opening[lead],
        sum_by(number, np.ones(len(rows), np.int64), len(lead)),
        demand,
        _bids(needs.price[guest_lead], demand),
        small(norms.row_of[guest_lead]),
        Rows(norms.cap, small(norms.parent)),
        lister,
        None if twin is None else twin[guest_lead],
    )
    return estate, host_of, guest_of


def _bids(price: Ints, demand: Ints) -> Ints:
    """Return the prices of guests; one that has all its places bids nothing: its pairs are not looked at."""
    return np.where(demand > 0, price, 0)


def _wanted(assets: PremisesAssets, needs: PremisesNeeds, rules: Rules) -> np.ndarray:
    """Tell which premises some need could take, were they in its commune and free on its day."""
    asked = [np.unique(column) for column in (needs.wanted, needs.purpose)]
    condition, age = rules.condition[:, asked[1]], rules.age[:, asked[1]]
    least, oldest = condition[assets.kind], age[assets.kind]
    fit = (least <= 0) | (assets.condition[:, None] >= least)
    fit &= (oldest < 0) | ((assets.age[:, None] >= 0) & (assets.age[:, None] <= oldest))
    named = rules.allow[:, asked[0]].max(axis=1, initial=0)[assets.kind] > 0
    room = assets.capacity >= needs.area.min(initial=np.iinfo(np.int64).max)
    wanted: np.ndarray = assets.lawful & named & room & fit.any(axis=1)
    return wanted


def _guests(needs: PremisesNeeds, lead: Ints, dest: Small) -> Guests:
    return Guests(
        dest,
        needs.leg[lead],
        small(needs.wanted[lead]),
        small(needs.purpose[lead]),
        small(needs.condition[lead]),
        needs.reach[lead],
        small(np.minimum(needs.deadline[lead], NO_DAY)),
        small(needs.province[lead]),
        needs.area[lead],
        needs.change[lead],
        needs.build[lead],
        needs.whole[lead],
        needs.num[lead],
        needs.den[lead],
    )


def _ground(
    assets: PremisesAssets, needs: PremisesNeeds, rules: Rules, metres: Metres, places: Places
) -> Ground:
    """Add to the distances what lies within reach of what."""
    n_origins, n_dests = metres.between.shape
    dest = metres.dest[needs.place]
    province = np.full(n_dests, -1, np.int32)
    province[dest] = needs.province
    from_province = np.full(n_origins, -1, np.int32)
    from_province[metres.origin[assets.place]] = assets.province
    span, abroad = np.full((2, len(rules.land), n_dests), -1, np.int64)
    for kind in range(len(rules.land)):
        reach = np.where(needs.reach >= 0, needs.reach, rules.reach[kind, needs.purpose])
        open_to = (rules.allow[kind, needs.wanted] > 0) & (rules.within[needs.purpose] == 0)
        np.maximum.at(span[kind], dest, np.where(open_to, reach, -1))
        open_to &= rules.surcharge[kind, needs.purpose] >= 0
        np.maximum.at(abroad[kind], dest, np.where(open_to, reach, -1))
    near, column = near_columns(places.metres, places.home, span, abroad, from_province, province)
    return Ground(*places, near, column, span, abroad, province)


def listed_estate(
    assets: PremisesAssets, needs: PremisesNeeds, norms: NormRows, i: Ints, j: Ints, cost: Ints, load: Ints
) -> tuple[Estate, Ints, Ints]:
    """Make the estate of listed pairs (eligible ones only, sorted); every row is a class of its own."""
    n_assets, n_needs = len(assets.ids), len(needs.ids)
    first = np.searchsorted(i, np.arange(n_assets + 1)).astype(np.int64)
    estate = Estate(
        assets.capacity,
        assets.opening,
        np.ones(n_assets, np.int64),
        needs.units,
        _bids(needs.price, needs.units),
        small(norms.row_of),
        Rows(norms.cap, small(norms.parent)),
        ListedLister(Pairs(first, small(j), cost, load)),
    )
    return estate, np.arange(n_assets), np.arange(n_needs)
