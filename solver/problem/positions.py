"""Positions of ids in a side, and what tables and scenario say of pairs of ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from solver.errors import issue

if TYPE_CHECKING:
    from solver.errors import Issue
    from solver.flow.market import Ints
    from solver.problem.sides import AssetSide
    from solver.scenario import Scenario


def positions(ids: pd.Series | np.ndarray, wanted: pd.Series) -> Ints:
    """Position of each wanted id, -1 where it is unknown."""
    index = pd.Index(np.asarray(ids, object))
    found: Ints = index.get_indexer(pd.Index(wanted.astype("str").to_numpy(object))).astype(np.int64)
    return found


def ban_keys(scenario: Scenario, asset_ids: np.ndarray, need_ids: np.ndarray) -> Ints:
    """Return the keys (asset x needs + need) of the pairs that the scenario bans, sorted."""
    bans = pd.DataFrame(scenario.bans, columns=["asset_id", "need_id"], dtype="str")
    i, j = positions(asset_ids, bans["asset_id"]), positions(need_ids, bans["need_id"])
    known = (i >= 0) & (j >= 0)
    return np.unique(i[known] * len(need_ids) + j[known])


def uncounted(
    matches: pd.DataFrame,
    left: AssetSide,
    i: Ints,
    norms: list[tuple[tuple[str, int], ...]],
    j: Ints,
    scenario: Scenario,
    category: str,
) -> list[Issue]:
    """Report matches whose asset counts in other norm rows than their need: caps would not nest."""
    keys = [
        set(scenario.applying("norms.max_per_commune", category, kind or None)) for kind in left.kinds.names
    ]
    return [
        issue(
            "norm_mixed_kinds",
            "matches",
            int(row),
            "asset_id",
            asset,
            kinds=left.kinds.names[kind] or category,
        )
        for row, asset, kind, need in zip(
            matches["row"], matches["asset_id"], left.kind[i].tolist(), j.tolist(), strict=True
        )
        if keys[kind] != {key for key, _ in norms[need]}
    ]
