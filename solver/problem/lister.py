r"""Lists eligible pairs of premises and places on demand, compiled: all pairs are never held.

For a host h the communes within its greatest reach are walked in order, and in each the guests that ask for
places there; a guest's pair is kept where it passes every stage of the funnel (``docs/cost.md``) and costs
less than the ceiling, by itself or with what it pays for rows over many pairs (``Tariff``). A first pass
counts the pairs and a second writes them, so that no more than the answer is held.

Rates are split into a whole number and a fraction below 1, ``r = whole + num / den``: for a whole x >= 0 the
product rounded half up is ``whole x + (2 num x + den) // (2 den)``, exact and far from the end of 64 bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled, spread
from solver.patterns.estate import Pairs
from solver.problem.ground import Tariff

if TYPE_CHECKING:
    from solver.flow.market import Bans, Ints, Small
    from solver.problem.ground import Ground, Guests, Hosts, Rules

#: More than any cost of a pair that is worth a place [VND].
FAR = np.int64(1 << 61)


@compiled
def _list(
    hosts: Hosts,
    guests: Guests,
    rules: Rules,
    ground: Ground,
    bans: Bans,
    tariff: Tariff | None,
    asked: Ints,
    ceiling: Ints,
    starts: Ints,
    guest: Small,
    cost: Ints,
    fill: bool,
    head: int,
    tail: int,
) -> None:
    for at in range(head, tail):
        h = asked[at]
        out = starts[at]
        origin, kind, province = hosts.origin[h], hosts.kind[h], hosts.province[h]
        condition, age, room = hosts.condition[h], hosts.age[h], hosts.capacity[h]
        whole, num, den = hosts.whole[h], hosts.num[h], hosts.den[h]
        land = rules.land[kind]
        home = ground.home[origin]
        ban, last_ban = bans.first[h], bans.first[h + 1]
        only, last_only = bans.only_first[h], bans.only_first[h + 1]
        for step in range(ground.near[origin], ground.near[origin + 1]):
            d = ground.column[step]
            crosses = ground.province[d] != province
            apart = np.int64(0)
            if d != home:
                apart = np.int64(ground.metres[origin, d])
                span = ground.abroad[kind, d] if crosses else ground.span[kind, d]
                if apart < 0 or apart + hosts.leg[h] > span:
                    continue
                apart += hosts.leg[h]
            for g in range(ground.first[d], ground.first[d + 1]):
                purpose, area = guests.purpose[g], guests.area[g]
                if rules.allow[kind, guests.wanted[g]] == 0 or area > room:
                    continue
                least = max(np.int64(guests.condition[g]), rules.condition[kind, purpose])
                if least > 0 and condition < least:
                    continue
                oldest = rules.age[kind, purpose]
                if oldest >= 0 and (age < 0 or age > oldest):
                    continue
                if guests.deadline[g] < hosts.opens[h] or guests.deadline[g] > hosts.closes[h]:
                    continue
                if d == home:
                    far = ground.within[ground.offset[h] + g - ground.first[d]]
                elif rules.within[purpose]:
                    continue
                else:
                    far = apart + guests.leg[g]
                reach = guests.reach[g] if guests.reach[g] >= 0 else rules.reach[kind, purpose]
                if far < 0 or far > reach:
                    continue
                if crosses and rules.surcharge[kind, purpose] < 0:
                    continue
                spend = rules.handover[kind, purpose]
                if land:
                    spend += guests.build[g]
                else:
                    spend += whole * area
                    if num > 0:
                        spend += (2 * num * area + den) // (2 * den)
                    if rules.change[kind, purpose]:
                        spend += guests.change[g]
                price = spend + guests.whole[g] * far
                if crosses:
                    price += rules.surcharge[kind, purpose]
                if guests.num[g] > 0:
                    price += (2 * guests.num[g] * far + guests.den[g]) // (2 * guests.den[g])
                if tariff is not None:  # compiled apart: plain pairs pay nothing for it
                    if price >= tariff.cost_bar[g] or spend > tariff.spend_bar[g]:
                        continue
                    price = tariff.scale * price + tariff.rate[g] * spend
                    if crosses:
                        price += tariff.charge[h]
                    if tariff.kept[g] != h:
                        price += 2 * tariff.change
                if price >= ceiling[g]:
                    continue
                while ban < last_ban and bans.want[ban] < g:
                    ban += 1
                if ban < last_ban and bans.want[ban] == g:
                    continue
                if bans.bound[h]:
                    while only < last_only and bans.only[only] < g:
                        only += 1
                    if only == last_only or bans.only[only] != g:
                        continue
                if fill:
                    guest[out] = g
                    cost[out] = price
                out += 1
        if not fill:
            starts[at] = out


@compiled
def _near(
    metres: Small, home: Small, span: Ints, abroad: Ints, from_province: Small, province: Small, near: Ints,
    column: Small, fill: bool,
) -> None:  # fmt: skip
    out = 0
    for o in range(len(home)):
        if fill:
            out = near[o]
        for d in range(len(province)):
            reach = span[d] if province[d] == from_province[o] else abroad[d]
            if d == home[o] or 0 <= metres[o, d] <= reach:
                if fill:
                    column[out] = d
                out += 1
        if not fill:
            near[o + 1] = out


def near_columns(
    metres: Small, home: Small, span: Ints, abroad: Ints, from_province: Small, province: Small
) -> tuple[Ints, Small]:
    """List the communes that premises of each commune may serve (``Ground.near`` and ``Ground.column``).

    Parameters
    ----------
    span, abroad : as of ``Ground``; from_province, province : of the rows and of the columns.
    """
    near = np.zeros(len(home) + 1, np.int64)
    data = (
        metres,
        home,
        span.max(axis=0, initial=-1),
        abroad.max(axis=0, initial=-1),
        from_province,
        province,
    )
    _near(*data, near, np.empty(0, np.int32), False)
    column = np.empty(near[-1], np.int32)
    _near(*data, near, column, True)
    return near, column


@dataclass(frozen=True)
class DenseLister:
    """Lists pairs whose distances lie between communes; a ``solver.patterns.estate.Lister``.

    Attributes
    ----------
    toll : what pairs cost instead: scale, rate per guest, charge per host, change, host that each guest keeps
    (``Tariff``).
    """

    hosts: Hosts
    guests: Guests
    rules: Rules
    ground: Ground
    bans: Bans
    toll: tuple[int, Ints, Ints, int, Ints] | None = None

    def pairs(self, hosts: Ints, ceiling: Ints) -> Pairs:
        """List the eligible pairs of ``hosts`` with a cost below ``ceiling[guest]`` [VND]."""
        asked = np.ascontiguousarray(hosts, np.int64)
        bars = np.ascontiguousarray(ceiling, np.int64)
        tariff = None if self.toll is None else Tariff(*self.toll, *tolls_below(*self.toll[:2], bars))
        data = (self.hosts, self.guests, self.rules, self.ground, self.bans, tariff, asked)
        counts = np.zeros(len(asked), np.int64)
        none, nothing = np.empty(0, np.int32), np.empty(0, np.int64)
        width = (
            len(self.ground.column)
            * len(self.guests.dest)
            // (max(len(self.ground.home), 1) * max(len(self.ground.province), 1))
        )
        spread(lambda a, z: _list(*data, bars, counts, none, nothing, False, a, z), len(asked), width)
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        guest, cost = np.empty(first[-1], np.int32), np.empty(first[-1], np.int64)
        spread(lambda a, z: _list(*data, bars, first, guest, cost, True, a, z), len(asked), width)
        return Pairs(first, guest, cost, self.guests.area[guest])


def tolls_below(scale: int, rate: Ints, ceiling: Ints) -> tuple[Ints, Ints]:
    """Return for each guest the cost and the spend from which on a pair is too dear (``Tariff``)."""
    far = np.full(len(ceiling), FAR)
    return (
        np.where(ceiling > 0, -(-ceiling // scale) if scale else far, 0),
        np.where(rate > 0, (ceiling - 1) // np.maximum(rate, 1), far),
    )


@compiled
def _pick(
    first: Ints, want: Small, price: Ints, asked: Ints, ceiling: Ints, starts: Ints, place: Ints, fill: bool
) -> None:
    for at in range(len(asked)):
        out = starts[at]
        for k in range(first[asked[at]], first[asked[at] + 1]):
            if price[k] < ceiling[want[k]]:
                if fill:
                    place[out] = k
                out += 1
        if not fill:
            starts[at] = out


@dataclass(frozen=True)
class ListedLister:
    """Lists pairs that are given; a ``solver.patterns.estate.Lister``.

    Attributes
    ----------
    held : every eligible pair, by host.
    """

    held: Pairs

    def pairs(self, hosts: Ints, ceiling: Ints) -> Pairs:
        """List the eligible pairs of ``hosts`` with a cost below ``ceiling[guest]`` [VND]."""
        held = self.held
        data = (held.first, held.guest, held.cost, np.ascontiguousarray(hosts, np.int64))
        bars = np.ascontiguousarray(ceiling, np.int64)
        counts = np.zeros(len(hosts), np.int64)
        _pick(*data, bars, counts, np.empty(0, np.int64), False)
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        place = np.empty(first[-1], np.int64)
        _pick(*data, bars, first, place, True)
        return Pairs(first, held.guest[place], held.cost[place], held.load[place])
