"""Which points of the package can't be right, and what stands in for them.

The package's points are centroids; some belong to a namesake or to the district. Two rules find them
without any boundary: an old commune's point is its own only if it is nobody else's, and a commune's point
must lie among the points of the old communes that it was made of.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from math import cos, hypot, radians
from statistics import median

import numpy as np

Point = tuple[float, float]

KM_PER_DEGREE = 111.195
# With one piece only, that one point may itself be wrong: ask for more evidence.
STRANGERS = 10
STRANGERS_OF_ONE_PIECE = 15


def distance_km(one: Point, other: Point) -> float:
    """Distance on the local plane [km]: exact enough to rank points of one country."""
    return KM_PER_DEGREE * hypot(
        one[0] - other[0], (one[1] - other[1]) * cos(radians((one[0] + other[0]) / 2))
    )


def middle(points: list[Point]) -> Point | None:
    """Return the median latitude and longitude, None without points."""
    if not points:
        return None
    return median(lat for lat, _ in points), median(lon for _, lon in points)


def medoid(points: list[Point]) -> Point:
    """Return the point that has the least total distance to the others; ties: the smallest."""
    return min(sorted(points), key=lambda point: round(sum(distance_km(point, other) for other in points), 6))


def own_points(points: dict[str, Point], district_points: set[Point]) -> set[str]:
    """Find the old communes whose point is their own: shared with no other old commune and no district."""
    uses = Counter(points.values())
    return {code for code, point in points.items() if uses[point] == 1 and point not in district_points}


def misplaced(
    points: dict[str, Point], pieces: dict[str, list[str]], old_points: dict[str, Point]
) -> list[str]:
    """Find the communes whose point lies among strangers.

    Parameters
    ----------
    points
        Commune code to point.
    pieces
        Commune code to the old communes that it was made of, wholly or in part.
    old_points
        Old code to its own point; old communes without one are left out.

    Returns
    -------
    list
        Codes of the communes to whose point at least `STRANGERS` other old communes are nearer than the
        nearest of their own pieces (`STRANGERS_OF_ONE_PIECE` where there is one piece only), sorted.
    """
    index = {code: i for i, code in enumerate(sorted(old_points))}
    lat, lon = np.array([old_points[code] for code in index]).T
    found = []
    for code in sorted(points):
        own = [index[old] for old in pieces.get(code, []) if old in index]
        if not own:
            continue
        at = points[code]
        away = np.hypot(lat - at[0], (lon - at[1]) * cos(radians(at[0])))
        strangers = int((away < away[own].min()).sum())
        if strangers >= (STRANGERS if len(own) > 1 else STRANGERS_OF_ONE_PIECE):
            found.append(code)
    return found


def far_from_home(
    old_points: dict[str, Point], homes: dict[str, list[str]], points: dict[str, Point]
) -> set[str]:
    """Find old communes to whose point `STRANGERS` communes of today are nearer than each of their own."""
    index = {code: i for i, code in enumerate(sorted(points))}
    lat, lon = np.array([points[code] for code in index]).T
    found = set()
    for old, at in old_points.items():
        away = np.hypot(lat - at[0], (lon - at[1]) * cos(radians(at[0])))
        if int((away < min(away[index[new]] for new in homes[old])).sum()) >= STRANGERS:
            found.add(old)
    return found


def shared_areas(areas: dict[str, float | None], names: dict[str, str]) -> set[str]:
    """Find communes whose area is also a namesake's: one of them has it at most, and which is unknown."""
    groups = defaultdict(list)
    for code, area in areas.items():
        groups[names[code], area].append(code)
    return {code for group in groups.values() if len(group) > 1 for code in group}
