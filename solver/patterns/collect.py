"""Plans of components back to patterns of the whole estate."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from solver.patterns.estate import Use
from solver.patterns.moves import expanded

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.patterns.part import Component, Part


def used_patterns(found: list[Component], parts: list[Part], plans: list[Ints]) -> Use:
    """Gather the patterns in use, equal ones of equal copies counted together, sorted by host and guests.

    Parameters
    ----------
    plans : places per pair of each part with single hosts (``solver.patterns.moves.expanded``).
    """
    counts: Counter[tuple[int, tuple[tuple[int, int], ...]]] = Counter()
    for component, part, x in zip(found, parts, plans, strict=True):
        single, class_of = expanded(part)
        for h in np.unique(np.repeat(np.arange(single.n_hosts), np.diff(single.first))[x > 0]).tolist():
            mine = slice(int(single.first[h]), int(single.first[h + 1]))
            inside = np.flatnonzero(x[mine])
            guests = component.guests[single.guest[mine][inside]].tolist()
            pattern = tuple(zip(guests, x[mine][inside].tolist(), strict=True))
            counts[int(component.hosts[class_of[h]]), pattern] += 1
    ordered = sorted(counts.items())
    width = [len(pattern) for (_, pattern), _ in ordered]
    inside_all = [entry for (_, pattern), _ in ordered for entry in pattern]
    return Use(
        np.array([host for (host, _), _ in ordered], np.int64),
        np.array([times for _, times in ordered], np.int64),
        np.concatenate([[0], np.cumsum(width)]).astype(np.int64),
        np.array([guest for guest, _ in inside_all], np.int32),
        np.array([places for _, places in inside_all], np.int64),
    )
