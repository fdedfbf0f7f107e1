"""Norm rows: what a commune may still receive of each norm key, nested from kind to category."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from solver.flow.market import Ints

_ANY = "*"


@dataclass(frozen=True)
class NormRows:
    """Rows of a category.

    Attributes
    ----------
    ids : ``norm|<commune_code>|<norm key>``; cap : units that may still be received; parent : containing
    row, -1 none (parents come later); row_of : innermost row of each need, -1 none; brim : for each need,
    the innermost cap that its commune's needs fill exactly when all are met (no row, since it cannot bind),
    as a number, -1 none.
    """

    ids: list[str]
    cap: Ints
    parent: Ints
    row_of: Ints
    brim: Ints


def units_in_use(assets: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    """Count units in use by (commune_code, category, kind), and by category under the kind ``*``."""
    held = assets[assets["status"] == "in_use"]
    counts: dict[tuple[str, str, str], int] = {}
    columns = (held["commune_code"].fillna(""), held["category"], held["kind"].fillna(""), held["units"])
    for code, category, kind, units in zip(*columns, strict=True):
        for name in (str(kind), _ANY):
            key = (str(code), str(category), name)
            counts[key] = counts.get(key, 0) + int(units)
    return counts


def norm_rows(
    norms: list[tuple[tuple[str, int], ...]],
    communes: list[str],
    units: Ints,
    in_use: dict[tuple[str, str, str], int],
) -> NormRows:
    """Make the rows that can bind: those whose needs want more than the cap allows.

    Parameters
    ----------
    norms : for each need its norm keys and caps, the most specific first; communes : code of each need's
    commune; units : wanted by each need; in_use : from ``units_in_use``.
    """
    wanted: dict[tuple[str, str], int] = {}
    limit: dict[tuple[str, str], int] = {}
    for keys, code, count in zip(norms, communes, units.tolist(), strict=True):
        for key, most in keys:
            place = (code, key)
            wanted[place] = wanted.get(place, 0) + count
            if place not in limit:
                limit[place] = max(0, most - _held(in_use, code, key))
    binding = sorted((p for p in wanted if wanted[p] > limit[p]), key=lambda p: (-p[1].count("/"), p))
    index = {place: at for at, place in enumerate(binding)}
    exact = {place: at for at, place in enumerate(sorted(p for p in wanted if wanted[p] == limit[p]))}
    row_of, brim = np.full((2, len(norms)), -1, np.int64)
    parent = np.full(len(binding), -1, np.int64)
    for need, (keys, code) in enumerate(zip(norms, communes, strict=True)):
        chain = [index[code, key] for key, _ in keys if (code, key) in index]
        if chain:
            row_of[need] = chain[0]
        for inner, outer in itertools.pairwise(chain):
            parent[inner] = outer
        brim[need] = next((exact[code, key] for key, _ in keys if (code, key) in exact), -1)
    return NormRows(
        [f"norm|{code}|{key}" for code, key in binding],
        np.array([limit[place] for place in binding], np.int64),
        parent,
        row_of,
        brim,
    )


def _held(in_use: dict[tuple[str, str, str], int], code: str, key: str) -> int:
    category, _, kind = key.partition("/")
    return in_use.get((code, category, kind or _ANY), 0)
