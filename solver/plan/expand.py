"""From classes back to rows: which asset goes to which need, the smallest list by asset and need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.flow.jit import compiled
from solver.plan.moves import Moves

if TYPE_CHECKING:
    from solver.flow.market import Arcs, Ints, Small
    from solver.problem.problem import Category


@compiled
def _deal(
    offer_of: Ints,
    supply: Ints,
    first: Ints,
    want: Small,
    left: Ints,
    member_first: Ints,
    member: Ints,
    room: Ints,
    out_asset: Ints,
    out_need: Ints,
    out_units: Ints,
    out_pair: Ints,
) -> int:
    """Deal out the units of the pairs: assets in order, each to the first need that its class still owes."""
    at = member_first[:-1].copy()
    for j in range(len(at)):
        while at[j] < member_first[j + 1] and room[member[at[j]]] == 0:
            at[j] += 1
    count = 0
    for a in range(len(offer_of)):
        i = offer_of[a]
        units = supply[a]
        while i >= 0 and units > 0:
            best, best_need = -1, np.int64(1 << 62)
            for e in range(first[i], first[i + 1]):
                if left[e] > 0 and member[at[want[e]]] < best_need:
                    best, best_need = e, member[at[want[e]]]
            if best < 0:
                break
            j = want[best]
            sent = min(units, left[best], room[best_need])
            out_asset[count], out_need[count], out_units[count], out_pair[count] = a, best_need, sent, best
            count += 1
            units -= sent
            left[best] -= sent
            room[best_need] -= sent
            while at[j] < member_first[j + 1] and room[member[at[j]]] == 0:
                at[j] += 1
    return count


def deal(category: Category, used: Arcs, units: Ints) -> tuple[Moves, Ints]:
    """Share the flow between classes among their rows, beside the pins.

    Return the moves, and for each the position of its pair of classes in ``used``.

    Parameters
    ----------
    used : pairs of classes that carry flow, sorted by (offer, want); units : on each.
    """
    classes = category.classes
    n_offers, n_wants = classes.market.n_offers, classes.market.n_wants
    member = np.argsort(classes.want_of, kind="stable").astype(np.int64)
    member_first = np.searchsorted(classes.want_of[member], np.arange(n_wants + 1)).astype(np.int64)
    member = np.append(member, 1 << 62)  # read, never used, once the last class is full
    size = len(classes.offer_of) + len(classes.want_of) + len(units) + 1
    asset, need, sent, pair = (np.zeros(size, np.int64) for _ in range(4))
    count = _deal(
        classes.offer_of,
        category.assets.units - category.pins.sent(len(category.assets.ids)),
        np.searchsorted(used.offer, np.arange(n_offers + 1)).astype(np.int64),
        used.want,
        units.copy(),
        member_first,
        member,
        category.needs.units - category.pins.got(len(category.needs.ids)),
        asset,
        need,
        sent,
        pair,
    )
    order = np.lexsort((need[:count], asset[:count]))
    return Moves(asset[:count][order], need[:count][order], sent[:count][order]), pair[:count][order]
