"""From the package's links to ours: each old commune is whole, unchanged or part of today's communes.

The package's converter knows an old commune by its name within the merged province. Where two old communes
of one name were merged into one province it gives the pieces of both to both. A link that only such a
mix-up explains is dropped.
"""

from __future__ import annotations

from collections import defaultdict
from math import inf

from geodata.register.points import Point, distance_km, middle

MIX_UP_KM = 10.0


def clean_links(
    links: list[tuple[str, str]], names: dict[str, str], points: dict[str, Point]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Drop links that come from a mix-up of namesakes.

    Among the old communes of one name that the package links to one new commune, those are dropped that lie
    more than `MIX_UP_KM` farther from the middle of the new commune's other pieces than the nearest of
    them.

    Parameters
    ----------
    links
        (old code, new code).
    names
        Old code to name and kind without tone marks.
    points
        Old code to the point of the old commune.

    Returns
    -------
    kept, dropped
        Both sorted.
    """
    pieces = defaultdict(list)
    for old, new in links:
        pieces[new].append(old)
    dropped = []
    for new, olds in pieces.items():
        namesakes = defaultdict(list)
        for old in olds:
            namesakes[names[old]].append(old)
        others = [group[0] for group in namesakes.values() if len(group) == 1]
        if not others and new in olds:
            others = [new]  # a new commune has the code of one of its pieces
        centre = middle([points[old] for old in others])
        if centre is None:
            continue
        for group in namesakes.values():
            nearest = min((distance_km(points[old], centre) for old in group), default=inf)
            dropped += [(old, new) for old in group if distance_km(points[old], centre) > nearest + MIX_UP_KM]
    return sorted(set(links) - set(dropped)), sorted(dropped)


def parts(
    links: list[tuple[str, str]], kinds: dict[str, str], old_kinds: dict[str, str]
) -> dict[tuple[str, str], str]:
    """Say of each link whether the old commune went `whole`, stayed `unchanged`, or a `part` of it went.

    Unchanged: alone and whole in its new commune, with the same code and kind.
    """
    of_old, of_new = defaultdict(list), defaultdict(list)
    for old, new in links:
        of_old[old].append(new)
        of_new[new].append(old)
    result = {}
    for old, new in links:
        if len(of_old[old]) > 1:
            result[old, new] = "part"
        elif len(of_new[new]) == 1 and old == new and kinds[new] == old_kinds[old]:
            result[old, new] = "unchanged"
        else:
            result[old, new] = "whole"
    return result
