"""Premises of a re-plan that an update does not touch: their plan and proofs are those of the plan before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.limits.premises_rates import proven

if TYPE_CHECKING:
    from solver.patterns.estate import Estate, Housing
    from solver.problem.premises import Premises


def still_classes(premises: Premises) -> tuple[np.ndarray, np.ndarray] | None:
    """Tell which hosts and which guests consist of untouched rows alone; None where nothing is known."""
    if premises.still is None:
        return None
    estate, out = premises.estate, []
    for class_of, rows, size in (
        (premises.host_of, premises.still.assets, estate.n_hosts),
        (premises.guest_of, premises.still.needs, estate.n_guests),
    ):
        still = np.ones(size, bool)
        still[class_of[(class_of >= 0) & ~rows]] = False
        out.append(still)
    return out[0], out[1]


def with_trees(premises: Premises, estate: Estate, housing: Housing, scale: int, change: int) -> Housing:
    """Add the trees of untouched components that prove more than the prices do.

    Parameters
    ----------
    estate : as it was solved; scale : denominator of the trees; change : T of docs/replan.md [VND].

    A tree leaves changes out; the estate's money is T higher for each place of its guests, but for those that
    are kept.
    """
    if premises.still is None or housing.denominator % scale:
        return housing
    times = housing.denominator // scale
    asset_ids, need_ids = premises.assets.ids.astype(str), premises.needs.ids.astype(str)
    keeps = np.zeros(estate.n_guests, bool)
    keeps[premises.guest_of] = premises.keeps >= 0 if premises.keeps is not None else False
    exact, carried = housing.exact, []
    for tree in premises.still.trees:
        hosts = np.unique(premises.host_of[np.isin(asset_ids, tree["assets"])])
        names = [name for group in tree["needs"] for name in group]
        guests = np.unique(premises.guest_of[np.isin(need_ids, names)])
        rows = np.flatnonzero(np.isin(premises.norms.ids, tree["rows"]))
        shift = change * int(estate.demand[guests].sum() - estate.demand[guests][keeps[guests]].sum())
        known = proven(estate, housing, (hosts[hosts >= 0], guests, rows)) - shift * housing.denominator
        more = int(tree["bound"]) * times - known
        if more > 0:
            exact += more
            kept = [None] * len(tree["needs"])
            node, bound = _scaled(tree["node"], times), int(tree["bound"]) * times
            carried.append({**tree, "node": node, "bound": bound, "kept": kept, "plain": True})
    return replace(housing, exact=exact, bound=-(-exact // housing.denominator), carried=tuple(carried))


def _scaled(node: dict[str, Any], times: int) -> dict[str, Any]:
    """Write the money of a node, and of those below it, over another denominator."""
    out = dict(node)
    out["k"] = node["k"] * times
    for key in ("p", "r"):
        if key in node:
            out[key] = [price * times for price in node[key]]
    for key in ("s", "y", "n"):
        if key in node:
            out[key] = [None if child is None else _scaled(child, times) for child in node[key]]
    return out
