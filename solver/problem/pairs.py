r"""Eligibility and cost of pairs, elementwise: the solver's reading of ``docs/cost.md`` for rows, in numpy.

Used where a pair must be explained or written (reasons, ranks, cost parts, listed pairs); the compiled
loops of ``solver.flow.pricing`` compute the same cost for classes, and a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.problem.sides import allowed_kinds

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.problem.metres import Metres
    from solver.problem.sides import AssetSide, NeedSide

#: The funnel's stages for movables, in order; a pair that passes all of them is eligible.
STAGES = (
    "no_asset",
    "condition",
    "age",
    "legal_status",
    "date",
    "no_distance",
    "reach",
    "province_rule",
    "banned",
    "freedom",
)
ELIGIBLE = len(STAGES)


@dataclass(frozen=True)
class Parts:
    """Cost of one unit by part [VND], elementwise; ``docs/cost.md`` names them."""

    transport: Ints
    handover: Ints
    repair: Ints
    renewal: Ints
    surcharge: Ints

    @property
    def cost(self) -> Ints:
        """The whole cost of one unit."""
        return self.transport + self.handover + self.repair + self.renewal + self.surcharge

    @property
    def spend(self) -> Ints:
        """What the receiving province pays: transport, handover, repair."""
        return self.transport + self.handover + self.repair


def stage_of(assets: AssetSide, needs: NeedSide, metres: Metres, i: Ints, j: Ints) -> Ints:
    """Return the first stage that each pair fails (index into ``STAGES``), ``ELIGIBLE`` where it fails none.

    Parameters
    ----------
    i, j : positions in the sides, broadcast against each other.
    """
    i, j = np.broadcast_arrays(i, j)
    kinds = assets.kinds
    kind = assets.kind[i]
    far = metres.of(assets, needs, i, j)
    asked = np.maximum(np.where(needs.condition[j] > 0, needs.condition[j], -1), kinds.min_condition[kind])
    asked = np.where(asked == 0, -1, asked)  # a minimum of 0 asks nothing
    reach = np.where(needs.reach[j] >= 0, needs.reach[j], kinds.reach[kind])
    crosses = assets.province[i] != needs.province[j]
    fails = (
        allowed_kinds(kinds, needs.sets)[kind, needs.wanted[j]] == 0,
        (asked > 0) & (assets.condition[i] < asked),
        ~assets.aged[i],
        ~assets.lawful[i],
        (assets.opens[i] > needs.deadline[j]) | (assets.closes[i] < needs.deadline[j]),
        far < 0,
        far > reach,
        crosses & (kinds.surcharge[kind] < 0),
        metres.banned(i, j),
        metres.outside(i, j),
    )
    stage = np.full(i.shape, ELIGIBLE, np.int64)
    for number in range(ELIGIBLE - 1, -1, -1):
        stage[fails[number]] = number
    return stage


def parts_of(assets: AssetSide, needs: NeedSide, metres: Metres, i: Ints, j: Ints) -> Parts:
    """Return the cost parts of one unit for each pair that has a distance [VND]."""
    i, j = np.broadcast_arrays(i, j)
    kinds, kind = assets.kinds, assets.kind[i]
    far = metres.of(assets, needs, i, j)
    num = np.array([rate.numerator for rate in kinds.per_metre] or [0], np.int64)[kind]
    den = np.array([rate.denominator for rate in kinds.per_metre] or [1], np.int64)[kind]
    loss, base = assets.loss[i], needs.base[j]
    crosses = assets.province[i] != needs.province[j]
    return Parts(
        transport=(2 * num * far + den) // (2 * den),
        handover=kinds.handover[kind],
        repair=assets.repair[i],
        renewal=base // 10_000 * loss + (base % 10_000 * loss + 5_000) // 10_000,
        surcharge=np.where(crosses, np.maximum(kinds.surcharge[kind], 0), 0),
    )
