"""What a method hands back for an instance of premises, before it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.patterns.estate import Use


@dataclass(frozen=True)
class Found:
    """One run of one method.

    Attributes
    ----------
    use : the plan, None without one; claimed : lower bound that the method believes [VND], None without one;
    certified : lower bound that prices prove, None for peers; seconds : of solving; build : of making the
    model [s]; optimal : the method says that no plan is cheaper, to its own tolerance; prices : whole prices
    of the guests [VND], None for peers; trees : hosts, guests and bound [VND] of components with a tree.
    """

    use: Use | None
    claimed: int | None
    certified: int | None
    seconds: float
    build: float
    optimal: bool = False
    prices: Ints | None = None
    trees: tuple[tuple[Ints, Ints, int], ...] = ()
