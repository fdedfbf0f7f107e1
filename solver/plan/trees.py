"""The certificate's trees, with ids in place of classes (docs/certificate.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solver.flow.market import Ints
    from solver.patterns.estate import Tree
    from solver.problem.premises import Premises


def trees_of(
    premises: Premises, trees: Sequence[Tree], carried: Sequence[dict[str, Any]] = ()
) -> list[dict[str, Any]] | None:
    """Write the proofs of components: premises one by one, needs by class; None where there are none.

    Parameters
    ----------
    carried : proofs that are written already.
    """
    buildings, needs = _members(premises.host_of), _members(premises.guest_of)
    written = []
    for tree in trees:
        taken = dict.fromkeys(tree.hosts.tolist(), 0)
        assets = []
        for host in tree.hosts.tolist():  # copies of a class in the order of their ids
            assets.append(str(premises.assets.ids[buildings[host][taken[host]]]))
            taken[host] += 1
        classes = [[str(premises.needs.ids[n]) for n in needs[guest]] for guest in tree.guests.tolist()]
        rows = [premises.norms.ids[row] for row in tree.rows.tolist()]
        names, kept = [names[0] for names in classes], _kept(premises, needs, tree.guests.tolist())
        node = _named(
            tree.node, assets, [n if a is None else f"{n}|{a}" for n, a in zip(names, kept, strict=True)]
        )
        entry = {"assets": assets, "needs": classes, "rows": rows, "node": node, "bound": tree.bound}
        written.append(entry if premises.keeps is None else {**entry, "kept": kept, "plain": False})
    return [*written, *carried] or None


def _kept(premises: Premises, needs: dict[int, list[int]], guests: list[int]) -> list[str | None]:
    """Ids of the buildings that have the places of guests in the plan before, None where none has."""
    keeps = np.full(len(premises.needs.ids), -1, np.int64) if premises.keeps is None else premises.keeps
    at = [int(keeps[needs[guest][0]]) for guest in guests]
    return [None if a < 0 else str(premises.assets.ids[a]) for a in at]


def _members(class_of: Ints) -> dict[int, list[int]]:
    """Positions of the rows of each class, ascending."""
    members: dict[int, list[int]] = {}
    for row in np.flatnonzero(class_of >= 0).tolist():
        members.setdefault(int(class_of[row]), []).append(row)
    return members


def _named(node: dict[str, Any], assets: list[str], needs: list[str]) -> dict[str, Any]:
    """Put ids into the branches of a node and of those below."""
    named = dict(node)
    if "b" in named:
        kind, host, *guest = named["b"]
        named["b"] = [kind, assets[host], *(needs[g] for g in guest)]
    for key in ("s", "y", "n"):
        if key in named:
            named[key] = [None if child is None else _named(child, assets, needs) for child in named[key]]
    return named
