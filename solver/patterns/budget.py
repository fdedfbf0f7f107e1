"""What the search of a part may still do, and how much of it goes into better plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.patterns.part import Part

#: A large part is improved only after work of this many times its pairs.
_WAIT = 16
#: In parts with more pairs than this moves take longer than prices.
_LIGHT = 2_000
#: Hosts to a round of shaking: good plans cut the tree, but proofs need bounds.
_CALM = 16
#: Pairs that all rounds at a node may come to.
_SHAKEN = 1 << 16
#: Nodes below one another: proofs must stay readable for parsers that count their depth.
_DEEPEST = 200


@dataclass
class Budget:
    """What the search may still do: ``left`` units of work (pairs priced), and ``stop`` from outside.

    ``unit`` divides the cost of every plan: a plan better than another is so by a unit at least. ``depth`` :
    nodes above the one at work; ``since_tried`` : work since a better plan was last looked for.
    """

    left: int
    stop: Callable[[], bool]
    unit: int = 1
    depth: int = 0
    since_tried: int = 0

    def spend(self, work: int) -> None:
        """Take off some work."""
        self.left -= work
        self.since_tried += work

    def may_improve(self, part: Part) -> bool:
        """Tell whether to look for a better plan now: in a large part only after some work for its prices."""
        if part.n_pairs > _LIGHT and self.since_tried < _WAIT * part.n_pairs:
            return False
        self.since_tried = 0
        return True

    def shakes(self, part: Part) -> int:
        """Return how many rounds of shaking a better plan of a part is worth."""
        return min(part.n_hosts // _CALM, max(1, _SHAKEN // part.n_pairs))

    def next_cost(self, bound: int) -> int:
        """Return the least that a plan can cost whose cost is not below a bound."""
        return -(-bound // self.unit) * self.unit

    @property
    def over(self) -> bool:
        """Whether to come to an end."""
        return self.left <= 0 or self.depth >= _DEEPEST or self.stop()
