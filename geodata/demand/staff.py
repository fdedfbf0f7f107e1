"""Posts of the bodies of a commune: the given staff dealt to them, or the expected posts.

A commune gives the totals of its civil staff by title. A title that it does not give takes the expected
total, the sum of the norms ``posts/BODY/TITLE`` over all civil bodies. Each total is dealt to the civil
bodies in proportion to their expected posts by Sainte-Laguë's rule: one post after the other goes to the
body with the greatest expected / (2 x dealt + 1), ties to the first in the order of `bodies.CIVIL`.
Whole, exact, equal to the expected posts when the total is, and unlike the largest remainder never taking
a post from a body because the commune has one more. Police and military always have their expected posts.

Worked example: expected specialists 5, 8, 2, 2 (party, council, front, service centre), given 4.
Quotients begin 5, 8, 2, 2: council; 5, 8/3, 2, 2: party; 5/3, 8/3: council; 5/3, 8/5, 2, 2: front. So 1,
2, 1, 0.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pandas as pd

from geodata.demand.bodies import BODIES, CIVIL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.demand.read import Norms

TITLES = ("leaders", "heads", "specialists")
STAFF_COLUMNS = tuple(f"staff_{title}" for title in TITLES)

Posts: TypeAlias = "dict[str, dict[str, int]]"


class Staff(NamedTuple):
    """Posts of one commune.

    `posts` is by body and title, of the bodies that it has; `civil` the sum of the civil ones; `assumed`
    whether any title's total was not given.
    """

    posts: Posts
    civil: int
    assumed: bool


def staff_of(given: Mapping[str, int | None], province: str, norms: Norms) -> Staff:
    """Return the posts of a commune.

    Parameters
    ----------
    given
        Title -> total of the civil bodies, None where not known.
    province
        Its code: some provinces have no commune service centres.
    norms
        Expected posts.
    """
    without_centre = province in norms.items("service_centre/none")
    bodies = [body for body in BODIES if not (body.code == "service_centre" and without_centre)]
    posts: Posts = {body.code: {} for body in bodies}
    civil = 0
    for title in TITLES:
        expected = {body.code: norms.count(f"posts/{body.code}/{title}") for body in BODIES}
        total = given[title]
        if total is None:
            total = sum(expected[body.code] for body in CIVIL)
        civil += total
        sharing = [body.code for body in bodies if body.civil]
        dealt = deal(total, tuple(expected[code] for code in sharing))
        for code, count in zip(sharing, dealt, strict=True):
            posts[code][title] = count
        for body in bodies:
            if not body.civil:
                posts[body.code][title] = expected[body.code]
    return Staff(posts, civil, any(given[title] is None for title in TITLES))


@cache
def deal(total: int, weights: tuple[int, ...]) -> tuple[int, ...]:
    """Deal `total` in proportion to `weights` by Sainte-Laguë's rule; all to the first where all are 0."""
    if not any(weights):
        return (total, *(0 for _ in weights[1:]))
    # After as many posts as the weights sum to, each has its weight and all begin again.
    rounds, rest = divmod(total, sum(weights))
    dealt = [0] * len(weights)
    for _ in range(rest):
        best = 0
        for place, weight in enumerate(weights):
            # weight / (2 dealt + 1) > best's, without fractions
            if weight * (2 * dealt[best] + 1) > weights[best] * (2 * dealt[place] + 1):
                best = place
        dealt[best] += 1
    return tuple(rounds * weight + more for weight, more in zip(weights, dealt, strict=True))


def count(value: object) -> int | None:
    """Return a count of persons from a frame's cell, None where it is missing.

    Raises
    ------
    ValueError
        When it is negative or not whole.
    """
    if value is None or pd.isna(value):  # type: ignore[call-overload]  # a frame's cell is any object
        return None
    try:
        number: int = int(value)  # type: ignore[call-overload]  # likewise
    except (ValueError, TypeError, OverflowError):
        number = -1
    if number != value or number < 0:
        raise ValueError(f"a number of staff is a whole number of 0 or more, not {value!r}")
    return number
