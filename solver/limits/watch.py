"""Who is asked while plans under limits are looked for, and what they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Standing(NamedTuple):
    """Where the coordination stands.

    Attributes
    ----------
    number : rounds of answers; objective, bound : cost of the best plan beside the pins and what is proven of
    it [VND], None before the first; work : pairs looked at.
    """

    number: int
    objective: int | None
    bound: int | None
    work: int


def quiet(_news: Standing) -> None:
    """Tell nobody."""


class Watch(NamedTuple):
    """Who is asked and told.

    ``stop`` ends the search, ``soon`` the search for prices; ``heard`` gets the news; ``enough`` is asked
    with value, bound and cost of the transfers [VND] whether that will do; ``passed`` tells how much of the
    time limit has passed, 0 where there is none.
    """

    stop: Callable[[], bool]
    heard: Callable[[Standing], None]
    enough: Callable[[int, int, int], bool]
    soon: Callable[[], bool] | None = None
    passed: Callable[[], float] | None = None
