"""Norm rows and floors in one tree, as far as they nest: what keeps the movable core a network.

A group of needs that a floor looks at nests with the norm rows where no norm row holds needs of the group
and others. Groups that do not nest are side rows (``solver.limits``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.problem.groups import Groups
    from solver.problem.norms import NormRows


@dataclass(frozen=True)
class Tree:
    """Rows of a category: norm rows first, then groups, from the smaller to the larger.

    Attributes
    ----------
    cap : units; parent : containing row, -1 none (parents come later); row_of : innermost row of each need,
    -1 none; group : row of each group, -1 where it does not nest.
    """

    cap: Ints
    parent: Ints
    row_of: Ints
    group: Ints


def tree_of(norms: NormRows, groups: Groups, units: Ints) -> Tree:
    """Join norm rows and groups; ``units`` : that each need still wants."""
    n_norms, n_groups = len(norms.cap), len(groups.ids)
    nests = _nesting(norms, groups)
    nests[groups.of[:, 2:][groups.of[:, 2:] >= 0]] = False  # of another family, or twice
    order = [
        at for at in np.argsort([-key.count("/") for key in groups.key], kind="stable").tolist() if nests[at]
    ]
    group = np.full(n_groups + 1, -1, np.int64)  # index -1: no group
    group[order] = n_norms + np.arange(len(order))
    chain = group[groups.of[:, :2]]  # rows of each need, the smaller first
    wanted = np.zeros(n_groups, np.int64)
    for column in groups.of.T:
        known = column >= 0
        np.add.at(wanted, column[known], units[known])
    first = np.where(chain[:, 0] >= 0, chain[:, 0], chain[:, 1])
    parent = np.concatenate([norms.parent, np.full(len(order), -1, np.int64)])
    both = (chain >= 0).all(axis=1)
    parent[chain[both, 0]] = chain[both, 1]
    outermost = _outermost(norms)
    under = norms.row_of >= 0
    parent[outermost[norms.row_of[under]]] = first[under]
    row_of = np.where(under, norms.row_of, first)
    return Tree(np.concatenate([norms.cap, wanted[order]]), parent, row_of, group[:-1])


def _nesting(norms: NormRows, groups: Groups) -> np.ndarray:
    """Tell which groups hold all needs of a norm row or none of them, for every norm row."""
    nests = np.ones(len(groups.ids), bool)
    top = _outermost(norms)
    rows = np.where(norms.row_of >= 0, top[norms.row_of], -1) if len(norms.cap) else norms.row_of
    for row in np.unique(rows[rows >= 0]).tolist():
        members = groups.of[rows == row]
        for group in np.unique(members[members >= 0]).tolist():
            nests[group] &= bool((members == group).any(axis=1).all())
    return nests


def _outermost(norms: NormRows) -> Ints:
    """Outermost row that contains each norm row."""
    top = np.arange(len(norms.cap))
    for row in range(len(top) - 1, -1, -1):
        if norms.parent[row] >= 0:
            top[row] = top[norms.parent[row]]
    return top
