"""One row of the cost matrix: what each need would cost to serve from one asset class, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.flow.jit import compiled
from solver.flow.market import ANY_COST

if TYPE_CHECKING:
    from solver.flow.market import Bans, Bits, Ints, Kinds, Market, Offers, Places, Wants

#: Cost of a pair that is not eligible; above every cost and reduced cost.
NOTHING = np.int64(ANY_COST)


class Spans(NamedTuple):
    """What lets a rule be passed over for a whole market, so that its loop is not run.

    Attributes
    ----------
    takes : per kind, 1 where every need takes it; condition : greatest minimum of any need; first, last :
    of the deadlines; scale : of the tariff; rated : 1 where any need has a rate other than 1; change : T.
    """

    takes: Bits
    condition: int
    first: int
    last: int
    scale: int
    rated: int
    change: int


def spans_of(market: Market) -> Spans:
    """Find the spans of a market."""
    wants = market.wants
    return Spans(
        market.kinds.allow.min(axis=1, initial=1),
        int(wants.condition.max(initial=0)),
        int(wants.deadline.min(initial=np.iinfo(np.int32).max)),
        int(wants.deadline.max(initial=np.iinfo(np.int32).min)),
        market.scale,
        int((wants.rate != 1).any()),
        market.change,
    )


def arrays_of(market: Market) -> tuple[Offers, Kinds, Wants, Places, Bans, Spans]:
    """Return the arrays that compiled loops over all pairs take, in their order."""
    return market.offers, market.kinds, market.wants, market.places, market.bans, spans_of(market)


@compiled
def price_row(
    offers: Offers,
    kinds: Kinds,
    wants: Wants,
    places: Places,
    bans: Bans,
    spans: Spans,
    i: int,
    metres: Ints,
    cost: Ints,
) -> None:
    """Fill metres and cost [VND / S] of asset class i to every need class, ``NOTHING`` where not eligible.

    Eligibility and cost are those of ``docs/cost.md``. The loops are plain and short so that the compiler
    makes vector instructions of them.
    """
    origin, leg, fixed, loss = offers.origin[i], offers.leg[i], offers.fixed[i], offers.loss[i]
    kind, province = offers.kind[i], offers.province[i]
    num, den, surcharge = kinds.num[kind], kinds.den[kind], kinds.surcharge[kind]
    between, dest, want_leg = places.metres[origin], wants.dest, wants.leg
    n_wants = len(dest)
    for j in range(n_wants):
        apart = np.int64(between[dest[j]])
        metres[j] = apart + leg + want_leg[j] if apart >= 0 else -1
    home = places.home[origin]
    if home >= 0:
        low, high, within, offset = (
            places.first[home],
            places.first[home + 1],
            places.within,
            places.offset[i],
        )
        for j in range(low, high):
            metres[j] = within[offset + j - low]
    if den == 1:
        for j in range(n_wants):
            cost[j] = num * metres[j] + fixed
    else:
        for j in range(n_wants):
            cost[j] = (2 * num * metres[j] + den) // (2 * den) + fixed
    if spans.rated == 1:
        rate = wants.rate
        for j in range(n_wants):
            cost[j] *= rate[j]
    if loss > 0:
        base, scale = wants.base, spans.scale
        for j in range(n_wants):
            cost[j] += (base[j] // 10_000 * loss + (base[j] % 10_000 * loss + 5_000) // 10_000) * scale
    if spans.change > 0:
        for j in range(n_wants):
            cost[j] += 2 * spans.change
        if offers.kept[i] >= 0:
            cost[offers.kept[i]] -= 2 * spans.change
    want_province = wants.province
    if surcharge > 0:
        for j in range(n_wants):
            cost[j] += surcharge if want_province[j] != province else 0
    elif surcharge < 0:
        for j in range(n_wants):
            if want_province[j] != province:
                cost[j] = NOTHING
    reach, kind_reach = wants.reach, kinds.reach[kind]
    for j in range(n_wants):
        if metres[j] < 0 or metres[j] > (reach[j] if reach[j] >= 0 else kind_reach):
            cost[j] = NOTHING
    if spans.takes[kind] == 0:
        takes, wanted = kinds.allow[kind], wants.wanted
        for j in range(n_wants):
            if takes[wanted[j]] == 0:
                cost[j] = NOTHING
    known = max(offers.condition[i], 0)  # an unknown condition (-1) meets no minimum, but needs none of 0
    if spans.condition > known:
        condition = wants.condition
        for j in range(n_wants):
            if condition[j] > known:
                cost[j] = NOTHING
    opens, closes = offers.opens[i], offers.closes[i]
    if opens > spans.first or closes < spans.last:
        deadline = wants.deadline
        for j in range(n_wants):
            if deadline[j] < opens or deadline[j] > closes:
                cost[j] = NOTHING
    for at in range(bans.first[i], bans.first[i + 1]):
        cost[bans.want[at]] = NOTHING
    if bans.bound[i] == 1:
        at, last = bans.only_first[i], bans.only_first[i + 1]
        for j in range(n_wants):
            if at < last and bans.only[at] == j:
                at += 1
            else:
                cost[j] = NOTHING
