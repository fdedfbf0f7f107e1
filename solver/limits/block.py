r"""A category as the coordination of side rows sees it: something that answers to prices.

For prices mu_r [VND / S] of the rows (0 or more), with e_r = +1 of a cap and -1 of a floor, a block minimises

    S cost(x) + sum_r e_r mu_r used_r(x) + S W missed(x) + S sum_k W_k unmet_k(x)

over its own plans x (supply, demand, room, norms; what pins leave), exactly or with a bound. Floors of the
block's own tree are no rows here: it knows what they miss.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Priorities of needs: 1 to 5.
PRIORITIES = 5


class Weights(NamedTuple):
    """What a plan is judged by beside the rows.

    Attributes
    ----------
    cost : 1, or 0 where only levels count; missed : W of a unit by which a floor is missed; unmet : W_k of a
    unit unmet, by priority 1 to 5; change : kappa of a
    changed unit, 0 where levels alone count. All [VND].
    """

    cost: int
    missed: int
    unmet: tuple[int, ...]
    change: int = 0


@dataclass(frozen=True)
class Answer:
    """A plan of a block and a bound on all of its plans at some prices.

    Attributes
    ----------
    cost : transfers, openings, what stays unmet and changes [VND], beside the pins; used : by row, likewise;
    missed : units by which floors of its own tree are missed; unmet : units by priority; bound : no plan of
    the block has a lower sum [VND / S]; plan : the block's own; proof : prices that
    prove the bound; moved : the part of the cost that transfers and openings have [VND].
    """

    cost: int
    used: tuple[int, ...]
    missed: int
    unmet: tuple[int, ...]
    bound: int
    plan: Any
    proof: Any
    moved: int = 0


class PricePart(NamedTuple):
    """Prices of a block's proof, over a denominator: of its needs, its norm rows and own floors, by id."""

    denominator: int
    need_price: dict[str, int]
    row_price: dict[str, int]


class Piece(NamedTuple):
    """A change of a plan that may be made without regard to others, but for those of the same choice.

    Attributes
    ----------
    choice : at most one piece of a choice is made; most : times that it may be made; cost [VND], used,
    missed, unmet : what one time adds; change : the block's own.
    """

    choice: int
    most: int
    cost: int
    used: tuple[int, ...]
    missed: int
    unmet: tuple[int, ...]
    change: Any


class Block(Protocol):
    """A category that answers to prices; ``own`` : rows that it sees to itself, without their prices."""

    own: set[int]

    def answer(self, prices: Sequence[int], stop: Callable[[], bool]) -> Answer:
        """Return a plan and a bound at prices of the rows [VND / S]."""

    def nothing(self) -> Answer:
        """Return the plan that moves nothing but what is pinned; its bound and proof prove nothing."""

    def kept(self) -> Answer:
        """Return what is left of the plan before; its bound and proof prove nothing."""

    def again(self, plan: Answer) -> Answer:
        """Tell a plan of a like block, made with other weights, as this block tells its own."""

    def pieces(self, base: Answer, other: Answer) -> list[Piece]:
        """Split the way from one plan to another into changes of which any choice gives a plan."""

    def changed(self, base: Answer, pieces: Sequence[tuple[Piece, int]]) -> Answer:
        """Make changes, each so many times; bound and proof stay those of ``base``."""

    def fill(self, answer: Answer, left: Sequence[int]) -> Answer:
        """Add what pays and has room in the rows; ``left`` : what all plans leave of each row."""

    def prices(self, proof: Answer) -> PricePart:
        """Return the prices that prove an answer's bound."""
