"""A plan under limits as the search leaves it, and what is proven of each category by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from solver.limits.rows import CHANGES, ORDER, members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.limits.block import Answer, Block
    from solver.limits.conflict import Conflict
    from solver.limits.coordinate import Coordinated
    from solver.limits.levels import Level
    from solver.limits.proof import Proven
    from solver.limits.rows import SideRows
    from solver.limits.setting import Setting
    from solver.problem.problem import Problem


@dataclass(frozen=True)
class Limited:
    """A plan under limits with its proof.

    Attributes
    ----------
    rows : side rows with the floors that the plan reaches; received : used of each; plans : answer of each
    block; bound : of the cost beside the pins [VND], among the plans that reach the levels; bounds : of
    each category by itself, None where rows tie categories together; levels; proof : prices of the bound;
    blocks : to start from when something is asked again; claimed : whether an integer programme believes
    that no plan is better; plain : whether no side row has a price, nor coverage comes first; penalty : of
    a missed floor [VND]; prices : of the rows [VND / S].
    """

    rows: SideRows
    received: list[int]
    plans: Mapping[str, Answer]
    bound: int
    bounds: Mapping[str, int | None]
    levels: list[Level]
    proof: Proven
    blocks: Mapping[str, Block]
    claimed: bool
    plain: bool
    penalty: int
    prices: tuple[int, ...]


class UnmetError(Exception):
    """No plan that meets the strict floors was found; ``conflict`` is the proof that none is, or None."""

    def __init__(self, conflict: Conflict | None) -> None:
        super().__init__()
        self.conflict = conflict


def bounds_of(
    problem: Problem,
    rows: SideRows,
    setting: Setting,
    blocks: Mapping[str, Block],
    best: Coordinated,
    plans: Mapping[str, Answer],
    more: Mapping[str, int] | None = None,
) -> dict[str, int | None]:
    """Return what is proven of each category by itself, where no row counts in two.

    Parameters
    ----------
    more : what rows of levels add to each category [VND / S] (``solver.limits.level_rows``).
    """
    planned = [part.name for part in members(problem) if part.needs.units.sum() > 0]
    shared = any(row.id in ("budget", CHANGES) or row.id.startswith("budget|province|") for row in rows.rows)
    if shared and len(planned) > 1:
        return dict.fromkeys(blocks)
    out: dict[str, int | None] = {}
    weights = best.weights  # that the bound is proven with
    for name, block in blocks.items():
        total = best.proofs[name].bound + (more or {}).get(name, 0)
        for at, (row, price) in enumerate(zip(rows.rows, best.prices, strict=True)):
            alone = name in planned and _category(row.id) not in ORDER
            if at not in block.own and (alone or _category(row.id) == name):
                total -= (-1 if row.floor else 1) * price * rows.left[at]
        plan = plans[name]
        short = sum(
            max(0, row.limit - pinned - used)
            for row, used, pinned in zip(rows.rows, plan.used, rows.pinned, strict=True)
            if row.floor and _category(row.id) == name
        )
        earlier = weights.missed * short
        earlier += sum(weight * count for weight, count in zip(weights.unmet, plan.unmet, strict=True))
        out[name] = -(-(total - setting.scale * earlier) // setting.scale)
    return out


def _category(name: str) -> str:
    return name.rsplit("|", 1)[-1].partition("/")[0]
