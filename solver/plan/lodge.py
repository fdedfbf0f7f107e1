"""From patterns of classes to rows: which need gets places in which premises, and how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solver.errors import CertificateError
from solver.plan.moves import Moves

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.patterns.estate import Use
    from solver.problem.premises import Premises


def lodge(premises: Premises, use: Use) -> Moves:
    """Deal the patterns in use out to rows, the smallest first, both sides in the order of their ids.

    Each copy of a pattern goes to one building of its class; the places of a class of needs go to its needs
    in order, and places of one need in one building are one row.

    Raises
    ------
    CertificateError
        When the patterns ask for more buildings or places than there are.
    """
    buildings = _members(premises.host_of)
    waiting = _members(premises.guest_of)
    left = premises.needs.units.copy()
    lodged: list[tuple[int, list[tuple[int, int]]]] = []
    for host, content, times in sorted(_contents(use)):
        for _ in range(times):
            if not buildings.get(host):
                raise CertificateError([f"premises: more patterns than buildings of class {host}"])
            lodged.append((buildings[host].pop(), content))
    rows: dict[tuple[int, int], int] = {}
    for asset, content in sorted(lodged):
        for guest, places in content:
            _seat(asset, places, waiting.get(guest, []), left, rows)
    table = np.array([(a, n, units) for (a, n), units in sorted(rows.items())], np.int64).reshape(-1, 3)
    return Moves(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())


def _seat(asset: int, places: int, queue: list[int], left: Ints, rows: dict[tuple[int, int], int]) -> None:
    """Give places in one building to the needs at the end of the queue."""
    while places:
        if not queue:
            raise CertificateError(["premises: more places than needs ask for"])
        need = queue[-1]
        given = min(places, int(left[need]))
        if given:
            rows[asset, need] = rows.get((asset, need), 0) + given
        left[need] -= given
        places -= given
        if left[need] == 0:
            queue.pop()


def _members(class_of: Ints) -> dict[int, list[int]]:
    """Rows of each class, the last first."""
    found: dict[int, list[int]] = {}
    for row in range(len(class_of) - 1, -1, -1):
        found.setdefault(int(class_of[row]), []).append(row)
    return found


def _contents(use: Use) -> list[tuple[int, list[tuple[int, int]], int]]:
    """List (host, [(guest, places)], times) of the patterns that hold anything."""
    first, pairs = use.first.tolist(), list(zip(use.guest.tolist(), use.places.tolist(), strict=True))
    listed = zip(use.host.tolist(), first[:-1], first[1:], use.times.tolist(), strict=True)
    contents = [(host, [p for p in pairs[a:z] if p[1]], times) for host, a, z, times in listed]
    return [one for one in contents if one[1]]
