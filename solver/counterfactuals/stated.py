"""What the two ends of a blocked pair have: told where one of them has too little."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from solver.problem.premises import Premises

if TYPE_CHECKING:
    from solver.counterfactuals.model import Counterfactual
    from solver.problem.problem import Category


def stated(part: Category | Premises, one: Counterfactual) -> Counterfactual:
    """Add what asset and need have, and what is fixed of it elsewhere, to an answer that they block.

    Parameters
    ----------
    part
        Category of the pair.
    one
        The answer; any other than one blocked by its asset or its need is returned as it is.
    """
    if one.outcome != "blocked" or one.blocked_by not in ("asset", "need"):
        return one
    i = int(np.flatnonzero(part.assets.ids == one.asset_id)[0])
    j = int(np.flatnonzero(part.needs.ids == one.need_id)[0])
    pins = part.pins
    of_asset, of_need = pins.asset == i, pins.need == j
    known = replace(
        one, need_units=int(part.needs.units[j]), need_fixed=int(pins.units[of_need & ~of_asset].sum())
    )
    if isinstance(part, Premises):  # a building has room, not units
        return known
    return replace(
        known, asset_units=int(part.assets.units[i]), asset_fixed=int(pins.units[of_asset & ~of_need].sum())
    )
