"""Premises of a re-plan with a pair forced or banned: as a block that begins with a plan of its own."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from solver.limits.premises import PremisesBlock

if TYPE_CHECKING:
    from solver.limits.block import Answer, Block
    from solver.patterns.estate import Use


@dataclass
class SteadyPremises(PremisesBlock):
    """Premises that begin with ``first``, patterns beside the pins; None: with nothing."""

    first: Use | None = None

    def kept(self) -> Answer:
        """Return the plan that the search begins with."""
        nothing = self.nothing()
        return nothing if self.first is None else self.again(replace(nothing, plan=self.first))


def begun_premises(block: Block, first: Use | None) -> Block:
    """Let the block of premises begin with a plan."""
    if not isinstance(block, PremisesBlock):
        raise TypeError(type(block).__name__)
    return SteadyPremises(**{one.name: getattr(block, one.name) for one in fields(block)}, first=first)
