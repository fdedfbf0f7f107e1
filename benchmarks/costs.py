"""Distances and costs of an instance: the part of the work that every method shares.

``distances`` is the same call for all. ``gains`` is the peers' cost matrix, written for speed and on its
own: it shares no code with the core, so that equal objectives mean something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

import geodata
from benchmarks.instances import HANDOVER, PER_METRE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.instances import Instance, Ints, Small

#: Cells of a block of the cost matrix: it stays in the processor's cache while it is made.
_BLOCK = 1 << 18


@dataclass(frozen=True)
class Distances:
    """Metres, as ``docs/cost.md`` has them: M between communes, and the leg of each lot of cars.

    Attributes
    ----------
    between : [origins, dests], -1 none, 0 within a commune; origin : row of each lot; dest : column of each
    need; from_place, to_place : the communes of rows and columns; leg : metres from each lot's point to its
    commune's.
    """

    between: Small
    origin: Ints
    dest: Ints
    from_place: Ints
    to_place: Ints
    leg: Ints


def distances(instance: Instance) -> Distances:
    """Measure between the communes that occur, and from each lot to its commune's point."""
    from_place, origin = np.unique(instance.place, return_inverse=True)
    to_place, dest = np.unique(instance.seat, return_inverse=True)
    communes = instance.communes
    if instance.table is not None:
        between = instance.table[np.ix_(from_place, to_place)]
    else:
        between = geodata.distances.matrix(communes.iloc[from_place], communes.iloc[to_place]).astype(
            np.int32
        )
    if instance.step > 1:
        between = (between + instance.step // 2) // instance.step * instance.step
    lat, lon = (communes[name].to_numpy(dtype=np.float64)[instance.place] for name in ("lat", "lon"))
    leg = geodata.distances.metres(instance.lat, instance.lon, lat, lon)
    return Distances(between, origin, dest, from_place, to_place, leg)


def gains(instance: Instance, metres: Distances) -> Iterator[tuple[slice, Ints]]:
    """Make the cost matrix in blocks of rows: cost less the price of the need [VND per unit], at most 0.

    A pair that is not eligible, or that costs at least what leaving the need unmet costs, is 0: no better
    than nothing.

    Yields
    ------
    Rows (lots of cars) and their block, int64 [rows, needs].
    """
    between = metres.between[:, metres.dest]
    absent = bool((between < 0).any())
    lots, needs = len(metres.origin), len(metres.dest)
    step = max(1, _BLOCK // max(1, needs))
    worn = bool(instance.loss.any())
    for first in range(0, lots, step):
        rows = slice(first, min(first + step, lots))
        far = between[metres.origin[rows]]
        block = far.astype(np.int64)
        block += metres.leg[rows, None]
        block *= PER_METRE
        block += HANDOVER - instance.price
        if instance.surcharge:
            crosses = instance.province[instance.place[rows], None] != instance.province[instance.seat]
            block += instance.surcharge * crosses
        if worn:
            block += (instance.loss[rows, None] * instance.base + 5_000) // 10_000
        if absent:
            block[far < 0] = 0
        yield rows, np.minimum(block, 0, out=block)
