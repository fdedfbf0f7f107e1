r"""A few pairs of every guest and of every host, chosen in one pass over all.

Of a guest those that cost least with the room they take, c_hg + a_h w_hg, at a price a_h for a unit of it; of
a host those that save most for the room they take, (p_g - c_hg) / w_hg. Of equal ones the first stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.flow.jit import compiled
from solver.patterns.moves import expanded

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from solver.flow.market import Ints
    from solver.patterns.part import Part

    Reals = npt.NDArray[np.float64]


class Some(NamedTuple):
    """Pairs in no order: host, guest, cost [money of the part], load."""

    host: Ints
    guest: Ints
    cost: Ints
    load: Ints


def keys_of(part: Part) -> Ints:
    """Return a number for every pair that names its host and guest, ascending."""
    host = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
    keys: Ints = host * part.n_guests + part.guest
    return keys


def places_of(part: Part, pairs: Some) -> Ints:
    """Find pairs that a part has."""
    return np.searchsorted(keys_of(part), pairs.host * part.n_guests + pairs.guest)


def some_of(part: Part, pairs: Ints) -> Some:
    """List some pairs of a part."""
    host = np.searchsorted(part.first, pairs, side="right") - 1
    return Some(host, part.guest[pairs].astype(np.int64), part.cost[pairs], part.load[pairs])


def of_plan(part: Part, x: Ints) -> Some:
    """List the pairs of a plan."""
    single, class_of = expanded(part)
    used = some_of(single, np.flatnonzero(x))
    return used._replace(host=class_of[used.host])


def carried(old: Part, new: Part, x: Ints) -> Ints:
    """Carry a plan over to a part that has the pairs it uses, the hosts of both taken one by one."""
    one, other = expanded(old)[0], expanded(new)[0]
    used = np.flatnonzero(x)
    moved = np.zeros(other.n_pairs, np.int64)
    moved[places_of(other, some_of(one, used))] = x[used]
    return moved


def only(part: Part, pairs: Ints) -> Part:
    """Return a part with some of its pairs (ascending)."""
    return part._replace(
        first=np.searchsorted(pairs, part.first).astype(np.int64),
        guest=part.guest[pairs],
        cost=part.cost[pairs],
        load=part.load[pairs],
    )


def joined(part: Part, more: Some) -> Part:
    """Add pairs to a part; those it has already stay as they are."""
    keys = np.concatenate([keys_of(part), more.host * part.n_guests + more.guest])
    kept, at = np.unique(keys, return_index=True)
    host, guest = np.divmod(kept, part.n_guests)
    return part._replace(
        first=np.searchsorted(host, np.arange(part.n_hosts + 1)).astype(np.int64),
        guest=guest.astype(np.int32),
        cost=np.concatenate([part.cost, more.cost])[at],
        load=np.concatenate([part.load, more.load])[at],
    )


def chosen(
    bare: Part, parts: Iterable[tuple[int, Part]], rate: Reals, of_guest: int, of_host: int
) -> tuple[Part, int, Reals]:
    """Choose from all pairs, given by parts of some hosts.

    Return a part, what divides all money, and the least c_hg + a_h w_hg of every guest.

    Parameters
    ----------
    bare : the component without pairs. parts : (number of the first host, part). rate : a_h. of_guest,
    of_host : how many of each to keep.
    """
    rank = np.full((bare.n_guests, of_guest), np.inf)
    best = np.zeros((3, bare.n_guests, of_guest), np.int64)
    unit = int(np.gcd(np.gcd.reduce(bare.opening, initial=0), np.gcd.reduce(bare.price, initial=0)))
    core = bare
    for begin, part in parts:
        unit = int(np.gcd(unit, np.gcd.reduce(part.cost, initial=0)))
        picked = np.empty((part.n_hosts, of_host), np.int64)
        _pick(begin, part, rate, rank, best, picked)
        e = picked[picked >= 0]
        mine = some_of(part, e)
        core = joined(core, mine._replace(host=mine.host + begin))
    kept = rank < np.inf
    guest = np.repeat(np.arange(bare.n_guests), kept.sum(axis=1))
    host, cost, load = (column[kept] for column in best)
    return joined(core, Some(host, guest, cost, load)), max(unit, 1), rank.min(axis=1, initial=np.inf)


@compiled
def _pick(begin: int, part: Part, rate: Reals, rank: Reals, best: Ints, picked: Ints) -> None:
    """Take the pairs of some hosts into the best of every guest (rank, host, cost, load) and of each host."""
    of_guest, of_host = rank.shape[1], picked.shape[1]
    value = np.empty(of_host)
    for h in range(len(part.capacity)):
        value[:] = np.inf
        picked[h, :] = -1
        for e in range(part.first[h], part.first[h + 1]):
            g, cost, load = part.guest[e], part.cost[e], part.load[e]
            dear = float(cost) + rate[begin + h] * float(load)
            if of_guest > 0 and dear < rank[g, of_guest - 1]:
                at = of_guest - 1
                while at > 0 and dear < rank[g, at - 1]:
                    rank[g, at] = rank[g, at - 1]
                    best[:, g, at] = best[:, g, at - 1]
                    at -= 1
                rank[g, at] = dear
                best[0, g, at], best[1, g, at], best[2, g, at] = begin + h, cost, load
            poor = float(cost - part.price[g]) / max(1.0, float(load))
            if of_host > 0 and poor < value[of_host - 1]:
                at = of_host - 1
                while at > 0 and poor < value[at - 1]:
                    value[at], picked[h, at] = value[at - 1], picked[h, at - 1]
                    at -= 1
                value[at], picked[h, at] = poor, e
